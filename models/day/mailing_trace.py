from odoo import api, fields, models
from odoo.exceptions import UserError


class MailingTrace(models.Model):
    _inherit = 'mailing.trace'

    cadence_touch_id = fields.Many2one('cadence.touch', 'Touch', ondelete='set null', index='btree_not_null', readonly=True)

    # A touch has one trace: two processes that compose the same mailing at once cannot both mail an address.
    _cadence_touch = models.UniqueIndex('(cadence_touch_id) WHERE cadence_touch_id IS NOT NULL')
    # The mails of a record: Odoo itself has no index on what a trace is about.
    _cadence_record = models.Index('(res_id, model)')
    # What was mailed on a day, over all mailings. Traces are appended in time, so block ranges are enough and cost nothing.
    _cadence_created = models.Index('USING brin (create_date) WITH (pages_per_range = 16, autosummarize = on)')
    _cadence_sent = models.Index('(sent_datetime) WHERE sent_datetime IS NOT NULL')

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mailed(self):
        """Answers, opt-outs and what comes back find their contact by it."""
        outcomes = self.sudo().cadence_touch_id.mapped('outcome')
        if not {'leaving', 'left', 'in_doubt'}.isdisjoint(outcomes):
            raise UserError(self.env._(
                "The trace of a run's mail that has left cannot be deleted: replies and opt-outs find their contact by it."))
