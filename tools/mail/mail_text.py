"""Read headers and texts of mails as they come: unfolded, decoded, and without an error, however broken they are."""

import re
from collections.abc import Iterator
from email import message_from_string
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from mailparser_reply import EmailReplyParser

# The languages that the parser knows the words above a quoted mail of.
_QUOTE_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'zh', 'ja', 'ko', 'nl', 'pl', 'sv', 'da', 'cs']


def as_message(value) -> Message:
    """Return the mail itself, or an empty one for what other modules' callers put in its place: False, a record."""
    return value if isinstance(value, Message) else Message()


def get_report_field(message: Message, content_type: str, name: str) -> str:
    """Return a field of a report's machine-readable part; its blocks are messages within it."""
    parts = (part for part in message.walk() if get_content_type(part) == content_type)
    return next((value for part in parts for block in part.walk() if (value := get_header(block, name))), '')


def iter_originals(message: Message) -> Iterator[Message]:
    """Yield the mails that a report is about, or their headers."""
    for part in message.walk():
        kind = get_content_type(part)
        if kind == 'message/rfc822' and part.is_multipart():
            yield part.get_payload(0)
        elif kind == 'text/rfc822-headers':
            yield message_from_string(get_text(part))


def get_addresses(value: str) -> list[str]:
    """Return the addresses of a header's value, without the names beside them."""
    return [address for _name, address in getaddresses([value]) if '@' in address]


def get_content_type(part: Message) -> str:
    """Return ``type/subtype`` in lower case, '' where a part names none."""
    return get_header(part, 'Content-Type').partition(';')[0].strip().lower()


def get_header(message: Message, name: str) -> str:
    """Return the decoded value of the first header with this name, '' for none."""
    return next((_decode(str(value)) for key, value in message.raw_items() if key.lower() == name.lower()), '')


def iter_headers(message: Message) -> Iterator[tuple[str, str]]:
    """Yield lower-case name and decoded value. From the raw ones: ``email``'s own parser raises on some that spam has."""
    for name, value in message.raw_items():
        yield name.lower(), _decode(str(value))


def _decode(raw: str) -> str:
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
    charset = re.search(r'charset\s*=\s*"?([\w.:-]+)', get_header(part, 'Content-Type'), re.IGNORECASE)
    try:
        octets = part.get_payload(decode=True)
    except (LookupError, ValueError, AttributeError, HeaderParseError):  # a malformed Content-Transfer-Encoding
        return ''
    return _to_text(octets or b'', charset[1] if charset else 'utf-8')


def get_body(message: Message) -> str:
    """Return the text of a message's first plain part that is no attachment, '' where it has none."""
    parts = (part for part in message.walk() if get_content_type(part) in ('text/plain', '') and not part.is_multipart())
    texts = (get_text(part) for part in parts if not get_header(part, 'Content-Disposition').lower().startswith('attachment'))
    return next((text for text in texts if text.strip()), '').replace('\r\n', '\n').strip()


def split_quoted(text: str) -> tuple[str, str]:
    """Return an answer and what it quotes: '' and '' for none. What says nothing of its own is taken whole as the answer."""
    answer = EmailReplyParser(languages=_QUOTE_LANGUAGES).read(text=text).replies[0].content if text.strip() else ''
    quoted = text[len(answer):] if text.startswith(answer) else ''
    # Outlook and QQ draw a line above the mail that they quote.
    answer = re.sub(r'\s*[-_=]{3,}.{0,40}[-_=]{0,}\s*$', '', answer).strip()
    return (answer, quoted.strip()) if answer else (text.strip(), '')


def get_references(value: str) -> list[str]:
    """Return the message ids of a References or In-Reply-To header."""
    return re.findall(r'<[^<>\s]+>', value or '')
