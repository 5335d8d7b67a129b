from collections import Counter
from datetime import date

from odoo.tests import tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakePlan(IntakeCase):

    def test_fifty_eight_addresses_of_one_company_fill_six_batches(self):
        intake = self._save('\n'.join(f'p{number}@mail.acme.co.uk' for number in range(58)))
        self.assertEqual([(row['batch'], row['first'], row['last'], row['count']) for row in intake.plan],
                         [(5, 1, 10, 10), (6, 11, 20, 10), (7, 21, 30, 10), (8, 31, 40, 10), (9, 41, 50, 10), (10, 51, 58, 8)])
        counts = Counter(intake.line_ids.partner_id.mapped('category_id.cadence_batch'))
        self.assertEqual(set(counts), set(range(5, 11)))
        grid = self.segment._get_batch_counts()
        self.assertEqual([grid[self.segment.id, self.marketing.id, batch][1] for batch in range(5, 11)], [10] * 5 + [8])

    def test_places_taken_by_saved_contacts_count(self):
        self._save('\n'.join(f'old{number}@acme.example' for number in range(10)))
        intake = self._save('\n'.join(f'new{number}@acme.example' for number in range(12)))
        self.assertEqual([(row['batch'], row['first'], row['last']) for row in intake.plan], [(6, 11, 20), (7, 21, 22)])

    def test_a_batch_may_have_a_limit_of_its_own(self):
        intake = self._save('\n'.join(f'p{number}@gmail.com' for number in range(25)), batch_size=10)
        self.assertEqual([(row['batch'], row['count']) for row in intake.plan], [(5, 10), (6, 10), (7, 5)])

    def test_the_first_day_decides_the_first_batch(self):
        for day, batch in ((date(2026, 7, 1), 1), (date(2026, 7, 30), 30), (date(2026, 7, 31), 1)):
            self.assertEqual(self._create_intake(start_date=day)._get_start(), batch)
        for day, batch in ((date(2026, 7, 1), 1), (date(2026, 7, 19), 9), (date(2026, 7, 30), 10), (date(2026, 7, 31), 1)):
            self.assertEqual(self._create_intake(start_date=day, tag_group_id=self.reading.id)._get_start(), batch)

    def test_the_lightest_day_is_found(self):
        self._save('\n'.join(f'p{number}@s{number}.example' for number in range(3)), start_date='2026-07-05')
        intake = self._create_intake('x@y.example')
        load = {row['day']: row['contacts'] for row in intake.day_load}
        self.assertEqual((len(load), load[5], load[6]), (30, 3, 0))
        with self.at('2026-07-05'):
            intake.action_start_lightest()
        self.assertEqual(str(intake.start_date), '2026-07-06')
