from email import message_from_bytes, policy
from pathlib import Path
from unittest import TestCase

from ...tools.mail import auto_reply, mail_text
from ...tools.mail.bounce import cut_copy, hard_bounce, read
from .hostile import least_time
from .made_bounces import make_bounces

MESSAGES = Path(__file__).parents[1] / 'messages'
HARD = {'exchange_bounce': '5.1.10', 'postfix_bounce': '5.1.1'}


class TestBounce(TestCase):

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
                message = message_from_bytes(report.replace(b'Status: 5.1.1', f'Status: {status}'.encode()),
                policy=policy.SMTP)
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
            ('5.4.1', '550 5.4.1 Recipient address rejected: Access denied. AS(1)', True),
            ('5.5.0', '550 5.5.0 Requested action not taken: mailbox unavailable (S1)', True),
            ('5.0.0', '550 5.1.1 user unknown', True),
            ('4.1.1', '450 4.1.1 User unknown in virtual alias table', True),
            ('4.4.1', 'Host not found, try again', False),
            ('5.0.0', '554 Transaction failed', False),
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
            ('Failed:\n<bob@acme.example>: no such user\n\n' + 'word ' * 100 + 'Our return policy, spam', True),
            ('user unknown: your mail looks like spam', False),
            ('554 5.1.8 sender address rejected: user unknown', False),
        ):
            with self.subTest(text=text):
                message = message_from_bytes(f'From: mailer-daemon@mx.example\n\n{text}'.encode(), policy=policy.SMTP)
                self.assertEqual(bool(hard_bounce(message)), is_hard)

    def test_every_answer_is_read_in_every_form(self):
        """Of 500 reports none is taken for a person's, each names our mail, and nobody is dead who is not."""
        missed = total = 0
        for made in make_bounces('<tea.4711@me.example>'):
            with self.subTest(report=made.name):
                message = message_from_bytes(made.raw, policy=policy.SMTP)
                kind = read(message).kind
                self.assertEqual(kind == 'dead', made.kind == 'dead')
                self.assertEqual(auto_reply.classify(message).kind, 'bounce')
                self.assertIn('<tea.4711@me.example>', mail_text.find_ids(message))
                missed += kind != made.kind
                total += 1
        self.assertGreater(total, 450)
        self.assertLessEqual(missed, total * 0.02)

    def test_the_copy_of_our_own_mail_says_nothing(self):
        for above in (
            '--- Below this line is a copy of the message.',
            '------ This is a copy of the message, including all the headers. ------',
            '----- Original message -----', 'Message headers follow.', 'Original message follows.',
            'Return-Path: <a@b.example>',
            '----- Unsent message follows -----', '原邮件信息：',
        ):
            with self.subTest(above=above):
                self.assertEqual(cut_copy(f'It is back.\n\n{above}\nSubject: x\n\nuser unknown'), 'It is back.')
        self.assertEqual(cut_copy('Received: only this'), 'Received: only this')

    def test_all_recipients_of_a_report_must_be_dead(self):
        raw = (MESSAGES / 'postfix_bounce.eml').read_bytes()
        block = b'Final-Recipient: rfc822; %s\nAction: %s\nStatus: %s\n\n'
        start, end = raw.index(b'Final-Recipient'), raw.index(b'\n\n', raw.index(b'Final-Recipient'))
        for first, second, kind in (
            ((b'failed', b'5.1.1'), (b'failed', b'5.1.1'), 'dead'), ((b'failed', b'5.1.1'), (b'failed', b'5.2.2'),
            'mailbox_full'),
            ((b'delayed', b'4.4.1'), (b'failed', b'5.1.1'), 'temporary'),
        ):
            with self.subTest(first=first, second=second):
                blocks = (block % (b'a@b.example', *first) + block % (b'c@b.example', *second)).rstrip()
                message = message_from_bytes(raw[:start] + blocks + raw[end:], policy=policy.SMTP)
                self.assertEqual(read(message).kind, kind)

    def test_a_report_whose_parts_cannot_be_told_is_read_as_one_text(self):
        raw = (MESSAGES / 'postfix_bounce.eml').read_bytes().replace(b'boundary="', b'boundary="rewritten-', 1)
        for broken in (raw, raw.replace(b'\r\n', b'\n').replace(b'\n', b'\r')):
            message = message_from_bytes(broken, policy=policy.SMTP)
            self.assertFalse(message.is_multipart())
            self.assertEqual((auto_reply.classify(message).kind, read(message).kind), ('bounce', 'dead'))
            self.assertTrue(mail_text.find_ids(message))
            self.assertNotIn('Content-Type', mail_text.get_body(message))

    def test_a_notice_that_somebody_forwards_without_a_word_is_one(self):
        notice = (
            'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>', 'To: lin@me.example', 'Subject: Returned mail', '',
            'The original message was received on Monday', '<bob@acme.example>', '550 5.1.1 <bob@acme.example>... User unknown')
        for above, kind in (
            ('Begin forwarded message:', 'bounce'), ('FYI', 'bounce'), ('-------- 转发邮件 --------', 'bounce'),
            ('Weitergeleitet.', 'bounce'), ('Bob has left, write to me.', 'person'), ('Why does it come back?', 'person'),
            ('FYI, write to ann@acme.example', 'person'),
        ):
            for mark in ('', '> '):
                with self.subTest(above=above, mark=mark):
                    text = '\n'.join((above, '', *(mark + line for line in notice)))
                    message = message_from_bytes(
                        f'From: Ann <ann@acme.example>\nSubject: Fwd: Returned mail: see transcript\n\n{text}'.encode())
                    self.assertEqual(auto_reply.classify(message).kind, kind)
                    self.assertEqual(read(message).kind, 'dead')
        plain = message_from_bytes(b'From: a@b.example\nSubject: Fwd: Price list\n\nFrom: MAILER-DAEMON@b.example\n')
        self.assertEqual(auto_reply.classify(plain).kind, 'person')

    def test_a_full_mailbox_in_the_text_is_believed_more_than_a_number(self):
        raw = (MESSAGES / 'postfix_bounce.eml').read_bytes()
        text = raw.replace(b'Diagnostic-Code: smtp; 550 5.1.1 <bob@acme.example>: User unknown', b'X-Note: none')
        self.assertEqual(read(message_from_bytes(text, policy=policy.SMTP)).kind, 'dead')

    def test_what_comes_from_elsewhere_is_a_robot_s_all_the_same(self):
        for raw in (
            'From: MAILER-DAEMON <>\nSubject: x\n\nno', 'From: Postmaster <>\nSubject: Mail Error\n\nno',
            'From: Delivery <d@x.example>\nSubject: Delivery status notification\n\nDelivery to the following recipients failed.',
            'From: postmaster@x.example\nSubject: Re: Tea\n\n', 'From: a@b.example\nX-Failed-Recipients: c@d.example\n\n',
        ):
            with self.subTest(raw=raw):
                self.assertEqual(auto_reply.classify(message_from_bytes(raw.encode(), policy=policy.SMTP)).kind, 'bounce')

    def test_hostile_reports_take_no_long_time(self):
        for piece in ('550 ', '5.1.1 ', 'user ', 'mailbox ', 'address is ', 'Received: x\n', '-', '<a@b.example>',
        '收件人', 'адрес ', 'a.b'):
            text = piece * (200_000 // len(piece))
            raw = f'From: mailer-daemon@x.example\nContent-Type: text/html\n\n<p>{text}<'
            for message in (message_from_bytes(raw.encode()), message_from_bytes(raw.replace('html', 'plain').encode())):
                with self.subTest(piece=piece):
                    self.assertLess(least_time(lambda message=message: read(message), 0.3), 0.3)
