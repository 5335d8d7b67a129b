from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.mass_mailing_cadence.tools import rates


class TestRates(TestCase):

    def test_no_mail_is_no_rate(self):
        self.assertIs(rates.divide(0, 0), None)
        self.assertEqual(rates.divide(0, 5), 0.0)

    def test_the_interval_is_that_of_statsmodels(self):
        """`statsmodels.stats.proportion.proportion_confint(count, nobs, method='wilson')`"""
        for count, nobs, low, high in (
            (0, 50, 0.0, 0.07134759913335874),
            (3, 21, 0.04981012499725268, 0.34636060280620945),
            (50, 50, 0.9286524008666412, 1.0),
            (150, 15000, 0.008528441819902284, 0.011722469232084807),
        ):
            with self.subTest(count=count, nobs=nobs):
                interval = rates.wilson(count, nobs)
                self.assertAlmostEqual(interval.low, low, places=9)
                self.assertAlmostEqual(interval.high, high, places=9)

    @given(st.integers(0, 10**7).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
    def test_the_rate_lies_in_its_interval(self, numbers):
        successes, trials = numbers
        interval = rates.wilson(successes, trials)
        self.assertTrue(0 <= interval.low <= interval.high <= 1)
        if trials:
            self.assertTrue(interval.low - 1e-12 <= successes / trials <= interval.high + 1e-12)

    @given(st.integers(1, 10**5), st.data())
    def test_more_mails_of_the_same_rate_narrow_it(self, trials, data):
        successes = data.draw(st.integers(0, trials))
        few, many = rates.wilson(successes, trials), rates.wilson(10 * successes, 10 * trials)
        self.assertLessEqual(many.high - many.low, few.high - few.low + 1e-12)

    def test_small_numbers_never_stand_out(self):
        self.assertIs(rates.stands_out(29, 29, 0, 1000), None)
        self.assertEqual(rates.stands_out(300, 1000, 100, 1000), 'high')
        self.assertEqual(rates.stands_out(100, 1000, 300, 1000), 'low')
        self.assertIs(rates.stands_out(105, 1000, 100, 1000), None)

    def test_few_mails_are_told_as_a_fraction(self):
        for numbers, text in (
                ((3, 21), '3 / 21'), ((0, 0), '–'), ((0, 30), '0.0 %'), ((1, 5000), '0.02 %'), ((30, 200), '15.0 %')):
            with self.subTest(numbers=numbers):
                self.assertEqual(rates.tell(*numbers).text, text)
        self.assertTrue(rates.tell(3, 21).is_small)

    def test_two_opportunities_of_one_mail_are_no_fault(self):
        self.assertEqual(rates.tell(60, 50).value, 1.2)
        self.assertIs(rates.stands_out(60, 50, 20, 40), 'high')

    def test_every_rate_says_what_it_divides_and_why(self):
        for code, rate in rates.RATES.items():
            with self.subTest(rate=code):
                self.assertTrue(code.endswith('_rate') and rate.definition.endswith('.'))
                self.assertNotEqual(rate.numerator, rate.denominator)
