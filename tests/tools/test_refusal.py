import smtplib
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.mail.refusal import classify, judge
from .hostile import least_time

# Basic code, words of the server, kind.
ANSWERS = """
550 5.1.1 <bob@acme.example>: Recipient address rejected: User unknown in virtual mailbox table | dead
550 5.1.1 <spam@policy.example>: user unknown | dead
550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking it | dead
550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient bob@acme.example not found by SMTP address lookup | dead
550 5.1.2 <bob@gone.example>: Recipient address rejected: Domain not found | dead
550 5.2.1 The email account that you tried to reach is disabled | dead
550 No such user here | dead
550 5.5.0 Requested action not taken: mailbox unavailable; no such user | dead
550 5.0.0 <bob@acme.example>... User unknown | dead
553 5.1.3 The recipient address <bob@acme..example> is not a valid RFC 5321 address | dead
550 Unrouteable address | dead
550 Mailbox not found http://service.mail.example/help | dead
550 用户不存在 | dead
550 5.0.0 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org | policy
550 5.1.1 Client host [192.0.2.1] blocked using bl.spamcop.net | policy
550 SPF check failed | policy
550 5.0.0 Access denied | policy
554 5.7.1 <bob@acme.example>: Relay access denied | policy
550 5.7.26 This mail has been blocked because the sender is unauthenticated | policy
550 5.7.1 mailbox unavailable: refused by policy | policy
550 5.7.1 No such user! | dead
554 5.0.0 Too many messages from your domain today | policy
554 Message classified as SPAM | policy
550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302) | dead
550 5.4.1 Recipient address rejected: Access denied. AS(201806281) | dead
554 5.7.1 <bob@acme.example>: Recipient address rejected: Access denied | policy
554 Transaction failed | policy
452 4.2.2 The email account that you tried to reach is over quota | mailbox_full
552 5.2.2 Mailbox full | mailbox_full
550 Mailbox is full | mailbox_full
451 4.7.1 Greylisting in action, please come back later | temporary
450 4.1.2 <bob@gone.example>: Recipient address rejected: Domain not found | temporary
450 4.1.1 User unknown | temporary
451 4.3.0 Try again later | temporary
550 5.1.8 <li@typo.example>: Sender address rejected: Domain not found | our_fault
550 5.1.7 <li@me.example>: Sender address rejected: user unknown | our_fault
553 5.1.0 sender rejected: mail from li@me.example is not owned by user | our_fault
550 5.0.0 Sender verify failed | our_fault
552 5.3.4 Message size exceeds fixed limit | our_fault
550 5.0.0 Message size exceeds limit | our_fault
421 4.3.2 Service shutting down | connection
421 4.7.0 Too many connections from your IP address | temporary
"""


def refuse(error):
    """The reason as Odoo writes it: `ir.mail_server.send_email`, then `exception_to_unicode`."""
    return f"Mail Delivery Failed\nMail delivery failed via SMTP server 'None'.\n{error.__class__.__name__}: {error}"


class TestRefusal(TestCase):

    def test_what_servers_say(self):
        for line in filter(None, ANSWERS.splitlines()):
            answer, _, kind = line.rpartition(' | ')
            code, words = int(answer[:3]), answer[4:].encode()
            refused = smtplib.SMTPRecipientsRefused({"o'hara@acme.example": (code, words)})
            for error in (refused, smtplib.SMTPDataError(code, words)):
                with self.subTest(answer=answer, error=type(error).__name__):
                    refusal = classify(refuse(error), 'unknown')
                    self.assertEqual(refusal.kind, kind)
                    self.assertIn(answer[4:].split()[-1], refusal.text)

    def test_the_enhanced_status_is_told_where_there_is_one(self):
        self.assertEqual(classify(refuse(smtplib.SMTPDataError(550, b'5.1.1 No such user')), 'unknown').code, '5.1.1')
        self.assertEqual(classify(refuse(smtplib.SMTPDataError(550, b'No such user at 10.5.1.1')), 'unknown').code, '550')

    def test_a_refused_sender_says_nothing_about_the_recipient(self):
        for words in (b'5.1.1 User unknown', b'5.1.8 Domain not found', b'no such user'):
            with self.subTest(words=words):
                error = smtplib.SMTPSenderRefused(550, words, 'li@me.example')
                self.assertEqual(classify(refuse(error), 'unknown').kind, 'our_fault')
        error = smtplib.SMTPSenderRefused(554, b'5.7.1 Client host blocked using zen.spamhaus.org', 'li@me.example')
        self.assertEqual(classify(refuse(error), 'unknown').kind, 'policy')

    def test_the_way_to_the_server(self):
        for error in (
            smtplib.SMTPServerDisconnected('Connection unexpectedly closed'), TimeoutError('timed out'),
            ConnectionResetError(104, 'Connection reset by peer'), smtplib.SMTPAuthenticationError(535, b'5.7.8 no such user'),
            OSError(101, 'Network is unreachable'), smtplib.SMTPConnectError(554, b'no such user'),
        ):
            with self.subTest(error=error):
                self.assertEqual(classify(refuse(error), 'unknown').kind, 'connection')
        self.assertEqual(classify('[Errno 111] Connection refused', 'mail_smtp').kind, 'connection')
        self.assertEqual(classify("(535, b'5.1.1 user unknown')", 'mail_smtp').kind, 'connection')

    def test_what_is_wrong_with_the_mail_itself(self):
        for reason, failure_type in (
            ('Invalid From', 'mail_from_invalid'), ('x', 'mail_email_invalid'),
            ('Header values may not contain linefeed', 'unknown'),
            (refuse(smtplib.SMTPNotSupportedError('SMTPUTF8 not supported by server')), 'unknown'),
        ):
            with self.subTest(reason=reason):
                self.assertEqual(classify(reason, failure_type).kind, 'our_fault')

    def test_nothing_known_is_tried_again(self):
        for reason in (None, '', ' \n'):
            self.assertEqual(classify(reason, None).kind, 'temporary')

    def test_only_words_about_the_address_kill_a_vague_status(self):
        self.assertEqual(judge('5.0.0', ''), 'policy')
        self.assertEqual(judge('', ''), 'policy')
        self.assertEqual(judge('', 'user unknown'), 'dead')
        self.assertEqual(judge('5.4.4', ''), 'dead')

    @settings(max_examples=200, deadline=None)
    @given(st.text(), st.sampled_from([None, 'unknown', 'mail_smtp', 'x']))
    def test_nothing_raises(self, reason, failure_type):
        self.assertLessEqual(len(classify(reason, failure_type).text), 300)
        classify(f"(550, b'{reason}", failure_type)

    def test_long_answers_take_no_long_time(self):
        pieces = ('a', ' ', 'a.', '@', '\\', 'user ', 'sender ', "(550, '", 'mailbox is ', '5.1.1 ', '550 ', "{'a': (550, b'")
        for text in (piece * (1_000_000 // len(piece)) for piece in pieces):
            with self.subTest(text=text[:10]):
                self.assertLess(least_time(
                    lambda text=text: (classify(text, 'unknown'), judge('5.0.0', text)), 0.2), 0.2)
