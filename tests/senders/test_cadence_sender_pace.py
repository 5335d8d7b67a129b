from datetime import datetime, timedelta

from odoo.tests import tagged

from ...tools.sender import pace
from .common import DAY, NEXT, SenderCase

NOON = datetime(2026, 7, 5, 12)


@tagged('post_install', '-at_install')
class TestSenderPace(SenderCase):
    """A pace makes mails wait, and loses none of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.hourly_pace = 6

    def _send_at(self, moment, day=DAY):
        """The customers who got a mail in the queue's turn at a moment."""
        start = datetime.fromisoformat(day)
        with self._mail_server() as server:
            return self._send_queue(day, (moment - start).total_seconds() / 3600, server)

    def _get_turns(self, run=None):
        waiting = (run or self._runs(DAY)['marketing']).touch_ids.filtered(lambda touch: touch.outcome == 'waiting')
        return sorted(turn for turn in waiting.mapped('pace_datetime') if turn)

    def _follow_turns(self, until):
        """{moment: addresses} of the turns that the mails have, until a moment."""
        left = {}
        while (turns := [turn for turn in self._get_turns() if turn < until]):
            self.assertNotIn(turns[0], left, "a turn comes once")
            left[turns[0]] = self._send_at(turns[0])
        return left

    def test_mails_leave_one_by_one_and_never_more_of_them_in_an_hour(self):
        partners = self._create_partners(10, batch=5)
        run = self._queue(DAY)['marketing']
        first = self._send_at(NOON)
        self.assertEqual(len(first), 1)
        self.assertEqual(self._get_turns()[:2], [NOON + timedelta(minutes=11), NOON + timedelta(minutes=22)])
        self.assertEqual(set(run.touch_ids.mapped('state')), {'reserved'}, "nobody is deferred")
        self.assertEqual(self._send_at(NOON + timedelta(minutes=5)), [], "between two turns nothing leaves")
        left = self._follow_turns(NOON + timedelta(hours=6))
        self.assertTrue(all(len(addresses) == 1 for addresses in left.values()), "no turn is in vain")
        moments = sorted([NOON, *left])
        for moment in moments:
            self.assertLessEqual(len([other for other in moments if moment <= other < moment + timedelta(hours=1)]), 6)
        self.assertEqual(sorted(first + sum(left.values(), [])), sorted(partners.mapped('email')), "nobody twice, nobody lost")

    def test_the_queue_wakes_up_for_its_turns_and_at_no_other_time(self):
        self._create_partners(5, batch=5)
        self._queue(DAY)
        cron = self.env.ref('mail.ir_cron_mail_scheduler_action')
        self._send_at(NOON)
        triggers = self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id), ('call_at', '>', NOON)])
        self.assertEqual(set(triggers.mapped('call_at')), set(self._get_turns()))

    def test_all_segments_of_a_sender_share_its_pace_and_who_comes_later_waits_behind(self):
        self._create_partners(3, batch=5)
        other = self._create_segment('base.lang_fr')
        self._create_letter(segment=other)
        late = self._create_partners(2, batch=5, segment=other, domain='late{}.example')
        self._queue(DAY)
        self.assertEqual(len(self._send_at(NOON)), 1)
        touches = self.env['cadence.touch'].search([('sender_id', '=', self.sender.id), ('outcome', '=', 'waiting')])
        self.assertEqual(sorted(touches.mapped('pace_datetime')), [NOON + timedelta(minutes=11 * n) for n in range(1, 5)])
        more = self._create_partners(1, batch=5, domain='more{}.example')
        self._queue(DAY, 12.1)
        self._send_at(NOON + timedelta(minutes=7))
        self.assertGreater(self._touch(more, DAY).pace_datetime, max(late.cadence_touch_ids.mapped('pace_datetime')))

    def test_what_the_day_is_too_short_for_is_next_in_line(self):
        partners = self._create_partners(5, batch=5)
        run = self._queue(DAY)['marketing']
        self._send_at(NOON + timedelta(hours=11, minutes=40))
        self.assertEqual(len(self._get_turns()), 1, "23:51 is the last turn of the day")
        with self.at(DAY, 23.8):
            self.env.invalidate_all()
            self.assertIn("1 wait for their turn, at 6 mails an hour: the last one leaves at about 23:51", run.pace_note)
            self.assertIn("3 have no turn today at 6 mails an hour, and are next in line", run.pace_note)
        self._send_at(NOON + timedelta(hours=11, minutes=51))
        self._queue(NEXT, 0.5)
        self.assertEqual(self._count_reasons(run), {'reserved': 2, 'pace': 3})
        self.sender.hourly_pace = 0
        run = self._queue(NEXT, 1)['marketing']
        self.assertEqual(len(self._send_at(NOON + timedelta(days=1), NEXT)), 3)
        self.assertEqual(len(partners.cadence_touch_ids.filtered(lambda touch: touch.outcome == 'left').partner_id), 5)

    def test_a_card_and_a_contact_say_when_it_is_their_turn(self):
        partners = self._create_partners(4, batch=5)
        run = self._queue(DAY)['marketing']
        self._send_at(NOON)
        waiting = run.touch_ids.filtered(lambda touch: touch.outcome == 'waiting').sorted('pace_datetime')
        with self.at(DAY, 12.01):
            self.env.invalidate_all()
            self.assertEqual(
                run.pace_note, "1 mails a minute · 3 wait for their turn, at 6 mails an hour: "
                "the last one leaves at about 12:33")
            why = self.env['cadence.why'].create({'addresses': waiting[0].email})
            why.action_explain()
            said = "Queued: 1. Letter 1 leaves at about 12:11, when it is its turn."
            self.assertEqual((why.line_ids.answer, why.line_ids.explanation), ('queued', said))
            self.assertEqual(waiting[0].partner_id.with_user(self.salesman).cadence_next_note, said)
            self.assertEqual(waiting[0].word, 'queued')
            self.assertIn(['waiting', None, None], [step['key'] for step in run.story])
        self.assertEqual(len(partners), 4)

    def test_who_runs_it_by_hand_is_told_that_the_mails_leave_spread(self):
        self._create_partners(4, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 9) as now:
            self.assertIn("They leave spread, at most 6 in an hour.", run._get_queued_note(now))
            self.sender.hourly_pace = 3_600
            self.assertNotIn("spread", run._get_queued_note(now))

    def test_another_pace_asks_those_who_wait_again(self):
        self._create_partners(8, batch=5)
        self._queue(DAY)
        self._send_at(NOON)
        self.sender.with_user(self.manager).hourly_pace = 0
        self.env.flush_all()
        self.assertEqual(len(self._send_at(NOON + timedelta(minutes=1))), 7)

    def test_a_lowered_pace_counts_what_has_left_before(self):
        self.sender.hourly_pace = 0
        self._create_partners(8, batch=5)
        self._queue(DAY)
        self.assertEqual(len(self._send_at(NOON)), 8)
        self.sender.hourly_pace = 6
        self._create_partners(2, batch=5, domain='more{}.example')
        self._queue(DAY, 12.1)
        self.assertEqual(self._send_at(NOON + timedelta(minutes=20)), [])
        self.assertEqual(self._get_turns()[0], NOON + timedelta(hours=1, seconds=15))

    def test_a_run_that_is_stopped_and_goes_on_keeps_its_turns(self):
        self._create_partners(4, batch=5)
        run = self._queue(DAY)['marketing']
        self._send_at(NOON)
        turns = self._get_turns()
        with self.at(DAY, 12.05):
            run.action_stop()
            self.env.flush_all()
            self.assertIn("until the run is resumed", run.touch_ids.filtered('pace_datetime')[0]._get_note())
            run.action_resume()
        self.assertEqual(self._send_at(NOON + timedelta(minutes=5)), [])
        self.assertEqual(self._get_turns(), turns)

    def test_a_turn_that_nobody_takes_lapses(self):
        self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        self._send_at(NOON)
        with self.at(DAY, 12.05):
            run.action_stop()
        other = self._create_segment('base.lang_fr')
        self._create_letter(segment=other)
        late = self._create_partners(1, batch=5, segment=other, domain='late{}.example')
        self._queue(DAY, 12.1)
        self.assertEqual(self._send_at(NOON + timedelta(hours=1)), [late.email])

    def test_a_large_run_leaves_in_groups_and_asks_once_for_all_of_it(self):
        self.sender.write({'profile': 'steady', 'hourly_pace': 60})
        self._create_partners(150, batch=5)
        self._queue(DAY)
        size = pace.get_groups(60).size
        self.assertEqual(len(self._send_at(NOON)), size)
        turns = self._get_turns()
        self.assertEqual(len(turns), 150 - size)
        self.assertTrue(all(turns.count(turn) == size for turn in sorted(set(turns))[:-1]))
        self.assertEqual(len(self._send_at(turns[0])), size)

    def test_a_mailbox_and_a_domain_have_a_usual_pace_and_who_is_known_has_none(self):
        create = self.env['cadence.sender'].create
        self.assertEqual(create({'name': 'li@new.example'}).hourly_pace, 6)
        self.assertEqual(create({'name': 'new.example'}).hourly_pace, 3_600)
        known = create({'name': 'known.example', 'profile': 'steady'})
        self.assertEqual(known.hourly_pace, 0)
        self.assertEqual(create({'name': 'own.example', 'hourly_pace': 100}).hourly_pace, 100)
        known.profile = 'normal'
        self.assertEqual(known.hourly_pace, 3_600)
        known.hourly_pace = 500
        known.profile = 'fast'
        self.assertEqual(known.hourly_pace, 500, "what somebody chose stays")
        known._set_state('warm')
        self.env.add_to_compute(known._fields['hourly_pace'], known)
        self.assertEqual(known.hourly_pace, 0, "an upgrade slows nobody down who is warm")

    def test_a_pause_changes_no_pace(self):
        self.sender.write({'profile': 'steady', 'hourly_pace': 0})
        self.sender._pause('hard')
        self.assertEqual((self.sender.profile, self.sender.hourly_pace), ('fast', 0))
