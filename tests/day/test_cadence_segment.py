from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestSegmentOfTheDay(CadenceCase):

    def _queue_one(self):
        self._create_letter()
        self._create_partners(1, batch=5)
        return self._queue(DAY)['marketing']

    def test_what_is_queued_follows_the_sending_time_and_the_time_zone(self):
        run = self._queue_one()
        self.segment.send_time = 15.5
        self.assertEqual(run.mailing_ids.schedule_date, datetime(2026, 7, 5, 15, 30))
        self.segment.tz = 'Europe/Berlin'
        self.assertEqual(run.mailing_ids.schedule_date, datetime(2026, 7, 5, 13, 30))
        self.assertFalse(self._compose(DAY, 13))
        self.assertTrue(self._compose(DAY, 14))

    def test_what_has_not_left_leaves_from_the_segments_new_address(self):
        run = self._queue_one()
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 9.5, server)  # composed, and on no server yet
            server.is_down = False
            self.segment.write({'email_from': 'Zhou <zhou@me.example>', 'reply_to': 'answers@me.example'})
            self.assertFalse(run.touch_ids)
            self._queue(DAY, 10)
            self.assertEqual(len(self._send_queue(DAY, 10.5, server)), 1)
        mailing = run.mailing_ids
        self.assertEqual((mailing.email_from, mailing.reply_to), ('Zhou <zhou@me.example>', 'answers@me.example'))
        self.segment.write({'email_from': self.segment.email_from})
        self.assertEqual(run.touch_ids.outcome, 'left')

    def test_a_clock_says_its_time_zone_where_the_user_s_is_another(self):
        noon = datetime(2026, 7, 5, 12)
        self.segment.tz = 'Asia/Shanghai'
        user = self.segment.with_user(self.user)
        self.assertEqual(user._get_clock_time(noon), '20:00 (Asia/Shanghai)')
        self.user.tz = 'Asia/Shanghai'
        self.assertEqual(user._get_clock_time(noon), '20:00')

    def test_the_audience_of_a_day_on_which_nothing_is_due_is_refused_with_a_sentence(self):
        with self.at('2026-07-31'), self.assertRaisesRegex(UserError, 'No batch of .* is due today'):
            self.segment.with_user(self.user).action_preview_audience()

    def test_the_runs_are_those_of_the_segment(self):
        run = self._queue_one()
        other = self._create_segment('base.lang_fr')
        with self.at(DAY):
            self.env['cadence.run']._plan_day(other, datetime(2026, 7, 5))
        found = self.env['cadence.run'].search(self.segment.action_open_runs()['domain'])
        self.assertIn(run, found)
        self.assertEqual(found.segment_id, self.segment)
