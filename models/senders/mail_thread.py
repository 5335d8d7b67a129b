from odoo import api, models

from ...tools.mail import mail_text
from ...tools.sender import dmarc_report


class MailThread(models.AbstractModel):
    """Reports on who mails in our name come in by mail, as any other."""
    _inherit = 'mail.thread'

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        report = dmarc_report.find(mail_text.as_message(message)) if message_dict.get('attachments') else None
        if report and self.env['cadence.sender.source'].sudo()._take(report):
            return []
        return super().message_route(message, message_dict, model, thread_id, custom_values)
