from unittest.mock import patch

from odoo import fields
from odoo.addons.base.models import ir_cron
from odoo.tests import tagged

from ..common import CadenceCase

BEFORE, DAY, NEXT = '2026-07-04', '2026-07-05', '2026-07-06'


@tagged('post_install', '-at_install')
class TestCadenceRunQueue(CadenceCase):
    """The claim of a day; that two real processes keep to it is shown in tests/journeys/."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()
        cls.partners = cls._create_partners(2, batch=5)
        cls.other = cls._create_segment(lang='base.lang_fr')
        cls._create_letter(segment=cls.other)

    def setUp(self):
        super().setUp()
        for day in (BEFORE, DAY):
            with self.at(day):
                self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        self.run_today = self._runs(DAY)['marketing']

    def _claim(self, take=lambda runs: runs):
        """Claim today's run where another process leaves of the rows only those that `take` returns: (result, locked runs)."""
        asked = []

        def try_lock_for_update(runs, **_options):
            asked.append(runs)
            return take(runs)

        with patch.object(type(self.env['cadence.run']), 'try_lock_for_update', try_lock_for_update):
            return self.run_today._claim(), asked[0]

    def test_the_claim_takes_every_run_of_the_company_of_the_days_around(self):
        claimed, runs = self._claim()
        self.assertTrue(claimed)
        self.assertEqual({str(run.date) for run in runs}, {BEFORE, DAY, NEXT})
        self.assertLessEqual(self.segment + self.other, runs.segment_id, "caps reach across segments")
        self.assertEqual(runs.company_id, self.segment.company_id)

    def test_a_day_of_which_another_worker_holds_one_row_is_left_to_it(self):
        claimed, _runs = self._claim(lambda runs: runs - runs.filtered(lambda run: run.segment_id == self.other)[0])
        self.assertFalse(claimed)
        with patch.object(type(self.env['cadence.run']), 'try_lock_for_update', lambda runs, **_options: runs[:1]), self.at(DAY):
            self.assertFalse(self.run_today._run())
        self.assertFalse(self.run_today.touch_ids)

    def test_a_run_is_looked_at_again_once_it_is_locked(self):
        def decide(runs):
            """Another worker has decided and let go before the lock is had."""
            self.env.cr.execute("UPDATE cadence_run SET state = 'cancelled' WHERE id = %s", [self.run_today.id])
            return runs

        self.assertEqual(self.run_today.state, 'planned')
        claimed, _runs = self._claim(decide)
        self.assertFalse(claimed)

    def _watch(self, function):
        """The runs that `function` looks at, in their order."""
        Run, seen = type(self.env['cadence.run']), []
        run = Run._run

        def watch(record):
            seen.append(record.id)
            return run(record)

        with patch.object(Run, '_run', watch):
            function()
        self.env.invalidate_all()
        return list(self.env['cadence.run'].browse(seen))

    def test_when_nothing_is_left_to_do_no_run_is_looked_at_however_many_there_are(self):
        def count():
            self._queue(DAY)
            with self.at(DAY):
                return self._count_queries(lambda: self.assertFalse(self.env['cadence.run']._find_work(fields.Datetime.now())))

        few = count()
        for number in range(5):
            segment = self._create_segment(customer_group_id=self.env['cadence.customer.group'].create({'name': number}).id)
            self._create_letter(segment=segment)
            self._create_partners(2, batch=5, segment=segment)
        self.assertEqual(few, count())
        self.assertFalse(self._watch(lambda: self._queue(DAY, hour=2)))

    def test_whoever_comes_late_or_was_deferred_is_found_by_the_same_question_for_all_runs(self):
        self._queue(DAY)
        self.assertFalse(self._watch(lambda: self._queue(DAY, hour=2)))
        late = self._create_partners(1, batch=5, segment=self.other)
        [run] = self._watch(lambda: self._queue(DAY, hour=3))
        self.assertEqual((run.segment_id, run.touch_ids.partner_id), (self.other, late))
        run.touch_ids._defer('domain_cap')
        runs = self.env['cadence.run'].union(*self._watch(lambda: self._queue(NEXT)))
        self.assertIn(late, runs.filtered(lambda run: run.segment_id == self.other).touch_ids.partner_id)
        self.assertFalse(self._watch(lambda: self._queue(NEXT, hour=2)))

    def test_who_was_reserved_without_a_mailing_as_a_crash_leaves_it_gets_one(self):
        run = self._queue(DAY)['marketing']
        self.env.cr.execute("UPDATE cadence_touch SET mailing_id = NULL WHERE run_id = %s", run.ids)
        self.env.invalidate_all()
        self.assertEqual(self._watch(lambda: self._queue(DAY, hour=2)), [run])
        self.assertEqual(run.touch_ids.mailing_id, run.mailing_ids)

    def test_a_call_that_runs_out_of_time_is_followed_by_one_that_goes_on_where_it_stopped(self):
        segments = self.segment + self.other
        for number in range(4):
            segments += self._create_segment(customer_group_id=self.env['cadence.customer.group'].create({'name': number}).id)
            self._create_partners(1, batch=5, segment=segments[-1])
        self.env['cadence.letter'].search([]).active = False
        self._create_partners(1, batch=5, segment=self.other)
        with self.at(DAY):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        runs = self.env['cadence.run'].search([('date', '=', DAY), ('segment_id', 'in', segments.ids)])
        (self.env['cadence.segment'].search([]) - segments).active = False
        with patch.object(ir_cron, 'MIN_TIME_PER_JOB', 0), patch.object(ir_cron, 'MIN_RUNS_PER_JOB', 5):
            seen = self._watch(lambda: [self._queue(DAY) for _call in range(3)])
            self.assertEqual(seen, list(runs.sorted(runs._get_warmth)), "each of them once, the warmer first")
            blocked = self._watch(lambda: [self._queue(DAY, hour=2) for _call in range(2)])
        self.assertEqual(set(blocked), set(runs.filtered(lambda run: run.state == 'blocked')), "the next hour begins anew")
        self.assertEqual(len(blocked), 6)
