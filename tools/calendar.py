"""Which batches are due on which day, and what a local day or hour is in UTC.

The rules are "The calendar" of the design: batch *b* is due on the days of the month *d* <= 30 with
``(d - 1) % cycle_days + 1 == b``, and a month too short for a day makes up for it on its last day. A slower rhythm is
mailed every second or third of these rounds; in each of them it is another part of the batches, so that no round is idle.
"""

import calendar
from datetime import date, datetime, time, timedelta
from functools import cache
from math import ceil
from zoneinfo import ZoneInfo

import pytz

LAST_CYCLE_DAY = 30  # a rhythm has thirty days in every month: nothing new on a 31st
SEARCH_DAYS = 62  # longer than any wait: batch 30 in a month that skips February is due on 30 January and 30 March


def due_batches(
    day: date, batch_count: int, cycle_days: int, short_month: str = 'last_day', every: int = 1
) -> tuple[int, ...]:
    """Return the numbers of the batches due on ``day``, ascending.

    :param short_month: ``'last_day'`` adds the batches of the days that the month lacks to its last day
        (28 February: 28, 29 and 30), ``'skip'`` leaves them out this month
    :param every: a batch is mailed in every so many rounds of its rhythm
    :return: ``()`` on a 31st and for a group without batches or rhythm

    >>> due_batches(date(2025, 7, 19), 10, 10)
    (9,)
    >>> due_batches(date(2026, 2, 28), 30, 30)
    (28, 29, 30)
    >>> [month for month in range(1, 13) if due_batches(date(2026, month, 9), 30, 30, every=3)]
    [1, 4, 7, 10]
    """
    if batch_count <= 0 or cycle_days <= 0 or day.day > LAST_CYCLE_DAY:
        return ()
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    until = LAST_CYCLE_DAY if is_last and short_month == 'last_day' else day.day
    first_round = (day.year * 12 + day.month - 1) * ceil(LAST_CYCLE_DAY / cycle_days)
    return tuple(sorted({
        number for d in range(day.day, until + 1)
        if (number := (d - 1) % cycle_days + 1) <= batch_count
        and (first_round + (d - 1) // cycle_days + number) % max(every, 1) == 0}))


def next_due(
    number: int, after: date, batch_count: int, cycle_days: int, short_month: str = 'last_day', every: int = 1
) -> date | None:
    """Return the first day on or after ``after`` on which batch ``number`` is due, None if it never is."""
    return next((day for day in _days_from(after, every)
                 if number in due_batches(day, batch_count, cycle_days, short_month, every)), None)


def next_run(
    after: date, batch_count: int, cycle_days: int, short_month: str = 'last_day', every: int = 1
) -> date | None:
    """Return the first day on or after ``after`` on which any batch is due, None if there is none."""
    return next((day for day in _days_from(after, every)
                 if due_batches(day, batch_count, cycle_days, short_month, every)), None)


def _days_from(after: date, every: int):
    return (after + timedelta(days=offset) for offset in range(SEARCH_DAYS * max(every, 1)))


def reader_batch(number: int, batch_count: int = 10) -> int:
    """Return the reading batch (1..``batch_count``) for the openers of marketing batch ``number``: 01, 11, 21 -> 01."""
    return (number - 1) % batch_count + 1


def last_mature_day(today: date, days: int | None = None) -> date:
    """Return the last mailing day whose openers join the faster rhythm on ``today``.

    :param days: how many days after the mailing they do; None: in the calendar week (Monday to Sunday) after it

    >>> last_mature_day(date(2026, 7, 8))
    datetime.date(2026, 7, 5)
    """
    return today - timedelta(days=today.weekday() + 1 if days is None else days)


def local_day(now: datetime, tz: str) -> date:
    """Return the day that it is in time zone ``tz`` at ``now``, a naive UTC moment as Odoo stores it.

    :raise ValueError: the time zone is unknown
    """
    return now.replace(tzinfo=_zone('UTC')).astimezone(_zone(tz)).date()


def utc_moment(day: date, tz: str, hours: float) -> datetime:
    """Return the naive UTC moment at which the clocks of ``tz`` show ``hours`` (9.5 = half past nine) on ``day``.

    A time that daylight saving skips moves on by the gap (02:30 -> 03:30); of a time that comes twice it is the first.

    :raise ValueError: the time zone is unknown, or ``hours`` is not in 0 <= hours < 24
    """
    if not 0 <= hours < 24:  # written so that NaN is refused as well
        raise ValueError(f"{hours} is not an hour of a day")
    hour, minute = _to_minutes(hours)
    # zoneinfo's fold=0 is what the docstring promises for gaps and overlaps (PEP 495)
    local = datetime.combine(day, time(hour, minute), _zone(tz))
    return local.astimezone(_zone('UTC')).replace(tzinfo=None)


def clock(hours: float) -> str:
    """Return an hour of the day as clocks show it.

    >>> clock(8.5), clock(14)
    ('08:30', '14:00')
    """
    hour, minute = _to_minutes(hours)
    return f'{hour:02}:{minute:02}'


def _to_minutes(hours):
    return divmod(min(round(hours * 60), 24 * 60 - 1), 60)


@cache
def _zone(tz: str) -> ZoneInfo:
    # Odoo's selection of names is pytz's, so the data is too: no need for the system to have (all of) tzdata.
    # The arithmetic is zoneinfo's, because pytz has no answer for times that do not exist.
    try:
        key = pytz.timezone(tz).zone
        with pytz.open_resource(key) as data:
            return ZoneInfo.from_file(data, key=key)
    except (pytz.UnknownTimeZoneError, AttributeError, OSError) as error:
        raise ValueError(f"{tz!r} is not a time zone") from error
