from unittest import TestCase

from odoo.addons.mass_mailing_cadence.tools.mail.providers import Rule, find, split

RULES = [Rule('Google', ('gmail.com',), ('google.com',)), Rule('Microsoft', ('outlook.com',), ('protection.outlook.com',))]


class TestProviders(TestCase):

    def test_the_host_of_the_address_tells_first(self):
        self.assertEqual(find(RULES, 'Gmail.com', ['x.protection.outlook.com']), 'Google')

    def test_a_mail_server_tells_by_the_end_of_its_name(self):
        for server, provider in (
            ('ASPMX.L.GOOGLE.COM.', 'Google'), ('google.com', 'Google'), ('acme-de.mail.protection.outlook.com', 'Microsoft'),
            ('notgoogle.com', None), ('google.com.evil.example', None), ('outlook.com', None),
        ):
            with self.subTest(server=server):
                self.assertEqual(find(RULES, 'acme.example', ['mx.acme.example', server]), provider)

    def test_nothing_known_is_nobody(self):
        self.assertIs(find(RULES, 'acme.example'), None)
        self.assertIs(find([], 'gmail.com'), None)

    def test_lists_are_read_however_people_type_them(self):
        self.assertEqual(split('gmail.com;googlemail.com'), ('gmail.com', 'googlemail.com'))
        self.assertEqual(split(' .QQ.com，@foxmail.com\n163.com、 '), ('qq.com', 'foxmail.com', '163.com'))
        self.assertEqual(split(None), ())
