"""What a mail server means that refuses a mail: the address is dead, or it speaks of us, of the moment or of the way.

A dead address is out for good, so only a strong sign says so: a status that is about the address, or words that are, and no
word of a policy beside it. Sources: RFC 5321 4.2 (basic codes), RFC 3463 (enhanced codes), Python's ``smtplib`` for exceptions.
"""

import re
from ast import literal_eval
from typing import NamedTuple

from .server_words import SEARCHED, is_policy, judge


class Refusal(NamedTuple):
    """``kind`` is one of

    dead          the address or its domain does not exist, or is closed: never again
    mailbox_full  somebody lives there: another day
    policy        refused for good, for what we are or for a reason not told; says nothing about the address
    temporary     greylisting, a busy server: again the same day
    connection    no server, no login, a line that broke: again, and a person should look at the server
    our_fault     the mail itself: its sender, its headers, its size, an address that cannot be written into a mail

    ``code`` is the status (5.1.1, else 550, '' for none), ``text`` the server's words or the error's, at most 300 letters.
    """

    kind: str
    code: str = ''
    text: str = ''


_LENGTH = 300  # of the words that are told

_STATUS = re.compile(r'(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])')
_EXCEPTION = re.compile(r'^(?:\w+\.)*(\w+(?:Error|Exception|Refused|Disconnected|timeout|gaierror|herror)): ?', re.MULTILINE)
_ANSWER = re.compile(r'\((\d{3}), ?(b?(?:\'(?:[^\'\\]|\\.)*\'|"(?:[^"\\]|\\.)*"))')
_PLAIN_ANSWER = re.compile(r'(?:^|[\s:])([45]\d\d)[ -]')
_LINES = {
    'SMTPConnectError', 'SMTPHeloError', 'SMTPAuthenticationError', 'SMTPServerDisconnected', 'TimeoutError', 'timeout',
    'gaierror', 'herror', 'SSLError', 'SSLEOFError', 'SSLZeroReturnError', 'SSLCertVerificationError', 'OSError',
    'ConnectionError', 'ConnectionResetError', 'ConnectionRefusedError', 'ConnectionAbortedError', 'BrokenPipeError',
}
_TROUBLE = re.compile(
    r'\btimed? ?out\b|connection (?:refused|reset|unexpectedly closed|aborted|lost)|broken pipe|unreachable|name or service',
    re.IGNORECASE)
_GREY = re.compile(r'gr[ae]y[ -]?list', re.IGNORECASE)
_KINDS = {
    'mail_smtp': 'connection', 'mail_spam': 'policy', 'mail_from_invalid': 'our_fault', 'mail_from_missing': 'our_fault',
    'mail_email_invalid': 'our_fault', 'mail_email_missing': 'our_fault',
}


def classify(reason: str | None, failure_type: str | None) -> Refusal:
    """Return what became of a mail that Odoo could not send, by its ``failure_reason`` and ``failure_type``. Never raises.

    ``ir.mail_server.send_email`` writes the exception's name and text into the reason, in any language around it; an exception
    while the mail is built leaves its text alone. Without any reason it is ``temporary``: nobody said no.

    >>> classify("SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 <a@b.example>: User unknown')}", 'unknown').kind
    'dead'
    """
    reason = (reason or '')[:SEARCHED]
    if failure_type in _KINDS:
        return Refusal(_KINDS[failure_type], _get_status('', reason), _shorten(reason))
    name = next(iter(_EXCEPTION.findall(reason)), '')
    basic, words = _get_answer(reason)
    if name in _LINES:
        return Refusal('connection', _get_status(basic, words), _shorten(words or reason))
    if name == 'SMTPSenderRefused' and basic.startswith('5'):
        # Some servers look at the whole of us only after MAIL FROM; either way it is not the recipient.
        kind = 'policy' if judge(_get_status(basic, words), words) == 'policy' and is_policy(words) else 'our_fault'
        return Refusal(kind, _get_status(basic, words), _shorten(words))
    if basic:
        status = _get_status(basic, words)
        kind = 'connection' if basic == '421' and not is_policy(words) else judge(status, words)
        return Refusal(kind, status, _shorten(words))
    if not reason.strip():
        return Refusal('temporary')
    return Refusal('connection' if _TROUBLE.search(reason) else 'our_fault', '', _shorten(reason))


def is_about_us(refusal: Refusal) -> bool:
    """Return whether a server refuses us rather than the address: for good, or for now as 421 4.7.x and 450 4.7.x do.

    Greylisting has such a status too, and asks everybody to come again.

    >>> [is_about_us(Refusal('temporary', '4.7.28', words)) for words in ('unusual rate of mail', 'Greylisted')]
    [True, False]
    """
    if refusal.kind == 'policy':
        return True
    return refusal.kind == 'temporary' and refusal.code.startswith('4.7.') and not _GREY.search(refusal.text)


def _get_answer(reason: str) -> tuple[str, str]:
    """Return basic code and words of a server's answer; '' and '' where the reason holds none."""
    if found := _ANSWER.search(reason):
        try:
            words = literal_eval(found[2])
        except (ValueError, SyntaxError):
            words = found[2]
        return found[1], words.decode('utf-8', 'replace') if isinstance(words, bytes) else words
    if found := _PLAIN_ANSWER.search(reason):
        return found[1], reason[found.start(1):]
    return '', ''


def _get_status(basic: str, words: str) -> str:
    found = next((status for status in _STATUS.findall(words) if not basic or status[0] == basic[0]), '')
    return found or basic


def _shorten(text: str) -> str:
    return ' '.join(text.split())[:_LENGTH]
