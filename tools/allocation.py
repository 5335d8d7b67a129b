"""Dividing an amount without losing a cent: the largest remainder method, in the currency's smallest unit."""
from collections.abc import Sequence
from fractions import Fraction


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Return as many whole parts as there are weights, in proportion to them, that add up to `total` exactly.

    All zero where nothing has a weight: such an amount is for whoever asks to show, it is not lost.

    >>> allocate(100, [1, 1, 1]), allocate(5, [0, 0]), allocate(-7, [1, 2])
    ([34, 33, 33], [0, 0], [-2, -5])
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [Fraction(abs(total) * weight, whole) for weight in weights]
    parts = [int(share) for share in shares]
    # Who lost most by rounding down gets the rest, the first of equals first: the same each time.
    order = sorted(range(len(weights)), key=lambda place: (parts[place] - shares[place], place))
    for place in order[:abs(total) - sum(parts)]:
        parts[place] += 1
    return parts if total >= 0 else [-part for part in parts]
