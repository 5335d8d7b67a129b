from concurrent.futures import ThreadPoolExecutor

from odoo import api, fields, models
from odoo.tools import email_normalize

from ...tools.sender import dns_checks, way_checks

CHECKED_AT_ONCE = 200
THREADS = 10
CHECKED_AGAIN_HOURS = 20


class CadenceSender(models.Model):
    """Whether DNS says that a sender's mails are its own: asked once a day, in no request; a change for the worse is told."""
    _inherit = 'cadence.sender'

    dns_records = fields.Json(readonly=True, copy=False, help="The verdicts on its DNS: lists of code, severity, name, …")
    dns_checked_date = fields.Datetime('DNS Looked Up On', readonly=True, copy=False)
    dkim_selectors = fields.Char(
        'DKIM Selectors', help="What stands behind “s=” in the signature of a mail that was delivered, separated by spaces. "
                               "Empty: common ones are tried.")
    sending_ip = fields.Char(
        'Sends From', readonly=True, copy=False, help="The address on the Internet from which the receiver of a probe got it.")
    dns_findings = fields.Json(compute='_compute_dns_findings')
    dns_light = fields.Selection([
        ('green', 'Fine'),
        ('amber', 'Could be better'),
        ('red', 'Mend it'),
    ], 'DNS', compute='_compute_dns_light', store=True)

    _guarded_fields = ('dns_records', 'dns_checked_date', 'sending_ip')

    @api.depends('dns_records')
    def _compute_dns_light(self):
        for sender in self:
            severities = {record.severity for record in sender._get_dns_records()}
            sender.dns_light = 'red' if 'block' in severities else 'amber' if 'warn' in severities else \
                'green' if 'ok' in severities else False

    @api.depends('dns_records')
    @api.depends_context('lang')
    def _compute_dns_findings(self):
        for sender in self:
            sender.dns_findings = [{
                'code': record.code, 'severity': record.severity, 'text': sender._get_dns_text(record),
                'where': ' '.join(filter(None, (record.name, record.found))), 'wanted': record.wanted,
            } for record in sender._get_dns_records()]

    def _get_dns_records(self):
        return [dns_checks.Record(*record[:-1], tuple(map(tuple, record[-1]))) for record in self.dns_records or []]

    def _get_domain(self):
        return self.name.rpartition('@')[2]

    # Asking

    @api.model
    def _cron_check_dns(self):
        count = self._check_dns()
        self.env['ir.cron']._commit_progress(count, remaining=count if count == CHECKED_AT_ONCE else 0)

    @api.model
    def _check_dns(self, resolve=None):
        """Ask for the records of those that were not asked today; returns how many there were."""
        now = fields.Datetime.now()
        due = self.search([
            '|', ('dns_checked_date', '=', False),
            ('dns_checked_date', '<', fields.Datetime.subtract(now, hours=CHECKED_AGAIN_HOURS))],
            order='dns_checked_date NULLS FIRST, id', limit=CHECKED_AT_ONCE)
        due._look_up(now, resolve)
        return len(due)

    def _look_up(self, now, resolve=None):
        questions = [sender._prepare_question() for sender in self]
        with ThreadPoolExecutor(THREADS) as threads:
            answers = list(threads.map(lambda question: self._ask(*question, dns_checks.Lookup(resolve)), questions))
        for sender, records in zip(self, answers, strict=True):
            sender._take_dns(records, now)

    @staticmethod
    def _ask(domain, names, way, lookup):
        """[Record], the worst first."""
        records = dns_checks.check(domain, lookup, **names) + way_checks.check(lookup, **way)
        order = {'block': 0, 'warn': 1, 'info': 2, 'ok': 3}
        return sorted(records, key=lambda record: order[record.severity])

    def _prepare_question(self):
        """What `_ask` wants to know, as plain values: it is asked in threads without a database."""
        alias = self.company_id.sudo().alias_domain_id
        reply = next((email_normalize(segment.reply_to) for segment in self.segment_ids if segment.reply_to), False)
        # Without a server of its own it is Odoo's first one, unless a filter takes the address.
        server = self.mail_server_id.sudo() or self.env['ir.mail_server'].sudo().search([], order='sequence, id', limit=1)
        names = {
            'envelope': alias.name or '',
            'reply_host': (reply or '').rpartition('@')[2],
            'selectors': tuple((self.dkim_selectors or '').replace(',', ' ').split()),
            'report_to': email_normalize(self.company_id.email or '') or f'postmaster@{self._get_domain()}',
        }
        return self._get_domain(), names, {
            'base_url': self.env['ir.config_parameter'].sudo().get_param('web.base.url') or '',
            'ip': self.sending_ip or '', 'encryption': server.smtp_encryption or '', 'smtp_host': server.smtp_host or '',
        }

    def _take_dns(self, records, now):
        """Keep what was heard; what nobody could tell leaves what was known, and what got worse is told."""
        before = self._get_dns_records()
        known = {record.code.partition('_')[0]: record for record in before}
        taken = [
            known.get(record.code.partition('_')[0], record) if record.code.endswith('_unknown') else record
            for record in records]
        self.sudo().write({'dns_records': [list(record) for record in taken], 'dns_checked_date': now})
        old = {(record.code, record.name) for record in before}
        worse = [record for record in taken if record.severity == 'block' and (record.code, record.name) not in old]
        if worse and before:
            self._tell_dns(worse[0])

    def _tell_dns(self, record):
        user = self._get_responsible()
        sender = self.with_context(lang=user.lang or self.env.lang)
        sender.activity_schedule(
            'mail.mail_activity_data_warning', summary=sender.env._("The DNS of a sender has changed"),
            note=sender._get_dns_text(record), user_id=user.id)

    def action_check_dns(self):
        """Ask again at once, by the cron: a resolver that does not answer would keep the page waiting."""
        self._check_may_decide()
        self.sudo().dns_checked_date = False
        self.env.ref('mass_mailing_cadence.ir_cron_check_dns').sudo()._trigger()
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'message': self.env._("Its DNS is looked up within a minute."), 'type': 'info'}}
