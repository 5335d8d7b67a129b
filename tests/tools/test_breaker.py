import random
from collections import deque
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.sender import breaker
from ...tools.sender.breaker import Verdict, Window, judge

MONTH = 6_000  # mails: 200 a day
properties = settings(max_examples=200, deadline=None, database=None)


def mails_until_pause(rate, draw, mails=MONTH):
    """How many mails a sender sends until it is paused, or None: asked at each bounce, as it is done."""
    last = deque()
    sent = 0
    while True:
        # The mails up to the next bounce, without drawing each of them.
        sent += 1 + int(draw.expovariate(1) / rate) if rate < 1 else 1
        if sent > mails:
            return None
        last.append(sent)
        while last[0] <= sent - breaker.MAILS:
            last.popleft()
        count = len(last)
        if count >= 5 and judge(Window(min(sent, breaker.MAILS), count, count)).light == 'red':
            return sent


class TestJudge(TestCase):

    def test_few_bounces_say_nothing(self):
        """Whoever trips at three of fifty pauses one healthy sender of five hundred."""
        self.assertEqual(judge(Window(mails=4, hard=4, bounced=4)), Verdict('green'))
        self.assertEqual(judge(Window()), Verdict('green'))

    def test_what_pauses_and_what_holds(self):
        for window, verdict in {
            Window(500, 25, 25): ('red', 'hard'),
            Window(500, 24, 24): ('amber', 'hard'),
            Window(200, 10, 10): ('red', 'hard'),
            Window(199, 9, 9): ('amber', 'hard'),
            Window(500, 10, 10): ('amber', 'hard'),
            Window(500, 9, 9): ('green', None),
            Window(500, 0, 50): ('red', 'bounced'),
            Window(500, 0, 49): ('amber', 'bounced'),
            Window(500, 0, 0, 1000, 3): ('red', 'complaints'),
            Window(500, 0, 0, 1000, 2): ('amber', 'complaints'),
            Window(500, 0, 0, 1000, 0): ('green', None),
            Window(100, 0, 10, 100, 0, 10): ('red', 'policy'),
            Window(500, 0, 10, 500, 0, 10): ('green', None),
            Window(500, in_a_row=10): ('red', 'policy'),
            Window(500, in_a_row=9): ('green', None),
        }.items():
            with self.subTest(window=window):
                self.assertEqual(judge(window), verdict)

    def test_in_a_trial_a_few_are_enough(self):
        self.assertEqual(judge(Window(20, 3, 3), is_trial=True), ('red', 'hard'))
        self.assertEqual(judge(Window(20, 2, 2), is_trial=True), ('green', None))
        self.assertEqual(judge(Window(20, 0, 0, 20, 1), is_trial=True), ('red', 'complaints'))
        self.assertEqual(judge(Window(20, in_a_row=3), is_trial=True), ('red', 'policy'))

    def test_complaints_need_a_person(self):
        self.assertEqual([breaker.may_try_by_itself(cause) for cause in ('hard', 'bounced', 'complaints')], [True, True, False])

    @properties
    @given(st.integers(0, 500), st.integers(0, 60), st.integers(0, 60), st.integers(0, 5))
    def test_more_that_comes_back_is_never_better(self, mails, hard, others, complaints):
        lights = ['green', 'amber', 'red']
        window = Window(max(mails, hard + others), hard, hard + others, 1000, complaints)
        worse = [window._replace(hard=hard + 1, bounced=hard + others + 1, mails=max(window.mails, hard + others + 1)),
                 window._replace(complaints=complaints + 1)]
        for other in worse:
            if other.mails == window.mails:
                self.assertGreaterEqual(lights.index(judge(other).light), lights.index(judge(window).light))

    # Error rates, as they are simulated in the specification: evaluated at every bounce of a month

    def test_healthy_senders_are_left_alone(self):
        """10,000 senders whose addresses are good (1 % bounces): hardly one of a thousand is paused within a month."""
        draw = random.Random(1)
        paused = sum(mails_until_pause(0.01, draw) is not None for _sender in range(10_000))
        self.assertLessEqual(paused, 10)

    def test_two_per_cent_is_warned_and_hardly_ever_paused(self):
        draw = random.Random(2)
        paused = sum(mails_until_pause(0.02, draw) is not None for _sender in range(2_000))
        self.assertLessEqual(paused, 50)

    def test_a_bad_list_is_caught_within_300_mails(self):
        draw = random.Random(3)
        caught = sorted(mails_until_pause(0.10, draw) for _sender in range(2_000))
        self.assertLessEqual(caught[int(0.99 * len(caught))], 200)
        self.assertLessEqual(caught[-1], 300)

    def test_five_per_cent_is_always_caught(self):
        draw = random.Random(4)
        self.assertEqual(sum(mails_until_pause(0.06, draw) is None for _sender in range(500)), 0)
