from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestSegmentSender(SenderCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment.further_sender_ids = [
            (0, 0, {'email_from': 'Zhou <zhou@me.example>'}),
            (0, 0, {'email_from': 'Chen <chen@me.example>', 'reply_to': 'chen@in.example'})]
        cls.zhou, cls.chen = cls.segment.further_sender_ids.sender_id

    def _send(self, day):
        """{address: (From, Reply-To)} of what left on a day."""
        run = self._queue(day)['marketing']
        with self.at(day, 12), self.mock_mail_gateway():
            run.mailing_ids.action_send_mail()
            return {
                mail['email_to'][0].partition('<')[2].rstrip('>'): (mail['email_from'], mail['reply_to']) for mail in self._mails}

    def test_each_further_sender_is_a_mailbox_of_its_own(self):
        self.assertEqual((self.zhou.name, self.zhou.profile), ('zhou@me.example', 'mailbox'))
        self.assertEqual(self.segment._get_senders(), self.sender + self.zhou + self.chen)
        with self.assertRaises(ValidationError):
            self.segment.further_sender_ids = [(0, 0, {'email_from': 'nobody'})]
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.segment.further_sender_ids = [(0, 0, {'email_from': 'zhou@me.example'})]
            self.env.flush_all()

    def test_contacts_are_dealt_evenly_and_each_keeps_its_sender(self):
        partners = self._create_partners(60, batch=5)
        (self.sender | self.zhou | self.chen).write({'profile': 'steady'})
        first = self._send(DAY)
        counts = [list(first.values()).count(value) for value in set(first.values())]
        self.assertEqual(set(first.values()), {
            ('"Wang Li" <li@me.example>', 'Wang Li <li@me.example>'), ('"Zhou" <zhou@me.example>', 'Zhou <zhou@me.example>'),
            ('"Chen" <chen@me.example>', 'chen@in.example')})
        self.assertEqual(sum(counts), 60)
        self.assertGreater(min(counts), 8)
        # One more sender, another batch: who had one keeps it.
        self.segment.further_sender_ids = [(0, 0, {'email_from': 'new@me.example'})]
        self.segment._get_senders().write({'profile': 'steady'})
        partners.category_id = self.segment._get_batch_tags(self.marketing, [6])
        self.assertEqual(self._send(NEXT), first)

    def test_each_sender_has_a_cap_of_its_own(self):
        (self.zhou | self.chen).write({'target': 5})
        self.sender.target = 7
        self._create_partners(60, batch=5)
        run = self._queue(DAY)['marketing']
        reserved = run.touch_ids.filtered(lambda touch: touch.state == 'reserved')
        self.assertEqual({sender.name: len(own) for sender, own in reserved.grouped('sender_id').items()},
                         {'me.example': 7, 'zhou@me.example': 5, 'chen@me.example': 5})

    def test_contacts_of_a_paused_sender_wait_or_move_as_the_segment_says(self):
        self._create_partners(30, batch=5)
        self.zhou._pause('hand')
        run = self._queue(DAY)['marketing']
        counts = self._count_reasons(run)
        self.assertEqual(counts['sender_paused'] + counts['reserved'], 30)
        self.assertGreater(counts['sender_paused'], 3)
        self.segment.when_paused = 'move'
        run._take_back_waiting()
        self.assertEqual(self._count_reasons(self._queue(DAY)['marketing']), {'reserved': 30})

    def test_who_waits_for_a_sender_that_is_taken_away_or_archived_is_dealt_to_the_others(self):
        for take_away in (self.segment.further_sender_ids[1].unlink, self.zhou.action_archive):
            self._create_partners(30, batch=5)
            run = self._queue(DAY)['marketing']
            count = len(run.touch_ids)
            with self.at(DAY, 8):
                take_away()
            self.assertLess(len(run.touch_ids), count)
            run = self._queue(DAY, 8.5)['marketing']
            self.assertEqual(len(run.touch_ids), count)
            waiting = run.touch_ids.filtered(lambda touch: touch.outcome == 'waiting')
            self.assertLessEqual(waiting.sender_id, self.segment._get_senders())
        self.assertEqual(waiting.sender_id, self.sender)

    def test_the_sender_of_a_segment_is_not_archived(self):
        with self.assertRaisesRegex(UserError, 'pause the sender'):
            self.sender.action_archive()
