import random
from math import log
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.mass_mailing_cadence.tools import ab_test
from odoo.addons.mass_mailing_cadence.tools.ab_test import Arm, e_value, judge, needed_trials, p_value

ARMS = st.builds(lambda key, trials, share: Arm(key, round(trials * share), trials),
                 st.text(min_size=1, max_size=3), st.integers(0, 20_000), st.floats(0, 1))


def draw(chance, trials, rate):
    """How many of the units succeed, exactly by the binomial law: each number of failures before a success is drawn at once."""
    count, place, scale = -1, -1, log(1 - rate)
    while place < trials:
        place += 1 + int(log(1 - chance.random()) / scale)
        count += 1
    return count


def play(chance, rates, units_a_day, days, planned=None):
    """The verdict of a test with a look a day."""
    successes = [0] * len(rates)
    for day in range(1, days + 1):
        successes = [count + draw(chance, units_a_day, rate) for count, rate in zip(successes, rates, strict=True)]
        evidence = judge([Arm(key, count, units_a_day * day) for key, count in enumerate(successes)], 0.5, planned)
        if evidence.verdict in ('better', 'unclear'):
            break
    return evidence


class TestEvidence(TestCase):

    def test_ten_thousand_tests_of_two_same_letters_have_at_most_five_of_a_hundred_winners(self):
        chance = random.Random(19)
        false = 0
        for rate, units, days, planned in ((0.01, 667, 12, 8000), (0.03, 125, 12, 1500), (0.2, 50, 22, 1094)):
            false += sum(play(chance, (rate, rate), units, days, planned).verdict == 'better' for _ in range(3334))
        self.assertLessEqual(false / 10_002, 0.05)

    def test_without_a_planned_end_it_may_be_looked_at_for_ever(self):
        chance = random.Random(19)
        false = sum(play(chance, (0.01, 0.01), 500, 30).verdict == 'better' for _ in range(1000))
        self.assertLessEqual(false / 1000, 0.05)

    def test_the_last_look_and_those_before_it_are_wrong_at_most_once_in_twenty(self):
        self.assertLessEqual(ab_test.LAST_LOOK + 1 / ab_test.EARLY, 0.048)

    def test_one_percent_against_one_and_a_half_is_found_among_eight_thousand_an_arm(self):
        chance = random.Random(7)
        found = [play(chance, (0.01, 0.015), 320, 25, 8000) for _ in range(4000)]
        self.assertGreaterEqual(sum(evidence.best == 1 for evidence in found) / 4000, 0.8)
        self.assertLessEqual(sum(evidence.best == 0 for evidence in found), 1)

    def test_the_last_look_is_that_of_statsmodels(self):
        """`statsmodels.stats.proportion.proportions_ztest([a, b], [n, m])`"""
        self.assertAlmostEqual(p_value(Arm('a', 80, 8000), Arm('b', 120, 8000)), 0.0044234356, places=9)
        self.assertEqual(p_value(Arm('a', 0, 100), Arm('b', 0, 100)), 1.0)

    def test_the_units_needed_are_those_of_the_tables(self):
        for rate, difference, needed in ((0.01, 0.5, 7750), (0.01, 1.0, 2319), (0.02, 0.5, 3826), (0.2, 0.25, 1094)):
            with self.subTest(rate=rate):
                self.assertAlmostEqual(needed_trials(rate, difference), needed, delta=2)

    @given(ARMS, ARMS)
    def test_it_does_not_matter_which_letter_comes_first(self, first, second):
        self.assertAlmostEqual(e_value(first, second) / e_value(second, first), 1, places=6)

    @given(st.lists(ARMS, min_size=2, max_size=4, unique_by=lambda arm: arm.key))
    def test_anything_gets_a_verdict_and_a_winner_only_with_evidence(self, arms):
        evidence = judge(arms)
        self.assertIn(evidence.verdict, ('better', 'promising', 'same', 'open', 'broken'))
        if evidence.verdict == 'better':
            self.assertGreaterEqual(evidence.e_value, ab_test.DECIDED * (len(arms) - 1))
            rate = {arm.key: arm.successes / arm.trials for arm in arms if arm.trials}
            self.assertEqual(rate[evidence.best], max(rate.values()))

    def test_without_mails_nothing_is_known(self):
        self.assertEqual(judge([Arm('a', 0, 0), Arm('b', 0, 0)])[:2], ('open', 1.0))

    def test_a_broken_split_gives_no_verdict(self):
        self.assertEqual(judge([Arm('a', 10, 1000), Arm('b', 100, 2000)]).verdict, 'broken')
        self.assertEqual(judge([Arm('a', 10, 1000), Arm('b', 100, 1010), Arm('c', 12, 990)]).verdict, 'better')

    def test_a_letter_that_does_harm_is_found_and_chance_is_none(self):
        arms = [Arm('a', 4, 2000), Arm('b', 5, 2000), Arm('c', 60, 2000)]
        self.assertEqual(ab_test.find_harmful(arms), 'c')
        self.assertIsNone(ab_test.find_harmful([Arm('a', 4, 2000), Arm('b', 9, 2000)]))
        self.assertIsNone(ab_test.find_harmful([Arm('a', 4, 2000), Arm('b', 0, 0)]))

    def test_that_nothing_matters_is_a_verdict_too(self):
        self.assertEqual(judge([Arm('a', 20_000, 100_000), Arm('b', 20_010, 100_000)]).verdict, 'same')

    def test_it_says_how_many_are_missing(self):
        evidence = judge([Arm('a', 10, 1000), Arm('b', 13, 1000)], 0.5)
        self.assertEqual((evidence.verdict, evidence.needed), ('open', 6750))
