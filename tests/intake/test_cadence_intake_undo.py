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
        self.assertIn('written already', reasons[mailed.id])
        self.assertIn('Lead', reasons[used.id])
        self.assertIn('known before', reasons[known.id])

    def test_an_archived_batch_is_taken_off_as_well(self):
        known = self._create_partners(1)
        intake = self._save(known.email, on_existing='add')
        intake.line_ids.tag_id.active = False
        intake.action_undo()
        self.assertFalse(known.with_context(active_test=False).category_id)

    def test_a_moved_contact_is_back_where_it_was(self):
        known = self._create_partners(3, batch=9)
        batch = known.category_id
        intake = self._save('\n'.join(known.mapped('email')), on_existing='move')
        self.assertEqual(known.category_id.mapped('cadence_batch'), [5])
        known[1].category_id = self.segment._get_batch_tags(intake.tag_group_id, [7])
        intake.action_undo()
        self.assertEqual((known[0].category_id, known[2].category_id), (batch, batch))
        self.assertEqual(known[1].category_id.mapped('cadence_batch'), [7])
        self.assertIn('back in the batch', intake.line_ids[0].reason)

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

    def test_a_contact_that_somebody_has_done_something_with_stays_with_all_that_belongs_to_it(self):
        """Whatever it is, of whatever module; what is left loses the batch and says why."""
        other_tag = self.env['res.partner.category'].create({'name': 'VIP'})
        partner = self._create_partners(1)
        uses = {
            'file': lambda it: self.env['ir.attachment'].create({
                'name': 'offer.pdf', 'raw': b'x', 'res_model': 'res.partner', 'res_id': it.id}),
            'note': lambda it: it.message_post(body='Called'),
            'activity': lambda it: it.activity_schedule('mail.mail_activity_data_todo', user_id=self.user.id),
            'lead': lambda it: self.env['crm.lead'].create({'name': 'x', 'partner_id': it.id}),
            'meeting': lambda it: self.env['calendar.event'].create({
                'name': 'x', 'start': '2026-07-05', 'stop': '2026-07-05', 'partner_ids': [(4, it.id)]}),
            'bank': lambda it: self.env['res.partner.bank'].create({'acc_number': '1', 'partner_id': it.id}),
            'child': lambda it: self.env['res.partner'].create({'name': 'x', 'parent_id': it.id}),
            'user': lambda it: self.env['res.users'].create({'login': 'x', 'partner_id': it.id}),
            'follower': lambda it: it.message_subscribe(self.user.partner_id.ids),
            'followed': lambda it: partner.message_subscribe(it.ids),
            'reply': lambda it: self.env['cadence.reply'].create({
                'partner_id': it.id, 'company_id': self.env.company.id, 'date': '2026-07-05', 'kind': 'person',
                'state': 'waiting'}),
            'tag': lambda it: other_tag.write({'partner_ids': [(4, it.id)]}),
            'edited by somebody else': lambda it: it.with_user(self.manager).write({'function': 'Buyer'}),
        }
        intake = self._save('\n'.join(f'{name.replace(" ", "")}@use{number}.example' for number, name in enumerate(uses)))
        contacts = intake.line_ids.partner_id
        for use, contact in zip(uses.values(), contacts, strict=True):
            use(contact)
        self.env.flush_all()
        intake.action_undo()
        self.assertEqual((intake.state, intake.kept_count), ('undone', len(uses)))
        for name, line in zip(uses, intake.line_ids, strict=True):
            with self.subTest(use=name):
                self.assertTrue(line.partner_id.exists())
                self.assertFalse(line.partner_id.category_id.filtered('cadence_batch'))
                self.assertRegex(line.reason, 'Kept: (used by .+|somebody .+)')
        self.assertTrue(self.env['ir.attachment'].search([('res_model', '=', 'res.partner'), ('res_id', '=', contacts[0].id)]))

    def test_tags_that_the_table_gave_are_the_intake_s_own(self):
        intake = self._create_file_intake('list.csv', b'E-mail,Tags\na@one.example,"VIP; Fair"\nb@two.example,Fair\n')
        intake.action_preview()
        intake.action_save()
        intake.line_ids[1].partner_id.category_id += self.env['res.partner.category'].search([('name', '=', 'VIP')])
        intake.action_undo()
        self.assertEqual(
            intake.line_ids.mapped('reason'), ['The contact was removed', 'Kept: somebody gave the contact another tag'])

    def test_a_contact_that_is_gone_is_told_as_gone(self):
        intake = self._save('a@one.example\nb@two.example')
        intake.line_ids[0].partner_id.unlink()
        intake.action_undo()
        self.assertEqual(intake.line_ids.mapped('reason'), ['The contact is gone already', 'The contact was removed'])

    def test_a_batch_that_cannot_be_taken_off_does_not_stop_the_others(self):
        partners = self._create_partners(2)
        intake = self._save('\n'.join(partners.mapped('email')), on_existing='add')
        original = type(partners).write

        def write(records, vals):
            if partners[0] in records and 'category_id' in vals:
                raise UserError('Locked')  # pylint: disable=translation-required; nobody reads it
            return original(records, vals)

        with patch.object(type(partners), 'write', write):
            intake.action_undo()
        self.assertEqual(intake.state, 'undone')
        self.assertRegex(intake.line_ids[0].reason, 'cannot be taken off: Locked')
        self.assertFalse(partners[1].category_id)

    def test_what_is_undone_after_the_day_was_queued_does_not_leave(self):
        self._create_letter()
        intake = self._save('a@one.example\nb@two.example\nc@three.example')
        with self.at('2026-07-05', 7):
            run = self._queue('2026-07-05')['marketing']
            self.assertEqual(len(run.touch_ids.filtered(lambda touch: touch.state == 'reserved')), 3)
            held = intake.line_ids[0].partner_id
            held.message_post(body='Called')
            intake.action_undo()
        self.assertEqual(intake.line_ids.mapped('partner_id'), held)
        self._compose('2026-07-05')
        self.assertEqual(self._get_mailed(), [])
        self.assertFalse(run.touch_ids.filtered(lambda touch: touch.outcome not in (False, 'waiting')))
