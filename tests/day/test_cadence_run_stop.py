from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import CadenceCase

DAY, NEXT = '2026-07-05', '2026-07-06'


@tagged('post_install', '-at_install')
class TestRunStop(CadenceCase):
    """Stop means stop: whatever has not left is held, and comes back when somebody resumes it."""

    def setUp(self):
        super().setUp()
        self.letter = self._create_letter()
        self.partners = self._create_partners(3, batch=5)
        self.run_ = self._queue(DAY)['marketing']
        self.everybody = sorted(self.partners.mapped('email'))

    def _compose_only(self, server):
        """As a day of thousands: composed, and all of it waits in the mail queue."""
        server.is_down = True
        self._send_queue(DAY, 9.5, server)
        server.is_down = False

    def test_a_queued_run_that_is_stopped_composes_nothing_until_it_is_resumed(self):
        with self._mail_server() as server:
            with self.at(DAY, 8):
                self.run_.with_user(self.user).action_stop()
            self.assertEqual(self._send_queue(DAY, 10, server), [])
            self.assertFalse(self.run_.touch_ids.trace_ids)
            with self.at(DAY, 11):
                self.run_.with_user(self.user).action_resume()
            self.assertEqual(self._send_queue(DAY, 11, server), self.everybody)

    def test_composed_mails_are_held_and_let_go_and_the_message_says_how_many_had_left(self):
        with self._mail_server() as server:
            self._compose_only(server)
            with self.at(DAY, 10):
                action = self.run_.with_user(self.user).action_stop()
            self.assertIn('0 mails had left, 3 are held', action['params']['message'])
            self.assertEqual(self._send_queue(DAY, 11, server), [])
            with self.at(DAY, 12):
                self.run_.with_user(self.user).action_resume()
            self.assertEqual(self._send_queue(DAY, 12, server), self.everybody)

    def test_a_stopped_segment_an_archived_segment_and_an_archived_letter_hold_what_is_composed(self):
        for what, stop in (
                ('stopped', lambda: self.segment.with_user(self.user).action_stop()),
                ('archived', lambda: setattr(self.segment, 'active', False)),
                ('letter', lambda: setattr(self.letter, 'active', False))):
            with self.subTest(what), self._mail_server() as server:
                self._compose_only(server)
                with self.at(DAY, 10):
                    stop()
                self.assertEqual(self._send_queue(DAY, 11, server), [])
                self.segment.write({'active': True})
                self.segment.action_resume()
                self.letter.active = True

    def test_what_is_held_at_the_end_of_the_day_is_next_in_line(self):
        with self._mail_server() as server:
            self._compose_only(server)
            with self.at(DAY, 10):
                self.run_.action_stop()
            self._queue(NEXT)
            self.assertEqual(set(self.run_.touch_ids.mapped('state')), {'deferred'})
            self.assertEqual(self._send_queue(NEXT, 12, server), self.everybody)

    def test_switching_automatic_sending_off_makes_drafts_of_what_is_queued(self):
        self.segment.auto_send = False
        self.assertEqual(self.run_.mailing_ids.state, 'draft')
        with self._mail_server() as server:
            self.assertEqual(self._send_queue(DAY, 12, server), [])

    def test_switching_automatic_sending_off_holds_what_is_composed(self):
        with self._mail_server() as server:
            self._compose_only(server)
            self.segment.auto_send = False
            self.assertEqual(self._send_queue(DAY, 12, server), [])
            self.assertTrue(self.run_.is_stopped)

    def test_cancelled_mails_do_not_leave_and_run_now_mails_nobody_twice(self):
        with self._mail_server({self.partners[0].email: ConnectionError("reset")}) as server:
            left = self._send_queue(DAY, 9.5, server)
            with self.at(DAY, 10):
                self.run_.with_user(self.user).action_cancel()
            server.answers.clear()
            self.assertEqual(self._send_queue(DAY, 11, server), [])
            with self.at(DAY, 12):
                self.run_.with_user(self.user).action_run_now()
            left += self._send_queue(DAY, 13, server)
        self.assertEqual(sorted(left), self.everybody)

    def test_everything_of_today_is_stopped_with_one_button(self):
        with self.at(DAY, 8):
            call_kw(self.env['cadence.run'].with_user(self.user), 'action_stop_today', [[]], {})
        with self._mail_server() as server:
            self.assertEqual(self._send_queue(DAY, 12, server), [])

    def test_only_cadence_users_stop(self):
        with self.assertRaises(AccessError):
            self.run_.with_user(self.salesman).action_stop()
        with self.assertRaises(AccessError):
            self.segment.with_user(self.salesman).action_resume()
