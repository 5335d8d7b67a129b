from datetime import timedelta

from odoo.tests import tagged

from .common import ResultCase


@tagged('post_install', '-at_install')
class TestRunResults(ResultCase):

    def test_the_run_shows_what_was_counted_and_when(self):
        partners = self._create_partners(3, batch=9)
        run, traces = self._mail(partners)
        self.assertEqual((run.opened_count, run.results_date), (0, False), "nothing has been counted yet")
        self._open(traces[partners[0]])
        self._open(traces[partners[1]], agent='curl')
        self.env['cadence.result']._recount(run)
        self.assertEqual((run.opened_count, run.clicked_count, run.replied_count, run.bounced_count), (1, 0, 0, 0))
        self.assertTrue(run.results_date)
        self.assertEqual(run.mailed_count, sum(run.result_ids.mapped('mailed')), "the audience's story says the same")

    def test_the_figures_of_many_runs_cost_one_question(self):
        runs = self.env['cadence.run'].create([
            {'segment_id': self.segment.id, 'tag_group_id': self.marketing.id, 'date': f'2026-07-{day:02}'}
            for day in range(1, 21)])
        for some in (runs[:2], runs):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                some.mapped('opened_count')

    def test_a_figure_opens_its_contacts(self):
        partners = self._create_partners(3, batch=9)
        run, traces = self._mail(partners)
        self._open(traces[partners[0]])
        self._open(traces[partners[1]], agent='curl')

        def opened(figure):
            action = run.with_user(self.salesman).with_context(cadence_figure=figure).action_open_contacts()
            return self.env['res.partner'].with_user(self.salesman).search(action['domain'])
        self.assertEqual(opened('opened'), partners[0], "a person, no machine")
        self.assertEqual(opened('mailed'), partners)
        self.assertFalse(opened('clicked'))
        self.assertFalse(opened('returned'))
        self.assertEqual(opened('nonsense'), partners)

    def test_the_calendar_s_sums_of_days_gone_by_are_the_counted_ones(self):
        run, _traces = self._mail(self._create_partners(3, batch=9))
        domain = [('date', '=', run.date)]
        with self.at(run.date, 12):
            self.assertEqual(self.env['cadence.run']._get_mailed_by_day(domain), {run.date: 3}, "from the ledger")
        with self.at(run.date + timedelta(days=10)):
            self.assertEqual(self.env['cadence.run']._get_mailed_by_day(domain), {})
            self.env['cadence.result']._recount(run)
            self.assertEqual(self.env['cadence.run']._get_mailed_by_day(domain), {run.date: 3})

    def test_its_results_open_in_the_pivot(self):
        run, _traces = self._mail(self._create_partners(1, batch=9))
        self.env['cadence.result']._recount(run)
        action = run.with_user(self.salesman).action_open_results()
        self.assertEqual(self.env['cadence.result'].search(action['domain']), run.result_ids)
