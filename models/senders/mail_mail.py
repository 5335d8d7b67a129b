from odoo import fields, models

from ...tools.mail import refusal
from ...tools.sender import feedback_id

WATCHED_MAILS = 12  # of each of two workers, before one looks again whether their sender has to pause


class MailMail(models.Model):
    """What Gmail's complaints are counted by, in each mail of a run."""
    _inherit = 'mail.mail'

    def _cadence_find_delayed(self):
        """Mails that are late leave on another day of the company than they have a place on: as many as that day has left.

        The others wait: on the next one, or in the line when the segment's own day is over.
        """
        delayed = super()._cadence_find_delayed()
        now = fields.Datetime.now()
        waiting = self._cadence_get_touches().filtered(lambda touch: touch.outcome == 'waiting')
        for sender, touches in waiting.grouped('sender_id').items():
            today = sender and sender._get_today(now)
            late = touches.filtered(lambda touch, today=today: touch.day != today) if sender else touches.browse()
            places = sender._take_places(today) if late else None
            over = late.sorted('id')[places:] if places is not None else late.browse()
            if over:
                delayed['sender_cap', fields.Datetime.add(now, hours=1)] = over.trace_ids.mail_mail_id & self
        return delayed

    def _cadence_take_refusals(self, reasons, failure_type):
        """What a server refuses for what we are tells of the sender, not of the contacts."""
        result = super()._cadence_take_refusals(reasons, failure_type)
        for reason, mails in self.grouped(lambda mail: reasons.get(mail)).items():
            answer = refusal.classify(reason, failure_type)
            if refusal.is_about_us(answer):
                mails._cadence_get_touches()._note_policy(answer.text)
        return result

    def _cadence_is_enough(self, passage):
        """What a server refuses is known at a block's end: behind the first refusal few mails are begun before one has looked."""
        return super()._cadence_is_enough(passage) or passage.since_failure >= WATCHED_MAILS

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        outgoing = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        touch = self.sudo().mailing_trace_ids.cadence_touch_id[:1]
        if touch.sender_id:
            header = feedback_id.write(
                touch.letter_id.id, touch.segment_id.id, touch.tag_group_id.code, touch.sender_id._get_domain())
            for values in outgoing:
                values['headers'] = {**values.get('headers', {}), 'Feedback-ID': header}
        return outgoing
