import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.mail import bounce, mail_text
from ..constants import AUTOMATIC, BOUNCED

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """Odoo's mail gateway. What strangers send decides about a contact only where it names a mail of ours to that contact."""
    _inherit = 'mail.thread'

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None):
        """An answer that Odoo cannot take in is kept for a person to look at: else it would be a line in a log."""
        try:
            with self.env.cr.savepoint():
                return super().message_process(
                    model, message, custom_values=custom_values, save_original=save_original,
                    strip_attachments=strip_attachments, thread_id=thread_id)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            if not self.env['cadence.reply']._rescue(message):
                raise
            _logger.exception("Odoo cannot take this mail in; it waits among the replies")
            return False

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Complaints are no mail to deliver; an answer that no alias waits for is its contact's."""
        if self.env['cadence.risk']._take_complaint(mail_text.as_message(message)):
            return []
        try:
            return super().message_route(message, message_dict, model, thread_id, custom_values)
        except ValueError:
            # Handed on to `_message_route_process`, and taken out there: to look it up and judge it once more costs.
            Reply = self.env['cadence.reply']
            answered = message_dict['cadence_answered'] = Reply._find_answered(message, message_dict)
            if not answered:
                raise
            author = Reply._get_author(answered, message_dict)
            return [('res.partner', author.id, custom_values, self.env.uid, None)] if author else []

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        answered = message_dict.pop('cadence_answered', None)
        if not routes:
            return super()._message_route_process(message, message_dict, routes)
        Reply = self.env['cadence.reply']
        answered = answered or Reply._find_answered(message, message_dict)
        # Odoo uses up the dictionary while it posts the message.
        values = dict(message_dict)
        automatic = bool(answered) and answered.classification.kind != 'person'
        result = super(MailThread, self.with_context(**{AUTOMATIC: automatic}))._message_route_process(
            message, message_dict, routes)
        if answered:
            Reply._take(message, values, answered)
        return result

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Odoo blacklists an address that bounces again and again: bounced, not unsubscribed.

        Odoo's own tests and other modules hand over False or a record for the mail, and only some keys of the dictionary.
        """
        result = super(MailThread, self.with_context(**{BOUNCED: True}))._routing_handle_bounce(email_message, message_dict)
        message = mail_text.as_message(email_message)
        trace = self.env['mailing.trace']._cadence_find(
            message_dict.get('bounced_msg_ids') or [], lambda: mail_text.find_ids(message))
        self.env['cadence.risk']._take_returned(trace, bounce.hard_bounce(message))
        return result
