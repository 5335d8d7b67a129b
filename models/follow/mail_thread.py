from odoo import api, models

from ...tools.mail import bounce, mail_text


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Complaints are no mail to deliver; an answer that no alias waits for is its contact's."""
        if self.env['cadence.risk']._take_complaint(mail_text.as_message(message)):
            return []
        try:
            return super().message_route(message, message_dict, model, thread_id, custom_values)
        except ValueError:
            trace, _verdict = self.env['cadence.reply']._judge_message(message, message_dict)
            if not trace:
                raise
            return [('res.partner', trace.cadence_touch_id.partner_id.id, custom_values, self.env.uid, None)]

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if not routes:
            return super()._message_route_process(message, message_dict, routes)
        Reply = self.env['cadence.reply']
        trace, verdict = Reply._judge_message(message, message_dict)
        # Odoo uses up the dictionary while it posts the message.
        answer = dict(message_dict)
        automatic = bool(trace) and verdict.kind != 'person'
        result = super(MailThread, self.with_context(cadence_automatic=automatic))._message_route_process(
            message, message_dict, routes)
        if trace and verdict.kind == 'bounce':  # one that Odoo does not take for a bounce
            self.env['cadence.risk']._take_returned(trace, bounce.hard_bounce(message))
        elif trace and verdict.kind != 'complaint':
            Reply._take(message, answer, trace, verdict)
        return result

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Odoo blacklists an address that bounces again and again: bounced, not unsubscribed.

        Odoo's own tests and other modules hand over False or a record for the mail, and only some keys of the dictionary.
        """
        result = super(MailThread, self.with_context(cadence_bounced=True))._routing_handle_bounce(email_message, message_dict)
        trace = self.env['mailing.trace']._cadence_find(message_dict.get('bounced_msg_ids'))
        detail = bounce.hard_bounce(mail_text.as_message(email_message))
        self.env['cadence.risk']._take_returned(trace, detail, message_dict.get('bounced_email'))
        return result
