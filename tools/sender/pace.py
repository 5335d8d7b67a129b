"""How many mails of a sender leave in an hour, and spread how.

Providers take a burst for a machine: Yahoo asks to spread the volume, mail services let a single mailbox send one mail in ten to
twenty minutes. A pace is kept twice: never more mails than it in any hour, and of these a small group at a time.
"""
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

PACES = {'mailbox': 6, 'bulk': 3_600}  # mails an hour that are usual: one in ten minutes, one in a second
GROUP_MINUTES = 5  # between two groups, where the pace is fast enough for more than one mail in them
# A mail is written down seconds after it left: groups follow each other a little slower than the pace, for the hour is strict.
HOUR, RELAXED_HOUR = timedelta(seconds=3_605), 3_900
PATIENCE = timedelta(minutes=1)  # by which a group may come early: nobody is woken up twice for some seconds
ROUND = 15  # seconds, up to which moments are rounded: a group's mails wake up together


class Groups(NamedTuple):
    """So many mails at once, and how long until the next ones."""

    size: int
    distance: timedelta


def get_groups(pace: int) -> Groups:
    """Return how the mails of an hour are spread.

    >>> get_groups(6), get_groups(3_600)
    (Groups(size=1, distance=datetime.timedelta(seconds=650)), Groups(size=277, distance=datetime.timedelta(seconds=301)))
    """
    size = max(ceil(pace * GROUP_MINUTES * 60 / RELAXED_HOUR), 1)
    return Groups(size, timedelta(seconds=ceil(RELAXED_HOUR * size / pace)))


def spread(pace: int, log: Sequence[datetime], count: int, now: datetime) -> list[datetime]:
    """Return when each of so many mails may leave, one behind the other: ``now``, or a later moment.

    :param pace: mails an hour
    :param log: when the mails of the last hour left, and when those will that go first, in the order of time

    >>> noon = datetime(2026, 7, 1, 12)
    >>> [moment.strftime('%H:%M:%S') for moment in spread(6, [noon], 3, noon + timedelta(minutes=4))]
    ['12:11:00', '12:22:00', '12:33:00']
    """
    size, distance = get_groups(pace)
    log, moments = list(log), []
    for _number in range(count):
        moment = now
        if len(log) >= size and log[-size] + distance > now + PATIENCE:
            moment = log[-size] + distance
        if len(log) >= pace:
            moment = max(moment, log[-pace] + HOUR)
        if log:
            moment = max(moment, log[-1])  # who goes first went first
        if moment > now:
            moment = _round_up(moment)
        log.append(moment)
        moments.append(moment)
    return moments


def _round_up(moment: datetime) -> datetime:
    seconds = moment.second + moment.microsecond / 1_000_000
    return moment + timedelta(seconds=ceil(seconds / ROUND) * ROUND - seconds)
