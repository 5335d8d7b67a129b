from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestRhythm(CadenceCase):

    def test_letters_runs_touches_and_batches_of_a_segment_and_group_have_one_rhythm(self):
        letter = self._create_letter()
        partner = self._create_partners(1, batch=5)
        run = self._queue('2026-07-05')['marketing']
        rhythm = self.segment, self.marketing
        self.assertEqual(
            [letter._get_rhythm(), run._get_rhythm(), run.touch_ids._get_rhythm(), partner.category_id._cadence_get_rhythm()],
            [rhythm] * 4)

    def test_the_batches_of_a_rhythm_are_those_of_no_other_and_archived_ones_as_well(self):
        letter = self._create_letter()
        batches = self.segment._get_batch_tags(self.marketing, [4, 5])
        self.segment._get_batch_tags(self.reading, [5])
        batches[0].active = False
        self.assertEqual(letter._get_rhythm_tags(), batches)
        self.assertEqual(letter._get_rhythm_tags([5]), batches[1])
        self.assertFalse(letter._get_rhythm_tags([]))

    def test_a_letter_that_cannot_be_mailed_is_passed_over(self):
        letters = self._create_letter(1) + self._create_letter(2)
        letters[0].mailing_id.body_html = False
        self.assertEqual(letters[0]._get_all_letters(), letters)
        self.assertEqual(letters[0]._get_letters(), letters[1])
