"""Read headers and texts of mails as they come: unfolded, decoded, and without an error, however broken they are."""

import re
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from html import unescape
from itertools import islice

from .html_text import to_text

# Strangers write these mails: nothing is read that is longer, deeper or more than a letter, its thread and its reports are.
MAX_BODY = 20_000  # letters
MAX_OCTETS = 200_000  # of a part, before it is decoded
MAX_HEADER = 8_000  # letters of one header
MAX_HEADERS = 1_000
MAX_TYPE = 200
MAX_PARTS = 200
MAX_REFERENCES = 100
MAX_TEXTS = 20

# Python's own parser gives up on a thousand open brackets.
_QUOTED = re.compile(r'"[^"]{0,200}"')
_ADDRESS = re.compile(r'[^\s<>()"\',;:@]{1,200}@[^\s<>()"\',;:@]{1,255}')
_MESSAGE_ID = re.compile(r'<[^<>\s]{1,500}>')
_ID_IN_TEXT = re.compile(r'<[^<>\s@]{1,250}@[^<>\s@]{1,250}>')
_PART_HEADER = re.compile(
    r'^(?:--\S.{0,200}|content-[a-z-]{2,30}:.{0,200}|[ \t]{0,8}(?:boundary|charset|name)=.{0,200})$', re.I | re.M)
_REPORTED_IDS = (
    ('message/delivery-status', 'Original-Message-ID'), ('message/delivery-status', 'X-Original-Message-ID'),
    ('message/disposition-notification', 'Original-Message-ID'), ('message/feedback-report', 'Original-Message-ID'),
)


def as_message(value) -> Message:
    """Return the mail itself, or an empty one for what other modules' callers put in its place: False, a record."""
    return value if isinstance(value, Message) else Message()


def get_report_field(message: Message, content_type: str, name: str) -> str:
    """Return a field of a report's machine-readable part; its blocks are messages within it."""
    parts = (part for part in iter_parts(message) if get_content_type(part) == content_type)
    return next((value for part in parts for block in iter_parts(part) if (value := get_header(block, name))), '')


def iter_parts(message: Message) -> Iterator[Message]:
    """Yield the message and its parts as ``walk`` does, which gives up on a thousand mails within each other."""
    waiting, done = [message], 0
    while waiting and done < MAX_PARTS:
        part = waiting.pop()
        done += 1
        yield part
        if part.is_multipart():  # the text of others is not asked for: their charset may be none
            waiting += [inner for inner in reversed(part.get_payload()[:MAX_PARTS]) if isinstance(inner, Message)]


def iter_originals(message: Message) -> Iterator[Message]:
    """Yield the mails that a report is about, or their headers."""
    for part in iter_parts(message):
        kind = get_content_type(part)
        if kind == 'message/rfc822' and part.is_multipart() and part.get_payload():
            yield _decode_original(part)
        elif kind == 'text/rfc822-headers':
            yield message_from_string(get_text(part))


def _decode_original(part: Message) -> Message:
    """Return the mail within; some servers encode it against the rules, and then it seems to have no headers."""
    inner = part.get_payload(0)
    try:
        text = inner.get_payload()
    except ValueError:  # a null byte for a charset
        return inner
    if inner.keys() or not isinstance(text, str) or get_header(part, 'Content-Transfer-Encoding').lower() != 'base64':
        return inner
    try:
        return message_from_bytes(b64decode(text[:MAX_OCTETS]))
    except ValueError:
        return inner


def get_addresses(value: str) -> list[str]:
    """Return the addresses of a header's value, without the names beside them."""
    return _ADDRESS.findall(_QUOTED.sub(' ', value))


def get_content_type(part: Message) -> str:
    """Return ``type/subtype`` in lower case, '' where a part names none."""
    value = next((str(value) for key, value in _iter_raw(part) if key.lower() == 'content-type'), '')
    return value[:MAX_TYPE].partition(';')[0].strip().lower()


def get_header(message: Message, name: str) -> str:
    """Return the decoded value of the first header with this name, '' for none."""
    name = name.lower()
    return next((_decode(str(value)) for key, value in _iter_raw(message) if key.lower() == name), '')


def iter_headers(message: Message) -> Iterator[tuple[str, str]]:
    """Yield lower-case name and decoded value. From the raw ones: ``email``'s own parser raises on some that spam has."""
    for name, value in _iter_raw(message):
        yield name.lower(), _decode(str(value))


def _iter_raw(message: Message) -> Iterator[tuple[str, str]]:
    return islice(message.raw_items(), MAX_HEADERS)


def _decode(raw: str) -> str:
    raw = raw[:MAX_HEADER]
    # Mail servers in China still send GBK as it is; the parser keeps such bytes as surrogates.
    try:
        raw = raw if raw.isascii() else _to_text(raw.encode('utf-8', 'surrogateescape'), 'utf-8')
    except UnicodeEncodeError:  # a program's own text, not a mail's bytes
        raw = raw.encode('ascii', 'replace').decode()
    text = ' '.join(raw.split())  # unfolded; a regular expression takes minutes for a line of blanks
    if '=?' not in text:
        return text
    try:
        chunks = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    texts = (chunk if isinstance(chunk, str) else _to_text(chunk, charset or 'ascii') for chunk, charset in chunks)
    return ''.join(texts).strip()


def _to_text(octets: bytes, charset: str) -> str:
    # What calls itself GB2312 has letters of GBK; GB18030 has them all. It is also the best guess for what is no UTF-8.
    charset = 'gb18030' if charset.lower() in ('gb2312', 'gbk', 'x-gbk') else charset
    try:
        return octets.decode(charset)
    except (LookupError, ValueError):
        return octets.decode('gb18030', 'replace')


def get_text(part: Message) -> str:
    """Return a part's decoded text, '' for one that cannot be decoded."""
    charset = re.search(r'charset\s*=\s*"?([\w.:-]{1,40})', get_header(part, 'Content-Type'), re.IGNORECASE)
    try:
        octets = part.get_payload(decode=True)
    except (LookupError, ValueError, AttributeError, TypeError, HeaderParseError):  # a malformed Content-Transfer-Encoding
        return ''
    return _to_text((octets or b'')[:MAX_OCTETS], charset[1] if charset else 'utf-8')


def get_body(message: Message, length: int = MAX_BODY) -> str:
    """Return the beginning of a message's first plain part that is no attachment, '' where it has none."""
    parts = [part for part in iter_parts(message) if not part.is_multipart() and not _is_attached(part)]
    texts = (get_text(part) for part in parts if get_content_type(part) in ('text/plain', ''))
    # Servers that rewrite the boundary leave a mail without parts: all of it is one text then.
    broken = (_drop_part_headers(get_text(part)) for part in parts if get_content_type(part).startswith('multipart/'))
    text = next((text for text in (*texts, *broken) if not text.isspace() and text), '')
    return clean(_unify_breaks(text)).strip()[:length]


def _unify_breaks(text: str) -> str:
    return text.replace('\r\n', '\n').replace('\r', '\n')


def _drop_part_headers(text: str) -> str:
    return _PART_HEADER.sub('', _unify_breaks(text))


def get_notice(message: Message) -> str:
    """Return what a mail says to people: its first plain part that is no attachment, else its first HTML one."""
    return get_body(message) or get_html(message)


def get_html(message: Message) -> str:
    """Return the text of a message's first HTML part that is no attachment, see :func:`.html_text.to_text`."""
    parts = (part for part in iter_parts(message) if get_content_type(part) == 'text/html' and not part.is_multipart())
    texts = (to_text(get_text(part)) for part in parts if not _is_attached(part))
    return clean(next((text for text in texts if text.strip()), '')).strip()[:MAX_BODY]


def _is_attached(part: Message) -> bool:
    return get_header(part, 'Content-Disposition').lower().startswith('attachment')


def clean(text: str) -> str:
    """Return a text that the database takes: without NUL, and without the halves of letters that broken mails hold."""
    return text.replace('\0', '').encode('utf-8', 'replace').decode()


def get_references(*values: str | None) -> list[str]:
    """Return the message ids of References and In-Reply-To headers, the newest of too many."""
    return [found for value in values for found in _MESSAGE_ID.findall(value or '')][-MAX_REFERENCES:]


def get_answered_ids(message: Message) -> list[str]:
    """Return the message ids that a mail says it answers, by its own headers."""
    return get_references(get_header(message, 'References'), get_header(message, 'In-Reply-To'))


def find_ids(message: Message) -> list[str]:
    """Return the message ids that stand anywhere in a machine's mail: in a report, in the mail inside it, in its texts."""
    ids = get_answered_ids(message)
    for original in iter_originals(message):
        ids += get_references(get_header(original, 'Message-ID'))
    ids += get_references(*(get_report_field(message, kind, name) for kind, name in _REPORTED_IDS))
    ids += get_references(*(value for name, value in iter_headers(message) if name.startswith('x-')), get_body(message))
    ids = list(dict.fromkeys(ids))[:MAX_REFERENCES]
    for part in islice((part for part in iter_parts(message) if not part.is_multipart()), MAX_TEXTS):
        if get_content_type(part).startswith(('text/', 'multipart/')) or not get_content_type(part):
            ids += _ID_IN_TEXT.findall(unescape(get_text(part)[:MAX_BODY]))[-MAX_REFERENCES:]
    own = get_header(message, 'Message-ID')
    return [id_ for id_ in dict.fromkeys(ids) if id_ != own][:2 * MAX_REFERENCES]
