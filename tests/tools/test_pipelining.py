import smtplib
from email.message import EmailMessage
from unittest import TestCase

from odoo.addons.mass_mailing_cadence.tools.mail import lost_line, pipelining


class Server:
    """The server's end of a connection: says the next of its answers to each command, and hangs up where there is none left."""

    def __init__(self, *answers, greeting=('220 hello', '250-hello', '250-SIZE 1000', '250 PIPELINING')):
        self.answers, self.heard = [*greeting, *answers], []

    def sendall(self, data):
        self.heard.append(data.decode())

    def makefile(self, *_args):
        return self

    def readline(self, *_args):
        return f'{self.answers.pop(0)}\r\n'.encode() if self.answers else b''

    def close(self):
        pass


def connect(server):
    class SMTP(smtplib.SMTP):
        def _get_socket(self, *_args):
            return server

    session = SMTP('mx.example', 25, 'me.example')
    session.ehlo_or_helo_if_needed()
    server.heard.clear()
    return session


class TestPipelining(TestCase):

    def _send(self, *answers, to=('ann@a.example',), text='Dear Ann,\n.\n..end', **options):
        self.server = Server(*answers, **options)
        self.session = connect(self.server)
        message = EmailMessage()
        message['Subject'] = 'Cranes'
        message.set_content(text)
        pipeline = pipelining.Pipeline(self.session) if self.session.has_extn('pipelining') else self.session
        refused = pipeline.send_message(message, 'li@me.example', list(to))
        if pipeline is not self.session:
            pipeline.hear()
        return refused

    def _fail(self, error, *answers, **options):
        try:  # assertRaises would forget where it was raised
            self._send(*answers, **options)
        except error as caught:
            return caught
        self.fail(f"{error} was not raised")

    def test_a_mail_takes_two_round_trips_and_is_what_smtplib_sends(self):
        self.assertEqual(self._send('250 ok', '250 ok', '354 go on', '250 taken'), {})
        self.assertEqual(len(self.server.heard), 2)
        envelope, content = self.server.heard
        self.assertRegex(envelope, r'^MAIL FROM:<li@me.example> size=\d+\r\nRCPT TO:<ann@a.example>\r\nDATA\r\n$')
        self._send('250 ok', '250 ok', '354 go on', '250 taken', greeting=('220 hello', '250-hello', '250 SIZE 1000'))
        self.assertEqual(len(self.server.heard), 4)
        self.assertEqual(self.server.heard[-1], content)
        self.assertIn('\r\n..\r\n...end\r\n.\r\n', content)

    def test_an_answer_that_nobody_waited_for_is_heard_before_the_next_mail(self):
        self.server = Server(
            '250 ok', '250 ok', '354 go on', '554 spam', '250 reset', '250 ok', '250 ok', '354 go on', '250 taken')
        pipeline = pipelining.Pipeline(connect(self.server))
        message = EmailMessage()
        pipeline.send_message(message, 'li@me.example', ['ann@a.example'])
        with self.assertRaises(smtplib.SMTPDataError):
            pipeline.send_message(message, 'li@me.example', ['bob@a.example'])
        pipeline.send_message(message, 'li@me.example', ['bob@a.example'])
        pipeline.hear()
        self.assertEqual(self.server.answers, [])

    def test_what_a_server_refuses_is_told_as_smtplib_does_and_the_next_mail_can_go(self):
        for answers, error in [
                (['550 no', '503 sender first', '503 sender first', '250 reset'], smtplib.SMTPSenderRefused),
                (['250 ok', '550 5.1.1 nobody', '554 no recipients', '250 reset'], smtplib.SMTPRecipientsRefused),
                (['250 ok', '550 5.1.1 nobody', '354 go on', '554 empty', '250 reset'], smtplib.SMTPRecipientsRefused),
                (['250 ok', '250 ok', '451 later', '250 reset'], smtplib.SMTPDataError),
                (['250 ok', '250 ok', '354 go on', '554 spam', '250 reset'], smtplib.SMTPDataError)]:
            with self.subTest(answers=answers):
                self._fail(error, *answers)
                self.assertEqual(self.server.heard[-1], 'RSET\r\n')
                self.assertEqual(self.server.answers, [], "each answer was heard")
                self.assertNotIn('Cranes', ''.join(self.server.heard[:-2]), "nobody gets a mail that was refused")

    def test_a_server_that_says_no_and_hangs_up_has_said_no(self):
        self._fail(smtplib.SMTPRecipientsRefused, '250 ok', '550 5.1.1 nobody', '554 no recipients')
        self._fail(smtplib.SMTPDataError, '250 ok', '250 ok', '354 go on', '554 spam')

    def test_the_reason_is_that_of_the_address(self):
        error = self._fail(smtplib.SMTPRecipientsRefused, '250 ok', '550 5.1.1 nobody', '554 no recipients', '250 reset')
        self.assertEqual(error.recipients, {'ann@a.example': (550, b'5.1.1 nobody')})
        self.assertEqual(
            self._send('250 ok', '250 ok', '550 nobody', '354 go on', '250 taken', to=('ann@a.example', 'bob@a.example')),
            {'bob@a.example': (550, b'nobody')})

    def test_a_server_that_hangs_up_is_no_error_of_the_mail_until_it_has_the_mail(self):
        for answers, error in [(['421 busy'], smtplib.SMTPSenderRefused), (['250 ok', '421 busy'], smtplib.SMTPRecipientsRefused),
                               (['250 ok', '250 ok', '421 busy'], smtplib.SMTPDataError)]:
            with self.subTest(answers=answers):
                self._fail(error, *answers)
                self.assertIsNone(self.session.sock)
        for known, answers in enumerate([[], ['250 ok'], ['250 ok', '250 ok'], ['250 ok', '250 ok', '354 go on']]):
            with self.subTest(answers=answers):
                error = self._fail(smtplib.SMTPServerDisconnected, *answers)
                self.assertEqual(lost_line.is_within_data(error), known == 3)

    def test_an_address_that_is_more_than_ascii_is_left_to_smtplib(self):
        self._fail(smtplib.SMTPNotSupportedError, to=('ann@bücher.example',))
        self._send('250 ok', '250 ok', '354 go on', '250 taken', to=('ann@a.example>\r\nRCPT TO:<bob@b.example',))
        self.assertNotIn('bob', ''.join(self.server.heard))
