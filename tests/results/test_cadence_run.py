from datetime import timedelta

from odoo.tests import tagged

from .common import ResultCase
from .test_cadence_test_hour import DAY, START, HourTestCase


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


@tagged('post_install', '-at_install')
class TestRunHours(HourTestCase):

    def test_it_says_why_some_mails_wait_for_a_later_hour(self):
        self._make_companies()
        self._start()
        run = self._queue(DAY)['marketing']
        counts = {hour: len(self._get_addresses(hour)) for hour in (8, 11, 14.5)}
        with self.at(DAY, 2):
            self.assertIn(f"{counts[8]} until 08:00, {counts[11]} until 11:00, {counts[14.5]} until 14:30", run.hours_note)
            self.assertIn('Sending times are being tested', run.action_run_now()['params']['message'])
            self.assertIn('Queued for the tested hours', [step['label'] for step in run.story])
        self._leave(8)
        with self.at(DAY, 9):
            self.assertIn(f"waiting: {counts[11]} until 11:00, {counts[14.5]} until 14:30", run.hours_note)
            self.assertIn(f"{counts[11] + counts[14.5]} wait for a tested sending time", run.pace_note)
            self.assertNotIn('minutes left', run.pace_note)
            self.assertEqual(run.with_user(self.salesman).action_open_hours_test()['res_id'], self.test.id)
        self._leave(11)
        self._leave(14.5)
        with self.at(DAY, 15):
            self.env.invalidate_all()
            self.assertFalse(run.hours_note)

    def test_the_days_ahead_are_shown_at_the_first_of_the_hours(self):
        self._queue(START)
        run = self._runs(DAY)['marketing']
        self.assertEqual(str(run.send_datetime), f'{DAY} 09:00:00')
        self._start()
        self.assertEqual(str(run.send_datetime), f'{DAY} 08:00:00')
        self.assertEqual(str(self._runs(START)['marketing'].send_datetime), f'{START} 09:00:00', "from tomorrow on")
        with self.at(START, 12):
            self.test.action_stop()
        self.assertEqual(str(run.send_datetime), f'{DAY} 09:00:00')
