from concurrent.futures import ThreadPoolExecutor

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mail import mx, providers

LOOKED_UP_AT_ONCE = 400
THREADS = 20
KNOWN_FOR = 90  # days


class CadenceMailHost(models.Model):
    """What comes after the @ of the addresses that were mailed, and whose mailboxes they are in."""
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
        self.env.flush_all()
        rows = self.env.execute_query(SQL("""
            INSERT INTO cadence_mail_host (name)
            SELECT DISTINCT SUBSTRING(touch.email FROM '@(.*)$') AS host
              FROM cadence_touch touch
             WHERE touch.run_id = ANY(%s)
               AND touch.state = 'reserved'
               AND touch.email LIKE '%%@_%%'
               AND NOT EXISTS (SELECT FROM cadence_mail_host host WHERE host.name = SUBSTRING(touch.email FROM '@(.*)$'))
          ORDER BY host  -- two workers that meet wait for each other, and never in a ring
       ON CONFLICT DO NOTHING
         RETURNING id
            """, list(run_ids)))
        hosts = self.browse(id_ for id_, in rows)
        hosts._place()
        return hosts

    @api.model
    def _learn_hosts(self, emails):
        """The hosts of some addresses; those that are not known yet are taken up."""
        names = sorted({email.rpartition('@')[2] for email in emails if email and '@' in email})
        hosts = self.search([('name', 'in', names)])
        if unknown := sorted(set(names) - set(hosts.mapped('name'))):
            rows = self.env.execute_query(SQL("""
                INSERT INTO cadence_mail_host (name)
                SELECT name FROM UNNEST(%s::text[]) name
           ON CONFLICT DO NOTHING
             RETURNING id
                """, unknown))
            taken = self.browse(id_ for id_, in rows)
            taken._place()
            hosts += taken
        return hosts

    def _place(self):
        rules = self.env['cadence.mail.provider'].sudo()._get_rules()
        for host in self:
            provider = providers.find(rules, host.name, (host.mx or '').split())
            if provider != host.provider_id.id:
                host.provider_id = provider
        self.flush_recordset()

    @api.model
    def _cron_look_up(self):
        count = self._look_up()
        self.env['ir.cron']._commit_progress(count, remaining=count if count == LOOKED_UP_AT_ONCE else 0)

    @api.model
    def _look_up(self, resolve=None):
        """Ask whose servers take the mails of the hosts that were mailed; companies move, so ask again some time."""
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
