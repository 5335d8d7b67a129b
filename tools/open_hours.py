"""What the hours of opens say in a sentence, and whether they say anything."""
from typing import NamedTuple

from . import rates

FEW = 30  # opens; with fewer the picture is one of chance
SPAN = 2  # hours that are told together
CHANCE = 0.02  # that the best of so many days or hours looks like more than an even share, and is not


class Peak(NamedTuple):
    """`first` is the weekday (0 is Monday) or the hour at which it begins."""
    first: int
    share: float


class Hours(NamedTuple):
    weekday: Peak | None
    hour: Peak | None


def find_peaks(counts: dict[tuple[int, int], int]) -> Hours:
    """Return the weekday and the two hours with the most opens, each None where that may be chance.

    Sure is what is more than an even share would be, though it is the best of 7 or 24: so much more confidence is asked for.

    :param counts: {(weekday, hour): opens}

    >>> find_peaks({(1, 9): 60, (1, 10): 40, (3, 15): 20})
    Hours(weekday=Peak(first=1, share=0.8333333333333334), hour=Peak(first=9, share=0.8333333333333334))
    >>> find_peaks({(day, hour): 5 for day in range(7) for hour in range(24)})
    Hours(weekday=None, hour=None)
    >>> find_peaks({(1, 9): 29})
    Hours(weekday=None, hour=None)
    """
    total = sum(counts.values())
    if total < FEW:
        return Hours(None, None)
    by_day, by_hour = [0] * 7, [0] * 24
    for (day, hour), count in counts.items():
        by_day[day] += count
        for first in range(hour - SPAN + 1, hour + 1):
            by_hour[first % 24] += count
    return Hours(_find_peak(by_day, total, 1 / 7), _find_peak(by_hour, total, SPAN / 24))


def _find_peak(counts, total, even):
    first = max(range(len(counts)), key=counts.__getitem__)
    low = rates.wilson(counts[first], total, 1 - CHANCE / len(counts)).low
    return Peak(first, counts[first] / total) if low > even else None
