"""Read e-mail addresses, with the names beside them, out of pasted text as people have it.

One scan per line, no backtracking: a megabyte on one line takes no longer than on many.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

MAX_ADDRESS, MAX_LOCAL = 254, 64  # RFC 5321 4.5.3.1, with RFC 3696 erratum 1690
MAX_NAME = 128
MAX_TEXT = 300  # of an entry's own text: enough to recognise it

# Controls, zero-width and direction marks, lone surrogates (which no database takes). Tab, CR and LF stay.
INVISIBLE = dict.fromkeys(chain(
    range(9), range(0xB, 0xD), range(0xE, 0x20), range(0x7F, 0xA0), (0xAD, 0xFEFF), range(0x200B, 0x2010),
    range(0x202A, 0x202F), range(0x2060, 0x2070), range(0xFFF9, 0xFFFC), range(0xD800, 0xE000),
))  # fmt: skip
PLAIN = INVISIBLE | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms of ASCII
PLAIN |= str.maketrans('、﹐﹔﹤〈《﹥〉》﹫﹕“”„«»「」【】\xa0\u3000', ',,;<<<>>>@:"""""""[]  ')

_LINE = re.compile(r'\r\n|[\r\n\u2028\u2029]')
_SEPARATORS = ',;|\t'
_TOKEN = re.compile(r'"[^"@]*"|[,;|\t]+|[^\s,;|<>"()\[\]{}:]+')
_CJK = '⺀-⿿々〇぀-鿿가-힣豈-﫿'
_GLUED_BEFORE = re.compile(rf'(?<=[{_CJK}])(?=[A-Za-z0-9][A-Za-z0-9._+-]*@)')  # 邮箱a@b.com
_GLUED_AFTER = re.compile(rf'(@[A-Za-z0-9.-]+\.[A-Za-z]{{2,}})(?=[{_CJK}][^\s@.]*(?:[\s,;|]|$))')  # a@b.com电话123
_GLUED = re.compile(r'(@[^\s@/&\\]+)[/&\\](?=[^\s@]+@)')  # a@b.com/c@d.com
_MAIL = '(?:e-?mail|mailto|mail|to|cc|bcc|from|电子邮箱|电子邮件|邮箱|邮件|收件人|发件人)(?: ?address|地址)?'
_LABEL = re.compile(rf'(?i)^(?:姓名|联系人|name|contact|to|cc|bcc|from) ?: ?|^{_MAIL} ?:?$|(?<![a-z]){_MAIL} ?:$')
_HOST = re.compile(r'\S+\.[a-z]{2,}(?:/\S*)?')  # a domain, or an address that has lost its @
_DETAIL = re.compile(r'(?i)https?:|www\.|(?:tel|phone|mobile|fax|电话|手机|传真|微信) ?[:+\d]')  # rather than a name
_HIDDEN = re.compile(r'(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)')
_TAG_END = re.compile(r'^[^<>]*>|<[^<>]*$')  # of <a@b.c>, or of a tag that holds an address
_TAG = re.compile(r'</?[a-zA-Z!][^<>]*>')
# Host names that email-validator surely takes; it needs forty times as long for one
_PLAIN_HOST = re.compile(r'(?:[a-z0-9](?:[a-z0-9]|-(?!-)){0,61}(?<!-)\.){1,8}([a-z]{2,24})', re.IGNORECASE)
_SPECIAL_TLDS = frozenset(name.rpartition('.')[2] for name in SPECIAL_USE_DOMAIN_NAMES)
_DOT_ATOM = re.compile(r'[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*')


class Address(NamedTuple):
    """One entry: ``row`` is its line (from 1), ``text`` the line's part it stands in, ``email`` the normalised address.

    ``problem`` says why there is no ``email``: ``no_at``, ``syntax`` or ``too_long``, else None.
    """

    row: int
    text: str
    email: str | None
    name: str
    problem: str | None


class _Found(NamedTuple):
    start: int
    end: int
    address: str
    name: str


def parse(text: str | None) -> list[Address]:
    """Return the addresses of a pasted text in order, broken ones with their problem, duplicates as often as they come.

    An address takes the name before it on a line that begins with a name (``Zhang, San <a@b.c>; ...``), else the one
    after it (``a@b.c, Zhang San``). A line without any address is one broken entry; only blank lines yield nothing.
    """
    rows = enumerate(_LINE.split(text or ''), 1)
    return [entry for row, line in rows if line.strip() for entry in _parse_line(row, line)]


def check(address: str | None) -> tuple[str | None, str | None]:
    """Return ``(normalised address, None)`` or ``(None, problem)``, without a look at the network.

    The syntax is email-validator's (internationalised addresses included), the normalised form the one of
    ``odoo.tools.email_normalize``, so that it can be compared with what Odoo stores.
    """
    text = (address or '').strip()
    if not text:
        return None, 'empty'
    if len(text) > MAX_ADDRESS:
        return None, 'too_long'
    text = unicodedata.normalize('NFKC', text).replace('。', '.')
    local, at, domain = text.rpartition('@')
    if not at:
        return None, 'no_at'
    if len(local) > MAX_LOCAL or len(text) > MAX_ADDRESS:
        return None, 'too_long'
    if not (local and domain):
        return None, 'syntax'
    # A list has few domains and mostly plain local parts: this halves the time and changes no answer
    is_plain = _DOT_ATOM.fullmatch(local)
    if not (is_valid_domain(domain) if is_plain else _is_valid(text)):
        return None, 'syntax'
    return f'{local.lower() if local.isascii() else local}@{domain.lower()}', None


def clean_name(text: str | None, limit: int = MAX_NAME) -> str:
    """Return a name as one line of plain text of at most ``limit`` characters: no markup, scripts or controls."""
    text = html.unescape((text or '')[: 16 * limit])  # cut first: what follows may then be slow
    text = _TAG.sub(' ', _HIDDEN.sub(' ', text)).translate(INVISIBLE)
    text = ' '.join(re.sub('[<>]', ' ', text).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + '…'


def _parse_line(row: int, line: str) -> Iterator[Address]:
    line = _GLUED_AFTER.sub(r'\1 ', _GLUED_BEFORE.sub(' ', line.translate(PLAIN)))
    line = re.sub(' +', ' ', _GLUED.sub(r'\1, ', line)).strip()
    if not line.strip(_SEPARATORS + ' '):
        return
    found, is_name_first = _find(line)
    if not found:
        yield Address(row, _cut(line), None, '', 'no_at' if len(line) <= MAX_ADDRESS else 'too_long')
        return
    # The entries' texts share out the whole line, so that whatever stands in it can be seen in one of them
    cuts = [each.end for each in found[:-1]] if is_name_first else [each.start for each in found[1:]]
    for each, start, end in zip(found, [0, *cuts], [*cuts, len(line)], strict=True):
        email, problem = check(each.address)
        yield Address(row, _cut(line[start:end]), email, each.name, problem)


def _find(line: str) -> tuple[list[_Found], bool]:
    """Return the addresses of a line with their names, and whether the line begins with a name."""
    found: list[_Found] = []
    names: list[str] = []  # seen and not yet given to an address
    is_name_first, position, previous = False, 0, ''
    for start, end in _boundaries(line):
        token, words = line[start:end], line[position:start]
        is_mail, is_bracketed = '@' in token, line[start - 1 : start] == '<'
        if not is_mail and not (previous + token).strip(',; ') and _is_broken(words):
            found.append(_Found(position, start, words.strip(), ''))
        elif name := _name(words):
            is_name_first = is_name_first or not found
            if is_name_first or is_bracketed or found[-1].name:
                names.append(name)
            else:
                found[-1] = found[-1]._replace(name=name)
        if is_mail:
            address = bare(token)
            is_repeated = is_bracketed and '@' in previous and found[-1].address.lower() == address.lower()
            if not is_repeated:  # a@b.c <a@b.c>
                name = ', '.join(names) if is_bracketed else names[0] if names and is_name_first else ''
                begin = position if is_bracketed else start
                found.append(_Found(begin, end + is_bracketed, address, clean_name(name)))
            names = []
        position, previous = end, token
    return found, is_name_first


def _boundaries(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the separators and the words with an ``@`` are, and the end of the line."""
    for match in _TOKEN.finditer(line):
        if match[0][0] in _SEPARATORS or '@' in match[0]:
            yield match.span()
    yield len(line), len(line)


def bare(token: str) -> str:
    """Return a word with an ``@`` without what people put around it: quotes, stars, a full stop, ``?subject=``."""
    local, _at, domain = token[: 2 * MAX_TEXT].rpartition('@')  # what is longer stays too long
    token = f'{local}@{domain.partition("?")[0]}'.rstrip('.。!…')
    while len(token) > 2 and token[0] == token[-1] and token[0] in "'`*_":
        token = token[1:-1]
    return token.strip('‘’')


def _name(words: str) -> str:
    """Return the name that some words are, '' for a label, a number, a web address or mere punctuation."""
    words = _TAG_END.sub('', words[: 16 * MAX_NAME])
    name = _LABEL.sub('', clean_name(words)).strip(' "\'`*=:-–—•·')
    if name[:1] + name[-1:] in ('()', '[]', '{}', '‘’'):
        name = name[1:-1]
    name = name.rstrip('([{ ').lstrip(')]} ')  # left by the address's own brackets
    is_name = any(map(str.isalpha, name)) and not (_HOST.fullmatch(name) or _DETAIL.match(name))
    return name if is_name else ''


def _is_broken(words: str) -> bool:
    """Return whether a field is an address without its ``@`` rather than a name: ``zhang.acme.com``."""
    words = words[:MAX_TEXT].strip()
    return bool(_HOST.fullmatch(words)) and not _DETAIL.match(words)


def _cut(text: str) -> str:
    text = text.strip(_SEPARATORS + ' ')
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + '…'


@lru_cache(maxsize=1 << 14)
def is_valid_domain(domain: str) -> bool:
    """Return whether an address may have this domain, by email-validator's rules."""
    plain = _PLAIN_HOST.fullmatch(domain)
    return bool(plain and plain[1].lower() not in _SPECIAL_TLDS) or _is_valid(f'a@{domain}')


def _is_valid(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
