from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools.made_zones import RSA_2048, Zone, dmarc, key, spf
from .common import DAY, NEXT, SenderCase


def make_zone(without=''):
    zone = spf('v=spf1 a mx -all') | key(f'v=DKIM1; p={RSA_2048}') | dmarc(a_example='v=DMARC1; p=none; rua=mailto:x@a.example')
    return Zone({name: value for name, value in zone.items() if not without or without not in name[0]})


@tagged('post_install', '-at_install')
class TestSenderDns(SenderCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = cls.env['cadence.sender'].create({'name': 'a.example', 'dkim_selectors': 's1'})
        cls.env['ir.config_parameter'].set_param('web.base.url', 'https://a.example')

    def _look_up(self, day, zone):
        with self.at(day) as now:
            self.sender._look_up(now, zone)

    def _get_codes(self):
        return {finding['code'] for finding in self.sender.dns_findings}

    def test_all_is_well(self):
        self._look_up(DAY, make_zone())
        self.assertEqual((self.sender.dns_light, self._get_codes() - {'spf_not_aligned', 'tls_ok', 'tls_none'}),
                         ('green', {'spf_ok', 'dkim_ok', 'dmarc_ok', 'mx_ok', 'base_ok'}))

    def test_links_that_nobody_reaches_and_a_server_without_a_name_are_told(self):
        self.env['ir.config_parameter'].set_param('web.base.url', 'http://localhost:8069')
        self.sender.sudo().write({
            'sending_ip': '192.0.2.9', 'mail_server_id': self.env['ir.mail_server'].create({
                'name': 'Plain', 'smtp_host': 'smtp.a.example', 'smtp_encryption': 'none'}).id})
        self._look_up(DAY, make_zone())
        texts = {finding['code']: finding['text'] for finding in self.sender.dns_findings}
        self.assertLessEqual({'base_local', 'ptr_none', 'tls_none'}, set(texts))
        self.assertIn("no unsubscribe link works", texts['base_local'])
        self.assertIn("192.0.2.9 has no name", texts['ptr_none'])
        self.assertIn("smtp.a.example is not encrypted", texts['tls_none'])
        self.assertEqual(self.sender.dns_light, 'red')

    def test_what_is_missing_stands_ready_to_copy(self):
        self._look_up(DAY, make_zone(without='_dmarc'))
        self.assertEqual(self.sender.dns_light, 'red')
        [finding] = [finding for finding in self.sender.dns_findings if finding['code'] == 'dmarc_none']
        self.assertIn('publish this at _dmarc.a.example', finding['text'])
        self.assertTrue(finding['wanted'].startswith('v=DMARC1; p=none; rua=mailto:'))

    def test_a_key_that_is_gone_is_told_and_named(self):
        self._look_up(DAY, make_zone())
        self.assertFalse(self.sender.activity_ids)
        self._look_up(NEXT, make_zone(without='_domainkey'))
        self.assertIn('s1._domainkey.a.example is gone', self.sender.activity_ids.note)
        self._look_up(NEXT, make_zone(without='_domainkey'))
        self.assertEqual(len(self.sender.activity_ids), 1, "once is enough")

    def test_a_new_sender_alarms_nobody(self):
        self._look_up(DAY, Zone({}))
        self.assertFalse(self.sender.activity_ids)

    def test_what_nobody_could_tell_leaves_what_was_known(self):
        self._look_up(DAY, make_zone())

        def resolve(*_args, **_options):
            raise OSError

        before = self._get_codes()
        self._look_up(NEXT, resolve)
        self.assertEqual(self._get_codes(), before)

    def test_the_cron_asks_each_once_a_day(self):
        asked = []

        def resolve(name, kind, lifetime):
            asked.append(name)
            return make_zone()(name, kind, lifetime)

        with self.at(DAY):
            self.env['cadence.sender']._check_dns(resolve)
            self.assertIn('a.example', asked)
            asked.clear()
            self.env['cadence.sender']._check_dns(resolve)
            self.assertEqual(asked, [])
        with self.at(NEXT):
            self.env['cadence.sender']._check_dns(resolve)
            self.assertIn('a.example', asked)

    def test_the_button_asks_in_no_request(self):
        self._look_up(DAY, make_zone())
        with self.assertRaises(AccessError):
            self.sender.with_user(self.user).action_check_dns()
        self.sender.with_user(self.manager).action_check_dns()
        self.assertFalse(self.sender.dns_checked_date)
