from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestSendNow(CadenceCase):
    """The segment sends at 9:00 UTC."""

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(2, batch=5)
        with self.at('2026-07-05', 1):
            self.due = self.env['cadence.run']._plan_day(self.segment, self.env.cr.now()).filtered(
                lambda run: run.tag_group_id == self.marketing)

    def _send_now(self, hour=3):
        with self.at('2026-07-05', hour):
            self.due.with_user(self.user).action_send_now()

    def test_the_mails_leave_at_once_and_once(self):
        self._send_now()
        self.assertEqual(self.due.state, 'queued')
        self.assertEqual(self._compose('2026-07-05', 3), sorted(self.partners.mapped('email_formatted')))
        self.assertEqual(self.due.state, 'done')
        self._send_now(4)
        self._queue('2026-07-05', 8)
        self.assertEqual(self._compose('2026-07-05', 10), [])

    def test_what_is_queued_for_the_sending_time_leaves_now_too(self):
        self._queue('2026-07-05', 1)
        self.assertEqual(self._compose('2026-07-05', 2), [])
        self._send_now()
        self.assertEqual(len(self._compose('2026-07-05', 3)), 2)

    def test_the_button_is_there_while_mails_wait_for_the_sending_time(self):
        def offered(day='2026-07-05', hour=3):
            self.env.invalidate_all()
            with self.at(day, hour):
                return self.due.can_send_now
        self.assertTrue(offered(), "planned")
        self._queue('2026-07-05', 1)
        self.assertEqual([offered(), offered(hour=10), offered('2026-07-06')], [True, False, False])
        self.due.action_stop()
        self.assertFalse(offered(), "stopped")
        self.due.action_resume()
        self._send_now()
        self.assertFalse(offered(), "sent ahead")

    def test_drafts_that_wait_for_a_review_leave_with_it(self):
        self.segment.auto_send = False
        self._send_now()
        self.assertEqual(len(self._compose('2026-07-05', 3)), 2)

    def test_the_next_day_leaves_at_its_sending_time_again(self):
        self._send_now()
        self._create_partners(1, batch=6)
        self.assertEqual(self._queue('2026-07-06', 1)['marketing'].send_datetime.hour, 9)

    def test_what_is_stopped_stays_stopped(self):
        self.segment.with_user(self.user).action_stop()
        with self.assertRaisesRegex(UserError, 'stopped: resume it first'):
            self._send_now()
        self.assertFalse(self.due.hastened_at)

    def test_only_today_and_only_users_of_the_cadence(self):
        with self.at('2026-07-06', 3), self.assertRaisesRegex(UserError, 'Only runs of today'):
            self.due.with_user(self.user).action_send_now()
        with self.at('2026-07-05', 3), self.assertRaises(AccessError):
            self.due.with_user(self.salesman).action_send_now()
        with self.assertRaises(AccessError):
            self.due.with_user(self.manager).hastened_at = '2026-07-05 01:00:00'

    def test_a_mail_sent_ahead_into_the_companys_day_before_has_its_place_of_that_day(self):
        """In Kiritimati it is the 5th at noon of the 4th; the company lives in Greenwich."""
        self.env.company.partner_id.tz = 'UTC'
        self.segment.write({'tz': 'Pacific/Kiritimati', 'send_time': 20})
        with self.at('2026-07-04', 12):
            self.due.action_run_now()
            planned = set(self.due.touch_ids.mapped('day'))
            self.due.action_send_now()
        self.assertEqual({str(day) for day in planned}, {'2026-07-05'})
        self.assertEqual({str(day) for day in self.due.touch_ids.mapped('day')}, {'2026-07-04'})
        self.assertEqual(len(self._compose('2026-07-04', 12)), 2)
