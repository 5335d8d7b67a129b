from email import message_from_bytes, policy
from pathlib import Path

from odoo.addons.mass_mailing_cadence.tools.mail.bounce import hard_bounce
from odoo.tests import BaseCase

MESSAGES = Path(__file__).parents[1] / 'messages'
HARD = {'exchange_bounce': '5.1.10', 'postfix_bounce': '5.1.1'}


class TestBounce(BaseCase):

    def _read(self, name):
        return message_from_bytes((MESSAGES / f'{name}.eml').read_bytes(), policy=policy.SMTP)

    def test_reports_of_dead_addresses(self):
        for name, status in HARD.items():
            with self.subTest(message=name):
                self.assertEqual(hard_bounce(self._read(name)), status)

    def test_the_words_decide_where_there_is_no_report(self):
        self.assertIn('不存在', hard_bounce(self._read('qq_bounce')))
        self.assertEqual(hard_bounce(self._read('exim_bounce')), '', "it does not say why")

    def test_what_says_nothing_about_the_address(self):
        for name in ('postfix_delayed', 'postfix_delivered', 'gmail_person', 'read_receipt'):
            with self.subTest(message=name):
                self.assertEqual(hard_bounce(self._read(name)), '')

    def test_statuses(self):
        report = (MESSAGES / 'postfix_bounce.eml').read_bytes().replace(b'Diagnostic-Code: smtp; 550 5.1.1', b'X-Text: smtp;')
        for status, is_hard in {
            '5.1.1': True, '5.1.2': True, '5.2.1': True, '5.4.4': True, '5.1.10': True,
            '5.0.0': False, '5.1.0': False, '5.1.7': False, '5.1.8': False, '5.2.2': False,
            '5.7.1': False, '5.3.4': False, '4.1.1': False, '4.4.1': False,
        }.items():
            with self.subTest(status=status):
                message = message_from_bytes(report.replace(b'Status: 5.1.1', f'Status: {status}'.encode()), policy=policy.SMTP)
                self.assertEqual(bool(hard_bounce(message)), is_hard)

    def test_what_the_server_said_is_read_beside_the_status(self):
        report = (MESSAGES / 'postfix_bounce.eml').read_bytes()
        for status, diagnostic, is_hard in (
            ('5.0.0', '550 <bob@acme.example>: User unknown', True),
            ('5.0.0', '550 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org', False),
            ('5.0.0', '550 SPF check failed', False),
            ('5.0.0', '554 Message classified as SPAM', False),
            ('5.0.0', '552 Message size exceeds fixed limit', False),
            ('5.0.0', '550 Too many messages from your domain today', False),
            ('5.1.8', '550 Sender address rejected: Domain not found', False),
            ('5.1.1', '550 5.1.1 blocked by policy', False),
            ('5.1.1', '550 5.1.1 <spam@policy.example>: no such user', True),
            ('5.2.1', '550 5.2.1 mailbox is full', False),
        ):
            with self.subTest(status=status, diagnostic=diagnostic):
                raw = report.replace(b'Status: 5.1.1', f'Status: {status}'.encode())
                raw = raw.replace(b'550 5.1.1 <bob@acme.example>: User unknown', diagnostic.encode())
                message = message_from_bytes(raw, policy=policy.SMTP)
                self.assertEqual(bool(hard_bounce(message)), is_hard)

    def test_a_notice_without_a_report_is_read_around_its_words(self):
        for text, is_hard in (
            ('550 5.7.1 mailbox unavailable: refused by policy', False),
            ('550 5.1.1 user unknown', True),
            ('The following address failed:\n<bob@acme.example>: no such user\n\n' + ' ' * 400 + 'Our return policy, spam', True),
            ('user unknown: your mail looks like spam', False),
            ('554 5.1.8 sender address rejected: user unknown', False),
        ):
            with self.subTest(text=text):
                message = message_from_bytes(f'From: mailer-daemon@mx.example\n\n{text}'.encode(), policy=policy.SMTP)
                self.assertEqual(bool(hard_bounce(message)), is_hard)
