"""Tell text from other bytes and decode it, whichever program and country it comes from."""

import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

SAMPLE = 1 << 16  # bytes that the guesses look at

# Bytes that charset-normalizer finds as likely in two of these are taken for the earlier one
LEGACY_ENCODINGS = ('gb18030', 'big5', 'cp1252', 'cp1251')
_MARKS = {b'\xef\xbb\xbf': 'utf-8-sig', b'\xff\xfe': 'utf-16', b'\xfe\xff': 'utf-16'}
_DOCUMENT = re.compile(rb'\s*(?:%PDF|\{\\rtf|<(?:\?xml|!doctype|html|head|table|meta)\b)', re.IGNORECASE)
_CONTROLS = bytes(code for code in range(1, 32) if code not in b'\t\n\v\f\r\x1a\x1b')


def is_text(content: bytes) -> bool:
    """Return whether the bytes are plain text, rather than a picture, an archive, a PDF or a web page."""
    sample = content[:SAMPLE]
    if _unicode_encoding(content):
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 20 <= len(sample) and sample.count(0) * 2 <= len(sample) and not _DOCUMENT.match(sample)


def decode(content: bytes) -> str:
    """Return the text of the bytes: by their byte order mark, as UTF-16 or UTF-8, else in the likeliest old encoding.

    :raise UnicodeError: no encoding fits, or text has bytes that its encoding does not have
    """
    if encoding := _unicode_encoding(content):
        return content.decode(encoding)
    try:
        return content.decode()
    except UnicodeDecodeError:
        for encoding in _legacy_encodings(content):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue  # the sample was too small to tell
        raise


def _unicode_encoding(content: bytes) -> str | None:
    """Return the encoding that a byte order mark says, or UTF-16 for bytes that look like it."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding
    # Every table has ASCII in it (separators, addresses), which in UTF-16 has a NUL in every other byte
    sample = content[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 20 > len(sample) and min(even, odd) * 20 <= max(even, odd):
        return 'utf-16-le' if odd > even else 'utf-16-be'
    return None


def _legacy_encodings(content: bytes) -> Iterator[str]:
    """Yield the encodings that text which is not UTF-8 may have, the likeliest first; none for damaged UTF-8."""
    sample = b''
    for line in content.splitlines(keepends=True):  # whole lines: half a character would rule its encoding out
        if len(sample) > SAMPLE:
            break
        sample += b'' if line.isascii() else line
    as_utf8 = sample.decode(errors='replace')
    broken = as_utf8.count('\ufffd')
    if sum(not char.isascii() for char in as_utf8) - broken > broken:
        return
    matches = from_bytes(sample, cp_isolation=list(LEGACY_ENCODINGS))
    for match in sorted(matches, key=lambda it: (it.chaos, -it.coherence, LEGACY_ENCODINGS.index(it.encoding))):
        yield match.encoding
