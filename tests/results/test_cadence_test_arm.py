from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_cadence_test import LetterTestCase


@tagged('post_install', '-at_install')
class TestArm(LetterTestCase):

    def test_a_letter_that_is_changed_while_it_is_compared_is_noticed(self):
        self._start()
        arm = self.test.arm_ids[0]
        self.assertFalse(arm._is_changed())
        arm.letter_id.mailing_id.body_html = '<p>Something else</p>'
        self.assertTrue(arm._is_changed())

    def test_few_companies_are_told_as_a_fraction(self):
        self._start()
        arm = self.test.arm_ids[0].sudo()
        arm.write({'trials': 12, 'successes': 3})
        self.assertEqual(arm.rate_text, '3 / 12')
        arm.write({'trials': 1200, 'successes': 30})
        self.assertEqual(arm.rate_text, '2.5 %')

    def test_counts_are_the_module_s_own(self):
        arm = self.test.arm_ids.create({'test_id': self.test.id, 'letter_id': self.letter.id})
        with self.assertRaises(AccessError):
            arm.with_user(self.user).successes = 5

    def test_a_variant_that_joins_a_running_test_counts_from_the_next_day_on(self):
        self._start()
        third = self._create_letter(step=1, subject='Third')
        with self.at('2026-07-15'):
            self.test.with_user(self.user).arm_ids = [Command.create({'letter_id': third.id})]
        arm = self.test.arm_ids.filtered(lambda arm: arm.letter_id == third)
        self.assertEqual(str(arm.since), '2026-07-16')
