from datetime import date

from odoo.tests import tagged

from .common import SenderCase


@tagged('post_install', '-at_install')
class TestSenderDay(SenderCase):

    def test_a_day_is_one_row(self):
        Day = self.env['cadence.sender.day']
        day = Day._note(self.sender, date(2026, 7, 5), cap=200)
        self.assertEqual(Day._note(self.sender, date(2026, 7, 5), left_count=3), day)
        self.assertEqual((day.cap, day.left_count, day.light), (200, 3, 'green'))

    def test_old_days_are_forgotten(self):
        Day = self.env['cadence.sender.day']
        old, new = Day._note(self.sender, date(2020, 7, 5), cap=1), Day._note(self.sender, date(2226, 7, 5), cap=1)
        self.env.flush_all()
        Day._gc_days()
        self.assertEqual((old | new).exists(), new)
