"""The one form of an e-mail address by which contacts, the blacklist, the ledger and patterns are compared.

An address is written in many ways: in upper case, with its host in letters of any script or as DNS has it (``xn--…``), with a
final dot, in full-width forms, with marks that nobody sees. :func:`canonical` is the same for all of them, and
:func:`read` tells how many addresses stand in a field: a mail program, and Odoo, mail every one of them.
"""

import re
import unicodedata
from collections.abc import Iterator
from email.utils import getaddresses
from typing import NamedTuple

import idna

from .address_text import MAX_ADDRESS, MAX_LOCAL, PLAIN, bare
from .company_domain import look_up

# What is canonical once it is in lower case, and of at most so many characters before the @ and in all. The database takes
# the same expression, so that a million contacts need not come to Python.
PLAIN_ADDRESS = r"^[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"
MAX_FIELD = 2_000  # more is a text, of which only the beginning is read

_PLAIN = re.compile(PLAIN_ADDRESS)
# Two scripts' spelling needs them inside a word; anywhere else they are as invisible as the others
_JOINERS = dict.fromkeys((0x200C, 0x200D))
_VISIBLE = {code: ' ' if chr(code).isspace() else text for code, text in PLAIN.items() if code not in _JOINERS}
_NAME = re.compile(r'"(?:[^"\\]|\\.)*"(?=\s*<)')  # before an address in angle brackets, whatever it holds
_SPACED_AT = re.compile(r'\s*@\s*')
_ATOM = re.compile(r'[^\s,;<>"()\[\]:\\@]+@[^\s!-,/:-@\[-^`{-~]+')
_ASCII_ADDRESS = re.compile(r'[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,63}')
_TOKEN = re.compile(r'[^\s,;|<>"()\[\]{}:\\]+')
_HOST = re.compile(r'[^!-,/:-@\[-^`{-~]*')  # no ASCII punctuation but .-_
_TAIL = re.compile(r"""[?/&].*|['`*_~!.。‘’–—-]*""")  # what may follow a host: the path of a link, the end of a sentence
_START = re.compile(r"""\?(?:.*[=?&])?|[/&|+~*=!'`]+""")  # what may stand before an address that follows another one


class Reading(NamedTuple):
    """What stands in an address field: the ``email`` of a single address, and all ``emails`` in order, each once.

    Of several addresses those that no mail server takes are among ``emails`` as they came: one would be tried all the same.
    """

    email: str | None
    emails: tuple[str, ...]

    @property
    def kind(self) -> str:
        """``one``, ``several`` or ``none``."""
        return 'one' if self.email else 'several' if self.emails else 'none'

    @property
    def several(self) -> str | None:
        """The addresses with spaces between them, where there is more than one."""
        return None if self.email else ' '.join(self.emails) or None


def canonical(text: str | None) -> str | None:
    """Return the canonical form of the one address in a text, None where there is none or more than one."""
    return read(text).email


def read(text: str | None) -> Reading:
    """Return which addresses stand in an address field, in their canonical form."""
    text = (text or '')[: MAX_FIELD + 1]
    lower = text.lower()
    if _PLAIN.fullmatch(lower) and lower.find('@') <= MAX_LOCAL and len(lower) <= MAX_ADDRESS:
        return Reading(lower, (lower,))
    found = dict.fromkeys(
        (_join(local, host), f'{local}@{host}'.lower()) for local, host in _find(text) if local and host)
    if len({email or raw for email, raw in found}) == 1:
        email = next(filter(None, (email for email, _raw in found)), None)
        is_whole = len(text) <= MAX_FIELD
        if email and (others := _others_tried(text, email)):
            return Reading(None, (email, *others))
        return Reading(email, (email,)) if email and is_whole else Reading(None, ())
    return Reading(None, tuple(dict.fromkeys(email or raw for email, raw in found)))


def _others_tried(text: str, email: str) -> tuple[str, ...]:
    """Return what Python's reader of address headers, and with it Odoo, takes for addresses in a text beside the one that is
    there: it would try to mail them, however broken they are.
    """
    if text.count('@') < 2:
        return ()
    try:
        parts = [_last_word(name, part) for name, part in getaddresses([text]) if '@' in part]
    except RecursionError:  # of brackets in brackets
        return ()
    if any(part.startswith('@') for part in parts):  # then Odoo takes plain ones only, if there are any
        parts = _ASCII_ADDRESS.findall(text) or parts
    return tuple(dict.fromkeys(part for part in parts if len(parts) > 1 and canonical(part) != email))


def _last_word(name: str, part: str) -> str:
    """Return the last word with an @ of what is no name and has spaces, as Odoo takes it."""
    words = getaddresses([part.replace(' ', ',')]) if not name and ' ' in part else ()
    return next((word for _name, word in reversed(words) if '@' in word), part)


def spellings(text: str | None) -> tuple[str, ...]:
    """Return the addresses in a text, each as DNS has its host and in letters: by these other programs know it."""
    emails = [email for email in read(text).emails if canonical(email) == email]
    return tuple(dict.fromkeys(form for email in emails for form in (email, _in_letters(email))))


def _in_letters(email: str) -> str:
    local, _at, host = email.rpartition('@')
    return f'{local}@{in_letters(host)}'


def in_letters(host: str) -> str:
    """Return a host as people write it: ``bücher.de`` for ``xn--bcher-kva.de``."""
    try:
        return idna.decode(host) if 'xn--' in host else host
    except UnicodeError:  # IDNAError is one
        return host


def _find(text: str) -> Iterator[tuple[str, str]]:
    """Yield (before the @, after it) of whatever in a text may be an address."""
    # What somebody has cut is no address any more, and surely not the one of what is left of its host.
    text = unicodedata.normalize('NFKC', _NAME.sub(' ', text).replace('…', '$')).translate(_VISIBLE)
    if text.count('@') == 1:
        text = _SPACED_AT.sub('@', text.strip())
    for token in [text] if _ATOM.fullmatch(text) else _TOKEN.findall(text):
        if '@' in token:
            yield from _take_apart(bare(token))


def _take_apart(token: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses of a word: one, or many with nothing but a stroke or a full stop between them (``a@x.com/b@y.com``)."""
    local, *between, last = token.split('@')
    for part in between:
        host = _HOST.match(part)[0]
        rest = part[len(host):]
        if not rest and '。' in host:
            host, _stop, rest = host.rpartition('。')
        yield local, host
        local = _START.sub('', rest) or host
    host = _HOST.match(last)[0]
    # What goes on otherwise is kept, and is no host then: never the beginning of it, which is somebody else's
    yield local, host if _TAIL.fullmatch(last, len(host)) else last


def _join(local: str, host: str) -> str | None:
    """Return the canonical address of its two parts, None for what no mail server takes."""
    local = unicodedata.normalize('NFKC', local.translate(_JOINERS).lower())
    host = host.lower().replace('。', '.')
    ascii_host = look_up(host)[0] or look_up(host.translate(_JOINERS))[0]
    email = f'{local}@{ascii_host}'
    return email if ascii_host and 0 < len(local) <= MAX_LOCAL and len(email) <= MAX_ADDRESS else None
