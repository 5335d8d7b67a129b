"""Tell text from other bytes and find its encoding, whichever program and country it comes from, or that two may be right."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from .letter_models import rate_ideographs, rate_letters

SAMPLE = 1 << 16  # bytes that the guesses look at
BLOCK = 1 << 18  # bytes that are decoded at a time
FIRST_WORDS, MAX_WORDS, MAX_WORD = 40, 300, 40  # different ones rated in all, in near encodings, and bytes of one
SURE = 10.0  # by how much the logarithm of the best one's likelihood must be ahead of any that reads otherwise
FAR = -1e9
PLAUSIBLE = -4.7  # a byte on average, at least: less is none of the languages that we know

_WESTERN = ('de', 'fr', 'es', 'pt', 'it', 'nl', 'sv', 'da', 'nb', 'fi', 'is', 'ca')
_CENTRAL = ('pl', 'cs', 'sk', 'hu', 'ro', 'hr', 'sl', 'sq', 'de')
_CYRILLIC = ('ru', 'uk', 'bg', 'sr', 'be', 'mk')
_BALTIC = ('lt', 'lv', 'et', 'pl', 'de')
# Encoding -> the languages that are written in it; of two that are as likely the earlier one is taken
LANGUAGES = {
    'gb18030': None, 'big5hkscs': None, 'cp932': None, 'cp949': None, 'euc_jp': None,
    'cp1252': _WESTERN, 'cp1250': _CENTRAL, 'cp1251': _CYRILLIC, 'cp1253': ('el',), 'cp1254': ('tr', 'az', *_WESTERN),
    'cp1255': ('he',), 'cp1256': ('ar', 'fa', 'ur', 'fr'), 'cp1257': _BALTIC, 'cp1258': ('vi', 'fr'), 'cp874': ('th',),
    'koi8_u': _CYRILLIC, 'mac_roman': _WESTERN, 'mac_latin2': _CENTRAL, 'mac_cyrillic': _CYRILLIC, 'mac_greek': ('el',),
    'mac_turkish': ('tr',), 'cp850': _WESTERN, 'cp852': _CENTRAL, 'cp866': _CYRILLIC, 'cp857': ('tr',), 'cp737': ('el',),
    'iso8859_2': _CENTRAL, 'iso8859_5': _CYRILLIC, 'iso8859_7': ('el',), 'iso8859_9': ('tr',), 'iso8859_15': _WESTERN,
}
# Encodings that are met less: so much likelier they must be
_RARE = dict.fromkeys(
    (code for code in LANGUAGES if code.startswith(('mac_', 'cp85', 'cp866', 'cp7', 'cp1258', 'iso', 'koi', 'euc'))), 3.0
) | dict.fromkeys(('cp1250', 'cp1254', 'cp1256', 'cp1257'), 1.5)

_MARKS = {
    b'\xef\xbb\xbf': 'utf-8-sig', b'\xff\xfe\0\0': 'utf-32', b'\0\0\xfe\xff': 'utf-32', b'\xff\xfe': 'utf-16',
    b'\xfe\xff': 'utf-16'}
_DOCUMENT = re.compile(rb'\s*(?:%PDF|\{\\rtf|<(?:\?xml|!doctype|html|head|table|meta)\b)', re.IGNORECASE)
_CONTROLS = bytes(code for code in range(1, 32) if code not in b'\t\n\v\f\r\x1a\x1b')
# No second byte of any encoding is among these, so that a word is whole whatever its encoding is
_BORDERS = re.compile(rb'[\0-/:-?]+')
_UTF7 = re.compile(rb'\+([A-Za-z0-9+/]{3,})(?![A-Za-z0-9+/])')


class Guess(NamedTuple):
    """The encoding that a text most likely has, whether that is certain, and those that it may have, the likeliest first."""

    encoding: str
    is_sure: bool
    candidates: tuple[str, ...]


def is_text(sample: bytes) -> bool:
    """Return whether the first ``SAMPLE`` bytes of a file are plain text, rather than a picture, an archive or a web page."""
    sample = sample[:SAMPLE]
    if _unicode_encoding(sample):
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 20 <= len(sample) and sample.count(0) * 2 <= len(sample) and not _DOCUMENT.match(sample)


def guess(file: BinaryIO, limit: int | None = None) -> Guess:
    """Return the encoding of a seekable file: by its byte order mark, as UTF-16 or UTF-8, else the likeliest old one.

    The whole file is looked at, block by block: it is text in every encoding but those of the first kind and UTF-16,
    whose damage shows when it is decoded.

    :param limit: look at so many bytes only
    :raise UnicodeError: no encoding fits, it is damaged UTF-16, or it is UTF-7, which nobody should write
    """
    file.seek(0)
    sample = file.read(SAMPLE)
    if encoding := _unicode_encoding(sample):
        is_whole = _can_decode(file, encoding, limit)
        if not is_whole and not encoding.startswith('utf-8'):  # what follows a lost byte would be other characters
            raise UnicodeError(encoding)
        return Guess(encoding, is_whole, (encoding,))
    if b'\x1b$' in sample or b'\x1b(' in sample:  # its escapes are ASCII
        for encoding in ('iso2022_kr', 'iso2022_jp_2') if b'\x1b$)C' in sample else ('iso2022_jp_2',):
            if _can_decode(file, encoding, limit):
                return Guess(encoding, True, (encoding,))
    if _can_decode(file, 'utf-8', limit):
        if _is_utf7(sample):
            raise UnicodeError('utf-7')
        return Guess('utf-8', True, ('utf-8',))
    return _guess_old(file, limit)


def _guess_old(file: BinaryIO, limit: int | None) -> Guess:
    sample = b''
    for line in foreign_lines(file):
        if len(sample) > SAMPLE:
            break
        sample += line
    as_utf8 = sample.decode(errors='replace')
    broken = as_utf8.count('\ufffd')
    ratings = {encoding: rating for encoding, rating in rate(sample).items() if rating > FAR}
    best, first = next(iter(ratings.items()))
    if sum(not char.isascii() for char in as_utf8) - broken > broken:  # damaged: it says itself where
        return Guess('utf-8', False, ('utf-8', best))
    fitting = [encoding for encoding in ratings if _can_decode(file, encoding, limit)]
    # Of those that read the same, the one that people know
    best = next(code for code in LANGUAGES if code == best or (code in fitting and not _reads_otherwise(sample, best, code)))
    others = [encoding for encoding in ratings if encoding != best]
    rivals = [other for other in others if ratings[other] > first - SURE and _reads_otherwise(sample, best, other)]
    is_plausible = first > PLAUSIBLE * _count_bytes(sample)
    if not fitting and not is_plausible:
        raise UnicodeError('no encoding fits')
    return Guess(best, best in fitting and is_plausible and not rivals, (best, *others))


def rate(sample: bytes) -> dict[str, float]:
    """Return encoding -> how likely a sample of lines is in it, as a logarithm; the likeliest first.

    Only those that are near the best one in the first words are rated in the others.
    """
    words = [(word, min(count, 2)) for word, count in _foreign_words(sample)]
    ratings = {encoding: -_RARE.get(encoding, 0.0) for encoding in LANGUAGES}
    near = list(ratings)
    for part in (words[:FIRST_WORDS], words[FIRST_WORDS:]):
        for encoding in near:
            ratings[encoding] += sum(_rate(word, encoding) * count for word, count in part)
        best = max(ratings[encoding] for encoding in near)
        near = [encoding for encoding in near if ratings[encoding] > best - 6 * SURE]
        ratings |= {encoding: FAR for encoding in ratings if encoding not in near}
    return dict(sorted(ratings.items(), key=lambda item: -item[1]))


def _foreign_words(sample: bytes) -> list[tuple[bytes, int]]:
    """Return the commonest words with other than ASCII, and how often each comes."""
    return Counter(word[:MAX_WORD] for word in _BORDERS.split(sample) if not word.isascii()).most_common(MAX_WORDS)


def _count_bytes(sample: bytes) -> int:
    return sum(len(word) * min(count, 2) for word, count in _foreign_words(sample))


def _rate(word: bytes, encoding: str) -> float:
    text, languages = word.decode(encoding, 'replace'), LANGUAGES[encoding]
    if languages is None:
        # In a long word that was cut the last character may be half of one
        return rate_ideographs(text.rstrip('\ufffd') if len(word) == MAX_WORD else text, encoding)
    return rate_letters(unicodedata.normalize('NFC', text) if encoding == 'cp1258' else text, languages)


def _reads_otherwise(sample: bytes, one: str, other: str) -> bool:
    return sample.decode(one, 'replace') != sample.decode(other, 'replace')


def _can_decode(file: BinaryIO, encoding: str, limit: int | None) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
            if limit is not None and file.tell() > limit:
                return True
        decoder.decode(b'', final=True)
    except UnicodeDecodeError:
        return False
    return True


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


def _is_utf7(sample: bytes) -> bool:
    """Return whether ASCII hides other letters as UTF-7 does: ``M+APw-ller``."""
    if not sample.isascii() or b'+' not in sample:
        return False
    letters = others = 0
    for match in _UTF7.finditer(sample):
        try:
            text = match[0].decode('utf-7')
        except UnicodeDecodeError:
            text = ''
        is_word = text and all(char.isalpha() and not char.isascii() for char in text) and not match[1].islower()
        letters, others = letters + bool(is_word), others + (not is_word)
    return letters > max(1, others) or sample.startswith(b'+/v8')


def foreign_lines(file: BinaryIO) -> Iterator[bytes]:
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
