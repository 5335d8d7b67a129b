from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.mass_mailing_cadence.tools.attribution import MODELS, weigh


class TestAttribution(TestCase):

    @given(st.sampled_from(MODELS), st.integers(1, 3000))
    def test_the_weights_add_up_to_exactly_one(self, model, count):
        weights = weigh(model, count)
        self.assertEqual(sum(part.weight for part in weights), Decimal(1))
        self.assertTrue(all(0 <= part.position < count and part.weight > 0 for part in weights))

    def test_each_way_of_telling(self):
        for model, shares in (
            ('last', {3: '1.000000'}), ('first', {0: '1.000000'}),
            ('linear', dict.fromkeys(range(4), '0.250000')),
            ('u_shaped', {0: '0.400000', 1: '0.100000', 2: '0.100000', 3: '0.400000'}),
        ):
            with self.subTest(model=model):
                self.assertEqual({part.position: str(part.weight) for part in weigh(model, 4)}, shares)

    def test_one_mail_has_it_all_and_two_share_it(self):
        for model in MODELS:
            self.assertEqual([part.weight for part in weigh(model, 1)], [1])
        self.assertEqual([str(part.weight) for part in weigh('u_shaped', 2)], ['0.500000'] * 2)
        self.assertEqual(weigh('linear', 0), [])
