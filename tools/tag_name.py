"""The naming rule of batch tags: ``[language]-[customer group]-[marker][NN]``, e.g. ``英语-工程设备经销商-营销01``."""

import re
from typing import NamedTuple

# The customer group takes every other '-', the marker none, so there is one way to read a name.
_NAME = re.compile(r'([^-]+)-(.+)-([^-\d]+)([0-9]{2})', re.DOTALL)


class TagName(NamedTuple):
    """The parts of a batch tag's name; ``number`` is 1..99."""

    language: str
    customers: str
    marker: str
    number: int


def join(language: str, customers: str, marker: str, number: int) -> str:
    """Return the name of a batch tag, one that :func:`split` takes apart again.

    :raise ValueError: the parts cannot be told apart in a name (a '-' in the language, a digit in the marker ...)
    """
    name = f'{language}-{customers}-{marker}{number:02}'
    if split(name) != (language, customers, marker, number):
        raise ValueError(f"{name!r} is not a name of the form [language]-[customer group]-[marker][NN]")
    return name


def split(name: str | None) -> TagName | None:
    """Return the parts of a batch tag's name without the spaces around them, None if it is another kind of name."""
    match = _NAME.fullmatch((name or '').strip())
    if not match:
        return None
    language, customers, marker, number = (part.strip() for part in match.groups())
    if not (language and customers and marker and int(number)):
        return None
    return TagName(language, customers, marker, int(number))
