from odoo import Command, fields
from odoo.tests import tagged

from ..common import CadenceCase


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
        self.assertEqual([self._runs('2026-07-08')[kind].expected_count for kind in ('marketing', 'reading')], [0, 3])

    def test_a_latecomer_of_the_evening_is_next_in_line(self):
        self._create_partners(1, batch=5)
        self._queue('2026-07-05')
        late = self._create_partners(1, batch=5)
        self.assertEqual(self._queue('2026-07-06')['marketing'].touch_ids.partner_id.filtered(lambda p: p == late), late)

    def test_a_cancelled_day_is_not_made_up_for(self):
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
