from unittest import TestCase

import dns.resolver

from ...tools.sender import way_checks
from ...tools.sender.dns_checks import Lookup
from .made_zones import Zone

ZONE = {
    ('odoo.a.example', 'A'): ['203.0.113.9'],
    ('9.113.0.203.in-addr.arpa', 'PTR'): ['mail.a.example.'], ('mail.a.example', 'A'): ['203.0.113.9'],
    ('8.113.0.203.in-addr.arpa', 'PTR'): ['other.a.example.'], ('other.a.example', 'A'): ['203.0.113.1'],
    ('1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa', 'PTR'): ['six.a.example.'],
    ('six.a.example', 'AAAA'): ['2001:0db8:0:0::1'],
}


class TestWay(TestCase):

    def setUp(self):
        super().setUp()
        self.lookup = Lookup(Zone(ZONE))

    def test_customers_reach_the_links_from_everywhere_over_https(self):
        for url, code in {
            'https://odoo.a.example': 'base_ok', 'https://odoo.a.example:8443/web': 'base_ok',
            'http://odoo.a.example': 'base_http', 'http://localhost:8069': 'base_local', 'https://odoo.local': 'base_local',
            'https://odoo': 'base_local', 'http://192.168.1.4:8069': 'base_local', 'https://[::1]': 'base_local',
            'https://127.0.0.1': 'base_local', 'https://gone.a.example': 'base_gone', 'https://8.8.8.8': 'base_ok',
            'http://[': 'base_local', 'nonsense': 'base_local',
        }.items():
            with self.subTest(url=url):
                self.assertEqual([record.code for record in way_checks.check_base_url(url, self.lookup)], [code])

    def test_a_servers_address_has_a_name_that_has_the_address(self):
        for ip, codes in {
            '203.0.113.9': ['ptr_ok'], '203.0.113.8': ['ptr_other'], '203.0.113.7': ['ptr_none'], '2001:db8::1': ['ptr_ok'],
            'no address': [],
        }.items():
            with self.subTest(ip=ip):
                self.assertEqual([record.code for record in way_checks.check_ptr(ip, self.lookup)], codes)

    def test_a_line_over_the_internet_is_encrypted(self):
        for values, codes in {
            ('none', 'smtp.a.example'): ['tls_none'], ('none', 'localhost'): [], ('none', '10.0.0.2'): [],
            ('none', 'mailhog'): [],
            ('starttls', 'smtp.a.example'): ['tls_ok'], ('ssl_strict', 'smtp.a.example'): ['tls_ok'], ('', ''): [],
        }.items():
            with self.subTest(values=values):
                self.assertEqual([record.code for record in way_checks.check_tls(*values)], codes)

    def test_what_nobody_could_tell_is_neither_a_yes_nor_a_no(self):
        def dead(*_args, **_options):
            raise dns.resolver.NoNameservers
        records = way_checks.check(Lookup(dead), base_url='https://odoo.a.example', ip='203.0.113.9')
        self.assertEqual([record.code for record in records], ['base_unknown', 'ptr_unknown'])
