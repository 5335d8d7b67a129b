import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import html2plaintext

from ...tools.mail import auto_reply, bounce, mail_text
from ..constants import AUTOMATIC, BOUNCED

_logger = logging.getLogger(__name__)

MAX_REASON = 2_000  # letters of a notice that are kept


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
        """Complaints and what came back are no mails to deliver; an answer that no alias waits for is its contact's."""
        mail = mail_text.as_message(message)
        classification = message_dict['cadence_classification'] = auto_reply.classify(mail)
        if classification.kind == 'complaint' and self.env['cadence.risk']._take_complaint(mail):
            return []
        if bool(message_dict.get('is_bounce')) != (classification.kind == 'bounce') and not self._cadence_mend_bounce(
                mail, message_dict, classification):
            return []
        try:
            return super().message_route(message, message_dict, model, thread_id, custom_values)
        except ValueError:
            # Handed on to `_message_route_process`, and taken out there: to look it up once more costs.
            Reply = self.env['cadence.reply']
            answered = message_dict['cadence_answered'] = (
                message_dict.get('cadence_answered') or Reply._find_answered(message, message_dict, classification))
            if not answered:
                raise
            author = Reply._get_author(answered, message_dict)
            return [('res.partner', author, custom_values, self.env.uid, None)] if author else []

    @api.model
    def _cadence_mend_bounce(self, message, message_dict, classification):
        """What Odoo takes for a bounce by its recipient alone is an answer, if it is one; and what it does not know as a bounce
        is worked off here. Only for mails of ours; returns whether there is still something to deliver."""
        is_report = classification.reason in ('report', 'read_receipt')
        if is_report and classification.kind != 'bounce':
            return True
        answered = self.env['cadence.reply']._find_answered(message, message_dict, classification)
        if not answered:
            return True
        message_dict['is_bounce'] = False
        if classification.kind == 'bounce':
            self._cadence_take_returned(answered.mail, message, message_dict)
            return False
        message_dict['cadence_answered'] = answered
        return True

    @api.model
    def _cadence_take_returned(self, mail, message, message_dict):
        """Mark the mail that came back, as Odoo does it, and let follow what its reason says."""
        returned = bounce.read(message)
        if returned.is_final:
            self.env['mailing.trace'].sudo().browse(mail.trace_id).set_bounced(
                bounce_message=html2plaintext(message_dict.get('body') or '')[:MAX_REASON])
        self.env['cadence.risk']._take_returned(mail, returned)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        answered = message_dict.pop('cadence_answered', None)
        classification = message_dict.pop('cadence_classification', None)
        Reply = self.env['cadence.reply']
        if not routes:
            result = super()._message_route_process(message, message_dict, routes)
            is_answer = classification and classification.kind == 'person' and not message_dict.get('is_bounce')
            # Odoo delivers it to nobody, as what is written to the catchall address; a customer's answer is taken up.
            if is_answer and (answered := Reply._find_answered(message, message_dict, classification)):
                Reply._take(message, message_dict, answered)
            return result
        answered = answered or Reply._find_answered(message, message_dict, classification)
        # Odoo uses up the dictionary while it posts the message.
        values = message_dict | {'cadence_models': {route[0] for route in routes}}
        automatic = bool(answered) and answered.classification.kind != 'person'
        result = super(MailThread, self.with_context(**{AUTOMATIC: automatic}))._message_route_process(
            message, message_dict, routes)
        if answered:
            Reply._take(message, values, answered)
        return result

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Odoo blacklists an address that bounces again and again: bounced, not unsubscribed. Not for what is about us.

        Odoo's own tests and other modules hand over False or a record for the mail, and only some keys of the dictionary.
        """
        message = mail_text.as_message(email_message)
        mail = self.env['mailing.trace']._cadence_find(
            message_dict.get('bounced_msg_ids') or [], lambda: mail_text.find_ids(message))
        classification = message_dict.get('cadence_classification')
        if mail and classification and classification.kind != 'bounce':
            return None  # a receipt: it was delivered
        returned = bounce.read(message)
        if mail and message is email_message and (returned.kind == 'policy' or not returned.is_final):
            return self._cadence_take_returned(mail, message, message_dict)
        result = super(MailThread, self.with_context(**{BOUNCED: True}))._routing_handle_bounce(email_message, message_dict)
        if mail and message is email_message:
            if not message_dict.get('bounced_msg_ids'):
                self._cadence_take_returned(mail, message, message_dict)
            else:
                self.env['cadence.risk']._take_returned(mail, returned)
        return result
