from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ChunkCase


@tagged('post_install', '-at_install')
class TestIntakeProgress(ChunkCase):

    def test_the_bar_tells_how_far_it_is(self):
        intake = self._start()
        self.assertEqual((intake.progress['done'], intake.progress['total'], intake.progress['share']), (0, 35, 0))
        intake._claim_chunk()._work()
        progress = intake.get_progress()
        self.assertEqual((progress['done'], progress['total'], progress['rate'] > 0), (10, 35, True))
        self.assertAlmostEqual(progress['share'], 10 / 35)
        self.assertEqual(progress['seconds_left'], round(25 / progress['rate']))

    def test_watching_costs_the_same_for_ten_times_as_many_lines(self):
        counts = []
        for rows in (20, 200):
            intake = self._start(rows)
            self.env.flush_all()
            self.env.invalidate_all()
            intake.fetch(['state', 'paused'])
            before = self.cr.sql_log_count
            intake.get_progress()
            counts.append(self.cr.sql_log_count - before)
            intake.action_cancel()
        self.assertEqual(counts[0], counts[1])

    def test_the_progress_of_others_intakes_is_not_told(self):
        intake = self._preview('a@one.example')
        with self.assertRaises(AccessError):
            intake.with_user(self.nobody).get_progress()
