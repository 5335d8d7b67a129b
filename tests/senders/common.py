from ..common import CadenceCase

DAY, NEXT, THIRD = '2026-07-05', '2026-07-06', '2026-07-07'


class SenderCase(CadenceCase):
    """A segment whose sender is new: its letter, and a server that takes mails or refuses them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._create_letter()
        cls.sender = cls.segment.sender_id
        cls.sender.profile = 'normal'

    @classmethod
    def _create_letter(cls, *args, **values):
        letter = super()._create_letter(*args, **values)
        letter.accepted_findings = False
        return letter

    def _count_reasons(self, run):
        """{reason or state: touches} of a run."""
        counts = {}
        for touch in run.touch_ids:
            key = touch.reason or touch.state
            counts[key] = counts.get(key, 0) + 1
        return counts

    def _mail_day(self, day=DAY, answers=None):
        """Run a day and send its mails; returns the run and the addresses that left."""
        run = self._queue(day)['marketing']
        with self._mail_server(answers) as server:
            left = self._send_queue(day, 12, server)
        return run, left

    def _return(self, touches, reason=None, day=DAY):
        """The mails came back: marked as Odoo marks them, `reason` being what the journal says of it."""
        with self.at(day, 13):
            for touch in touches:
                touch.trace_ids.set_bounced()
                if reason:
                    self.env['cadence.journal']._note(touch.partner_id, reason, trace_id=touch.trace_ids.id)
                touch._judge_senders()
