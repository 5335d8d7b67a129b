from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.intake import cadence_intake_work
from .common import ChunkCase


@tagged('post_install', '-at_install')
class TestIntakeWork(ChunkCase):

    def test_pause_resume_and_cancel(self):
        intake = self._start()
        intake._claim_chunk()._work()
        intake.action_pause()
        self._work()
        self.assertEqual((intake.state, intake.progress['done']), ('saving', 10))
        intake.action_resume()
        intake._claim_chunk()._work()
        intake.action_cancel()
        self._work()
        self.assertEqual((intake.state, intake.saved_count, intake.to_save_count), ('cancelled', 20, 15))
        with self.assertRaisesRegex(UserError, 'undo them first'):
            intake.action_back()
        intake.action_undo()
        self._work()
        self.assertEqual((intake.state, intake.undone_count, intake.saved_count), ('undone', 20, 0))
        self.assertFalse(self.env['res.partner'].search([('email', 'like', '@acme%.example')]))

    def test_a_fault_pauses_one_intake_and_the_next_goes_on(self):
        broken = self._start(5)
        fine = self._preview('x@fine.example', tag_group_id=self.reading.id)
        fine.action_save()
        Chunk = type(self.env['cadence.intake.chunk'])
        original = Chunk._work_save

        def save(chunk):
            if chunk.intake_id == broken:
                raise RuntimeError('the disk is full')
            return original(chunk)

        with patch.object(Chunk, '_work_save', save), patch.object(type(self.cr), 'rollback', lambda _cursor: None), \
                mute_logger('odoo.addons.mass_mailing_cadence.models.rhythm.cadence_work'):
            self._work()
        self.assertEqual((fine.state, broken.state, broken.paused), ('done', 'saving', True))
        self.assertIn('the disk is full', broken.problem)
        broken.action_resume()
        self._work()
        self.assertEqual((broken.state, broken.saved_count, broken.problem), ('done', 5, False))

    @mute_logger('odoo.addons.mass_mailing_cadence.models.rhythm.cadence_work')
    def test_who_may_not_any_more_stops_the_work_until_somebody_else_resumes_it(self):
        gone = self._create_user('gone', 'mass_mailing_cadence.group_user')
        intakes = []
        for text, forbid in (('a@one.example', lambda: gone.write({'active': False})),
                             ('b@two.example', lambda: gone.write({'active': True, 'group_ids': [(5,)]}))):
            intake = self._preview(text)
            intake.with_user(gone).action_save()
            forbid()
            with patch.object(type(self.cr), 'rollback', lambda _cursor: None):
                self._work()
            self.assertEqual((intake.state, intake.paused, intake.saved_count), ('saving', True, 0))
            self.assertTrue(intake.problem)
            intakes.append(intake)
            gone.write({'active': True, 'group_ids': [(4, self.env.ref('mass_mailing_cadence.group_user').id)]})
            intake.with_user(self.user).action_resume()
            self._work()
            self.assertEqual((intake.state, intake.line_ids.partner_id.create_uid, intake.problem), ('done', self.user, False))

    def test_a_large_selection_is_read_with_the_rights_of_who_asked(self):
        own = self._create_user('own', 'mass_mailing_cadence.group_user,sales_team.group_sale_salesman')
        leads = self.env['crm.lead'].create([{
            'name': user.name, 'email_from': f'{user.login}@lead.example', 'user_id': user.id} for user in (own, self.salesman)])
        intake = self._create_intake(user=own, source='leads', lead_domain=repr([('id', 'in', leads.ids)]))
        with patch.object(cadence_intake_work, 'READ_AT_ONCE', 0):
            intake.action_preview()
        self._work()
        self.assertEqual(intake.line_ids.mapped('email'), [leads[0].email_from])

    def test_an_undo_while_lines_are_being_saved_stops_that_first(self):
        intake = self._start()
        intake._claim_chunk()._work()
        partners = intake.line_ids.partner_id
        self.assertEqual(len(partners), 10)
        intake.action_undo()
        self._work()
        self.assertEqual((intake.state, intake.undone_count, intake.saved_count), ('undone', 10, 0))
        self.assertFalse(partners.exists(), intake.line_ids.mapped('reason'))
        self.assertFalse(self.env['res.partner'].search([('email', 'like', '@acme%.example')]))
        with self.assertRaisesRegex(UserError, 'cannot be done now'):
            intake.action_undo()
