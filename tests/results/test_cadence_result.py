from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DAY, ResultCase


@tagged('post_install', '-at_install')
class TestResult(ResultCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env['cadence.result'].create([
            cls._prepare(f'{batch}', batch=batch, **counts) for batch, counts in (
                (1, {'tried': 100, 'delivered': 100, 'opened': 50}), (2, {'tried': 10, 'delivered': 10, 'opened': 10}))])

    @classmethod
    def _prepare(cls, grain, **counts):
        run = cls.env['cadence.run'].search([('segment_id', '=', cls.segment.id), ('date', '=', DAY)]) or cls.env[
            'cadence.run'].create({'segment_id': cls.segment.id, 'tag_group_id': cls.marketing.id, 'date': DAY})
        return {
            'run_id': run.id, 'company_id': run.company_id.id, 'segment_id': run.segment_id.id, 'date': DAY, 'grain': grain,
            'tag_group_id': run.tag_group_id.id, 'counted_date': f'{DAY} 10:00:00'} | counts

    def test_the_rate_of_many_rows_is_the_ratio_of_their_sums(self):
        self.assertEqual([(row.open_rate, row.reply_rate) for row in self.rows], [(0.5, 0.0), (1.0, 0.0)])
        [[rate, click]] = self.env['cadence.result']._read_group(
            [('id', 'in', self.rows.ids)], [], ['open_rate:avg', 'click_rate:avg'])
        self.assertAlmostEqual(rate, 60 / 110)
        self.assertEqual(click, 0.0)

    def test_no_mail_is_not_zero_percent(self):
        [[rate]] = self.env['cadence.result']._read_group([('id', 'in', self.rows.ids)], [], ['complaint_rate:avg'])
        self.assertIs(rate, False)

    def test_pivot_and_graph_offer_each_rate_and_say_what_it_is(self):
        fields_ = self.env['cadence.result'].fields_get()
        for name in ('delivery_rate', 'open_rate', 'click_rate', 'reply_rate'):
            self.assertEqual(fields_[name]['aggregator'], 'avg')
            self.assertIn(' of ', fields_[name]['help'])
        groups = self.env['cadence.result'].formatted_read_group(
            [('id', 'in', self.rows.ids)], ['segment_id'], ['open_rate:avg', 'mailed:sum'])
        self.assertAlmostEqual(groups[0]['open_rate:avg'], 60 / 110)

    def test_a_letter_or_provider_that_is_deleted_takes_no_figure_with_it(self):
        letters = self._create_letter(step=5) + self._create_letter(step=6)
        self.rows[0].letter_id, self.rows[1].letter_id = letters
        self.rows.batch = 1
        self.env.flush_all()
        letters.unlink()
        self.assertEqual(sum(self.rows.exists().mapped('opened')), 60)

    def test_a_salesperson_sees_the_figures_of_the_own_companies_only_and_counts_nothing(self):
        other = self.env['res.company'].create({'name': 'Other'})
        self.rows[1].company_id = other
        mine = self.env['cadence.result'].with_user(self.salesman).search([('id', 'in', self.rows.ids)])
        self.assertEqual(mine, self.rows[0])
        with self.assertRaises(AccessError):
            mine.action_recount()

    def test_the_contacts_behind_a_figure_are_those_that_were_mailed(self):
        partners = self._create_partners(2, batch=9)
        run, _traces = self._mail(partners)
        self.env['cadence.result']._recount(run)
        action = run.result_ids.with_user(self.salesman).action_open_contacts()
        self.assertEqual(self.env['res.partner'].search(action['domain']), partners)
        run.result_ids.with_user(self.user).action_recount()
        self.assertEqual(sum(run.result_ids.mapped('mailed')), 2)
