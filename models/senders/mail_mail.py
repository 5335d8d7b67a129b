from odoo import fields, models
from odoo.tools import SQL

from ...tools.mail import refusal
from ...tools.sender import feedback_id

WATCHED_MAILS = 12  # of each of two workers, before one looks again whether their sender has to pause
PLANNED_MAILS = 5_000  # that get their turns at once


class MailMail(models.Model):
    """What Gmail's complaints are counted by, in each mail of a run."""
    _inherit = 'mail.mail'

    def _cadence_find_delayed(self):
        """What the senders of the touches make wait. Where it is a pace, all that stands in line gets its turn at once.

        Asking them block by block would come to the same, with a lock and a look at the mails of the hour for each.
        """
        delayed, now = super()._cadence_find_delayed(), fields.Datetime.now()
        touches = self._cadence_get_touches()
        waits = touches._make_wait(now)
        if senders := touches.browse().union(*(late for (reason, _moment), late in waits.items() if reason == 'pace')).sender_id:
            others = self._cadence_get_others_in_line(senders, now)._cadence_lock()
            for key, late in others._cadence_get_touches()._make_wait(now).items():
                waits[key] = waits.get(key, touches.browse()) + late
        for key, late in waits.items():
            delayed[key] = delayed.get(key, self.browse()) | late.trace_ids.mail_mail_id
        return delayed

    def _cadence_get_others_in_line(self, senders, now):
        """The mails of these senders, other than these, that the next turns of the queue would take."""
        self.env['mail.mail'].flush_model()
        self.env['mailing.trace'].flush_model()
        return self.browse(id_ for id_, in self.env.execute_query(SQL("""
            SELECT mail.id
              FROM cadence_touch touch
              JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
              JOIN mail_mail mail ON mail.id = trace.mail_mail_id
             WHERE touch.sender_id = ANY(%(sender_ids)s)
               AND touch.day >= %(first_day)s
               AND touch.state = 'reserved'
               AND touch.outcome = 'waiting'
               AND mail.state = 'outgoing'
               AND (mail.scheduled_date IS NULL OR mail.scheduled_date <= %(now)s)
               AND NOT mail.id = ANY(%(ids)s)
          ORDER BY mail.id
             LIMIT %(limit)s
            """, sender_ids=senders.ids, now=now, ids=self.ids, limit=PLANNED_MAILS,
            first_day=fields.Date.subtract(now.date(), days=2))))

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
