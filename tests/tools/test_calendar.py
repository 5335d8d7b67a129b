import calendar
from datetime import date, datetime, time, timedelta
from unittest import TestCase

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.calendar import due_batches, local_day, next_due, next_run, reader_batch, utc_moment

MARKETING, READING = (30, 30), (10, 10)
SHORT_MONTHS = st.sampled_from(['last_day', 'skip'])
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
HOURS = st.integers(0, 24 * 60 - 1).map(lambda minutes: minutes / 60)
ZONES = st.sampled_from([
    'UTC', 'Asia/Shanghai', 'Asia/Kolkata', 'Asia/Kathmandu', 'Europe/Berlin', 'America/New_York', 'America/St_Johns',
    'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Kiritimati', 'Africa/Casablanca',
])  # fmt: skip
properties = settings(max_examples=150, deadline=None, database=None)


class TestNextRun(TestCase):
    def test_a_rhythm_with_a_batch_for_each_day_runs_again_today_and_leaves_out_a_31st(self):
        self.assertEqual(next_run(date(2026, 7, 30), *MARKETING), date(2026, 7, 30))
        self.assertEqual(next_run(date(2026, 7, 31), *MARKETING), date(2026, 8, 1))

    def test_a_rhythm_of_few_batches_waits_for_its_next_day(self):
        self.assertEqual(next_run(date(2026, 7, 6), 5, 30), date(2026, 8, 1))

    def test_a_group_without_batches_never_runs(self):
        self.assertIsNone(next_run(date(2026, 7, 6), 0, 30))


class TestDueBatches(TestCase):
    def test_marketing_batch_is_due_on_its_day_of_the_month(self):
        self.assertEqual(due_batches(date(2025, 7, 9), *MARKETING), (9,))

    def test_reading_batch_is_due_on_three_days_of_the_month(self):
        days = [day for day in range(1, 32) if 9 in due_batches(date(2025, 7, day), *READING)]
        self.assertEqual(days, [9, 19, 29])

    def test_nothing_is_due_on_a_31st(self):
        self.assertEqual(due_batches(date(2025, 7, 31), *MARKETING), ())
        self.assertEqual(due_batches(date(2025, 7, 31), *READING), ())

    def test_last_day_of_february_makes_up_for_the_days_it_lacks(self):
        self.assertEqual(due_batches(date(2026, 2, 28), *MARKETING), (28, 29, 30))
        self.assertEqual(due_batches(date(2026, 2, 28), *READING), (8, 9, 10))
        self.assertEqual(due_batches(date(2028, 2, 28), *MARKETING), (28,))
        self.assertEqual(due_batches(date(2028, 2, 29), *MARKETING), (29, 30))

    def test_skipping_company_leaves_out_the_days_that_february_lacks(self):
        self.assertEqual(due_batches(date(2026, 2, 28), *MARKETING, 'skip'), (28,))
        self.assertEqual(due_batches(date(2026, 2, 28), *READING, 'skip'), (8,))

    def test_last_day_of_a_month_of_thirty_days_is_an_ordinary_day(self):
        self.assertEqual(due_batches(date(2025, 4, 30), *MARKETING), (30,))

    def test_group_without_batches_or_rhythm_is_never_due(self):
        self.assertEqual(due_batches(date(2025, 7, 1), 0, 30), ())
        self.assertEqual(due_batches(date(2025, 7, 1), 30, 0), ())

    def test_day_of_the_cycle_without_a_batch_is_free(self):
        self.assertEqual(due_batches(date(2025, 7, 8), 5, 10), ())

    @properties
    @given(st.integers(2000, 2099), st.integers(1, 12), st.sampled_from([MARKETING, READING, (5, 7), (1, 1), (15, 15)]))
    def test_every_month_reaches_each_batch_as_often_as_a_month_of_thirty_days_but_for_the_last_day(
        self, year, month, group
    ):
        batch_count, cycle_days = group
        length = calendar.monthrange(year, month)[1]
        due = [due_batches(date(year, month, day), *group) for day in range(1, length + 1)]
        self.assertEqual({number for day in due for number in day}, set(range(1, batch_count + 1)))
        for day, numbers in enumerate(due[: min(length, 31) - 1], 1):
            self.assertEqual(
                numbers, tuple(b for b in range(1, batch_count + 1) if day <= 30 and (day - 1) % cycle_days + 1 == b)
            )

    @properties
    @given(st.integers(2000, 2098), st.integers(1, 12), st.sampled_from([MARKETING, READING, (5, 7), (1, 1)]), st.integers(1, 12))
    def test_a_slower_rhythm_mails_each_batch_once_in_so_many_rounds(self, year, month, group, every):
        batch_count, cycle_days = group
        first = date(year, month, 1)
        days = [first + timedelta(days=offset) for offset in range(366 * every // 12 + 366)]
        due = {number: [day for day in days if number in due_batches(day, *group)] for number in range(1, batch_count + 1)}
        slow = {number: [day for day in days if number in due_batches(day, *group, every=every)] for number in due}
        for number in due:
            self.assertLessEqual(set(slow[number]), set(due[number]), "on days of the rhythm only")
        for number in due if cycle_days in (10, 30) else ():
            self.assertEqual(slow[number], due[number][due[number].index(slow[number][0])::every])

    def test_a_slower_rhythm_leaves_no_round_idle(self):
        for every in (2, 3):
            for month in range(1, 13):
                due = [number for day in range(1, 29) for number in due_batches(date(2026, month, day), *MARKETING, every=every)]
                self.assertIn(len(due), (30 // every, 30 // every - 1, 30 // every + 1))

    @properties
    @given(DAYS, st.integers(0, 40), st.integers(0, 40))
    def test_catching_up_only_adds_to_skipping(self, day, batch_count, cycle_days):
        skipping = due_batches(day, batch_count, cycle_days, 'skip')
        catching_up = due_batches(day, batch_count, cycle_days)
        self.assertLessEqual(set(skipping), set(catching_up))
        self.assertLessEqual(len(skipping), 1)
        self.assertEqual(list(catching_up), sorted(set(catching_up)))


class TestNextDue(TestCase):
    def test_next_due_day_may_be_today(self):
        self.assertEqual(next_due(9, date(2025, 7, 9), *MARKETING), date(2025, 7, 9))
        self.assertEqual(next_due(9, date(2025, 7, 10), *MARKETING), date(2025, 8, 9))

    def test_batch_30_waits_for_march_where_february_is_skipped(self):
        self.assertEqual(next_due(30, date(2026, 1, 31), *MARKETING), date(2026, 2, 28))
        self.assertEqual(next_due(30, date(2026, 1, 31), *MARKETING, 'skip'), date(2026, 3, 30))

    def test_next_due_day_of_a_slower_rhythm_may_be_a_year_away(self):
        first = next_due(9, date(2025, 7, 10), *MARKETING, every=12)
        self.assertEqual(next_due(9, first + timedelta(days=1), *MARKETING, every=12), first.replace(year=first.year + 1))

    def test_number_that_the_group_lacks_is_never_due(self):
        self.assertIsNone(next_due(31, date(2025, 7, 1), *MARKETING))
        self.assertIsNone(next_due(0, date(2025, 7, 1), *MARKETING))
        self.assertIsNone(next_due(1, date(2025, 7, 1), 0, 0))

    @properties
    @given(st.integers(1, 30), DAYS, st.integers(1, 30), SHORT_MONTHS)
    def test_next_due_day_is_the_first_one(self, number, after, cycle_days, short_month):
        day = next_due(number, after, cycle_days, cycle_days, short_month)
        self.assertEqual(day is None, number > cycle_days)
        if day:
            waiting = [after + timedelta(days=offset) for offset in range((day - after).days)]
            self.assertIn(number, due_batches(day, cycle_days, cycle_days, short_month))
            self.assertFalse([d for d in waiting if number in due_batches(d, cycle_days, cycle_days, short_month)])


class TestReaderBatch(TestCase):
    def test_openers_of_marketing_01_11_and_21_belong_to_reading_01(self):
        self.assertEqual([reader_batch(number) for number in (1, 11, 21)], [1, 1, 1])
        self.assertEqual([reader_batch(number) for number in (9, 10, 20, 30)], [9, 10, 10, 10])

    @properties
    @given(st.integers(1, 30))
    def test_reading_batch_is_due_on_a_day_of_its_marketing_batch(self, number):
        day = next_due(number, date(2025, 7, 1), *MARKETING)
        self.assertIn(reader_batch(number), due_batches(day, *READING))


class TestLocalTime(TestCase):
    def test_local_day_is_the_one_on_the_clocks_there(self):
        now = datetime(2025, 7, 4, 20, 0)
        self.assertEqual(local_day(now, 'Asia/Shanghai'), date(2025, 7, 5))
        self.assertEqual(local_day(now, 'America/New_York'), date(2025, 7, 4))

    def test_sending_time_follows_daylight_saving(self):
        self.assertEqual(utc_moment(date(2025, 7, 5), 'Europe/Berlin', 9.5), datetime(2025, 7, 5, 7, 30))
        self.assertEqual(utc_moment(date(2025, 1, 5), 'Europe/Berlin', 9.5), datetime(2025, 1, 5, 8, 30))
        self.assertEqual(utc_moment(date(2025, 7, 5), 'Asia/Shanghai', 0), datetime(2025, 7, 4, 16, 0))

    def test_time_that_daylight_saving_skips_moves_on_by_the_gap(self):
        self.assertEqual(utc_moment(date(2025, 3, 9), 'America/New_York', 2.5), datetime(2025, 3, 9, 7, 30))

    def test_time_that_comes_twice_is_the_first_one(self):
        self.assertEqual(utc_moment(date(2025, 11, 2), 'America/New_York', 1.5), datetime(2025, 11, 2, 5, 30))

    def test_time_of_a_day_that_was_skipped_is_on_the_next_day(self):
        self.assertEqual(utc_moment(date(2011, 12, 30), 'Pacific/Apia', 9), datetime(2011, 12, 30, 19, 0))
        self.assertEqual(local_day(datetime(2011, 12, 30, 19, 0), 'Pacific/Apia'), date(2011, 12, 31))

    def test_last_minute_of_a_day_stays_on_it(self):
        self.assertEqual(utc_moment(date(2025, 7, 5), 'UTC', 23.9999), datetime(2025, 7, 5, 23, 59))

    def test_hour_that_no_clock_shows_is_refused(self):
        for hours in (24.0, -0.01, float('nan'), float('inf')):
            with self.subTest(hours=hours), self.assertRaises(ValueError):
                utc_moment(date(2025, 7, 5), 'UTC', hours)

    def test_unknown_time_zone_is_refused(self):
        for tz in ('Mars/Olympus', '', '../etc/passwd', None, False):
            with self.subTest(tz=tz), self.assertRaises(ValueError):
                local_day(datetime(2025, 7, 5), tz)

    def test_old_name_of_a_time_zone_is_known(self):
        self.assertEqual(local_day(datetime(2025, 7, 4, 20), 'Asia/Calcutta'), date(2025, 7, 5))

    @properties
    @given(st.dates(date(2000, 1, 1), date(2036, 12, 31)), ZONES, HOURS)  # pytz's tables end in 2037
    def test_moment_is_the_first_that_shows_the_asked_time_where_that_exists(self, day, tz, hours):
        moment = utc_moment(day, tz, hours)
        asked = datetime.combine(day, time(*divmod(round(hours * 60), 60)))
        shown = pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).replace(tzinfo=None)
        if shown == asked:
            for minutes in (30, 60):
                earlier = pytz.utc.localize(moment - timedelta(minutes=minutes)).astimezone(pytz.timezone(tz))
                self.assertNotEqual(earlier.replace(tzinfo=None), asked)
        else:
            with self.assertRaises(pytz.NonExistentTimeError):
                pytz.timezone(tz).localize(asked, is_dst=None)
            self.assertGreater(shown, asked)
        self.assertEqual(local_day(moment, tz), shown.date())

    @properties
    @given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)), ZONES)
    def test_day_begins_before_now_and_ends_after_it(self, now, tz):
        day = local_day(now, tz)
        self.assertLessEqual(utc_moment(day, tz, 0), now)
        self.assertLess(
            now, utc_moment(day + timedelta(days=1), tz, 0) + timedelta(hours=24 if tz == 'Pacific/Apia' else 0)
        )
