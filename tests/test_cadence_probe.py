from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .senders.common import SenderCase

SIGNED = 'v=1; d=me.example; s=s7; h=From:Subject:List-Unsubscribe:List-Unsubscribe-Post; b=x'
MAIL = f"""
Delivered-To: me@gmail.com
Received: from mx.me.example ([192.0.2.7]) by mx.google.com with ESMTPS
Authentication-Results: mx.google.com; dkim=pass header.i=@me.example; spf=softfail smtp.mailfrom=x@b.example; dmarc=pass
DKIM-Signature: {SIGNED}
List-Unsubscribe: <https://me.example/u>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
From: Wang Li <li@me.example>
Subject: Letter 1

Hello
"""


@tagged('post_install', '-at_install')
class TestProbe(SenderCase):

    def _create_probe(self, user=None, **values):
        return self.env['cadence.probe'].with_user(user or self.manager).create(
            {'sender_id': self.sender.id, 'email_to': 'me@gmail.com'} | values)

    def _get_texts(self, probe, severity):
        return ' '.join(finding['text'] for finding in probe.findings if finding['severity'] == severity)

    def test_the_real_letter_leaves_with_the_headers_by_which_one_unsubscribes(self):
        partner = self._create_partners(1, batch=5)
        probe = self._create_probe()
        self.assertEqual(probe.letter_id, self.letter)
        with self.mock_mail_gateway():
            probe.action_send()
            [mail] = self._mails
        self.assertEqual((mail['email_to'], mail['subject']), (['me@gmail.com'], 'Letter 1'))
        self.assertIn(partner.name, mail['body'])
        self.assertLessEqual({'List-Unsubscribe', 'List-Unsubscribe-Post'}, mail['headers'].keys())
        self.assertFalse(partner.cadence_touch_ids, "it has no place in the ledger")

    def test_what_the_receiver_says(self):
        probe = self._create_probe(source=MAIL)
        self.assertIn("DKIM: passed.", self._get_texts(probe, 'ok'))
        self.assertIn("both headers are there and signed", self._get_texts(probe, 'ok'))
        self.assertIn("SPF: softfail", self._get_texts(probe, 'warn'))
        probe.action_read()
        self.assertEqual(self.sender.dkim_selectors, 's7')
        self.assertIn('mx.google.com', self.sender.message_ids[:1].body)

    def test_a_signature_that_leaves_a_header_out_is_told(self):
        probe = self._create_probe(source=MAIL.replace(':List-Unsubscribe-Post; b', '; b'))
        self.assertIn("List-Unsubscribe-Post", self._get_texts(probe, 'block'))

    def test_somebody_elses_signature_is_not_ours(self):
        probe = self._create_probe(source=MAIL.replace('d=me.example', 'd=provider.example'))
        self.assertIn("signed by provider.example", self._get_texts(probe, 'warn'))
        probe.action_read()
        self.assertFalse(self.sender.dkim_selectors)

    def test_a_mail_that_never_left_says_nothing_and_fails_nothing(self):
        probe = self._create_probe(source='From: a@b.example\nSubject: x\n\nHello')
        self.assertIn("the receiver says nothing", self._get_texts(probe, 'info'))
        with self.assertRaises(UserError):
            probe.action_read()

    def test_only_managers_probe(self):
        with self.assertRaises(AccessError):
            self._create_probe(self.user)

    def test_without_an_address_or_a_letter_it_says_so(self):
        with self.assertRaises(UserError):
            self._create_probe(email_to='nobody').action_send()
        other = self.env['cadence.sender'].create({'name': 'other.example'})
        with self.assertRaises(UserError):
            self._create_probe(sender_id=other.id).action_send()
