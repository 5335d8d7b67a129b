from odoo.tests import tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeLine(IntakeCase):

    def test_known_is_who_has_the_address_in_another_spelling_or_beside_another_one(self):
        partners = self._create_partners(2)
        partners[0].email = 'info@müller-bau.example'
        partners[1].email = 'a@one.example; b@two.example'
        intake = self._save('info@xn--mller-bau-q9a.example\nb@two.example\nc@three.example')
        self.assertEqual(intake.line_ids.mapped('state'), ['known', 'known', 'saved'])
        self.assertEqual(intake.line_ids[:2].partner_id, partners)

    def test_a_deleted_contact_that_is_saved_again_is_told_apart(self):
        with self.at('2026-07-05'):
            first = self._save('a@one.example\nb@two.example')
        partner = first.line_ids[0].partner_id
        partner.unlink()
        again = self._preview('a@one.example\nb@two.example\nc@three.example')
        self.assertEqual(again.deleted_count, 1)
        line = again.line_ids[0]
        self.assertEqual((line.state, line.was_deleted), ('new', True))
        self.assertRegex(line.reason, r'deleted on \d{4}-\d\d-\d\d')
        again.action_save()
        self.assertEqual(self._get_states(again), {'saved': 2, 'known': 1})

    def test_another_company_s_contacts_and_deletions_are_not_told(self):
        other_company = self.env['res.company'].create({'name': 'Other company'})
        theirs = self.env['res.partner'].create({'name': 'x', 'email': 'a@one.example', 'company_id': other_company.id})
        customers = self.env['cadence.customer.group'].create({'name': 'Rental', 'company_id': other_company.id})
        segment = self._create_segment('base.lang_fr', company_id=other_company.id, customer_group_id=customers.id, user_id=False)
        gone = self.env['cadence.intake'].create({'segment_id': segment.id, 'pasted_text': 'b@two.example'})
        gone.action_preview()
        gone.action_save()
        gone.line_ids.partner_id.unlink()
        self.assertTrue(gone.line_ids.deleted_date)
        intake = self._preview('a@one.example\nb@two.example')
        self.assertEqual([(line.state, line.reason, line.was_deleted, line.partner_id.id) for line in intake.line_ids],
                         [('new', False, False, False)] * 2)
        intake.action_save()
        self.assertEqual(len(intake.line_ids.partner_id - theirs), 2)
        again = self.env['cadence.intake'].create({'segment_id': segment.id, 'pasted_text': 'b@two.example', 'name': 'again'})
        again.action_preview()
        self.assertEqual(again.line_ids.state, 'known', "a contact without company belongs to all")

    def test_of_a_colleague_s_contact_that_a_rule_hides_no_more_is_told_than_that_the_address_is_taken(self):
        hidden, seen = self._create_partners(2)
        twin = self._create_partners(1)
        twin.email = seen.email
        for partner in (hidden, seen):
            partner.user_id = self.manager
        self.env['ir.rule'].create({
            'name': 'own contacts', 'model_id': self.env['ir.model']._get_id('res.partner'), 'groups': [
                (4, self.env.ref('base.group_user').id)],
            'domain_force': repr([('id', '!=', hidden.id)])})
        intake = self._save(f'{hidden.email}\n{seen.email}', on_existing='add')
        self.assertEqual([(line.state, line.partner_id.id) for line in intake.line_ids],
                         [('known', False), ('saved', seen.id)])
        self.assertIn('may not see', intake.line_ids[0].reason)
        self.assertFalse(hidden.category_id)

    def test_suggestions_are_taken_only_when_somebody_says_so(self):
        intake = self._preview('b@gmial.com\nc@gmail.com\nb@gmail.com')
        intake.action_accept_suggestions()
        self.assertEqual([(line.email, line.state) for line in intake.line_ids],
                         [('b@gmail.com', 'new'), ('c@gmail.com', 'new'), ('b@gmail.com', 'duplicate')])
        intake.action_save()
        self.assertEqual(self._get_states(intake), {'saved': 2, 'duplicate': 1})

    def test_an_address_that_looks_mistyped_can_be_kept(self):
        intake = self._preview('b@gmial.com')
        intake.action_keep_typed()
        intake.action_save()
        self.assertEqual(intake.line_ids.partner_id.email, 'b@gmial.com')

    def test_a_corrected_address_counts_for_its_company(self):
        intake = self._preview('a@acme.con\nb@acme.com\nc@acme.zzz', cap=1)
        self.assertEqual(intake.line_ids.mapped('state'), ['invalid', 'new', 'invalid'])
        self.assertIn('no domain with this ending', intake.line_ids[2].reason)
        intake.action_accept_suggestions()
        self.assertEqual([(line.email, line.company_domain, line.batch) for line in intake.line_ids[:2]],
                         [('a@acme.com', 'acme.com', 5), ('b@acme.com', 'acme.com', 6)])
        self.assertFalse(intake.suggestion_count)

    def test_what_is_no_address_cannot_be_kept_as_it_was_typed(self):
        intake = self._preview('a@gmailcom\nb@gmial.com\nc@acme..com')
        self.assertEqual(intake.line_ids.mapped('suggestion'), ['a@gmail.com', 'b@gmail.com', 'c@acme.com'])
        intake.action_keep_typed()
        self.assertEqual([(line.email, line.state) for line in intake.line_ids],
                         [(False, 'invalid'), ('b@gmial.com', 'new'), (False, 'invalid')])
        intake.action_accept_suggestions()
        self.assertEqual(intake.line_ids.mapped('state'), ['new'] * 3)
