"""The placeholders of a letter without code: cut it into pieces once, put each contact's words between them."""
import re
from typing import NamedTuple

# As the normalized letter has them: <t t-out="object.name">friend</t>
_PLACEHOLDER = re.compile(r'<(?P<tag>\w+) t-out="(?P<path>[\w.]+)"(?:/>|>\s*(?P<default>[^<>]*?)\s*</(?P=tag)>)')


class Piece(NamedTuple):
    text: str      # what stands before the placeholder
    tag: str       # empty after the last one
    path: str      # object.country_id.name
    default: str   # for who has no such value


def cut(letter):
    """The letter's pieces, or None where a directive is written in another way than the one known here.

    >>> cut('<p>Dear <t t-out="object.name">friend</t>,</p>')
    [Piece(text='<p>Dear ', tag='t', path='object.name', default='friend'), Piece(text=',</p>', tag='', path='', default='')]
    >>> cut('<p t-if="object.name">Dear</p>')
    """
    pieces, end = [], 0
    for match in _PLACEHOLDER.finditer(letter):
        pieces.append(Piece(letter[end:match.start()], match['tag'], match['path'], match['default'] or ''))
        end = match.end()
    pieces.append(Piece(letter[end:], '', '', ''))
    return None if any(' t-' in piece.text for piece in pieces) else pieces
