import copy
import pickle
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.message import EmailMessage
from io import BytesIO
from itertools import product
from unittest import TestCase

from odoo.addons.mass_mailing_cadence.tools.mail import outgoing

LINK = '<https://mail.a-company-of-exporters.example.com/mailing/5432/unsubscribe_oneclick?document_id=123456&email=ann' \
       '%40buyer.example&hash_token=0123456789abcdef0123456789abcdef0123456789abcdef>'
SENDERS = ['li@me.example', '"Li Wei" <li@me.example>', '李伟 <li@me.example>', '"Müller & Söhne, Export" <li@me.example>']
RECIPIENTS = [['ann@buyer.example'], ['"O\'Neil, Ann" <ann@buyer.example>'], ['Zoë <zoe@buyer.example>'],
              ['王小明 <wang@buyer.example>'], [f'"{"Long Name " * 9}" <ann@{"b" * 40}.example>'],
              ['=?utf-8?q?odd?= <ann@buyer.example>'], []]
SUBJECTS = ['Cranes', 'Kräne für Söhne', '二手起重机的报价', 'x' * 200, 'A subject of many words, ' * 6, '',
            '=?utf-8?b?4pyT?= sure', '"quoted"']
BODIES = ['<p>Dear Ann</p>', '<p>Grüße</p>\n.\n', '<p>' + 'Zeile ' * 300 + '</p>', '<p>您好</p>' * 80,
          '<p>a</p>\r\n<p>b = c</p>\n', '']


def build_stock(*, email_from, email_to, subject, body, body_alternative, message_id, reply_to='', references='', headers=None):
    """The mail as the package makes it when it is given the same things."""
    message = EmailMessage(policy=policy.SMTP)
    values = {'Message-Id': message_id, 'references': references, 'Subject': subject, 'From': email_from,
              'Reply-To': reply_to or email_from, 'To': ', '.join(email_to)}
    for name, value in [*values.items(), *(headers or {}).items()]:
        if value or name in ('Subject', 'To'):
            message[name] = value
    message['MIME-Version'] = '1.0'
    message.add_alternative(body_alternative, subtype='plain', charset='utf-8')
    message.add_alternative(body, subtype='html', charset='utf-8')
    return message


def write(message):
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False).flatten(message, linesep='\r\n')
    return buffer.getvalue()


def read(written):
    """(headers, [(content type, text)]) as a mail program reads them."""
    message = message_from_bytes(written, policy=policy.default)
    parts = [(part.get_content_type(), part.get_content().rstrip('\n')) for part in message.walk() if not part.is_multipart()]
    headers = {name: str(value) for name, value in message.items() if name not in ('Date', 'Content-Type')}
    return headers, parts


class TestOutgoing(TestCase):

    def _get_values(self, sender=SENDERS[1], recipients=RECIPIENTS[0], subject=SUBJECTS[0], body=BODIES[0], **headers):
        return {
            'email_from': sender, 'email_to': recipients, 'subject': subject, 'body': body, 'body_alternative': f'Text: {body}',
            'reply_to': 'answers@me.example', 'references': '<1@me.example> <2@me.example>',
            'message_id': f'<{"7" * 60}.123-openerp-12345-res.partner@a-long-name-of-a-server.example>',
            'headers': {
                'Return-Path': 'bounce@me.example', 'Precedence': 'list', 'Feedback-ID': '1:2:marketing:me.example', **headers}}

    def test_a_mail_program_reads_what_it_reads_of_the_packages_mail(self):
        count = 0
        for sender, recipients, subject in product(SENDERS, RECIPIENTS, SUBJECTS):
            values = self._get_values(sender, recipients, subject, BODIES[count % len(BODIES)])
            with self.subTest(sender=sender, recipients=recipients, subject=subject):
                self.assertEqual(read(write(outgoing.build(**values))), read(write(build_stock(**values))))
            count += 1
        self.assertEqual(count, 224)

    def test_it_is_written_as_the_package_writes_it(self):
        bodies = [*BODIES, 'a\rb', 'From me\n.\n\n', 'x' * 79]
        for sender, recipients, subject, body in product(SENDERS, RECIPIENTS, SUBJECTS, bodies):
            with self.subTest(sender=sender, recipients=recipients, subject=subject, body=body[:20]):
                mail = outgoing.build(**self._get_values(sender, recipients, subject, body))
                self.assertEqual(outgoing.write(mail), write(mail))

    def test_what_another_module_does_to_it_is_written(self):
        def take_bcc_away(mail):
            mail['Bcc'] = 'eve@me.example'
            del mail['Bcc']

        def say_more(mail):
            mail.get_payload()[1].replace_header('Content-Type', 'text/html; charset="ascii"')

        for change in (
                lambda mail: mail.add_attachment(b'x', maintype='application', subtype='pdf', filename='a.pdf'),
                lambda mail: mail.get_payload()[0].set_payload('Other words'),
                lambda mail: mail.get_payload().pop(),
                lambda mail: mail.replace_header('From', 'Eve <eve@me.example>'),
                lambda mail: mail.replace_header('Content-Type', 'multipart/alternative; boundary="other"'),
                lambda mail: mail.clear_content() or mail.set_content('Only this'),
                take_bcc_away, say_more):
            mail = outgoing.build(**self._get_values())
            before = outgoing.write(mail)
            change(mail)
            self.assertEqual(outgoing.write(mail), write(mail))
            self.assertEqual(before == outgoing.write(mail), change is take_bcc_away)
            self.assertEqual(outgoing.write(copy.copy(mail)), outgoing.write(mail))

    def test_every_byte_passes_any_server(self):
        for body in BODIES:
            written = write(outgoing.build(**self._get_values(body=body)))
            self.assertTrue(written.isascii())
            self.assertLess(max(map(len, written.split(b'\r\n'))), 998)
            self.assertNotIn(b'\n', written.replace(b'\r\n', b''))

    def test_a_link_in_a_header_stays_a_link(self):
        values = self._get_values(**{'List-Unsubscribe': LINK, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click'})
        self.assertIn(b'=?utf-8?q?', write(build_stock(**values)), "what the package makes of it")
        self.assertIn(f'\r\nList-Unsubscribe: {LINK}\r\n'.encode(), write(outgoing.build(**values)))
        message = build_stock(**values)
        outgoing.mend_links(message)
        self.assertIn(f'\r\nList-Unsubscribe: {LINK}\r\n'.encode(), write(message))
        self.assertEqual(read(write(message)), read(write(build_stock(**values))))

    def test_what_a_header_cannot_be_is_refused(self):
        for values in ({'subject': 'Cranes\r\nBcc: all@buyer.example'}, {'sender': 'li@me.example\nX: 1'},
                       {'Feedback-ID': 'a\nb'}, {'List-Unsubscribe': f'{LINK}\r\nX: 1'}, {'Subject': 'A second one'}):
            with self.subTest(values=values), self.assertRaises(ValueError):
                outgoing.build(**self._get_values(**values))

    def test_a_header_is_what_other_modules_know(self):
        message = outgoing.build(**self._get_values(sender='"Li" <li@me.example>', recipients=['"Ann" <ann@buyer.example>']))
        self.assertEqual(message['To'].addresses[0].username, 'ann')
        self.assertEqual(message['From'].addresses[0].display_name, 'Li')
        self.assertIsNotNone(message['Date'].datetime)
        message.replace_header('To', 'bob@buyer.example')
        del message['Precedence']
        for twin in (copy.copy(message), copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
            self.assertEqual(read(write(twin)), read(write(message)))
        self.assertIn(b'\r\nTo: bob@buyer.example\r\n', write(message))
        self.assertNotIn(b'Precedence', write(message))
