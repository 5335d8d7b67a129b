from unittest.mock import patch

from odoo import fields
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
