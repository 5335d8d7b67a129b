import random
from unittest import TestCase

from ...tools.open_hours import find_peaks


class TestOpenHours(TestCase):

    def test_the_best_day_and_hours_are_told(self):
        peaks = find_peaks({(1, 9): 30, (1, 10): 30, (3, 9): 20, (4, 15): 20})
        self.assertEqual((peaks.weekday.first, peaks.weekday.share), (1, 0.6))
        self.assertEqual((peaks.hour.first, peaks.hour.share), (9, 0.8))

    def test_hours_go_on_over_midnight(self):
        self.assertEqual(find_peaks({(2, 23): 50, (3, 0): 50}).hour.first, 23)

    def test_few_say_nothing(self):
        self.assertEqual(find_peaks({(1, 9): 29}), (None, None))
        self.assertEqual(find_peaks({}), (None, None))

    def test_chance_is_seldom_taken_for_a_habit(self):
        """A hundred opens at any hour of the week, a thousand times."""
        chance = random.Random(5)
        told = [0, 0]
        for _round in range(1000):
            counts = {}
            for _open in range(100):
                key = chance.randrange(7), chance.randrange(24)
                counts[key] = counts.get(key, 0) + 1
            for index, peak in enumerate(find_peaks(counts)):
                told[index] += peak is not None
        self.assertLessEqual(max(told), 50)

    def test_a_real_habit_is_found(self):
        """A third of the opens within two hours of Tuesday."""
        chance = random.Random(7)
        for _round in range(100):
            counts = {}
            for _open in range(200):
                key = (1, 9 + chance.randrange(2)) if chance.random() < 0.33 else (chance.randrange(7), chance.randrange(24))
                counts[key] = counts.get(key, 0) + 1
            peaks = find_peaks(counts)
            self.assertEqual((peaks.weekday.first, peaks.hour.first), (1, 9))
