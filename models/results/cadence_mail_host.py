from concurrent.futures import ThreadPoolExecutor

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mail import mx, providers

AHEAD = 2  # days
TAKEN_UP_AT_ONCE = 5000
LOOKED_UP_AT_ONCE = 400
THREADS = 20
KNOWN_FOR = 90  # days


class CadenceMailHost(models.Model):
    """What comes after the @ of the addresses that were or will be mailed, and whose mailboxes they are in."""
    _name = 'cadence.mail.host'
    _description = 'Mail Host'
    _order = 'name'
    _log_access = False

    name = fields.Char(required=True, readonly=True)
    provider_id = fields.Many2one('cadence.mail.provider', ondelete='set null', index=True)
    mx = fields.Text('Mail Servers', readonly=True, help="The names of its mail servers, as they were looked up.")
    checked_date = fields.Datetime('Looked Up On', readonly=True)

    _name_unique = models.UniqueIndex('(name)', "The host is in the list already.")

    @api.model
    def _learn(self, run_ids):
        """Take up the hosts that these runs mailed and that are not known yet; what their name tells is known at once."""
        return self._take_up(SQL(
            "SELECT email FROM cadence_touch WHERE run_id = ANY(%s) AND state = 'reserved'", list(run_ids)))

    @api.model
    def _learn_coming(self):
        """Take up the hosts of who is due soon: whose mailboxes they are is known before the mails leave."""
        today = fields.Date.today()
        return self._take_up(SQL("""
            SELECT partner.cadence_email AS email
              FROM cadence_run run
              JOIN cadence_run_tag_rel due ON due.run_id = run.id
              JOIN res_partner_res_partner_category_rel rel ON rel.category_id = due.tag_id
              JOIN res_partner partner ON partner.id = rel.partner_id
             WHERE run.state IN ('planned', 'queued')
               AND run.date BETWEEN %s AND %s
               AND partner.active
            """, today, fields.Date.add(today, days=AHEAD)), limit=TAKEN_UP_AT_ONCE)

    @api.model
    def _learn_hosts(self, emails):
        """The hosts of some addresses; those that are not known yet are taken up."""
        by_host = {email.rpartition('@')[2]: email for email in emails if email and '@' in email}
        hosts = self.search([('name', 'in', list(by_host))])
        unknown = [by_host[name] for name in by_host.keys() - set(hosts.mapped('name'))]
        return hosts + self._take_up(SQL("SELECT UNNEST(%s::text[]) AS email", unknown)) if unknown else hosts

    @api.model
    def _take_up(self, emails, limit=None):
        """The hosts that were not known yet of a query's addresses, at most so many."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL("""
            INSERT INTO cadence_mail_host (name)
            SELECT DISTINCT SUBSTRING(email FROM '@(.*)$') AS host
              FROM (%s) source
             WHERE email LIKE '%%@_%%'
               AND NOT EXISTS (SELECT FROM cadence_mail_host host WHERE host.name = SUBSTRING(email FROM '@(.*)$'))
          ORDER BY host  -- two workers that meet wait for each other, and never in a ring
             LIMIT %s
       ON CONFLICT DO NOTHING
         RETURNING id
            """, emails, limit))
        hosts = self.browse(id_ for id_, in rows)
        hosts._place()
        return hosts

    @api.model
    def _sql_provider(self, host):
        """Joins `provider(id)` to a query with the host of an address: whose mailbox it is, NULL for others' and unknown.

        What the host's name tells is known even of hosts that the table has not taken up yet.
        """
        named = {}
        for rule in self.env['cadence.mail.provider'].sudo()._get_rules():
            for name in rule.hosts:
                named.setdefault(name, rule.provider)
        return SQL("""
         LEFT JOIN cadence_mail_host host ON host.name = %(host)s
         LEFT JOIN UNNEST(%(hosts)s::text[], %(ids)s::int[]) named(host, provider_id) ON named.host = %(host)s
        CROSS JOIN LATERAL (SELECT COALESCE(host.provider_id, named.provider_id) AS id) provider
            """, host=host, hosts=list(named), ids=list(named.values()))

    def _place(self):
        rules = self.env['cadence.mail.provider'].sudo()._get_rules()
        for host in self:
            provider = providers.find(rules, host.name, (host.mx or '').split())
            if provider != host.provider_id.id:
                host.provider_id = provider
        self.flush_recordset()

    @api.model
    def _cron_look_up(self):
        coming, count = len(self._learn_coming()), self._look_up()
        is_full = coming == TAKEN_UP_AT_ONCE or count == LOOKED_UP_AT_ONCE
        self.env['ir.cron']._commit_progress(count, remaining=count if is_full else 0)

    @api.model
    def _look_up(self, resolve=None):
        """Ask whose servers take the mails of the hosts; companies move, so ask again some time."""
        now = fields.Datetime.now()
        hosts = self.search(
            ['|', ('checked_date', '=', False), ('checked_date', '<', fields.Datetime.subtract(now, days=KNOWN_FOR))],
            order='checked_date NULLS FIRST, id', limit=LOOKED_UP_AT_ONCE)
        names = hosts.mapped('name')
        with ThreadPoolExecutor(THREADS) as threads:
            found = list(threads.map(lambda name: mx.find_servers(name, resolve), names))
        for host, servers in zip(hosts, found, strict=True):
            # What nobody could tell is asked again with the others, not at once.
            host.write({'checked_date': now} | ({'mx': '\n'.join(servers)} if servers is not None else {}))
        hosts._place()
        return len(hosts)

    @api.model
    def _place_again(self):
        """The rules have changed: the figures follow with the next count."""
        self.sudo().search([])._place()  # pylint: disable=no-search-all; each may be of another now
