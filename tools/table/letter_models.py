"""How likely a word is in the languages that an encoding is used for.

The letters of a language are learnt from Babel's names of countries, languages, scripts and currencies (Unicode's CLDR): Odoo has
it anyway, and some fifteen thousand letters a language tell Polish from French. Ideographs have no such names; the standards of
their encodings have the usual ones in a part of its own.
"""

import importlib.resources
import math
import pickle
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

EDGE = ' '
# As old encodings have them: Romanian's with a cedilla, Persian's as Arabic's
_PARENTS = {'nb': 'no'}  # where newer versions have them
_OLD_FORMS = str.maketrans('șțیک', 'şţيك')
SMOOTHING = .1  # of a pair of letters that none of the names has
SIZE = 70  # letters, of both cases, that a language may have
STRANGE = -11.0  # a letter, a sign or a control that the language does not have
SIGN = -6.0  # typographic quotes and dashes, the euro and the like, beside a word
CAPITAL_WITHIN = -4.0  # after a small letter
LATIN, BESIDE_LATIN = -3.0, -3.0  # a Latin letter in a word of ideographs, and the ideograph that follows one
SIGNS = frozenset('’‘“”„‚«»‹›–—…·•°№€£¥§©®™²³½¼¾ºª¿¡´×¨\xa0。，、；：？！（）《》「」【】～·')
MARKS = '\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e'  # that stand on a letter and are none
_WORD = re.compile(rf'(?:[^\W\d_]|[{MARKS}])+')
_IS_MARK = re.compile(f'[{MARKS}]').match


@lru_cache(maxsize=64)
def get_pairs(language: str) -> tuple[dict[str, float], float]:
    """Return pair of letters in lower case -> logarithm of the second one's share after the first, and that of any other pair."""
    pairs: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    for text in _names(language):
        for word in _WORD.findall(text.replace('İ', 'i').lower().translate(_OLD_FORMS)):
            padded = f'{EDGE}{word}{EDGE}'
            for pair in zip(padded, padded[1:], strict=False):
                pairs[''.join(pair)] += 1
                firsts[pair[0]] += 1
    letters = set(firsts)
    shares = {
        one + two: math.log((pairs[one + two] + SMOOTHING) / (firsts[one] + SMOOTHING * SIZE))
        for one in letters for two in letters}
    return shares, STRANGE


def _names(language: str) -> Iterator[str]:
    """Yield names in a language. Babel's own way would keep all that it knows of the language, megabytes of it, for good."""
    folder = importlib.resources.files('babel') / 'locale-data'
    paths = [folder / f'{code}.dat' for code in (_PARENTS.get(language), language) if code]
    if file := next((path for path in paths if path.is_file()), None):
        with file.open('rb') as source:
            data = pickle.load(source)  # a part of the package, as its code is
        for kind in ('territories', 'languages', 'scripts', 'currency_names'):
            yield from map(str, data.get(kind, {}).values())


def rate_letters(word: str, languages: tuple[str, ...]) -> float:
    """Return the logarithm of how likely the best of some languages makes a word; what else stands in it is no part of any."""
    letters, fixed = _read_letters(word)
    scores = []
    for language in languages:
        pairs, strange = get_pairs(language)
        scores.append(sum(pairs.get(pair, strange) for pair in letters))
    return fixed + max(scores)


@lru_cache(maxsize=1 << 12)
def _read_letters(word: str) -> tuple[tuple[str, ...], float]:
    """Return the pairs of letters of a word, and what its signs and capitals cost in any language."""
    pairs, fixed, before, was_small = [], 0.0, EDGE, False
    for char in word:
        if char.isalpha() or _IS_MARK(char):
            letter = char.lower()[0]  # of İ, the second one would be a dot
            pairs.append(before + letter)
            if was_small and char != letter and not char.isascii():
                fixed += CAPITAL_WITHIN
            before, was_small = letter, char == letter
            continue
        if not char.isascii():
            fixed += (SIGN - 2 * (before != EDGE) if char in SIGNS else STRANGE)
        before, was_small = EDGE, False
    return tuple(pairs), fixed


def rate_ideographs(word: str, encoding: str) -> float:
    """Return the logarithm of how likely a word of an East Asian language is, by the usual characters of its standard."""
    score, was_letter = 0.0, False
    for char in word:
        if char.isascii():
            is_letter = char.isalpha()
            score += LATIN if is_letter else 0
        else:
            is_letter = False
            score += _rate_ideograph(char, encoding) + (BESIDE_LATIN if was_letter else 0)
        was_letter = is_letter
    return score


@lru_cache(maxsize=1 << 15)
def _rate_ideograph(char: str, encoding: str) -> float:
    is_kana = '\u3041' <= char <= '\u30ff'
    if char in SIGNS or char in '・ー々〆' or '\uff01' <= char <= '\uff5e':
        return SIGN
    if encoding in ('cp932', 'euc_jp', 'iso2022_jp') and is_kana:
        return -math.log(90) - .5
    if not char.isalpha() or ord(char) > 0xFFFF:
        return 2 * STRANGE
    if '\uff66' <= char <= '\uff9f' or is_kana:  # of half a width; kana in a Chinese table
        return STRANGE
    standard, first, last, count = _USUAL[encoding]
    try:
        code = char.encode(standard)
    except UnicodeEncodeError:
        return 2 * STRANGE if not '\u4e00' <= char <= '\u9fff' else 1.6 * STRANGE
    if len(code) == 2 and first <= code <= last:
        return -math.log(count)
    return -math.log(count) - 6


# Encoding -> (its standard, the first and last character of the part with the usual ones there, about how many of these are met)
_USUAL = {
    'gb18030': ('gb2312', b'\xb0\xa1', b'\xd7\xf9', 1_500),
    'big5hkscs': ('big5', b'\xa4\x40', b'\xc6\x7e', 1_800),
    'cp949': ('euc_kr', b'\xb0\xa1', b'\xc8\xfe', 700),
    'cp932': ('euc_jp', b'\xb0\xa1', b'\xcf\xd3', 1_200),
    'euc_jp': ('euc_jp', b'\xb0\xa1', b'\xcf\xd3', 1_200),
}
