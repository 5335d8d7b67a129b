from odoo import models


class MailComposeMessage(models.TransientModel):
    """The mails of a run come from the sender that the ledger has for each contact."""
    _inherit = 'mail.compose.message'

    def _prepare_mail_values(self, res_ids):
        mails = super()._prepare_mail_values(res_ids)
        run = self.mass_mailing_id.cadence_run_id.sudo()
        if run and run.segment_id.further_sender_ids:
            touches = self.env['cadence.touch'].sudo().search(
                [('run_id', '=', run.id), ('partner_id', 'in', list(mails)), ('outcome', '=', 'waiting')])
            for sender, own in touches.grouped('sender_id').items():
                values = run.segment_id._get_sender_values(sender)
                for partner_id in own.partner_id.ids:
                    mails[partner_id].update(values)
        return mails
