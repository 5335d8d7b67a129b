from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = 'mail.compose.message'

    def _prepare_mail_values_mailing_traces(self, mail_values_all):
        """Tie each trace to its touch, one query a batch of mails."""
        traces = super()._prepare_mail_values_mailing_traces(mail_values_all)
        run = self.mass_mailing_id.cadence_run_id
        if run and traces:
            touches = self.env['cadence.touch'].sudo().search_fetch(
                [('run_id', '=', run.id), ('partner_id', 'in', list(traces))], ['partner_id'])
            for touch in touches:
                traces[touch.partner_id.id].update(cadence_touch_id=touch.id, cadence_run_id=run.id)
        return traces
