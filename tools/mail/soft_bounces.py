"""When mails that come back again and again, each time not for good, mean that nobody is there any more."""

from datetime import datetime, timedelta

# Not those that are about us: a block list says nothing about the address.
COUNTED = ('mailbox_full', 'temporary', 'unknown')


def is_dead(dates: list[datetime], count: int, weeks: int) -> bool:
    """Return whether so many bounces in a row, over so many weeks, are the address's end; with a count of 0 they never are.

    >>> is_dead([datetime(2026, 7, day) for day in (1, 9, 30)], count=3, weeks=4)
    True
    """
    return bool(count) and len(dates) >= count and max(dates) - min(dates) >= timedelta(weeks=weeks)
