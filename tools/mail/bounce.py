"""Read a returned mail: what became of it, whether that is the address's end, and in whose words."""

import re
from email.message import Message
from itertools import islice
from typing import NamedTuple

from .mail_text import get_content_type, get_header, get_notice, iter_parts
from .phrases import any_of
from .robot_words import FORWARDED_DAEMON
from .server_words import find_dead_words, find_kind, plain_words


class Bounce(NamedTuple):
    """``kind`` is one of

    dead          the address or its domain does not exist, or is closed
    mailbox_full  somebody lives there: another day
    policy        about us: block lists, spam, SPF and DMARC, the sender, too many mails, too large a one
    temporary     not just then: a busy server, a broken line, days in a queue
    complaint     its reader says that it is spam
    unknown       it came back, and nothing says why

    ``detail`` is the status or the words that say so, at most 120 letters; with ``is_final`` false the servers try on.
    """

    kind: str
    detail: str = ''
    is_final: bool = True


_STATUS = re.compile(r'(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])')
_BASIC = re.compile(r'(?<![\d.:\-\[])([45]\d\d)(?=[ \-#:]|$)')
# A line of an SMTP dialogue, or what programs write before it.
_ANSWER = re.compile(r'(?<![\d.:\-\[])[45]\d\d[ \-](?:#?[45]\.\d{1,3}\.\d{1,3})?|#?[45]\.\d{1,3}\.\d{1,3}(?![\d.])')
_SEARCHED = 4_000  # letters of a notice; below them stands our own mail
_AROUND = 250  # letters before and after the words, in which others may say that it is not the address
_MAX_BLOCKS = 50
# What stands above the copy of our own mail, whose words say nothing about its way.
_COPY = any_of(r"""
    ^(?:原邮件|原信|原始邮件|邮件原文)(?:信息|内容|主题)?.{0,3}$
    ^[ \t>]{0,4}(?:-{2,40}[ \t]{0,3})?(?:(?:this|below|following|here|enclosed|attached) (?:this line )?is a copy
        |(?:a[ ]|the )?(?:copy of (?:the|your) |the |your |headers? of )?(?:original|returned|unsent|undelivered
        |failed|rejected) (?:message|mail|e-?mail)\b.{0,40}|message (?:headers? follow|text follows|header)
        |original message (?:headers|follows)|unsent message|returned message|included is a copy
        |the original message (?:follows|was included)|first \d+ (?:lines|bytes)|message header).{0,60}$
    ^(?:received|return-path|dkim-signature|x-mailer|mime-version|message-id): .{3,}$
    ^-{3,40}[ \t]{0,3}(?:original|原始|原邮件|原信|邮件原文|исходное|元の|원본|original-|ursprüng|forwarded).{0,60}$
""", re.MULTILINE)


def read(message: Message) -> Bounce:
    """Return what a returned mail says. Never raises.

    A delivery report decides (RFC 3464: ``Action``, ``Status``, ``Diagnostic-Code``), together with what its text for people
    says of it; where there is none, the text. Of several recipients all must be dead for the address to be.
    """
    text = cut_copy(_take_forwarded(get_notice(message)))
    found = [_read_block(block, text) for block in _iter_blocks(message)] or [_read_text(text)]
    return next((bounce for bounce in found if bounce.kind != 'dead'), found[0])


def hard_bounce(message: Message) -> str:
    """Return the status or the words that say that the address does not exist; '' for a soft bounce and for any other mail."""
    bounce = read(message)
    return bounce.detail if bounce.kind == 'dead' else ''


def cut_copy(text: str) -> str:
    """Return a notice's text without the copy of our own mail below it."""
    text = text[:_SEARCHED]
    for found in _COPY.finditer(text):
        if text[:found.start()].strip():
            return text[:found.start()].strip()
    return text


def _take_forwarded(text: str) -> str:
    """Return the notice that somebody forwards below a mail program's headers, without marks; else the text."""
    found = FORWARDED_DAEMON.search(text[:_SEARCHED])
    if not found:
        return text
    return '\n'.join(line.lstrip('> ') for line in text[found.start():].splitlines()).partition('\n\n')[2] or text


def _iter_blocks(message: Message):
    """Yield (action, status, diagnostic) of each recipient of a delivery report."""
    parts = (part for part in iter_parts(message) if get_content_type(part).endswith('delivery-status'))
    blocks = (block for part in parts for block in iter_parts(part) if block is not part)
    for block in islice(blocks, _MAX_BLOCKS):
        values = tuple(get_header(block, name) for name in ('Action', 'Status', 'Diagnostic-Code'))
        if any(values):
            yield values


def _read_block(values, text):
    action, status, diagnostic = values
    action = action.lower()
    diagnostic = diagnostic.partition(';')[2].strip() or diagnostic
    if action.startswith('delayed'):
        return Bounce('temporary', diagnostic[:120], False)
    if action and not action.startswith('failed'):
        return Bounce('unknown', action[:120], False)
    code = _pick_status(status, diagnostic)
    if code.startswith('4.1.') and action and find_dead_words(diagnostic):
        code = f'5{code[1:]}'  # it was tried for days, and all the while nobody knew the address
    kind = find_kind(code, diagnostic)
    told = _read_text(text) if not kind or kind == 'dead' else None
    if told and (not kind and told.kind != 'unknown' or told.kind == 'mailbox_full'):
        return told  # the report names a number at best, its text says why
    return _make(kind, code if kind == 'dead' and code else diagnostic, [code])


def _pick_status(status, diagnostic):
    """The status that says the most: reporting servers write 5.0.0 above an answer of 5.1.1."""
    code = next(iter(_STATUS.findall(status)), '')
    said = [found for found in _STATUS.findall(diagnostic) if not found.startswith('2')]
    if said and (not code or code.endswith('.0.0') or code[2:] in ('5.0', '3.0', '1.0', '2.0', '4.0')):
        return said[0]
    return code or next(iter(_BASIC.findall(diagnostic)), '')


def _read_text(text):
    """Return what a text for people says: the server's answer in it decides, else the words about the address."""
    answers = ' '.join(_iter_answers(text.splitlines()))
    if answers:
        codes = [code for code in _STATUS.findall(answers) if not code.startswith('2')] or _BASIC.findall(answers)
        if kind := find_kind(codes[0] if codes else '', answers):
            return _make(kind, find_dead_words(answers) if kind == 'dead' else answers, codes[:1])
    words = plain_words(text)
    if dead := find_dead_words(text):
        start = words.find(dead)
        kind = find_kind('', words[max(0, start - _AROUND):start + len(dead) + _AROUND])
        return _make(kind, dead if kind == 'dead' else words)
    return _make(find_kind('', words), words)


def _iter_answers(lines):
    """Yield the lines of a server's answer, and the one that it goes on in: notices are broken where a line is full."""
    goes_on = False
    for line in lines:
        is_answer = bool(_ANSWER.search(line))
        if is_answer or goes_on and line.strip():
            yield line
        goes_on = is_answer


def _make(kind, words, codes=()):
    return Bounce('policy' if kind == 'our_fault' else kind or 'unknown', ' '.join(words.split())[:120] or ''.join(codes))
