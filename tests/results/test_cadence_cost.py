import random

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .common import DAY, ResultCase


class CostCase(ResultCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter(step=1, subject='Variant')

    def _mail_days(self):
        runs = self.env['cadence.run']
        for batch, count in ((9, 7), (10, 3), (11, 5)):
            runs += self._mail(self._create_partners(count, batch=batch), f'2026-07-{batch:02}')[0]
        self.env['cadence.result']._recount(runs)
        return runs

    def _cost(self, amount=100.0, **values):
        return self.env['cadence.cost'].create({
            'name': 'Server', 'amount': amount, 'date_from': '2026-07-09', 'date_to': '2026-07-12'} | values)

    def _get_costs(self, runs):
        self.env.invalidate_all()
        return [round(sum(run.result_ids.mapped('cost')), 2) for run in runs]


@tagged('post_install', '-at_install')
class TestCost(CostCase):

    def test_by_mail_every_mail_costs_the_same(self):
        runs = self._mail_days()
        cost = self._cost(150.0)
        self.assertEqual((self._get_costs(runs), cost.rest), ([70.0, 30.0, 50.0], 0.0))

    def test_by_day_a_day_without_mails_is_the_rest(self):
        runs = self._mail_days()
        cost = self._cost(100.0, spread='day')
        self.assertEqual((self._get_costs(runs), cost.rest), ([25.0, 25.0, 25.0], 25.0))

    def test_without_mails_nothing_is_divided_and_nothing_lost(self):
        cost = self._cost(date_from='2026-01-01', date_to='2026-01-31')
        self.assertEqual((cost.allocated, cost.rest), (0.0, 100.0))

    def test_not_a_cent_is_lost_by_any_grouping_nor_by_counting_again(self):
        chance = random.Random(5)
        runs = self._mail_days()
        costs = self.env['cadence.cost']
        for _number in range(20):
            costs += self._cost(chance.randint(1, 10**6) / 100, spread=chance.choice(('mail', 'day')))
        divided = round(sum(costs.mapped('allocated')), 2)
        self.assertEqual(round(divided + sum(costs.mapped('rest')), 2), round(sum(costs.mapped('amount')), 2))
        for _again in range(2):
            for by in ('segment_id', 'letter_id', 'batch', 'date:month'):
                groups = self.env['cadence.result']._read_group([('run_id', 'in', runs.ids)], [by], ['cost:sum'])
                self.assertEqual(round(sum(amount for _key, amount in groups), 2), divided, by)
            self.env['cadence.result']._recount(runs)

    def test_a_changed_and_a_deleted_cost_are_taken_off_again(self):
        runs = self._mail_days()
        cost = self._cost(150.0)
        cost.amount = 15.0
        self.assertEqual(self._get_costs(runs), [7.0, 3.0, 5.0])
        cost.unlink()
        self.assertEqual(self._get_costs(runs), [0.0, 0.0, 0.0])

    def test_only_the_segments_that_it_is_for_pay(self):
        runs = self._mail_days()
        other = self._create_segment('base.lang_fr')
        self._cost(100.0, segment_ids=other.ids)
        self.assertEqual(sum(self._get_costs(runs)), 0.0)

    def test_the_return_is_what_came_back_of_what_was_paid_and_nothing_without_a_cost(self):
        runs = self._mail_days()
        Result = self.env['cadence.result']
        [[nothing]] = Result._read_group([('run_id', 'in', runs.ids)], [], ['roi:avg'])
        self.assertIs(nothing, False, "no cost yet, and not infinity")
        self._cost(150.0)
        runs.result_ids[0].revenue = 600.0
        [[roi]] = Result._read_group([('run_id', 'in', runs.ids)], [], ['roi:avg'])
        self.assertAlmostEqual(roi, (600 - 150) / 150)

    def test_the_cron_divides_anew_once_a_day(self):
        runs = self._mail_days()
        cost = self._cost(150.0)
        late = self._mail(self._create_partners(15, batch=12), '2026-07-12')[0]
        self.env['cadence.result']._recount(late)
        with self.at('2026-07-13'):
            cost.allocated_date = DAY
            self.env['cadence.cost']._allocate_due()
        self.assertEqual(self._get_costs(runs + late), [35.0, 15.0, 25.0, 75.0])

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'):
            self._cost(date_to='2026-07-01')
            self.env.flush_all()

    def test_salespeople_enter_no_costs(self):
        with self.assertRaises(AccessError):
            self.env['cadence.cost'].with_user(self.salesman).create({'name': 'x', 'amount': 1})
        self.env['cadence.cost'].with_user(self.manager).create({'name': 'x', 'amount': 1})
