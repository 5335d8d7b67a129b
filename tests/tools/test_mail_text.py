from base64 import b64encode
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.mail import auto_reply, bounce, mail_text
from .hostile import least_time

RULES = (policy.SMTP, policy.compat32)


class TestMailText(TestCase):

    def test_a_header_is_unfolded_and_decoded(self):
        raw = 'Subject: =?gb2312?b?sai82w==?=\n =?utf-8?q?_Tea?=\nX-Raw: 报价\n\n'
        message = message_from_bytes(raw.encode(), policy=policy.SMTP)
        self.assertEqual(mail_text.get_header(message, 'subject'), '报价 Tea')
        self.assertEqual(mail_text.get_header(message, 'X-Raw'), '报价')
        self.assertEqual(mail_text.get_header(message, 'X-None'), '')

    def test_the_body_is_the_first_plain_part_that_is_no_attachment(self):
        raw = ('Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment\n\nno\n'
               '--b\nContent-Type: text/html\n\nno\n--b\n\nYes\n--b--')
        self.assertEqual(mail_text.get_body(message_from_string(raw)), 'Yes')

    def test_message_ids_are_taken_out_of_what_stands_around_them(self):
        self.assertEqual(mail_text.get_references('your mail <a@b> of <c@d>\n <e@f', None, '<g@h>'), ['<a@b>', '<c@d>', '<g@h>'])
        many = ' '.join(f'<{number}@x>' for number in range(500))
        self.assertEqual(mail_text.get_references(many)[-1], '<499@x>', "the newest stand last")
        self.assertEqual(len(mail_text.get_references(many)), mail_text.MAX_REFERENCES)

    def test_a_machine_s_mail_may_name_ours_anywhere(self):
        raw = ('Message-ID: <own@x>\nIn-Reply-To: <reply@x>\nX-Failed: <failed@x>\nContent-Type: multipart/report; boundary=b\n\n'
               '--b\n\nMessage-ID: <text@x>\n--b\nContent-Type: message/delivery-status\n\nOriginal-Message-ID: <field@x>\n\n'
               '--b\nContent-Type: message/rfc822\n\nMessage-ID: <inside@x>\n\nTea\n--b--')
        for rules in RULES:
            self.assertEqual(
                set(mail_text.find_ids(message_from_string(raw, policy=rules))),
                {'<reply@x>', '<failed@x>', '<text@x>', '<field@x>', '<inside@x>'})

    def test_an_id_is_found_in_html_in_an_attached_text_and_in_an_encoded_mail(self):
        inner = b64encode(b'Message-ID: <inside@x>\r\nSubject: Tea\r\n\r\nTea').decode()
        for body in (
            'Content-Type: text/html\n\n<p>Message-ID: &lt;inside@x&gt;</p>',
            'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nIt is back\n--b\nContent-Type: text/plain\n'
            'Content-Disposition: attachment\n\nMessage-ID: <inside@x>\n--b--',
            f'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nIt is back\n--b\nContent-Type: message/rfc822\n'
            f'Content-Transfer-Encoding: base64\n\n{inner}\n--b--',
        ):
            for rules in RULES:
                with self.subTest(body=body):
                    self.assertEqual(mail_text.find_ids(message_from_string(body, policy=rules)), ['<inside@x>'])

    def test_addresses_are_told_from_the_names_beside_them(self):
        for value, addresses in {
            'a@b.example': ['a@b.example'], '"x@y" <a@b.example>, C <c@d.example>': ['a@b.example', 'c@d.example'],
            'rfc822; a@b.example': ['a@b.example'], '': [], 'undisclosed-recipients:;': [], '(' * 5_000: [],
        }.items():
            with self.subTest(value=value[:20]):
                self.assertEqual(mail_text.get_addresses(value), addresses)

    def test_what_the_database_does_not_take_is_left_out(self):
        self.assertEqual(mail_text.clean('a\0b\ud800'), 'ab?')

    def test_what_is_no_mail_is_an_empty_one(self):
        for value in (False, None, 'text', 3):
            self.assertEqual(mail_text.get_header(mail_text.as_message(value), 'Subject'), '')
        message = Message()
        self.assertIs(mail_text.as_message(message), message)

    def test_mails_within_mails_end_somewhere(self):
        message = inner = Message()
        for _depth in range(3_000):
            inner['Content-Type'] = 'message/rfc822'
            inner.set_payload([inner := Message()])
        self.assertEqual(len(list(mail_text.iter_parts(message))), mail_text.MAX_PARTS)

    def test_hostile_mails_take_no_long_time(self):
        for piece in ('-', '>', '_', ' ', 'a', '\n', '<', '<a', '@', '=?', '=?a?q?', '(', ';', '"', 'user ', 'mailbox is '):
            text = piece * (1_000_000 // len(piece))
            for name, raw in {
                'body': f'From: mailer-daemon@x.example\n\n{text}',
                'subject': f'Subject: {" ".join(text.splitlines())}\n\nx',
                'sender': f'From: {" ".join(text.splitlines())}\n\nx',
                'references': f'References: {" ".join(text.splitlines())}\n\nx',
                'type': f'Content-Type: {" ".join(text.splitlines())}\n\nx',
            }.items():
                message = message_from_string(raw, policy=policy.compat32)
                with self.subTest(piece=piece, name=name):
                    def read(message=message):
                        auto_reply.classify(message)
                        auto_reply.feedback_address(message)
                        bounce.hard_bounce(message)
                        mail_text.find_ids(message)
                        mail_text.get_body(message)
                    self.assertLess(least_time(read, 0.4), 0.4)

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=400), st.sampled_from(RULES))
    def test_no_octets_raise(self, octets, rules):
        for head in (b'', b'Content-Type: multipart/report; boundary=b\n\n--b\n', b'Content-Type: message/rfc822\n\n'):
            message = message_from_bytes(head + octets, policy=rules)
            mail_text.find_ids(message)
            mail_text.clean(mail_text.get_body(message)).encode()
            bounce.hard_bounce(message)
