from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestSegment(IntakeCase):

    def test_addresses_are_saved_into_the_segment_whose_button_was_pressed(self):
        other = self._create_segment('base.lang_fr')
        action = other.with_user(self.user).action_save_addresses()
        self.assertEqual((action['res_model'], action.get('res_id')), ('cadence.intake', None), "a new one")
        intake = self.env['cadence.intake'].with_user(self.user).with_context(**action['context']).create(
            {'pasted_text': 'a@one.example'})
        self.assertEqual(intake.segment_id, other)

    def test_it_is_one_segment_that_one_may_see(self):
        with self.assertRaises(ValueError):
            (self.segment + self._create_segment('base.lang_fr')).action_save_addresses()
        with self.assertRaises(AccessError):
            self.segment.with_user(self.nobody).action_save_addresses()
