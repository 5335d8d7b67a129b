from odoo.tests import tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeSelection(IntakeCase):

    def test_contacts_ticked_in_a_list_are_named_and_not_numbered(self):
        partners = self._create_partners(5)
        action = partners[:2].with_user(self.user).action_cadence_save_to_batches()
        Intake = self.env['cadence.intake'].with_user(self.user).with_context(**action['context'])
        intake = Intake.create({'segment_id': self.segment.id})
        self.assertEqual(intake.source, 'contacts')
        names = ', '.join(partners[:2].sorted().mapped('display_name'))
        self.assertEqual(intake.selection, f'2 selected: {names}')
        intake.contact_domain = repr([('id', 'in', partners.ids)])
        self.assertRegex(intake.selection, '^5 selected: .* …$')

    def test_a_question_stays_a_question(self):
        for domain in ("[('email', 'like', 'acme')]", '[]', 'nonsense', "[('id', '=', 3)]"):
            with self.subTest(domain=domain):
                intake = self._create_intake(source='contacts', contact_domain=domain)
                self.assertFalse(intake.selection)
