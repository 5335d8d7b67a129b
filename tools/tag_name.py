"""The naming rule of batch tags: ``[language]-[customer group]-[marker][NN]``, e.g. ``英语-工程设备经销商-营销01``."""

import re
import unicodedata
from typing import NamedTuple

# The customer group takes every other '-', the marker none, so there is one way to read a name.
_NAME = re.compile(r'([^-]+)-(.+)-([^-\d]+)([0-9]{1,2})', re.DOTALL)

# What people and other programs write for the hyphen: full-width, small, typographic, a dash; and for the digits.
_HYPHENS = str.maketrans(dict.fromkeys('－﹣‐‑–—', '-'))
_WRITTEN = _HYPHENS | str.maketrans('０１２３４５６７８９', '0123456789')


class TagName(NamedTuple):
    """The parts of a batch tag's name; ``number`` is 1..99."""

    language: str
    customers: str
    marker: str
    number: int

    def get_key(self) -> str:
        """Return what two spellings of the parts have in common; the number does not belong to it."""
        return fold(f'{self.language}-{self.customers}-{self.marker}')


def join(language: str, customers: str, marker: str, number: int) -> str:
    """Return the name of a batch tag, one that :func:`split` takes apart again.

    :raise ValueError: the parts cannot be told apart in a name (a '-' in the language, a digit in the marker ...)
    """
    name = f'{language}-{customers}-{marker}{number:02}'
    if split(name) != (language, customers, marker, number):
        raise ValueError(f"{name!r} is not a name of the form [language]-[customer group]-[marker][NN]")
    return name


def split(name: str | None) -> TagName | None:
    """Return the parts of a batch tag's name without the spaces around them, None if it is another kind of name.

    >>> split('English－Dealers－Marketing 01')
    TagName(language='English', customers='Dealers', marker='Marketing', number=1)
    """
    text = (name or '').strip()
    match = _NAME.fullmatch(text) or _NAME.fullmatch(text.translate(_WRITTEN))
    if not match:
        return None
    language, customers, marker, number = (part.strip() for part in match.groups())
    if not (language and customers and marker and int(number)):
        return None
    return TagName(language, customers, marker, int(number))


def fold(text: str) -> str:
    """Return what two spellings of a name have in common: case, width, spaces and the kind of hyphen do not count."""
    words = unicodedata.normalize('NFKC', text.translate(_HYPHENS)).casefold().split()
    return re.sub(' ?- ?', '-', ' '.join(words))
