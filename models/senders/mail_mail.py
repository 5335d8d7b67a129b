from odoo import models

from ...tools.sender import feedback_id

WATCHED_MAILS = 25  # leave before one looks again whether their sender has to pause


class MailMail(models.Model):
    """What Gmail's complaints are counted by, in each mail of a run."""
    _inherit = 'mail.mail'

    def _cadence_get_block_size(self):
        """What a server refuses is known at a block's end: of a sender that may have to pause, blocks are short."""
        senders = self._cadence_get_touches().sender_id
        is_proven = all(sender.state == 'warm' and sender.light == 'green' for sender in senders)
        return super()._cadence_get_block_size() if is_proven else WATCHED_MAILS

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        outgoing = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        touch = self.sudo().mailing_trace_ids.cadence_touch_id[:1]
        if touch.sender_id:
            header = feedback_id.write(
                touch.letter_id.id, touch.segment_id.id, touch.tag_group_id.code, touch.sender_id._get_domain())
            for values in outgoing:
                values['headers'] = {**values.get('headers', {}), 'Feedback-ID': header}
        return outgoing
