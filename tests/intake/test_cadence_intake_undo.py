from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeUndo(IntakeCase):

    def test_untouched_contacts_go_and_all_others_are_listed(self):
        known = self._create_partners(1)
        self.env.flush_all()
        with self.at('2026-07-05'):
            intake = self._save(
                '\n'.join(['gone@one.example', 'edited@two.example', 'mailed@three.example', 'used@four.example', known.email]),
                on_existing='add')
        gone, edited, mailed, used, _known = contacts = intake.line_ids.partner_id
        self._create_letter()
        self.env.flush_all()
        edited.function = 'Buyer'
        self.env['crm.lead'].create({'name': 'Inquiry', 'partner_id': used.id})
        self.env['mailing.trace'].create({
            'model': 'res.partner', 'res_id': mailed.id, 'email': mailed.email, 'trace_type': 'mail'})
        self.env.flush_all()
        self.cr.execute("UPDATE res_partner SET write_date = write_date + INTERVAL '1 minute' WHERE id = %s", [edited.id])
        self.env.invalidate_all()
        intake.action_undo()
        self.assertEqual((intake.state, intake.undone_count, intake.kept_count), ('undone', 5, 4))
        self.assertFalse(gone.exists())
        kept = (contacts - gone).exists()
        self.assertEqual(kept, contacts - gone)
        self.assertFalse(kept.category_id.filtered('cadence_batch'))
        reasons = dict(zip(contacts.ids, intake.line_ids.mapped('reason'), strict=True))
        self.assertIn('removed', reasons[gone.id])
        self.assertIn('edited', reasons[edited.id])
        self.assertIn('mail was sent', reasons[mailed.id])
        self.assertIn('leads', reasons[used.id])
        self.assertIn('known before', reasons[known.id])

    def test_a_contact_that_another_module_holds_on_to_stays_without_the_batch(self):
        intake = self._save('a@one.example\nb@two.example')
        held = intake.line_ids[0].partner_id
        original = type(held).unlink

        def unlink(partners):
            if held in partners:
                raise UserError('It has an invoice')  # pylint: disable=translation-required; nobody reads it
            return original(partners)

        with patch.object(type(held), 'unlink', unlink):
            intake.action_undo()
        self.assertEqual((intake.state, intake.kept_count), ('undone', 1))
        self.assertIn('invoice', intake.line_ids[0].reason)
        self.assertTrue(held.exists())
        self.assertFalse(held.category_id)

    def test_the_addresses_can_be_saved_again_after_an_undo(self):
        intake = self._save('a@one.example')
        intake.action_undo()
        again = self._save('a@one.example')
        self.assertEqual((again.saved_count, again.deleted_count), (1, 0))

    def test_what_is_not_saved_cannot_be_undone(self):
        with self.assertRaisesRegex(UserError, 'cannot be done now'):
            self._preview('a@one.example').action_undo()
