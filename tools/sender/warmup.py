"""How many mails a sender may send on a day while mailbox providers get to know it.

Providers trust who has sent little and evenly before more than a stranger. Counted are sending days, not days of the calendar
(SendGrid's rule): who mails on Mondays only is not a stranger less for the six days between. The ramps are those that mail
services publish; 33,000 a day take 37, 21 and 12 sending days.
"""

from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import NamedTuple


class Profile(NamedTuple):
    """The mails of the first day, by how much each next day is larger, and how many a day are enough."""

    start: int
    growth: float
    target: int


PROFILES = {
    'mailbox': Profile(20, 1.2, 50),
    'careful': Profile(50, 1.2, 1_000),
    'normal': Profile(200, 1.3, 5_000),
    'fast': Profile(500, 1.5, 20_000),
}
USED = 0.8  # of a day's cap has to leave before the next one is larger
REST_DAYS = 14  # without a mail: half of what was usual
FORGET_DAYS = 30  # without a mail: a stranger again
TRIAL = 0.1  # of the cap, after a pause


class Day(NamedTuple):
    """A day on which something left. ``light`` is how the sender was doing: green, amber or red (it was paused)."""

    date: date
    cap: int
    left: int
    light: str = 'green'


class Cap(NamedTuple):
    """``value`` mails a day; ``state`` is new, warming, warm or resting; ``reason`` is one of

    first     nothing has left yet
    next      a step up: the last day was well used and came through
    unused    as on the last day, of which too little was used
    held      as on the last day, for too much comes back
    halved    half of the last day, which ended in a pause
    doubled   twice what the last day really sent, never more
    rested    half of the largest of thirty days, after more than two weeks without a mail
    anew      as on the first day, after more than a month without a mail
    target    the goal is reached
    """

    value: int
    state: str
    reason: str


def get_cap(profile: Profile, target: int, days: Iterable[Day], today: date, light: str = 'green') -> Cap:
    """Return how many mails may leave on ``today``.

    Never more than twice what left on the last sending day (SocketLabs' rule), except that a first day's number is always safe.

    :param target: mails a day at which the sender is warm; 0 for the profile's own
    :param days: those before today since the warming began, in their order; those on which nothing left do not count
    :param light: how the sender is doing now, which counts for the last day as well: bounces take a while

    >>> get_cap(PROFILES['normal'], 0, [Day(date(2026, 7, 1), 200, 200)], date(2026, 7, 2))
    Cap(value=260, state='warming', reason='next')
    """
    target = target or profile.target
    days = [day for day in days if day.left > 0 and day.date < today]
    start = min(profile.start, target)
    if not days:
        return Cap(start, 'new', 'first')
    last = days[-1]
    idle = (today - last.date).days
    if idle > FORGET_DAYS:
        return Cap(start, 'new', 'anew')
    if idle > REST_DAYS:
        most = max(day.left for day in days if (last.date - day.date).days < FORGET_DAYS)
        value, reason = max(most // 2, start), 'rested'
    else:
        value, reason = _get_step(profile, last, light)
    if value > 2 * last.left:
        value, reason = max(2 * last.left, min(start, value)), 'doubled'
    if reason == 'rested':
        return Cap(min(value, target), 'resting', reason)
    if value >= target:
        return Cap(target, 'warm', 'target')
    return Cap(value, 'warming', reason)


def _get_step(profile: Profile, last: Day, light: str) -> tuple[int, str]:
    lights = {last.light, light}
    if 'red' in lights:
        return max(last.cap // 2, 1), 'halved'
    if 'amber' in lights:
        return last.cap, 'held'
    if last.left < USED * last.cap:
        return last.cap, 'unused'
    return max(ceil(last.cap * profile.growth), profile.start), 'next'


def get_trial(cap: int) -> int:
    """Return how many mails try whether a paused sender comes through again."""
    return max(1, int(cap * TRIAL))


def foresee(profile: Profile, target: int, days: Iterable[Day], today: date, count: int) -> list[int]:
    """Return the caps of today and the next sending days if each of them is used and comes through."""
    days, caps = list(days), []
    for number in range(count):
        day = date.fromordinal(today.toordinal() + number)
        caps.append(get_cap(profile, target, days, day).value)
        days.append(Day(day, caps[-1], caps[-1]))
    return caps
