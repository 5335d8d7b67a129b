"""Tell text from other bytes and find its encoding, whichever program and country it comes from."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from charset_normalizer import from_bytes

SAMPLE = 1 << 16  # bytes that the guesses look at
BLOCK = 1 << 18  # bytes that are decoded at a time

# Bytes that charset-normalizer finds as likely in two of these are taken for the earlier one
LEGACY_ENCODINGS = ('gb18030', 'big5', 'cp1252', 'cp1251')
_MARKS = {b'\xef\xbb\xbf': 'utf-8-sig', b'\xff\xfe': 'utf-16', b'\xfe\xff': 'utf-16'}
_DOCUMENT = re.compile(rb'\s*(?:%PDF|\{\\rtf|<(?:\?xml|!doctype|html|head|table|meta)\b)', re.IGNORECASE)
_CONTROLS = bytes(code for code in range(1, 32) if code not in b'\t\n\v\f\r\x1a\x1b')


def is_text(sample: bytes) -> bool:
    """Return whether the first ``SAMPLE`` bytes of a file are plain text, rather than a picture, an archive or a web page."""
    sample = sample[:SAMPLE]
    if _unicode_encoding(sample):
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 20 <= len(sample) and sample.count(0) * 2 <= len(sample) and not _DOCUMENT.match(sample)


def detect(file: BinaryIO, limit: int | None = None) -> str:
    """Return the encoding of a seekable file: by its byte order mark, as UTF-16 or UTF-8, else the likeliest old one.

    The whole file is looked at, block by block: it is text in every encoding but those of the first kind and UTF-16,
    whose damage shows when it is decoded.

    :param limit: look at so many bytes only
    :raise UnicodeError: no encoding fits, or text has bytes that its encoding does not have
    """
    file.seek(0)
    if encoding := _unicode_encoding(file.read(SAMPLE)):
        return encoding
    try:
        _check(file, 'utf-8', limit)
    except UnicodeDecodeError:
        for encoding in _legacy_encodings(file):
            try:
                _check(file, encoding, limit)
            except UnicodeDecodeError:
                continue  # the sample was too small to tell
            return encoding
        raise
    return 'utf-8'


def _check(file: BinaryIO, encoding: str, limit: int | None) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    while block := file.read(BLOCK):
        decoder.decode(block)
        if limit is not None and file.tell() > limit:
            return
    decoder.decode(b'', final=True)


def _unicode_encoding(sample: bytes) -> str | None:
    """Return the encoding that a byte order mark says, or UTF-16 for bytes that look like it."""
    for mark, encoding in _MARKS.items():
        if sample.startswith(mark):
            return encoding
    # Every table has ASCII in it (separators, addresses), which in UTF-16 has a NUL in every other byte
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 20 > len(sample) and min(even, odd) * 20 <= max(even, odd):
        return 'utf-16-le' if odd > even else 'utf-16-be'
    return None


def _legacy_encodings(file: BinaryIO) -> Iterator[str]:
    """Yield the encodings that text which is not UTF-8 may have, the likeliest first; none for damaged UTF-8."""
    sample = b''
    for line in _foreign_lines(file):
        if len(sample) > SAMPLE:
            break
        sample += line
    as_utf8 = sample.decode(errors='replace')
    broken = as_utf8.count('\ufffd')
    if sum(not char.isascii() for char in as_utf8) - broken > broken:
        return
    matches = from_bytes(sample, cp_isolation=list(LEGACY_ENCODINGS))
    for match in sorted(matches, key=lambda it: (it.chaos, -it.coherence, LEGACY_ENCODINGS.index(it.encoding))):
        yield match.encoding


def _foreign_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines with other than ASCII, whole: half a character would rule its encoding out.

    Lines longer than ``BLOCK`` are left out.
    """
    file.seek(0)
    rest = b''
    while block := file.read(BLOCK):
        *lines, rest = (rest + block).splitlines(keepends=True)
        yield from (line for line in lines if not line.isascii())
        if len(rest) > BLOCK:
            rest = b''
    if not rest.isascii():
        yield rest
