from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestRunCalendar(CadenceCase):

    def test_an_empty_day_of_the_calendar_says_why_it_is_empty(self):
        Run = self.env['cadence.run'].with_user(self.salesman)
        with self.at(DAY, 9):
            self.assertRegex(Run.get_day_note('2026-07-07'), '(Marketing|Reading) 07, (Marketing|Reading) 07 are due')
            self.assertIn('no batch is due', Run.get_day_note('2026-07-31'))
            self.assertIn('were due', Run.get_day_note('2026-07-01'))
            self.assertIn('30 days ahead', Run.get_day_note('2026-09-01'))
            for wrong in ('nonsense', '', False):
                with self.subTest(day=wrong), self.assertRaises(UserError):
                    Run.get_day_note(wrong)

    def _plan_and_count(self):
        self.env['cadence.run']._plan_ahead(self.env.cr.now())
        self.env['cadence.run']._count_ahead(self.env.cr.now())

    def _get_days(self, user=None):
        self.env.invalidate_all()
        return self.env['cadence.run'].with_user(user or self.salesman).get_calendar_days(
            [('date', '>=', DAY), ('date', '<=', '2026-07-06')])

    def _create_busy_days(self):
        """Nine segments with three contacts of a batch, one of them mailed, one blocked as it has no letter."""
        groups = self.env['cadence.customer.group'].create([{'name': f'Group {number}'} for number in range(8)])
        segments = self.segment.concat(*(self._create_segment(customer_group_id=group.id) for group in groups))
        self._create_letter()
        for segment in segments:
            self._create_partners(3, batch=5, segment=segment)
            self._create_partners(1, batch=6, segment=segment)
        return segments

    def test_a_day_with_many_runs_shows_their_sums(self):
        segments = self._create_busy_days()
        with self.at(DAY, 1):
            self._plan_and_count()
            self.assertEqual(
                [(day['date'], day['kind'], day['title'][:10]) for day in self._get_days() if 'to mail' in day['title']],
                [(DAY, 'planned', '27 to mail'), ('2026-07-06', 'planned', '9 to mail ')])
        self._queue(DAY, 1)
        self._compose(DAY, 10)
        with self.at(DAY, 11):
            lines = {day['kind']: day for day in self._get_days() if day['date'] == DAY and day['kind'] != 'planned'}
            self.assertEqual(lines['mailed']['title'][:8], '3 mailed')
            self.assertIn('blocked', lines['blocked']['title'])
            blocked = self.env['cadence.run'].search(lines['blocked']['domain'])
            self.assertEqual(blocked.segment_id, segments - self.segment)

    def test_few_runs_are_shown_themselves(self):
        self._create_partners(3, batch=5)
        with self.at(DAY, 1):
            self._plan_and_count()
            self.assertEqual(self._get_days(), [])

    def test_only_whoever_may_read_runs_and_only_of_their_companies(self):
        with self.assertRaises(AccessError):
            self._get_days(self.nobody)
        self._create_busy_days()
        with self.at(DAY, 1):
            self._plan_and_count()
        stranger = self._create_user('stranger', 'mass_mailing_cadence.group_user')
        other = self.env['res.company'].create({'name': 'Other'})
        stranger.write({'company_ids': [fields.Command.set(other.ids)], 'company_id': other.id})
        self.assertEqual(self._get_days(stranger), [])
