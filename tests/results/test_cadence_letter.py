from odoo.tests import tagged

from .test_cadence_test import LetterTestCase


@tagged('post_install', '-at_install')
class TestLetterOfATest(LetterTestCase):

    def test_its_button_opens_the_test_of_its_step_or_a_new_one(self):
        action = self.letter.with_user(self.user).action_test()
        self.assertEqual(action['res_id'], self.test.id)
        second = self._create_letter(step=2)
        action = second.action_test()
        self.assertNotIn('res_id', action)
        new = self.env['cadence.test'].with_context(**action['context']).create({})
        self.assertEqual(new._get_place(), second._get_place())

    def test_it_knows_how_many_variants_its_step_has(self):
        second = self._create_letter(step=2)
        self.assertEqual((self.letter + second).mapped('rival_count'), [2, 1])

    def test_any_change_of_the_text_is_another_fingerprint(self):
        before = self.letter._get_fingerprint()
        self.letter.mailing_id.preview = 'Have a look'
        self.assertNotEqual(self.letter._get_fingerprint(), before)
        self.letter.mailing_id.preview = False
        self.assertEqual(self.letter._get_fingerprint(), before)
