"""A DKIM key as DNS has it (RFC 6376, 3.6.1; RFC 8463 for Ed25519)."""

import base64
import binascii
from typing import NamedTuple


class Key(NamedTuple):
    """``problem`` is revoked (an empty p), broken, or '' for a key that is one; ``bits`` of an RSA key, 0 where unknown."""

    problem: str = ''
    bits: int = 0
    is_test: bool = False


def read_key(text: str) -> Key:
    """Return what the record says.

    >>> read_key('v=DKIM1; k=rsa; p=')
    Key(problem='revoked', bits=0, is_test=False)
    """
    tags: dict[str, str] = {}
    for part in text.split(';'):
        name, equals, value = part.partition('=')
        if equals:
            tags.setdefault(name.strip().lower(), ''.join(value.split()))
    is_test = 'y' in tags.get('t', '').lower().split(':')
    if tags.get('v', 'DKIM1') != 'DKIM1' or 'p' not in tags:
        return Key('broken')
    if not tags['p']:
        return Key('revoked', is_test=is_test)
    try:
        data = base64.b64decode(tags['p'], validate=True)
    except (binascii.Error, ValueError):
        return Key('broken')
    if tags.get('k', 'rsa').lower() == 'ed25519':
        return Key('' if len(data) == 32 else 'broken', 0, is_test)
    bits = _get_rsa_bits(data)
    return Key('' if bits else 'broken', bits, is_test)


def _get_rsa_bits(data: bytes) -> int:
    """The length of the modulus of a SubjectPublicKeyInfo or an RSAPublicKey; 0 for what is neither."""
    try:
        tag, body, _rest = _read_element(data)
        inner_tag, first, rest = _read_element(body)
        if tag != 0x30:
            return 0
        if inner_tag == 0x30:  # the algorithm comes first, then the key in a bit string
            bit_tag, bits, _rest = _read_element(rest)
            if bit_tag != 0x03:
                return 0
            _tag, body, _rest = _read_element(bits[1:])
            inner_tag, first, _rest = _read_element(body)
        return len(first.lstrip(b'\x00')) * 8 if inner_tag == 0x02 else 0
    except (IndexError, ValueError):
        return 0


def _read_element(data: bytes) -> tuple[int, bytes, bytes]:
    """(tag, content, what follows) of an element of DER."""
    tag, length, start = data[0], data[1], 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[2:2 + count], 'big'), 2 + count
    if len(data) < start + length:
        raise ValueError(data)
    return tag, data[start:start + length], data[start + length:]
