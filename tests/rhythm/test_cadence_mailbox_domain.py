from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ...models.rhythm import cadence_mailbox_domain
from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestMailboxDomain(CadenceCase):

    def _add(self, name, counts_as='public'):
        return self.env['cadence.mailbox.domain'].with_user(self.manager).create({'name': name, 'counts_as': counts_as})

    def _get_domains(self, partners):
        return [partner.cadence_company_domain or '' for partner in partners]

    def test_contacts_at_an_added_domain_are_nobodys_colleagues_until_it_is_removed(self):
        known = self._create_partners(2, domain='mail.newbox.example')
        row = self._add('newbox.example')
        later = self._create_partners(1, domain='newbox.example')
        self.assertEqual(self._get_domains(known + later), ['', '', ''])
        row.unlink()
        self.assertFalse(row.exists())
        self.assertEqual(self._get_domains(known + later), ['newbox.example'] * 3)

    def test_a_company_that_is_taken_for_a_provider_gets_its_cap(self):
        person, below, archived, several = (self._create_partners(1, email=email) for email in (
            'a@usa.com', 'b@mail.usa.com', 'c@usa.com', 'd@usa.com, e@acme.example'))
        archived.active = False
        company = self.env['res.partner'].create({'name': 'USA', 'is_company': True, 'website': 'https://www.usa.com/en'})
        other = self._create_partners(1, email='f@notusa.com')
        row = self._add('usa.com', 'company')
        self.assertTrue(row.is_shipped)
        self.assertEqual(self._get_domains(person + below + archived + several + company), ['usa.com'] * 5)
        self.assertEqual(self._get_domains(other), ['notusa.com'])
        row.counts_as = 'public'
        self.assertEqual(self._get_domains(person + below + archived + several + company), [''] * 5)

    def test_a_day_has_no_cap_for_an_added_domain_and_one_for_a_company(self):
        self._create_letter()
        self.env.company.cadence_domain_daily_cap = 2
        self._create_partners(3, batch=9, domain='newbox.example')
        self._create_partners(3, batch=9, domain='usa.com')
        self._add('newbox.example')
        self._add('usa.com', 'company')
        touches = self._queue('2026-07-09')['marketing'].touch_ids
        self.assertEqual({
            domain: sorted(touch.reason or touch.state for touch in touches if touch.email.endswith(domain))
            for domain in ('newbox.example', 'usa.com')
        }, {'newbox.example': ['reserved'] * 3, 'usa.com': ['domain_cap', 'reserved', 'reserved']})

    def test_hosts_below_a_company_are_that_companys_as_well(self):
        public = self._add('aruba.it', 'company')._get_public()
        self.assertFalse({host for host in public if host == 'aruba.it' or host.endswith('.aruba.it')})
        self.assertIn('gmail.com', public)

    def test_a_domain_is_read_however_it_is_typed(self):
        for text, name in (
            (' @NewBox.example. ', 'newbox.example'), ('https://www.newbox2.example/login', 'newbox2.example'),
            ('someone@postfach-größe.example', 'xn--postfach-gre-v9a53a.example'), ('*.newbox3.example', 'newbox3.example'),
        ):
            with self.subTest(text=text):
                self.assertEqual(self._add(text).name, name)

    def test_what_is_no_domain_of_its_own_is_refused(self):
        for text in ('', 'gmail', 'co.uk', 'vip.qq.com', 'a b.example', '10.0.0.1', 'x' * 300 + '.example'):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self._add(text)

    def test_the_letters_of_a_host_and_dns_are_one_domain(self):
        typed = self._create_partners(1, email='a@größe.example')
        company = self.env['res.partner'].create({'name': 'G', 'is_company': True, 'website': 'größe.example'})
        row = self._add('größe.example')
        self.assertEqual(self._get_domains(typed + company), ['', ''])
        row.unlink()
        self.assertEqual(len(set(self._get_domains(typed + company)) - {''}), 1)

    def test_a_domain_stands_there_once_and_keeps_its_name(self):
        row = self._add('newbox.example')
        with self.assertRaises(UserError):
            row.name = 'other.example'
        row.name = 'NEWBOX.example'
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self._add('newbox.example')

    def test_what_is_no_text_is_no_domain(self):
        for name in (17, ['x'], {'a': 1}, None):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.env['cadence.mailbox.domain'].create({'name': name})

    def test_many_contacts_follow_in_pieces(self):
        partners = self._create_partners(5, domain='newbox.example')
        self.assertEqual(self._get_domains(partners), ['newbox.example'] * 5)
        cron = self.env.ref('mass_mailing_cadence.ir_cron_follow_mailboxes')
        with patch.object(cadence_mailbox_domain, 'PIECE', 2):
            row = self._add('newbox.example')
            self.assertEqual(self._get_domains(partners), ['', '', *['newbox.example'] * 3])
            self.assertTrue(row.is_pending)
            self.assertTrue(self.env['ir.cron.trigger'].search_count([('cron_id', '=', cron.id)]))
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(self._get_domains(partners), [''] * 5)
            self.assertFalse(row.is_pending)
            row.unlink()
            self.assertTrue(row.exists(), "the contacts that have not followed yet go by it")
            self.assertNotIn('newbox.example', row._get_public())
            self._add('newbox.example').sudo().unlink()
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual(self._get_domains(partners), ['newbox.example'] * 5)
        self.assertFalse(self.env['cadence.mailbox.domain'].with_context(active_test=False).search(
            [('name', '=', 'newbox.example')]))

    def test_nobody_writes_how_far_the_contacts_are(self):
        row = self._add('newbox.example')
        for name in ('active', 'is_pending', 'last_partner_id'):
            with self.subTest(field=name), self.assertRaises(UserError):
                row.write({name: 1})
