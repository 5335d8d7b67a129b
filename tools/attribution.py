"""Which mails brought an opportunity: four ways of telling, each of which divides it into parts that add up to exactly one.

No way is true; that two of them say the same is worth more than the decimals of one.
"""
from decimal import Decimal
from typing import NamedTuple

from . import allocation

MODELS = ('last', 'first', 'linear', 'u_shaped')
UNITS = 1_000_000  # a weight has six decimals
ENDS = 40  # percent of the first and of the last mail, U-shaped


class Weight(NamedTuple):
    position: int
    weight: Decimal


def weigh(model: str, count: int) -> list[Weight]:
    """Return the weights above zero of `count` mails in the order in which they were sent.

    >>> [str(part.weight) for part in weigh('u_shaped', 4)]
    ['0.400000', '0.100000', '0.100000', '0.400000']
    >>> weigh('last', 0)
    []
    """
    if count <= 0:
        return []
    parts = allocation.allocate(UNITS, _get_shares(model, count))
    return [
        Weight(position, (Decimal(part) / UNITS).quantize(Decimal('0.000001')))
        for position, part in enumerate(parts) if part]


def _get_shares(model, count):
    match model:
        case 'last':
            return [0] * (count - 1) + [1]
        case 'first':
            return [1] + [0] * (count - 1)
        case 'linear':
            return [1] * count
        case 'u_shaped' if count > 2:
            inner = count - 2
            return [ENDS * inner, *[100 - 2 * ENDS] * inner, ENDS * inner]
        case 'u_shaped':
            return [1] * count
    raise ValueError(model)
