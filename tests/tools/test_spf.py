from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.sender import spf
from ...tools.sender.dns_checks import Lookup
from .made_zones import INCLUDED, Zone, includes
from .made_zones import spf as zone

TERMS = st.sampled_from([
    'a', 'mx', 'ptr', 'include:i1.example', 'include:a.example', 'exists:x.example', 'ip4:192.0.2.1', 'redirect=i2.example',
    '-all', '~all', 'bad', 'a/24', 'exists:%{i}.x'])


class TestSpf(TestCase):

    def test_the_count_is_told(self):
        result = spf.evaluate('a.example', Lookup(Zone(zone(f'v=spf1 a mx {includes(3)} -all', **INCLUDED))))
        self.assertEqual((result.lookups, result.voids, result.ends_with), (5, 0, '-'))

    def test_what_shows_it_is_told(self):
        result = spf.evaluate('a.example', Lookup(Zone(zone('v=spf1 a include:gone.example -all'))))
        self.assertEqual((result.problem, result.detail), ('missing', 'gone.example'))

    def test_a_record_gets_an_end(self):
        self.assertEqual([spf.close(record) for record in ('v=spf1 a', 'v=spf1 a ?all')], ['v=spf1 a ~all'] * 2)

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.lists(TERMS, max_size=14))
    def test_never_more_than_eleven_are_asked_and_it_ends(self, terms):
        result = spf.evaluate('a.example', Lookup(Zone(zone(f"v=spf1 {' '.join(terms)}", **INCLUDED))))
        self.assertLessEqual(result.lookups, 11)
        self.assertEqual(result.problem == 'lookups', result.lookups == 11)
