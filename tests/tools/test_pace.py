from datetime import datetime, timedelta
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.sender.pace import HOUR, PATIENCE, get_groups, spread

properties = settings(max_examples=200, deadline=None, database=None)
NOON = datetime(2026, 7, 1, 12)


def get_most(moments, length):
    """The most of the moments that lie in any stretch of time of a length."""
    moments = sorted(moments)
    return max((sum(start <= other < start + length for other in moments[number:]) for number, start in enumerate(moments)),
               default=0)


class TestPace(TestCase):

    def test_a_mailbox_sends_one_mail_in_ten_minutes(self):
        moments = [str(moment.time()) for moment in spread(6, [], 4, NOON)]
        self.assertEqual(moments, ['12:00:00', '12:11:00', '12:22:00', '12:33:00'])

    def test_a_fast_pace_leaves_in_groups_of_five_minutes(self):
        moments = spread(3_600, [], 1_000, NOON)
        self.assertEqual([moments.count(moment) for moment in sorted(set(moments))], [277, 277, 277, 169])
        self.assertEqual(max(moments), NOON + timedelta(minutes=15, seconds=45))

    def test_what_left_in_the_last_hour_counts_however_fast_it_left(self):
        burst = [NOON - timedelta(minutes=30)] * 6
        self.assertEqual(spread(6, burst, 1, NOON), [NOON + timedelta(minutes=30, seconds=15)])

    def test_who_comes_later_goes_behind_those_who_have_a_turn(self):
        promised = [NOON + timedelta(minutes=20)]
        self.assertEqual(spread(6, promised, 1, NOON), [NOON + timedelta(minutes=31)])

    def test_a_group_may_come_some_seconds_early(self):
        left = [NOON - get_groups(6).distance + timedelta(seconds=20)]
        self.assertEqual(spread(6, left, 1, NOON), [NOON])

    def test_nine_tenths_of_a_pace_are_used(self):
        for pace in (1, 2, 6, 12, 20, 50, 333, 3_600, 20_000):
            with self.subTest(pace=pace):
                last = spread(pace, [], 4 * pace + 1, NOON)[-1]
                self.assertLessEqual(last - NOON, 4 * timedelta(hours=1) / 0.8)

    @properties
    @given(st.integers(1, 400), st.lists(st.integers(0, 90), max_size=12), st.integers(1, 120))
    def test_never_more_than_the_pace_in_any_hour(self, pace, gaps, count):
        """However often it is asked, and if each mail leaves at its moment."""
        log, now = [], NOON
        for gap in gaps:
            now += timedelta(minutes=gap)
            left = [moment for moment in log if moment <= now]
            log = left + [moment for moment in spread(pace, left, count, now) if moment <= now]
        moments = log + spread(pace, log, count, now)
        self.assertLessEqual(get_most(moments, HOUR), pace)
        groups = get_groups(pace)
        self.assertLessEqual(get_most(moments, groups.distance - PATIENCE), groups.size)
