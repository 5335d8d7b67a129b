from collections import Counter
from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestLetter(CadenceCase):

    def _get_letters_of(self, partner, rounds, first='2026-01-05'):
        """The subjects that a contact of marketing batch 05 gets in its monthly rounds."""
        subjects, day = [], date.fromisoformat(first)
        for _round in range(rounds):
            self._queue(day)
            touch = self._touch(partner, day)
            subjects.append(touch.letter_id.subject or touch.reason)
            self._compose(day)
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=5)
        return subjects

    def test_steps_follow_one_another_and_begin_again(self):
        for step in (1, 2, 3):
            self._create_letter(step)
        partner = self._create_partners(1, batch=5)
        self.assertEqual(self._get_letters_of(partner, 4), ['Letter 1', 'Letter 2', 'Letter 3', 'Letter 1'])

    def test_a_segment_may_stop_after_the_last_letter(self):
        self._create_letter(1)
        self._create_letter(2)
        self.segment.stop_group_ids = self.marketing
        partner = self._create_partners(1, batch=5)
        self.assertEqual(self._get_letters_of(partner, 3), ['Letter 1', 'Letter 2', 'letters_done'])

    def test_a_new_contact_begins_with_step_one_beside_old_ones(self):
        self._create_letter(1)
        self._create_letter(2)
        old = self._create_partners(1, batch=5)
        self._get_letters_of(old, 1)
        new = self._create_partners(1, batch=5)
        run = self._queue('2026-02-05')['marketing']
        self.assertEqual(self._touch(old, '2026-02-05').step, 2)
        self.assertEqual(self._touch(new, '2026-02-05').step, 1)
        self.assertEqual(len(run.mailing_ids), 2, "one mailing a letter in use")
        for mailing in run.mailing_ids:
            self.assertEqual(mailing._get_recipients(), run.touch_ids.filtered(
                lambda touch, mailing=mailing: touch.mailing_id == mailing).partner_id.ids)

    def test_nobody_gets_a_letter_twice_in_a_row_while_another_step_exists(self):
        self._create_letter(1)
        second = self._create_letter(2)
        partner = self._create_partners(1, batch=5)
        self.assertEqual(self._get_letters_of(partner, 1), ['Letter 1'])
        second.step = 7
        self.assertEqual(self._get_letters_of(partner, 2, first='2026-02-05'), ['Letter 2', 'Letter 1'])

    def test_variants_split_evenly_and_repeatably(self):
        self._create_letter(1, subject='A')
        self._create_letter(1, subject='B')
        self._create_partners(400, batch=5)
        run = self._queue('2026-01-05')['marketing']
        first = {touch.partner_id.id: touch.letter_id.subject for touch in run.touch_ids}
        counts = Counter(first.values())
        self.assertEqual(set(counts), {'A', 'B'})
        self.assertLess(abs(counts['A'] - counts['B']), 80, "four standard deviations of a fair draw")
        with self.at('2026-01-05', 2):
            run.action_cancel()
        with self.at('2026-01-05', 3):
            run.action_run_now()
        self.assertEqual({touch.partner_id.id: touch.letter_id.subject for touch in run.touch_ids}, first)

    def test_an_empty_letter_is_passed_over_and_said(self):
        self._create_letter(1)
        empty = self._create_letter(2)
        empty.mailing_id.body_html = False
        self.assertIn(empty.display_name, self.segment.letter_warning)
        partner = self._create_partners(1, batch=5)
        self.assertEqual(self._get_letters_of(partner, 2), ['Letter 1', 'Letter 1'])

    def test_missing_letters_and_steps_are_said_before_a_run_is_blocked(self):
        self.assertIn('Marketing has no letter yet', self.segment.letter_warning)
        self._create_letter(1)
        self._create_letter(3)
        self.segment.invalidate_recordset()
        self.assertIn('no letter of step 2', self.segment.letter_warning)
        self.assertNotIn('Marketing has no letter yet', self.segment.letter_warning)

    def test_a_new_letter_takes_the_next_step_and_a_design_of_its_own(self):
        first = self._create_letter(1)
        second = self.env['cadence.letter'].create({'segment_id': self.segment.id, 'tag_group_id': self.marketing.id})
        self.assertEqual(second.step, 2)
        self.assertNotEqual(second.mailing_id, first.mailing_id)
        self.assertNotEqual(first.copy().mailing_id, first.mailing_id)

    def test_a_duplicate_waits_until_it_is_written(self):
        letter = self._create_letter(1)
        twin = letter.copy()
        self.assertFalse(twin.active)
        self.assertEqual(twin.step, letter.step)
        self.assertNotEqual(twin.mailing_id, letter.mailing_id)

    def test_an_archived_design_is_not_mailed_and_the_run_says_so(self):
        letter = self._create_letter(1)
        partner = self._create_partners(1, batch=5)
        letter.mailing_id.active = False
        self.assertIn('archived', letter.problem)
        self.assertRegex(self._queue('2026-07-05')['marketing'].blocked_reason, 'archived')
        letter.mailing_id.active = True
        self._queue('2026-07-05', 13)
        letter.mailing_id.active = False
        self.assertFalse(self._compose('2026-07-05', 14), "archived after it was queued")
        letter.mailing_id.active = True
        self._queue('2026-07-05', 15)
        self.assertEqual(self._compose('2026-07-05', 16), [partner.email_formatted])

    def test_a_design_is_never_sent_by_hand(self):
        letter = self._create_letter(1)
        with self.assertRaises(UserError):
            letter.mailing_id.action_launch()

    def test_groups_that_are_never_mailed_have_no_letters(self):
        with self.assertRaises(ValidationError):
            self._create_letter(1, group=self.env.ref('mass_mailing_cadence.tag_group_risk'))

    def test_mailings_of_a_month_share_the_campaign_and_letters_their_source(self):
        letter = self._create_letter(1)
        self._create_partners(1, batch=5)
        self._create_partners(1, batch=6)
        first = self._queue('2026-01-05')['marketing'].mailing_ids
        second = self._queue('2026-01-06')['marketing'].mailing_ids
        self.assertEqual(first.campaign_id, second.campaign_id)
        self.assertEqual(first.campaign_id.cadence_segment_id, self.segment)
        self.assertEqual((first + second).source_id, letter.mailing_id.source_id)
