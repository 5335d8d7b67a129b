from datetime import datetime
from unittest import TestCase

from ...tools.mail.soft_bounces import is_dead


class TestSoftBounces(TestCase):

    def test_a_row_over_weeks_is_the_end(self):
        july = [datetime(2026, 7, day) for day in (1, 9, 30)]
        for dates, count, weeks, dead in (
            (july, 3, 4, True), (july, 4, 4, False), (july, 3, 5, False), (july[:2], 2, 1, True),
            (july, 0, 0, False), ([], 1, 0, False),
        ):
            with self.subTest(count=count, weeks=weeks):
                self.assertEqual(is_dead(dates, count, weeks), dead)
