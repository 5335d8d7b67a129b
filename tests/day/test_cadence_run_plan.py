from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CadenceCase

QUEUE = 'odoo.addons.mass_mailing_cadence.models.day.cadence_run_queue'


@tagged('post_install', '-at_install')
class TestRunPlan(CadenceCase):
    """Days that nobody worked on: their contacts are next in line, or wait a round where the company says so."""

    def setUp(self):
        super().setUp()
        self.letter = self._create_letter()

    def test_crons_that_were_off_for_three_days_are_made_up_for(self):
        self._queue('2026-07-03')
        due = [self._create_partners(1, batch=number) for number in (4, 5, 6, 7)]
        run = self._queue('2026-07-07')['marketing']
        self.assertEqual(run.touch_ids.partner_id, due[0] + due[1] + due[2] + due[3])
        self.assertEqual(self._touch(due[0], '2026-07-04').reason, 'missed')

    def test_the_company_may_let_them_wait_for_their_next_round(self):
        self.env.company.cadence_catch_up = False
        self._queue('2026-07-03')
        self._create_partners(1, batch=4)
        today = self._create_partners(1, batch=7)
        self.assertEqual(self._queue('2026-07-07')['marketing'].touch_ids.partner_id, today)

    def _create_segments(self, count):
        segments = self.segment.browse()
        for number in range(count):
            group = self.env['cadence.customer.group'].create({'name': f'Group {number}'})
            segments += self._create_segment(customer_group_id=group.id)
            segments[-1]._get_batch_tags(self.marketing, range(1, 31))
        return segments

    def _plan(self, day):
        with self.at(day):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
            self.env.flush_all()

    def test_planning_asks_as_often_for_many_segments_as_for_few(self):
        def count(segments, day):
            (self.env['cadence.segment'].search([]) - segments).active = False
            return [self._count_queries(lambda: self._plan(day)) for _turn in range(2)]

        self._plan('2026-07-03')
        few = count(self._create_segments(2), '2026-07-03')
        many = count(self._create_segments(10), '2026-07-03')
        self.assertLess(many[0], few[0] + 12, "Odoo inserts a hundred rows at once, and there are hundreds more")
        self.assertEqual(few[1], many[1])
        self.assertLess(many[1], 15, "of the second turn, which plans nothing")
        runs = self.env['cadence.run'].search([('segment_id', '=', self.segment.search([], limit=1, order='id DESC').id)])
        self.assertEqual({(run.date.day, run.tag_ids.cadence_batch) for run in runs if run.tag_group_id == self.marketing}, {
            (day, day) for day in range(1, 31)})

    def test_a_segment_that_cannot_be_planned_is_the_only_one_that_is_not(self):
        segments = self._create_segments(2)
        Run = type(self.env['cadence.run'])
        plan = Run._get_planned_days

        def get_planned_days(runs, some, now):
            if segments[0] in some:
                raise ValueError("no such time zone")
            return plan(runs, some, now)

        with patch.object(Run, '_get_planned_days', get_planned_days), mute_logger(QUEUE):
            self._plan('2026-07-03')
        self.assertFalse(segments[0].run_ids)
        self.assertTrue(segments[1].run_ids)

    def test_a_planned_run_bothers_nobody(self):
        self.env = self.env(context={'lang': 'en_US'})
        segment = self._create_segments(1)
        self._plan('2026-07-03')
        self.assertFalse(segment.run_ids.message_ids)
        self.assertFalse(segment.run_ids.message_follower_ids)

    def test_what_was_blocked_all_day_leaves_when_it_is_mended(self):
        self.letter.active = False
        partner = self._create_partners(1, batch=5)
        self.assertEqual(self._queue('2026-07-05')['marketing'].state, 'blocked')
        self._queue('2026-07-06')
        self.letter.active = True
        self.assertEqual(self._queue('2026-07-07')['marketing'].touch_ids.partner_id, partner)

    def test_saved_addresses_are_in_the_calendar_at_once(self):
        with self.at('2026-07-05'):
            self.assertFalse(self.env['cadence.run'].search([('segment_id', '=', self.segment.id)]))
            intake = self.env['cadence.intake'].with_user(self.user).create({
                'segment_id': self.segment.id, 'cap': 1, 'pasted_text': 'a@at-once.example; b@at-once.example'})
            intake.action_preview()
            intake.action_save()
            days = {day: self._runs(day)['marketing'].expected_count for day in ('2026-07-05', '2026-07-06', '2026-07-07')}
            self.assertEqual(days, {'2026-07-05': 1, '2026-07-06': 1, '2026-07-07': 0})
            intake.action_undo()
            self.assertEqual(self._runs('2026-07-05')['marketing'].expected_count, 0)

    def test_an_audience_that_is_previewed_before_the_first_planning_is_counted(self):
        self._create_partners(3, batch=5)
        with self.at('2026-07-05'):
            self.segment.action_preview_audience()
        self.assertEqual(self._runs('2026-07-05')['marketing'].expected_count, 3)

    def test_a_missed_day_says_why_it_was(self):
        self.letter.active = False
        self._create_partners(1, batch=5)
        run = self._queue('2026-07-05')['marketing']
        reason = run.blocked_reason
        self._queue('2026-07-06')
        self.assertEqual((run.state, run.blocked_reason), ('missed', reason))
        self.assertTrue(reason)

    def test_a_count_that_ran_out_of_time_goes_on_with_the_segments_that_have_none(self):
        other = self._create_segment(lang='base.lang_fr')
        self._create_partners(2, batch=20)
        self._create_partners(3, batch=20, segment=other)
        Run = self.env['cadence.run']
        with self.at('2026-07-05'):
            now = fields.Datetime.now()
            Run._plan_ahead(now)
            calls = []

            def run_out_of_time(processed=0, remaining=0):
                calls.append((processed, remaining))
                return not processed

            Run._count_ahead(now, run_out_of_time)
            [counted] = Run.search([('expected_at', '!=', False)]).segment_id
            self.assertEqual(calls, [(0, 2), (1, 0)])
            Run._count_ahead(now)
            runs = Run.search([('date', '=', '2026-07-20'), ('tag_group_id', '=', self.marketing.id)])
            self.assertEqual({run.segment_id: run.expected_count for run in runs}, {self.segment: 2, other: 3})
            with self.assertQueryCount(1):
                Run._count_ahead(now)  # all have a count
        self.assertIn(counted, self.segment + other)

    def test_a_faulty_view_keeps_the_numbers_of_its_group_and_of_no_other(self):
        view = self.env['cadence.view'].create({'name': 'VIP', 'condition_ids': [
            Command.create({'field': 'domain', 'domain': "[('ref', '=', 'VIP')]"})]})
        self.marketing.exclude_view_ids += view
        self._create_letter(group=self.reading)
        self._create_partners(2, batch=8, group=self.marketing)
        self._create_partners(3, batch=8, group=self.reading)
        self.env.cr.execute(
            "UPDATE cadence_view_condition SET domain = '[(''x_vip'', ''='', True)]' WHERE view_id = %s", view.ids)
        self.env.invalidate_all()
        with self.at('2026-07-05'):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
            self.env['cadence.run']._count_ahead(fields.Datetime.now())
        self.assertEqual([self._runs('2026-07-08')[kind].expected_count for kind in ('marketing', 'reading')], [0, 3])

    def test_a_latecomer_of_the_evening_is_next_in_line(self):
        self._create_partners(1, batch=5)
        self._queue('2026-07-05')
        late = self._create_partners(1, batch=5)
        self.assertEqual(self._queue('2026-07-06')['marketing'].touch_ids.partner_id.filtered(lambda p: p == late), late)

    def test_whose_day_was_cancelled_is_next_in_line(self):
        partner = self._create_partners(1, batch=5)
        run = self._queue('2026-07-05')['marketing']
        with self.at('2026-07-05', 8):
            run.action_cancel()
        self.assertEqual(self._queue('2026-07-06')['marketing'].touch_ids.partner_id, partner)
        self.assertEqual((run.state, self._touch(partner, '2026-07-05').reason), ('cancelled', 'stopped'))

    def test_a_cancelled_day_is_not_made_up_for_where_missed_ones_are_not(self):
        self.env.company.cadence_catch_up = False
        self._create_partners(1, batch=5)
        run = self._queue('2026-07-05')['marketing']
        with self.at('2026-07-05', 8):
            run.action_cancel()
        self.assertFalse(self._queue('2026-07-06')['marketing'].touch_ids)

    def test_a_deferral_outlives_a_month_of_31_days(self):
        self.env.company.cadence_domain_daily_cap = 1
        partners = self._create_partners(2, batch=30, domain='one.example')
        self._queue('2026-07-30')
        deferred = partners.filtered(lambda partner: self._touch(partner, '2026-07-30').state == 'deferred')
        self.assertEqual(len(deferred), 1)
        self.assertIn(deferred, self._queue('2026-08-01')['marketing'].touch_ids.partner_id)
