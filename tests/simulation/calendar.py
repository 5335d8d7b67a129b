"""The calendar as the design tells it, written a second time: the simulation judges the product's by it."""
from calendar import monthrange
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo('UTC')


def local_day(moment, tz):
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date()


def utc_moment(day, tz, hours):
    minutes = round(hours * 60)
    local = datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(tz))
    return local.astimezone(UTC).replace(tzinfo=None)


def due_batches(day, batches, cycle):
    """Batch b is due on the days d <= 30 with (d - 1) % cycle + 1 == b; those of missing days on the month's last one."""
    last = monthrange(day.year, day.month)[1]
    days = {day.day} if day.day <= 30 else set()
    if day.day == last and last < 30:
        days |= set(range(last + 1, 31))
    return {batch for d in days if (batch := (d - 1) % cycle + 1) <= batches}


def next_due(day, batch, batches, cycle):
    while batch not in due_batches(day, batches, cycle):
        day += timedelta(days=1)
    return day
