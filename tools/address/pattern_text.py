"""Take lists of address patterns apart as people write them, and bring the parts of a pattern into the form they hold in.

What has one clear meaning is changed into it, what could never hold is refused: a pattern that silently holds for nobody
mails those whom its author believes to have left out.
"""

import re
import unicodedata
from collections.abc import Iterator

import idna

# Why a piece of a list is no pattern.
FAULTS = (
    'everybody',  # it would hold for every address
    'starts_at_host',  # no address begins with an @ or a dot
    'ends_at_local',  # no address ends with an @
    'two_ats',
    'star',  # a star where it is not the rest of the text
    'slash',  # a path, or two texts?
    'characters',  # some that no address has
    'host',  # not a domain, nor the end of one
    'letters',  # a part of a name whose other letters DNS encodes as a whole
    'long',
)
MAX_ADDRESS, MAX_LOCAL, MAX_HOST, MAX_LABEL = 254, 64, 253, 63  # RFC 5321 4.5.3.1, RFC 1035 2.3.4

_INVISIBLE = ('Cc', 'Cf', 'Cs')  # controls, zero-width and direction marks, lone surrogates
_BULLET = re.compile(r'^\s*(?:[-*•·–—]|\d{1,3}[.)])\s+(?=\S)', re.MULTILINE)
_IN_BRACKETS = re.compile(r'(?:"[^"<>\n]*"\s*|[^;,|<>\n"]*)<([^<>\n]*[@.][^<>\n]*)>')  # Rival Ltd <a@rival.example>
_WRAPPING = '"\'`<>()[]{}'
_PLAIN = str.maketrans('“”„«»「」『』《》。', '"""""""""<>.')
_PAGE = re.compile(r'^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?=.)|^www\.(?=[^./?#:@]+\.)')
_PORT = re.compile(r':\d{1,5}$')
_LABEL = re.compile(r'[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?')
_LAST_LABEL = re.compile(r'(?![0-9]+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?')
_HOST_BEGINNING = re.compile(r'(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*(?:[a-z0-9_][a-z0-9_-]*)?')
_NOT_IN_LOCAL = re.compile(r'[\s"(),:;<>@\[\\\]*/|^$`{}]')


class Refusal(Exception):
    """A piece that can never hold; ``reason`` is one of :data:`FAULTS`."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


# The list


def pieces(text: str, *, pages: bool = True) -> Iterator[str]:
    """Yield the pieces of a list in lower case, without what only wraps them: quotes, brackets, ``mailto:``.

    Separators are ``;``, commas, ``|``, spaces and new lines, in Chinese or English form, and a ``/`` between two of a kind.
    Of web ``pages`` the host is left.
    """
    text = _IN_BRACKETS.sub(r' \1 ', _BULLET.sub('', _fold(text)))
    for token in re.split(r'[;,、|\s]+', text):
        token = _unwrap(token, pages)
        yield from filter(None, (_unwrap(part, pages) for part in _split_slash(token)))


def _fold(text: str) -> str:
    text = unicodedata.normalize('NFKC', text).lower().translate(_PLAIN)
    return ''.join(
        sign
        for sign in unicodedata.normalize('NFKC', text)
        if sign.isspace() or unicodedata.category(sign) not in _INVISIBLE
    )


def _unwrap(token: str, pages: bool) -> str:
    token = token.strip(_WRAPPING)
    if token.startswith('mailto:'):
        token = token.removeprefix('mailto:').partition('?')[0] or token
    if pages and _PAGE.match(token):
        token = re.split(r'[/?#]', _PAGE.sub('', token, count=1), maxsplit=1)[0] or token
    return (_PORT.sub('', token) or token).strip(_WRAPPING)


def _split_slash(token: str) -> list[str]:
    """A slash stands between two texts of a kind; between others it may be a page's path, which is refused."""
    parts = [part for part in token.split('/') if part]
    kinds = {bool(re.search(r'[@.]', part)) for part in parts}
    return [token] if len(kinds) > 1 or _PAGE.match(token) else parts


# The parts of a pattern


def without_stars(text: str, *, start: bool = False, end: bool = False) -> str:
    """Return the text without the stars that only say "and anything": at its start or end, where the operator says so too."""
    stripped = text.lstrip(_WRAPPING + '*' * start).rstrip(_WRAPPING + '*' * end)
    if not stripped.strip('*'):
        raise Refusal('everybody')
    if '*' in stripped:
        raise Refusal('star')
    return stripped


def without_www(host: str) -> str:
    """Return the host whose web pages these are: mail goes to ``rival.example``, not to ``www.rival.example``."""
    return re.sub(r'^(?:www\.)+(?=[^.]+\.[^.])', '', host)


def local_text(text: str) -> str:
    """Return a part of what stands before the ``@``, checked."""
    if len(text) > MAX_LOCAL:
        raise Refusal('long')
    if '/' in text:
        raise Refusal('slash')
    if _NOT_IN_LOCAL.search(text):
        raise Refusal('characters')
    return text


def whole_host(host: str) -> str:
    """Return the complete host of an address, as DNS has it."""
    host = last_labels(host)
    if '.' not in host:
        raise Refusal('host')
    return host


def last_labels(host: str) -> str:
    """Return a host, or the end of one, as DNS has it: without the final dot, other letters as ``xn--…``."""
    host = labels(host)
    if not _LAST_LABEL.fullmatch(host.rpartition('.')[2]):
        raise Refusal('host')
    return host


def labels(host: str) -> str:
    """Return successive labels of a host as DNS has them."""
    host = host.rstrip('.')
    _refuse_foreign(host)
    if not host.isascii():
        host = _encode(host)
    if not all(len(label) <= MAX_LABEL and _LABEL.fullmatch(label) for label in host.split('.')):
        raise Refusal('host')
    if len(host) > MAX_HOST:
        raise Refusal('long')
    return host


def host_beginning(host: str) -> str:
    """Return what a host begins with, nothing included; with other letters only complete hosts can be found."""
    _refuse_foreign(host)
    if not host.isascii():
        if '.' not in host.rstrip('.'):
            raise Refusal('letters')
        return last_labels(host)
    if '.' in host.rstrip('.'):
        host = host.rstrip('.')  # complete but for the final dot of DNS
    if not _HOST_BEGINNING.fullmatch(host) or any(len(label) > MAX_LABEL for label in host.split('.')):
        raise Refusal('host')
    if len(host) > MAX_HOST:
        raise Refusal('long')
    return host


def plain_text(text: str) -> str:
    """Return text that may stand anywhere in an address."""
    if '/' in text:
        raise Refusal('slash')
    if not text.isascii():
        # The letters of a domain are encoded label by label: a part of a label cannot be found.
        if '.' not in text.rstrip('.'):
            raise Refusal('letters')
        return labels(text)
    if _NOT_IN_LOCAL.search(text):
        raise Refusal('characters')
    if len(text) > MAX_LOCAL:
        raise Refusal('long')
    return text.rstrip('.') if '.' in text.strip('.') else text


def _refuse_foreign(host: str) -> None:
    if '@' in host:
        raise Refusal('two_ats')
    if '/' in host:
        raise Refusal('slash')


def _encode(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode()
    except UnicodeError:  # IDNAError is one
        raise Refusal('host') from None
