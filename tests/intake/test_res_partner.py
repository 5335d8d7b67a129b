from odoo.tests import tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestPartner(IntakeCase):

    def test_selected_contacts_join_a_batch(self):
        partners = self._create_partners(3)
        partners[2].email = False
        action = partners.with_user(self.user).action_cadence_save_to_batches()
        intake = self.env['cadence.intake'].with_user(self.user).with_context(**action['context']).create(
            {'segment_id': self.segment.id, 'start_date': '2026-07-05'})
        intake.action_preview()
        intake.action_save()
        self.assertEqual(partners.mapped('category_id.cadence_batch'), [5])
        self.assertEqual(self._get_states(intake), {'saved': 2, 'invalid': 1})
        self.assertFalse(partners[2].category_id)

    def test_the_place_of_a_deleted_contact_in_a_full_batch_is_free_again(self):
        first = self._save('\n'.join(f'p{number}@acme.example' for number in range(28)))
        first.line_ids[3].partner_id.unlink()
        again = self._save('p3@acme.example\nq@acme.example', spread='single', cap=10)
        self.assertEqual(self._get_states(again), {'saved': 1, 'over_cap': 1})
        self.assertEqual(again.line_ids[0].tag_id.cadence_batch, 5)
