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
        report = (MESSAGES / 'postfix_bounce.eml').read_bytes()
        for status, is_hard in {
            '5.1.1': True, '5.1.2': True, '5.0.0': True, '5.2.1': True, '5.4.4': True,
            '5.2.2': False, '5.7.1': False, '5.3.4': False, '4.1.1': False, '4.4.1': False,
        }.items():
            with self.subTest(status=status):
                message = message_from_bytes(report.replace(b'Status: 5.1.1', f'Status: {status}'.encode()), policy=policy.SMTP)
                self.assertEqual(bool(hard_bounce(message)), is_hard)
