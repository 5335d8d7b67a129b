from odoo import api, models


class CadenceRisk(models.AbstractModel):
    """What is heard of a mail tells of its sender as well."""
    _inherit = 'cadence.risk'

    @api.model
    def _take_returned(self, mail, returned):
        result = super()._take_returned(mail, returned)
        touch = self.env['cadence.touch'].sudo().browse(mail.touch_id or ())
        touch.fetch(['sender_id', 'email'])  # and not the whole row, at each returned mail
        if returned.is_final and returned.kind == 'policy':
            touch._note_policy(returned.detail, touch.outcome_date)
        else:
            touch._judge_senders()
        return result

    def _block(self, partners, reason, **source):
        result = super()._block(partners, reason, **source)
        if reason == 'complaint':
            self.env['mailing.trace'].sudo().browse(source['trace_id']).cadence_touch_id._judge_senders()
        return result
