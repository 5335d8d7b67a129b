from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.mass_mailing_cadence.tools.allocation import allocate

WEIGHTS = st.lists(st.integers(0, 10**6), max_size=50)


class TestAllocation(TestCase):

    @given(st.integers(-10**12, 10**12), WEIGHTS)
    def test_not_a_cent_is_lost(self, total, weights):
        parts = allocate(total, weights)
        self.assertEqual(len(parts), len(weights))
        self.assertEqual(sum(parts), total if sum(weights) else 0)

    @given(st.integers(0, 10**9), WEIGHTS.filter(sum))
    def test_each_gets_its_share_within_a_cent(self, total, weights):
        for part, weight in zip(allocate(total, weights), weights, strict=True):
            self.assertLess(abs(part - total * weight / sum(weights)), 1.0001)

    @given(st.integers(1, 10**9), WEIGHTS.filter(sum))
    def test_who_has_no_weight_gets_nothing(self, total, weights):
        self.assertFalse(any(part for part, weight in zip(allocate(total, weights), weights, strict=True) if not weight))

    def test_the_first_of_equals_gets_the_rest(self):
        self.assertEqual(allocate(100, [1, 1, 1]), [34, 33, 33])
