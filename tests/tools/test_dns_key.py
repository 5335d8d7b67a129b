import base64
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.sender.dns_key import read_key
from .made_zones import ED25519, RSA_512, RSA_1024, RSA_2048


class TestReadKey(TestCase):

    def test_how_long_a_key_is(self):
        self.assertEqual([read_key(f'p={data}').bits for data in (RSA_512, RSA_1024, RSA_2048)], [512, 1024, 2048])
        self.assertEqual(read_key(f'k=ed25519; p={ED25519}'), ('', 0, False))

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.one_of(st.text(max_size=80), st.binary(max_size=60).map(lambda data: f'p={base64.b64encode(data).decode()}')))
    def test_never_fails(self, text):
        self.assertIn(read_key(text).problem, ('', 'broken', 'revoked'))
