from odoo.exceptions import AccessError
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

    def test_the_line_of_a_deleted_contact_remembers_when_and_no_other_line_does(self):
        with self.at('2026-07-05'):
            saved = self._save('a@one.example\nb@two.example')
        known = self._preview('a@one.example')
        gone, kept = saved.line_ids
        partner = gone.partner_id
        self.assertEqual(partner.cadence_intake_line_ids, gone | known.line_ids)
        partner.unlink()
        self.assertTrue(gone.deleted_date)
        self.assertFalse(kept.deleted_date or known.line_ids.deleted_date, "only what was saved is told of later")

    def test_where_a_contact_was_saved_from_is_told_to_readers_of_the_cadence_alone(self):
        partner = self._save('a@one.example').line_ids.partner_id
        self.assertTrue(partner.with_user(self.salesman).read(['cadence_intake_line_ids'])[0]['cadence_intake_line_ids'])
        with self.assertRaises(AccessError):
            partner.with_user(self.nobody).read(['cadence_intake_line_ids'])
