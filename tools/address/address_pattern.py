"""What an address pattern of a customer view means, and the LIKE patterns that mean the same in SQL.

The meaning is "Address patterns" of the design. :func:`matches` is the specification, :func:`to_like` what the
database can answer from an index on the address and one on its reverse. Both are about a normalised address: lower
case, one ``@``.
"""

import re
import unicodedata
from typing import NamedTuple


class LikePattern(NamedTuple):
    """A pattern of ``LIKE`` (``\\`` escapes), to compare with the address or with its reverse."""

    reverse: bool
    like: str


def split(text: str | None) -> tuple[str, ...]:
    """Return the patterns of a pasted list in lower case, each once, in order.

    They are separated by ``;``, commas, new lines or spaces (no address holds one), in Chinese or English form.
    """
    folded = unicodedata.normalize('NFKC', text or '').lower()
    return tuple(dict.fromkeys(filter(None, re.split(r'[;,、\s]+', folded))))


def matches(operator: str, pattern: str, email: str) -> bool:
    """Return whether a pattern of :func:`split` holds for a normalised address.

    - ``starts``: the address begins with it
    - ``ends``: a domain or a domain suffix at a label's border (``qq.com`` for a@qq.com and a@vip.qq.com); a pattern
      with an ``@`` is the whole domain (``@qq.com``) or the whole address
    - ``contains``: plain text; with a leading dot a whole label of the domain (``.edu`` for a@b.edu.au)

    :raise ValueError: the operator is none of these
    """
    domain = email.rpartition('@')[2]
    label = pattern.strip('.')
    if operator == 'starts':
        return bool(pattern) and email.startswith(pattern)
    if operator == 'ends':
        if pattern.startswith('@'):
            return domain == pattern[1:]
        if '@' in pattern:
            return email == pattern
        return bool(label) and (domain == pattern or domain.endswith('.' + pattern.removeprefix('.')))
    if operator == 'contains':
        if _is_label(pattern):
            return bool(label) and f'.{label}.' in f'.{domain}.'
        return bool(pattern) and pattern in email
    raise ValueError(f"{operator!r} is not an operator of an address pattern")


def to_like(operator: str, pattern: str) -> tuple[LikePattern, ...]:
    """Return LIKE patterns of which any holds exactly when :func:`matches` does; ``()`` for a pattern that never holds.

    :raise ValueError: the operator is unknown
    """
    label = pattern.strip('.')
    if operator == 'starts':
        return (_forward(pattern, '%'),) if pattern else ()
    if operator == 'ends':
        if pattern.startswith('@'):
            return (_backward(pattern, '%'),)
        if '@' in pattern:
            return (_forward(pattern),)
        if not label:
            return ()
        suffix = _backward('.' + pattern.removeprefix('.'), '%')
        return (suffix,) if pattern.startswith('.') else (_backward('@' + pattern, '%'), suffix)
    if operator == 'contains':
        if not _is_label(pattern):
            return (LikePattern(False, f'%{_escape(pattern)}%'),) if pattern else ()
        if not label:
            return ()
        text = _escape(label)
        return (
            _backward('@' + label, '%'),  # the whole domain
            _backward('.' + label, '%'),  # its end
            LikePattern(False, f'%@{text}.%'),  # its beginning
            LikePattern(False, f'%@%.{text}.%'),  # in between
        )
    raise ValueError(f"{operator!r} is not an operator of an address pattern")


def _is_label(pattern: str) -> bool:
    return pattern.startswith('.') and '@' not in pattern


def _forward(text: str, rest: str = '') -> LikePattern:
    return LikePattern(False, _escape(text) + rest)


def _backward(text: str, rest: str = '') -> LikePattern:
    return LikePattern(True, _escape(text[::-1]) + rest)


def _escape(text: str) -> str:
    return re.sub(r'([\\%_])', r'\\\1', text)
