from odoo import api, models


class CadenceRisk(models.AbstractModel):
    """What is heard of a mail tells of its sender as well."""
    _inherit = 'cadence.risk'

    @api.model
    def _take_returned(self, mail, returned):
        result = super()._take_returned(mail, returned)
        self._judge_sender(mail.touch_id)
        return result

    def _block(self, partners, reason, **source):
        result = super()._block(partners, reason, **source)
        if reason == 'complaint':
            self._judge_sender(self.env['mailing.trace'].sudo().browse(source['trace_id']).cadence_touch_id.id)
        return result

    def _judge_sender(self, touch_id):
        self.env['cadence.touch'].sudo().browse(touch_id).sender_id._judge()
