from unittest import TestCase

import dns.exception
import dns.resolver

from ...tools.sender import dns_checks
from ...tools.sender.dns_checks import Lookup, check
from .made_zones import DKIM_ZONES, DMARC_ZONES, MX_ZONES, RSA_2048, SPF_ZONES, Zone, dmarc, key, spf


class TestZones(TestCase):
    """Zones in a dictionary, each with one thing that receivers judge: the verdict is that of the standards."""

    def test_there_are_as_many_as_it_says(self):
        self.assertGreaterEqual(sum(map(len, (SPF_ZONES, DKIM_ZONES, DMARC_ZONES, MX_ZONES))), 80)

    def test_spf(self):
        for name, (zone, verdict) in SPF_ZONES.items():
            with self.subTest(zone=name):
                [record] = dns_checks.check_spf('a.example', Lookup(Zone(zone)))
                self.assertEqual(record.code, verdict, record)

    def test_dkim(self):
        for name, (zone, verdict) in DKIM_ZONES.items():
            with self.subTest(zone=name):
                [record] = dns_checks.check_dkim('a.example', Lookup(Zone(zone)), ['s1'])
                self.assertEqual(record.code, verdict)

    def test_dmarc(self):
        for name, (zone, domain, verdict) in DMARC_ZONES.items():
            with self.subTest(zone=name):
                [record] = dns_checks.check_dmarc(domain, Lookup(Zone(zone)), 'dmarc@a.example')
                self.assertEqual(record.code, verdict)

    def test_mx(self):
        for name, (zone, verdict) in MX_ZONES.items():
            with self.subTest(zone=name):
                [record] = dns_checks.check_mx('a.example', Lookup(Zone(zone)))
                self.assertEqual(record.code, verdict)


class TestCheck(TestCase):

    def _codes(self, zone, **options):
        return [record.code for record in check('a.example', Lookup(Zone(zone)), **options)]

    def test_all_of_a_domain_the_worst_first(self):
        zone = spf('v=spf1 a mx -all') | key(f'v=DKIM1; p={RSA_2048}', 'google') | dmarc(a_example='v=DMARC1; p=none')
        self.assertEqual(self._codes(zone), ['dmarc_no_reports', 'spf_ok', 'dkim_ok', 'mx_ok'])
        self.assertEqual(self._codes({('a.example', 'TXT'): []})[:2], ['dmarc_none', 'mx_none'])

    def test_the_record_to_publish_stands_ready(self):
        records = {record.code: record for record in check('a.example', Lookup(Zone({})), report_to='dmarc@a.example')}
        self.assertEqual((records['dmarc_none'].name, records['dmarc_none'].wanted),
                         ('_dmarc.a.example', 'v=DMARC1; p=none; rua=mailto:dmarc@a.example'))
        zone = dmarc(a_example='v=DMARC1; p=reject')
        [record] = dns_checks.check_dmarc('a.example', Lookup(Zone(zone)), 'x@a.example')
        self.assertEqual(record.wanted, 'v=DMARC1; rua=mailto:x@a.example; p=reject')
        [record] = dns_checks.check_spf('a.example', Lookup(Zone(spf('v=spf1 a +all'))))
        self.assertEqual(record.wanted, 'v=spf1 a ~all')
        [record] = dns_checks.check_spf('a.example', Lookup(Zone(spf('v=spf1 a include:gone.example -all'))))
        self.assertEqual(record.wanted, 'v=spf1 a -all')

    def test_the_envelope_of_another_organisation_is_told(self):
        zone = dmarc(a_example='v=DMARC1; p=none')
        self.assertIn('spf_not_aligned', self._codes(zone, envelope='bounce.b.example'))
        self.assertNotIn('spf_not_aligned', self._codes(zone, envelope='bounce.a.example'))

    def test_a_server_that_fails_is_neither_a_yes_nor_a_no(self):
        class Dead:
            def __call__(self, *_args, **_options):
                raise dns.resolver.NoNameservers
        self.assertEqual({record.code for record in check('a.example', Lookup(Dead()))},
                         {'spf_unknown', 'dkim_unknown', 'dmarc_unknown', 'mx_unknown'})

    def test_a_dead_resolver_costs_three_seconds_in_all(self):
        now = [0.0]

        def resolve(_name, _kind, lifetime):
            now[0] += lifetime
            raise dns.exception.Timeout

        records = check('a.example', Lookup(resolve, clock=lambda: now[0]), envelope='b.example', selectors=['s1', 's2'])
        self.assertLessEqual(now[0], 3.0)
        self.assertEqual({record.severity for record in records}, {'info'})

    def test_what_was_asked_once_is_not_asked_again(self):
        zone = Zone(spf('v=spf1 include:b.example include:b.example -all', b_example='v=spf1 -all'))
        dns_checks.check_spf('a.example', Lookup(zone))
        self.assertEqual(len(zone.asked), len(set(zone.asked)))

    def test_of_common_selectors_one_that_is_right_is_enough(self):
        zone = key('v=DKIM1; p=', 'default') | key(f'v=DKIM1; p={RSA_2048}', 'selector1')
        self.assertEqual([record.code for record in dns_checks.check_dkim('a.example', Lookup(Zone(zone)))], ['dkim_ok'])
        self.assertEqual([record.code for record in dns_checks.check_dkim('a.example', Lookup(Zone({})))], ['dkim_none'])
