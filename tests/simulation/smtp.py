"""A mail server that lives in the process: smtplib talks to it through its own protocol, and what it accepts has left.

`PostOffice` is patched under `smtplib.SMTP`, so everything above it is what runs in production: Odoo's connection, its sessions,
what it makes of a refused recipient, a broken connection or no answer at all.
"""
import smtplib
from email import message_from_bytes, policy
from typing import NamedTuple

REFUSED = '550 5.1.1 <{}>: Recipient address rejected: User unknown'
GREY = '451 4.7.1 <{}>: Greylisted, please try again later'


class Mail(NamedTuple):
    """What left: taken from the envelope and the headers, not from any table."""
    moment: object  # UTC
    server: str
    sender: str
    recipients: tuple
    message_id: str
    headers: dict
    text: str
    html: str = ''

    @property
    def subject(self):
        return self.headers.get('Subject', '')


class PostOffice:
    """The mail servers of the world by host, each with its weather, and everything that they accepted.

    Weathers: up · down (connection refused) · busy (421 as greeting) · grey (451 for each address until it comes again) ·
    rejecting (554 for every recipient) · full (452 after some mails) · dropping (closes the connection before its answer) ·
    taking (takes the mail and closes the connection before its answer) · silent (takes the mail and never answers) ·
    deaf (neither takes nor answers) · slow (two minutes a mail)
    """

    def __init__(self, clock, on_left=None):
        self.clock = clock
        self.on_left = on_left or (lambda mail: None)
        self.weather = {}
        self.dead = set()      # addresses that do not exist
        self.blocking = set()  # hosts that take nothing of ours
        self.disliked = set()  # addresses for whom no mail is taken once it was read
        self.seen = {}         # address: when it first came in grey weather
        self.left = []
        self.refused = []      # (moment, address, answer)
        self.accepted = 0      # of the present weather

    def set_weather(self, host, weather):
        self.weather[host] = weather
        self.accepted = 0

    def connect(self, host):
        weather = self.weather.get(host, 'up')
        if weather == 'down':
            raise ConnectionRefusedError(111, "Connection refused")
        return Wire(self, host, weather)

    def accept(self, mail):
        self.accepted += 1
        self.left.append(mail)
        self.on_left(mail)

    def get_objection(self, address, weather):
        """What the server answers to a recipient, or None."""
        address = address.lower()
        if address in self.dead:
            answer = REFUSED.format(address)
        elif weather == 'rejecting' or address.rpartition('@')[2] in self.blocking:
            answer = '554 5.7.1 Service unavailable; client host blocked'
        elif weather == 'grey' and self.seen.setdefault(address, self.clock()) == self.clock():
            answer = GREY.format(address)
        else:
            return None
        self.refused.append((self.clock(), address, answer))
        return answer


class Wire:
    """The server's end of a connection, as the socket that smtplib writes to and the file that it reads from."""

    def __init__(self, office, host, weather):
        self.office, self.host, self.weather = office, host, weather
        self.answers = [b'421 4.3.2 too busy' if weather == 'busy' else b'220 sim ESMTP']
        self.closed = False
        self.body = None
        self.reset()

    def reset(self):
        self.sender, self.recipients = None, []

    # The socket

    def sendall(self, data):
        if self.closed:
            raise BrokenPipeError(32, "Broken pipe")
        if self.body is not None:
            self.body += data
            if self.body.endswith(b'\r\n.\r\n'):
                body, self.body = self.body[:-3], None
                self.take(body)
            return
        for line in data.split(b'\r\n'):
            if line:
                self.command(line.decode('utf-8'))

    def makefile(self, *_args, **_kwargs):
        return self

    def close(self):
        pass

    # The file

    def readline(self, *_args):
        if self.answers:
            return self.answers.pop(0) + b'\r\n'
        if self.closed:
            return b''
        self.office.clock(60)
        raise TimeoutError("timed out")

    # The server

    def answer(self, text):
        self.answers.append(text.encode())

    def command(self, line):
        verb = line.split(' ', 1)[0].split(':', 1)[0].upper()
        if verb == 'EHLO':
            # Two kinds of servers: those that are asked one thing after the other, and those that take several at once.
            self.answers += [b'250-sim', *[b'250-PIPELINING'] * (len(self.host) % 2), b'250-SMTPUTF8', b'250 8BITMIME']
        elif verb == 'MAIL':
            self.reset()
            self.sender = _get_address(line)
            self.answer('452 4.5.3 too many mails' if self.weather == 'full' and self.office.accepted >= 3 else '250 ok')
        elif verb == 'RCPT':
            address = _get_address(line)
            objection = self.office.get_objection(address, self.weather)
            if not objection:
                self.recipients.append(address)
            self.answer(objection or '250 ok')
        elif verb == 'DATA':
            if self.recipients:
                self.body = b''
            self.answer('354 go on' if self.recipients else '554 5.5.1 no valid recipients')
        elif verb == 'QUIT':
            self.answer('221 bye')
            self.closed = True
        else:
            if verb == 'RSET':
                self.reset()
            self.answer('250 ok')

    def take(self, body):
        office, weather = self.office, self.weather
        dislikes = office.disliked.intersection(self.recipients)
        office.clock(120 if weather == 'slow' else 1)
        if weather not in ('deaf', 'dropping') and not dislikes:
            office.accept(self.read(body))
        if dislikes:
            self.answer('554 5.7.1 the content looks like spam')
        elif weather in ('dropping', 'taking'):
            self.closed = True
        elif weather not in ('silent', 'deaf'):
            self.answer('250 2.0.0 queued')
        self.reset()

    def read(self, body):  # pylint: disable=method-required-super
        message = message_from_bytes(body, policy=policy.default)
        headers = {name: str(value) for name, value in message.items()}
        part, html = message.get_body(('plain', 'html')), message.get_body(('html',))
        return Mail(
            self.office.clock(), self.host, self.sender, tuple(self.recipients), headers.get('Message-Id', '').strip(), headers,
            part.get_content() if part else '', html.get_content() if html else '')


def _get_address(line):
    return line.partition('<')[2].partition('>')[0]


def make_smtp(office):
    """A class to put in place of smtplib.SMTP, whose connections end at the post office."""
    class SMTP(smtplib.SMTP):
        def __init__(self, host='', port=0, local_hostname=None, *args, **kwargs):
            super().__init__(host, port, local_hostname or 'sim.example', *args, **kwargs)

        def _get_socket(self, host, port, timeout):
            return office.connect(host)

    return SMTP
