from odoo import fields
from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestCadenceRunTrouble(CadenceCase):
    """What somebody does in Email Marketing to a mailing that has not left is told on its run, and undone there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()

    def test_a_run_whose_mailing_somebody_archived_says_so_until_it_is_brought_back(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        mailing = run.mailing_ids
        with self.at(DAY, 3):
            mailing.action_archive()
        self.assertIn("archived the mailing", run.blocked_reason)
        self.assertTrue(run.needs_hand)
        self.assertTrue(run.activity_ids)
        with self.at(DAY, 4):
            mailing.action_unarchive()
        self.assertFalse(run.blocked_reason)
        with self.at(DAY, 5):
            mailing.action_archive()
        self.assertFalse(self._compose(DAY))
        with self.at('2026-07-06', 1):
            self.env['cadence.run']._close_past_days(fields.Datetime.now())
        self.assertEqual(run.state, 'missed')
        self.assertIn("archived the mailing", run.blocked_reason)
        self.assertEqual({self._touch(partner, DAY).state for partner in partners}, {'deferred'})

    def test_a_run_whose_mailing_somebody_cancelled_says_so_and_no_latecomer_sends_it(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        mailing = run.mailing_ids
        with self.at(DAY, 3):
            mailing.action_cancel()
        self.assertIn("was cancelled in Email Marketing", run.blocked_reason)
        self.assertTrue(run.activity_ids)
        partners += self._create_partners(1, batch=5)
        self._queue(DAY, hour=4)
        self.assertEqual(mailing.state, 'draft')
        self.assertEqual(partners.cadence_touch_ids.mailing_id, mailing)
        self.assertIn("was cancelled in Email Marketing", run.blocked_reason)
        self.assertFalse(self._compose(DAY))
        with self.at(DAY, 13):
            run.action_send_drafts()
        self.assertFalse(run.blocked_reason)
        self.assertEqual(len(self._compose(DAY, hour=14)), 3)

    def test_a_mailing_that_is_moved_to_another_day_is_told_until_it_is_moved_back(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        mailing = run.mailing_ids
        with self.at(DAY, 3):
            mailing.action_cancel()
            self.env['mailing.mailing.schedule.date'].create({
                'mass_mailing_id': mailing.id, 'schedule_date': '2026-07-07 08:00:00'}).action_schedule_date()
        self.assertIn("to another day", run.blocked_reason)
        with self.at(DAY, 4):
            mailing.schedule_date = f'{DAY} 13:00:00'
        self.assertFalse(run.blocked_reason)
        with self.at(DAY, 5):
            mailing.schedule_date = '2026-07-07 08:00:00'
        self.assertIn("to another day", run.blocked_reason)
        with self.at('2026-07-06', 1):
            self.env['cadence.run']._close_past_days(fields.Datetime.now())
        self.assertIn("to another day", run.blocked_reason)
        self.assertEqual({self._touch(partner, DAY).state for partner in partners}, {'deferred'})
        self.assertEqual((mailing.state, mailing.active), ('draft', False))

    def test_a_run_whose_mailing_somebody_deleted_says_so_on_the_days_after_it_too(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 3):
            run.mailing_ids.unlink()
        self.assertIn("deleted a mailing", run.blocked_reason)
        self.assertTrue(run.activity_ids)
        self._queue(DAY, hour=4)
        with self.at('2026-07-06', 1):
            self.env['cadence.run']._close_past_days(fields.Datetime.now())
        self.assertEqual(run.state, 'missed')
        self.assertIn("its 2 contacts are mailed by the next run", run.blocked_reason)
        self.assertEqual({self._touch(partner, DAY).state for partner in partners}, {'deferred'})

    def test_a_day_on_which_nobody_had_a_turn_says_why(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        partners.cadence_touch_ids._hold_back('mail_server')
        partners.cadence_touch_ids._defer('late')
        with self.at('2026-07-06', 1):
            self.env['cadence.run']._close_past_days(fields.Datetime.now())
        self.assertEqual(run.state, 'missed')
        self.assertIn("Nothing has left, 2 contacts are mailed by the next run: Not sent in time", run.blocked_reason)
