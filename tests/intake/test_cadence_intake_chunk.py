from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ChunkCase


@tagged('post_install', '-at_install')
class TestIntakeChunk(ChunkCase):

    def test_chunks_are_shared_by_whoever_has_time(self):
        intake = self._start()
        self.assertEqual(intake.chunk_ids.filtered(lambda chunk: chunk.kind == 'save').mapped('line_count'), [10, 10, 10, 5])
        self._work('ir_cron_intake_helper')
        self.assertEqual((intake.state, intake.saved_count), ('done', 35))
        self.assertEqual(set(intake.chunk_ids.mapped('state')), {'done'})

    def test_two_previews_of_one_company_do_not_fill_a_batch_twice(self):
        one, two = (self._preview('\n'.join(f'{name}{number}@acme.example' for number in range(10))) for name in 'ab')
        for intake in (one, two):
            intake.action_save()
            with self.assertRaisesRegex(UserError, 'same batches'):
                self._preview(f'c{intake.id}@other.example').action_save()
            self._work()
        self.assertEqual(set(one.line_ids.mapped('batch')) | set(two.line_ids.mapped('batch')), {5, 6})
        self.assertEqual(set(two.line_ids.mapped('batch')), {6})

    def test_a_known_contact_that_is_deleted_after_the_preview_is_not_lost(self):
        partner = self._create_partners(1)
        email = partner.email
        intake = self._preview(email, on_existing='add')
        self.assertEqual(intake.known_count, 1)
        partner.unlink()
        intake.action_save()
        self._work()
        self.assertEqual(intake.line_ids.partner_id.email, email)
        self.assertEqual(intake.line_ids.partner_id.category_id.cadence_batch, 5)

    def test_the_work_is_done_in_the_name_of_who_pressed_the_button(self):
        other = self._create_user('other', 'mass_mailing_cadence.group_user')
        intake = self._preview('\n'.join(f'p{number}@acme.example' for number in range(3)))
        intake.with_user(other).action_save()
        self._work()
        self.assertEqual(intake.line_ids.partner_id.create_uid, other)

    def test_what_is_done_of_a_chunk_is_void_when_the_intake_is_moved_on_meanwhile(self):
        """The worker asks for the intake's row at the end: whoever moved it on holds it, or has changed it."""
        intake = self._start()
        held = []
        with patch.object(type(intake), '_hold', lambda intake: held.append(intake.state)):
            intake._claim_chunk()._work()
        self.assertEqual(held, ['saving'])
