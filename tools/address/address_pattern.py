"""What an address pattern of a customer view means, and the LIKE patterns that mean the same in SQL.

The meaning is "Address patterns" of the design. :func:`read` takes people's lists apart and brings each pattern into the
form in which it can hold, or says why it cannot; :func:`matches` is the specification, :func:`to_like` what the database
can answer from an index on the address and one on its reverse. Both are about a canonical address: lower case, one
``@``, the host as DNS has it.
"""

import re
import unicodedata
from typing import NamedTuple

from . import pattern_text


class LikePattern(NamedTuple):
    """A pattern of ``LIKE`` (``\\`` escapes), to compare with the address or with its reverse."""

    reverse: bool
    like: str


class Fault(NamedTuple):
    """What people wrote and why it is no pattern: a key of :data:`pattern_text.FAULTS`."""

    text: str
    reason: str


class Reading(NamedTuple):
    """A list as it was read: the patterns, each once and in order, and what could not be understood."""

    patterns: tuple[str, ...]
    faults: tuple[Fault, ...]


def split(text: str | None) -> tuple[str, ...]:
    """Return the words of a pasted list in lower case, each once, in order.

    They are separated by ``;``, commas, new lines or spaces (no address holds one), in Chinese or English form.
    """
    folded = unicodedata.normalize('NFKC', text or '').lower()
    return tuple(dict.fromkeys(filter(None, re.split(r'[;,、\s]+', folded))))


def read(operator: str, text: str | None) -> Reading:
    """Return the patterns of a list as people write it: ``*@rival.example | www.other.example/contact``.

    :raise ValueError: the operator is none of ``starts``, ``ends`` and ``contains``
    """
    patterns, faults = {}, []
    for piece in pattern_text.pieces(text or '', pages=operator != 'starts'):
        pattern, reason = normalise(operator, piece)
        if reason:
            faults.append(Fault(piece, reason))
        else:
            patterns[pattern] = None
    return Reading(tuple(patterns), tuple(faults))


def normalise(operator: str, piece: str) -> tuple[str, str | None]:
    """Return the pattern that one piece of a list means and None, or the piece and why it can never hold.

    :raise ValueError: the operator is unknown
    """
    try:
        change = _NORMALISE[operator]
    except KeyError:
        raise ValueError(f"{operator!r} is not an operator of an address pattern") from None
    try:
        while (pattern := change(piece)) != piece:
            piece = pattern  # what one change leaves may be worth another: a star before a quote
        return pattern, None
    except pattern_text.Refusal as refusal:
        return piece, refusal.reason


def _normalise_starts(piece: str) -> str:
    text = pattern_text.without_stars(piece, end=True)
    local, at, host = text.partition('@')
    if not local or local.startswith('.'):
        raise pattern_text.Refusal('starts_at_host')
    return pattern_text.local_text(local) + at + (pattern_text.host_beginning(host) if at else '')


def _normalise_ends(piece: str) -> str:
    text = pattern_text.without_stars(re.sub(r'^[*%](?=@)|^\*\.(?=[^.])', '', piece))
    local, at, host = text.rpartition('@')
    if not host:
        raise pattern_text.Refusal('ends_at_local')
    if at:
        return _check_local(local) + at + pattern_text.whole_host(host)
    return '.' * host.startswith('.') + pattern_text.last_labels(pattern_text.without_www(host.lstrip('.')))


def _normalise_contains(piece: str) -> str:
    text = re.sub(r'^%(?=@)', '', pattern_text.without_stars(piece, start=True, end=True))
    local, at, host = text.partition('@')
    if at and not (local or host):
        raise pattern_text.Refusal('everybody')
    if at:
        return pattern_text.local_text(local) + at + pattern_text.host_beginning(host)
    if _is_label(text):
        return '.' + pattern_text.labels(text.lstrip('.'))
    return pattern_text.plain_text(pattern_text.without_www(text))


def _check_local(text: str) -> str:
    if '@' in text:
        raise pattern_text.Refusal('two_ats')
    return pattern_text.local_text(text)


_NORMALISE = {'starts': _normalise_starts, 'ends': _normalise_ends, 'contains': _normalise_contains}


def matches(operator: str, pattern: str, email: str) -> bool:
    """Return whether a normalised pattern holds for a canonical address.

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
