from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import IntegrityError
from psycopg2.errors import UniqueViolation

from ..smtp import OfficeMixin
from .common import ResultCase

START = '2026-07-08'
DAY = '2026-07-09'
LATER = '2026-07-10'
WEEK = '2026-07-20'


class HourTestCase(OfficeMixin, ResultCase):
    """08:00, 11:00 and 14:30 are compared from 9 July on; the segment's own time is nine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.test = cls._create_test(8.0, 11.0, 14.5)
        cls.office = cls._make_office(cls)

    @classmethod
    def _create_test(cls, *hours, **values):
        return cls.env['cadence.test'].create({
            'kind': 'hour', 'segment_id': cls.segment.id, 'arm_ids': [Command.create({'hour': hour}) for hour in hours]} | values)

    def _start(self, test=None, day=START):
        with self.at(day):
            (test or self.test).with_user(self.user).action_start()

    def _leave(self, hour, day=DAY):
        """The addresses that the mail servers got a minute after that hour, and not before."""
        before = len(self.office.left)
        self._send(self.office, day, hour + 1 / 60)
        return sorted(address for mail in self.office.left[before:] for address in mail.recipients
                      if not address.endswith('@me.example'))

    def _get_addresses(self, hour, day=DAY):
        """Those whose mails of the day wait, or waited, for that hour."""
        with self.at(day, hour) as moment:
            return sorted(self.env['cadence.touch'].search([('date', '=', day), ('send_datetime', '=', moment)]).mapped('email'))

    def _make_companies(self, count=24, batch=9, **values):
        return self._create_partners(count, batch=batch, domain='firm{}.example', **values)


@tagged('post_install', '-at_install')
class TestHour(HourTestCase):

    # The day

    def test_each_company_s_mails_leave_at_its_hour_and_nobody_gets_two(self):
        partners = self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        self.assertEqual(str(run.send_datetime), f'{DAY} 08:00:00', "composed at the first of the hours")
        expected = {hour: self._get_addresses(hour) for hour in (8, 11, 14.5)}
        self.assertTrue(all(expected.values()))
        self.assertEqual(sorted(sum(expected.values(), [])), sorted(partners.mapped('email')))
        left = {hour: self._leave(hour) for hour in (7.9, 8, 8.5, 10.9, 11, 14, 14.5, 18)}
        self.assertEqual(left, dict.fromkeys(left, []) | expected)
        self.assertEqual(run.state, 'done')

    def test_mails_that_wait_for_their_hour_are_sent_by_the_queue_s_own_clock(self):
        self._make_companies()
        self._start()
        with self.at(DAY):
            self.env['ir.cron.trigger'].search([]).unlink()
        self._queue(DAY)
        moments = self.env['ir.cron.trigger'].search([
            ('cron_id', '=', self.env.ref('mail.ir_cron_mail_scheduler_action').id)]).mapped('call_at')
        self.assertLessEqual({f'{DAY} 08:00:00', f'{DAY} 11:00:00', f'{DAY} 14:30:00'}, set(map(str, moments)))

    def test_colleagues_get_their_mails_at_one_hour_on_every_day_in_every_group(self):
        self._create_letter(group=self.reading)
        colleagues = self._create_partners(3, batch=9, domain='firm.example')
        late = self._create_partners(2, batch=10, domain='firm.example')
        readers = self._create_partners(2, batch=10, domain='firm.example', group=self.reading)
        self._start()
        self._queue(DAY)
        self._queue(LATER)
        touches = self.env['cadence.touch'].search([('partner_id', 'in', (colleagues + late + readers).ids)])
        self.assertEqual(touches.partner_id, colleagues + late + readers)
        self.assertEqual(len({touch.send_datetime.time() for touch in touches}), 1)

    def test_a_test_of_one_tag_group_leaves_the_others_alone(self):
        self._create_letter(group=self.reading)
        self.test.tag_group_id = self.marketing
        partner = self._make_companies(1)
        reader = self._create_partners(1, batch=9, group=self.reading, domain='read.example')
        self._start()
        runs = self._queue(DAY)
        self.assertTrue(self._touch(partner, DAY).send_datetime)
        self.assertFalse(self._touch(reader, DAY).send_datetime)
        self.assertEqual(str(runs['reading'].send_datetime), f'{DAY} 09:00:00')

    def test_hours_are_those_of_the_segment_s_clock(self):
        self.segment.tz = self.env.company.cadence_tz = 'Asia/Tokyo'
        self._make_companies()
        self._start()
        run = self._queue(DAY, hour=-8)['marketing']
        self.assertEqual(str(run.send_datetime), '2026-07-08 23:00:00')
        self.assertEqual({str(touch.send_datetime) for touch in run.touch_ids},
                         {'2026-07-08 23:00:00', f'{DAY} 02:00:00', f'{DAY} 05:30:00'})

    def test_who_is_saved_into_the_batch_after_the_hour_is_mailed_at_once(self):
        self._make_companies(3)
        self._start()
        self._queue(DAY)
        for hour in (8, 11, 14.5):
            self._leave(hour)
        late = self._create_partners(6, batch=9, domain='late{}.example')
        self._queue(DAY, hour=16)
        self.assertEqual(self._leave(16.1), sorted(late.mapped('email')))

    def test_a_mail_that_somebody_sends_by_hand_waits_for_its_hour(self):
        self._make_companies()
        self._start()
        self._queue(DAY)
        self._leave(8)
        waiting = self.env['mail.mail'].search([('state', '=', 'outgoing'), ('mailing_id.cadence_run_id', '!=', False)])
        self.assertTrue(waiting)
        before = len(self.office.left)
        with self.at(DAY, 9), self.enter_registry_test_mode():
            waiting.scheduled_date = False
            waiting.send()
        self.assertEqual(len(self.office.left), before)
        self.assertEqual(set(waiting.mapped('state')), {'outgoing'})
        self.assertEqual(self._leave(11), self._get_addresses(11))

    # Stop, Cancel, Send Now, hold

    def test_what_is_stopped_and_resumed_still_waits_for_its_hour(self):
        self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        expected = {hour: self._get_addresses(hour) for hour in (8, 11, 14.5)}
        self.assertEqual(self._leave(8), expected[8])
        with self.at(DAY, 9):
            run.action_stop()
        self.assertEqual(self._leave(11), [])
        with self.at(DAY, 12):
            run.action_resume()
        self.assertEqual(self._leave(12), expected[11], "whose hour has passed")
        self.assertEqual(self._leave(14.5), expected[14.5])

    def test_what_is_held_to_the_end_of_the_day_is_next_in_line_and_keeps_its_hour(self):
        partners = self._make_companies(6)
        self._start()
        self._queue(DAY)
        self.segment.action_stop()
        for hour in (8, 11, 14.5):
            self.assertEqual(self._leave(hour), [])
        hours = {touch.email: touch.send_datetime.time() for touch in self.env['cadence.touch'].search([('date', '=', DAY)])}
        self.segment.action_resume()
        self._queue(LATER)
        touches = self.env['cadence.touch'].search([('date', '=', LATER), ('partner_id', 'in', partners.ids)])
        self.assertEqual({touch.email: touch.send_datetime.time() for touch in touches}, hours)

    def test_a_cancelled_run_mails_nobody_whose_hour_has_not_come(self):
        self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        self._leave(8)
        with self.at(DAY, 9):
            run.action_cancel()
        self.assertEqual(self._leave(11) + self._leave(14.5), [])

    def test_send_now_lets_all_leave_at_once_before_the_first_hour_and_between_two(self):
        for hour, expected in ((7, 24), (9, None)):
            with self.subTest(hour=hour), self.env.cr.savepoint(flush=False) as savepoint:
                self._make_companies()
                self._start()
                run = self._queue(DAY)['marketing']
                left = self._leave(8) if hour > 8 else []
                with self.at(DAY, hour):
                    self.assertTrue(run.can_send_now)
                    run.with_user(self.user).action_send_now()
                now = self._leave(hour)
                self.assertEqual(len(now), expected or 24 - len(left))
                self.assertFalse(set(now) & set(left))
                self.assertEqual(self._leave(11) + self._leave(14.5), [])
                self.assertEqual(run.state, 'done')
                savepoint.rollback()

    def test_who_is_saved_after_send_now_waits_for_no_hour(self):
        self._make_companies(2)
        self._start()
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 7):
            run.action_send_now()
        self._leave(7)
        late = self._create_partners(8, batch=9, domain='late{}.example')
        self._queue(DAY, hour=7.5)
        self.assertEqual(self._leave(7.6), sorted(late.mapped('email')))

    def test_who_opts_out_before_the_hour_gets_none(self):
        self._make_companies()
        self._start()
        self._queue(DAY)
        first, last = self._leave(8), self._get_addresses(14.5)
        self.env['mail.blacklist']._add(last[0])
        self._leave(11)
        self.assertEqual(self._leave(14.5), last[1:])
        self.assertNotIn(last[0], first)

    def test_drafts_that_are_sent_late_leave_at_once_and_the_others_at_their_hour(self):
        self.segment.auto_send = False
        self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        self.assertEqual(self._leave(8), [])
        with self.at(DAY, 9):
            run.action_send_drafts()
        self.assertEqual(self._leave(9), self._get_addresses(8))
        self.assertEqual(self._leave(11), self._get_addresses(11))

    # The test ends, or changes, while mails wait

    def test_when_the_test_is_stopped_what_waits_leaves_at_the_segment_s_own_time(self):
        self.segment.send_time = 10.0
        self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        expected = self._get_addresses(8)
        self.assertEqual(self._leave(8), expected)
        with self.at(DAY, 9):
            self.test.with_user(self.user).action_stop()
        self.assertEqual(self._leave(9.5), [])
        self.assertEqual(len(self._leave(10)), 24 - len(expected))
        self.assertEqual(str(run.send_datetime), f'{DAY} 10:00:00')

    def test_when_that_time_has_passed_it_leaves_at_once(self):
        self._make_companies()
        self._start()
        self._queue(DAY)
        expected = self._leave(8)
        with self.at(DAY, 12):
            self.test.action_stop()
        self.assertEqual(len(self._leave(12)), 24 - len(expected))
        self.assertEqual(self._leave(14.5), [])

    def test_when_it_is_stopped_before_anything_was_composed_the_day_is_one_without_a_test(self):
        self.segment.send_time = 10.0
        self._make_companies()
        self._start()
        self._queue(DAY)
        with self.at(DAY, 2):
            self.test.action_stop()
        self.assertEqual(self._leave(8), [])
        self.assertEqual(len(self._leave(10)), 24)

    def test_where_the_segment_s_own_time_is_on_another_day_of_the_company_its_places_are_taken_anew(self):
        self.env.company.cadence_tz, self.segment.tz = 'Asia/Shanghai', 'America/New_York'
        self.test = self._create_test(13.0, 15.0)
        self._make_companies()
        self._start()
        run = self._queue(DAY, hour=6)['marketing']
        self.assertEqual({str(touch.day) for touch in run.touch_ids}, {LATER}, "it is the next day there from noon on")
        with self.at(DAY, 14):
            self.test.action_stop()
        run = self._queue(DAY, hour=14)['marketing']
        self.assertEqual({str(touch.day) for touch in run.touch_ids}, {DAY})
        self.assertEqual(len(self._leave(14)), 24)

    def test_what_is_stopped_stays_held_when_its_test_ends(self):
        self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        self._leave(8)
        with self.at(DAY, 9):
            run.action_stop()
        with self.at(DAY, 12):
            self.test.action_stop()
        self.assertEqual(self._leave(12) + self._leave(14.5), [])

    def test_another_time_zone_moves_the_hours_of_what_waits(self):
        self._make_companies()
        self._start()
        self._queue(DAY)
        self._leave(8)
        second, expected = self._get_addresses(11), self._get_addresses(14.5)
        with self.at(DAY, 9):
            self.segment.tz = 'Etc/GMT+1'  # an hour later
        self.assertEqual((self._leave(11), self._leave(12)), ([], second))
        self.assertEqual(self._leave(14.5), [])
        self.assertEqual(self._leave(15.5), expected)

    def test_a_company_keeps_its_hour_when_another_hour_joins(self):
        early = self._make_companies()
        self._start()
        self._queue(DAY)
        before = {touch.company_domain: touch.send_datetime.time() for touch in self.env['cadence.touch'].search([])}
        with self.at(DAY, 2):
            self.test.with_user(self.user).arm_ids = [Command.create({'hour': 17.0})]
        self.assertEqual(self._get_addresses(17), [], "from tomorrow on")
        for partner in early:
            self._create_partners(1, batch=10, domain=partner.email.split('@')[1])
        fresh = self._create_partners(30, batch=10, domain='new{}.example')
        run = self._queue(LATER)['marketing']
        touches = {touch.partner_id: touch.send_datetime.time() for touch in run.touch_ids}
        for touch in run.touch_ids.filtered(lambda touch: touch.partner_id not in fresh):
            self.assertEqual(touch.send_datetime.time(), before[touch.company_domain])
        self.assertEqual(sorted({touches[partner].hour for partner in fresh}), [8, 11, 14, 17])

    def test_a_hundred_thousand_companies_are_dealt_evenly(self):
        self._start()
        run = self.env['cadence.run'].new({'date': DAY, 'segment_id': self.segment.id, 'tag_group_id': self.marketing.id})
        counts = dict(self.env.execute_query(SQL("""
            SELECT moment, COUNT(*)
              FROM (SELECT %s AS moment
                      FROM (SELECT 'firm' || number || '.example' AS company_domain, NULL AS email
                              FROM GENERATE_SERIES(1, 100000) number) firm) dealt
          GROUP BY moment
            """, self.test._sql_moment(run, 'firm'))))
        self.assertEqual(sorted(map(str, counts)), [f'{DAY} 08:00:00', f'{DAY} 11:00:00', f'{DAY} 14:30:00'])
        for count in counts.values():
            self.assertAlmostEqual(count / 33_333, 1, delta=0.02)

    # What may be tested

    def test_two_to_four_different_hours_of_a_day_are_compared(self):
        for hours in ((9.0,), (8.0, 9.0, 10.0, 11.0, 12.0)):
            with self.subTest(hours=hours), self.assertRaises(UserError):
                self._start(self._create_test(*hours))
        for hours in ((9.0, 9.0), (9.0, 24.0), (-1.0, 9.0)):
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                self._create_test(*hours)
        with self.assertRaises(ValidationError):
            self._create_test(9.0).arm_ids = [Command.create({'letter_id': self.letter.id})]
        self._start()
        with self.at(DAY), self.assertRaises(UserError):
            self.test.arm_ids = [Command.create({'hour': hour}) for hour in (16.0, 17.0)]

    def test_the_hours_lie_on_one_day_of_the_company(self):
        self.env.company.cadence_tz = 'Asia/Shanghai'
        self.segment.tz = 'America/New_York'  # it is noon there when the company's day changes
        with self.assertRaisesRegex(UserError, 'At 12:00'):
            self._start()
        self.test.arm_ids[2].hour = 11.5
        self._start()
        self._make_companies(4)
        with self.at(DAY, 6):
            run = self.env['cadence.run']._plan_day(self.segment, self.env.cr.now()).filtered(
                lambda run: run.tag_group_id == self.marketing)
        self.assertEqual(str(run.send_datetime), f'{DAY} 12:00:00')
        with self.at(DAY), self.assertRaises(UserError):
            self.test.arm_ids = [Command.create({'hour': 13.0})]
        self.env.company.cadence_tz = 'Asia/Tokyo'  # its day changes at eleven
        self.assertFalse(self.env['cadence.test']._map_hours(run), "a day like any other, rather than with two days' places")

    def test_what_was_dealt_is_not_changed_while_the_test_runs(self):
        self._start()
        for change in (
                lambda: self.test.arm_ids[0].write({'hour': 10.0}), lambda: self.test.arm_ids[0].unlink(),
                lambda: self.test.arm_ids[0].write({'test_id': self._create_test(9.0).id}),
                lambda: self.test.write({'segment_id': self._create_segment('base.lang_fr').id}),
                lambda: self.test.write({'tag_group_id': self.marketing.id})):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.test.kind = 'letter'
        self.test.sudo().state = 'decided'
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.test.arm_ids[0].with_user(self.user).hour = 3.0  # and then switch to it

    def test_a_segment_s_times_are_tested_once_and_its_letters_beside_them(self):
        self._create_letter(step=1, subject='Variant')
        self._start()
        again = self._create_test(9.0, 10.0, tag_group_id=self.marketing.id)
        with self.assertRaises(UserError):
            self._start(again)
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            again.sudo().state = 'running'
            self.env.flush_all()
        letters = self.env['cadence.test'].create({'segment_id': self.segment.id, 'tag_group_id': self.marketing.id, 'step': 1})
        self._start(letters)
        self._make_companies(40)
        run = self._queue(DAY)['marketing']
        self.assertEqual(len({(touch.letter_id, touch.send_datetime) for touch in run.touch_ids}), 6)

    def test_salespeople_of_the_cadence_start_one_and_others_only_look(self):
        test = self.test.with_user(self.salesman)
        self.assertTrue(test.sentence)
        for action in ('action_start', 'action_stop', 'action_switch', 'action_undo', 'action_look'):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(test, action)()
        mine = self.env['cadence.test'].with_user(self.user).create({
            'kind': 'hour', 'segment_id': self.segment.id, 'arm_ids': [Command.create({'hour': hour}) for hour in (9, 15)]})
        with self.at(START):
            mine.action_start()
            mine.action_stop()
        with self.assertRaises(AccessError):
            mine.is_switched = True

    # The look

    def _conclude(self, counts, day=WEEK):
        """A look at which these (companies, successes, opt-outs, bounces) were counted of the hours."""
        arms = {arm.hour: arm.id for arm in self.test.arm_ids}
        told = {arms[hour]: (trials, trials, successes, opt_outs, bounces, trials)
                for hour, (trials, successes, opt_outs, bounces) in counts.items()}
        with patch.object(type(self.test), '_get_counts', lambda _self: told), self.at(day):
            self.test.sudo()._look()
        self.env.invalidate_all()

    def _count(self, day):
        with self.at(day):
            self.test.sudo()._look()
        self.env.invalidate_all()
        return {arm.hour: (arm.dealt, arm.trials, arm.successes) for arm in self.test.arm_ids}

    def _mail_all(self, day=DAY):
        self._queue(day)
        for hour in (8, 11, 14.5):
            self._leave(hour, day)
        return {touch.email: touch.trace_ids for touch in self.env['cadence.touch'].search([('date', '=', day)])}

    def test_companies_are_counted_for_their_hour_and_all_of_a_day_are_ripe_together(self):
        self._make_companies()
        self._start()
        traces = self._mail_all()
        expected = {hour: self._get_addresses(hour) for hour in (8, 11, 14.5)}
        for address in expected[11]:
            self._open(traces[address])
            traces[address].write({'trace_status': 'reply', 'reply_datetime': traces[address].sent_datetime})
        with self.at('2026-07-12', 10):
            self.test.sudo()._look()
        self.assertEqual(sum(self.test.arm_ids.mapped('trials')), 0, "of the first hour they would be three days old")
        self.assertEqual(self._count('2026-07-13'), {
            hour: (len(emails), len(emails), len(emails) if hour == 11 else 0) for hour, emails in expected.items()})

    def test_a_company_counts_by_its_first_day_though_it_was_sent_ahead(self):
        self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        hours = {hour: len(self._get_addresses(hour)) for hour in (8, 11, 14.5)}
        self._leave(8)
        with self.at(DAY, 9):
            run.action_send_now()
        self._leave(9)
        self.assertEqual(self._count('2026-07-13'), {hour: (count, count, 0) for hour, count in hours.items()})

    def test_a_run_that_was_sent_ahead_before_it_decided_deals_nothing(self):
        self._make_companies()
        self._start()
        with self.at(DAY, 1):
            run = self.env['cadence.run']._plan_day(self.segment, self.env.cr.now()).filtered(
                lambda run: run.tag_group_id == self.marketing)
            run.action_send_now()
        self.assertEqual(len(self._leave(1)), 24)
        self.assertFalse(self.env['cadence.test.unit'].search([('test_id', '=', self.test.id)]))

    def test_the_better_hour_is_proposed_then_the_segment_s_and_back_again(self):
        self._start()
        self._conclude({8.0: (9000, 60, 0, 0), 11.0: (9000, 55, 0, 0), 14.5: (9000, 160, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict, self.test.best_arm_id.hour), ('decided', 'better', 14.5))
        self.assertEqual(self.segment.send_time, 9.0)
        self.assertIn("“14:30” is better", self.test.activity_ids.note)
        self.assertTrue(self.test.can_switch)
        self.test.with_user(self.user).action_switch()
        self.assertEqual(self.segment.send_time, 14.5)
        for record in (self.test, self.segment):
            self.assertIn('Mails leave at 14:30 instead of 09:00', record.message_ids[0].body)
        self.assertEqual((self.test.can_switch, self.test.can_undo), (False, True))
        with self.assertRaises(UserError):
            self.test.action_switch()
        self.test.with_user(self.user).action_undo()
        self.assertEqual(self.segment.send_time, 9.0)
        self.assertIn('Mails leave at 09:00 again', self.segment.message_ids[0].body)
        self.assertEqual((self.test.can_switch, self.test.can_undo), (True, False))

    def test_by_itself_it_mails_at_the_better_hour_and_what_waits_follows(self):
        self.test.on_verdict = 'switch'
        self._make_companies(batch=20)
        self._start()
        run = self._queue(WEEK)['marketing']
        left = self._leave(8, WEEK)
        with self.at(WEEK, 9):
            self._conclude({8.0: (9000, 60, 0, 0), 11.0: (9000, 55, 0, 0), 14.5: (9000, 160, 0, 0)})
        self.assertEqual(self.segment.send_time, 14.5)
        self.assertEqual(str(run.send_datetime), f'{WEEK} 14:30:00')
        self.assertEqual(self._leave(11, WEEK), [])
        self.assertEqual(len(self._leave(14.5, WEEK)), 24 - len(left))

    def test_what_somebody_has_set_since_is_not_undone(self):
        self._start()
        self._conclude({8.0: (9000, 60, 0, 0), 11.0: (9000, 55, 0, 0), 14.5: (9000, 160, 0, 0)})
        self.test.action_switch()
        self.segment.send_time = 12.0
        self.assertFalse(self.test.can_undo)
        with self.assertRaises(UserError):
            self.test.action_undo()

    def test_an_hour_that_drives_people_away_ends_the_test_and_changes_nothing(self):
        self.test.on_verdict = 'switch'
        self._start()
        self._conclude({8.0: (600, 6, 3, 0), 11.0: (600, 6, 3, 0), 14.5: (600, 12, 60, 0)}, '2026-07-14')
        self.assertEqual((self.test.state, self.test.verdict), ('decided', 'harmful'))
        self.assertIn('“14:30” does harm', self.test.sentence)
        self.assertEqual((self.segment.send_time, self.test.can_switch), (9.0, False))

    def test_a_broken_split_and_no_difference_are_no_verdict(self):
        self._start()
        self._conclude({8.0: (9000, 60, 0, 0), 11.0: (9000, 60, 0, 0), 14.5: (6000, 200, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict), ('running', 'broken'))
        self.assertIn('not dealt evenly', self.test.sentence)
        self._conclude({8.0: (9000, 90, 0, 0), 11.0: (9000, 93, 0, 0), 14.5: (9000, 95, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict), ('open', 'unclear'))
        self.assertIn('no sending time is better', self.test.sentence)

    # From where it is begun

    def test_a_new_test_compares_the_segment_s_time_and_what_stands_out(self):
        Test = self.env['cadence.test'].with_user(self.user)
        segment = self._create_segment('base.lang_fr', send_time=10.0)
        action = Test._get_hours_action(segment, hours=[15.0, 10.0])
        self.assertFalse(action['res_id'])
        test = Test.with_context(**action['context']).create({})
        self.assertEqual((test.kind, test.segment_id, test.arm_ids.mapped('hour')), ('hour', segment, [10.0, 15.0]))
        self.assertEqual(segment.with_user(self.user).action_test_hours()['res_id'], test.id)
        action = Test._get_hours_action(segment.browse())
        self.assertEqual(Test.new({'kind': 'hour'}).display_name, 'Test of Sending Times')
        with Form(Test.with_context(**action['context'])) as form:
            form.segment_id = segment
            with form.arm_ids.new() as arm:
                arm.hour = 16.0
        self.assertEqual(form.record.arm_ids.mapped('hour'), [10.0, 16.0])
