from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 400


class CadenceSenderSource(models.Model):
    """Who sends in the name of a sender's domain, as receivers report it (DMARC aggregate reports). Anybody can mail such a
    report: it is shown, and nothing follows from it."""
    _name = 'cadence.sender.source'
    _description = 'Source of Mails'
    _order = 'date DESC, mail_count DESC, id DESC'
    _rec_name = 'source'
    _log_access = False

    sender_id = fields.Many2one('cadence.sender', required=True, ondelete='cascade', index=True, readonly=True)
    company_id = fields.Many2one(related='sender_id.company_id')
    date = fields.Date(required=True, readonly=True)
    source = fields.Char('Sent By', required=True, readonly=True, help="The address on the Internet from which they came.")
    reporter = fields.Char('Reported By', readonly=True)
    report = fields.Char(readonly=True)
    mail_count = fields.Integer('Mails', readonly=True)
    standing = fields.Selection([
        ('ours', 'In your name, rightly'),
        ('unknown', 'In your name, not proven'),
    ], required=True, readonly=True, help="Proven is what is signed by your domain (DKIM) or came from a server that may (SPF).")
    has_dkim = fields.Boolean('DKIM', readonly=True)
    has_spf = fields.Boolean('SPF', readonly=True)
    disposition = fields.Char('What Became of Them', readonly=True)

    # A report that comes twice is counted once.
    _report_row = models.UniqueIndex('(sender_id, reporter, report, source, has_dkim, has_spf, disposition)')

    @api.model
    def _take(self, report):
        """Note a :class:`dmarc_report.Report` with the senders of its domain; returns whether there is one."""
        senders = self._find_senders(report.domain)
        for sender in senders:
            rows = [(
                sender.id, report.first, row.source, report.reporter, report.id, row.count, row.dkim, row.spf, row.disposition,
                'ours' if row.is_ours else 'unknown') for row in report.rows]
            for start in range(0, len(rows), 500):
                self.env.execute_query(SQL("""
                    INSERT INTO cadence_sender_source (
                           sender_id, date, source, reporter, report, mail_count, has_dkim, has_spf, disposition, standing)
                    VALUES %s
               ON CONFLICT DO NOTHING
                 RETURNING NULL
                    """, SQL(", ").join(SQL("%s", row) for row in rows[start:start + 500])))
        self.invalidate_model()
        return bool(senders)

    def _find_senders(self, domain):
        """One of each company that mails from the domain, the one that counts all of it if there is."""
        senders = self.env['cadence.sender'].sudo().search(
            ['|', ('name', '=', domain), ('name', '=like', f'%@{domain}')], order='kind, id')
        return senders.browse(own[0].id for own in senders.grouped('company_id').values())

    @api.autovacuum
    def _gc_sources(self):
        self.env.execute_query(SQL(
            "DELETE FROM cadence_sender_source WHERE date < CURRENT_DATE - %s RETURNING NULL", KEPT_DAYS))
        self.invalidate_model()
