from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ...models.intake import cadence_intake_chunk, cadence_intake_work
from ...tools.address import address_checks
from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeSave(IntakeCase):

    def setUp(self):
        super().setUp()
        self.patch(cadence_intake_work, 'SAVE_AT_ONCE', 0)
        self.patch(cadence_intake_chunk, 'SIZE', 10)

    def _start(self, rows=35, **values):
        intake = self._preview('\n'.join(f'p{number}@acme{number // 3}.example' for number in range(rows)), **values)
        intake.action_save()
        intake._claim_chunk()._work()  # placed once more; now the chunks are there
        return intake

    def test_chunks_are_shared_by_whoever_has_time(self):
        intake = self._start()
        self.assertEqual(intake.chunk_ids.filtered(lambda chunk: chunk.kind == 'save').mapped('line_count'), [10, 10, 10, 5])
        self._work('ir_cron_intake_helper')
        self.assertEqual((intake.state, intake.saved_count), ('done', 35))
        self.assertEqual(set(intake.chunk_ids.mapped('state')), {'done'})

    def test_the_bar_tells_how_far_it_is(self):
        intake = self._start()
        self.assertEqual((intake.progress['done'], intake.progress['total'], intake.progress['share']), (0, 35, 0))
        intake._claim_chunk()._work()
        progress = intake.get_progress()
        self.assertEqual((progress['done'], progress['total'], progress['rate'] > 0), (10, 35, True))
        self.assertAlmostEqual(progress['share'], 10 / 35)
        self.assertEqual(progress['seconds_left'], round(25 / progress['rate']))

    def test_watching_costs_the_same_for_ten_times_as_many_lines(self):
        counts = []
        for rows in (20, 200):
            intake = self._start(rows)
            self.env.flush_all()
            self.env.invalidate_all()
            intake.fetch(['state', 'paused'])
            before = self.cr.sql_log_count
            intake.get_progress()
            counts.append(self.cr.sql_log_count - before)
            intake.action_cancel()
        self.assertEqual(counts[0], counts[1])

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

    def test_a_chunk_that_meets_another_worker_is_begun_anew(self):
        intake = self._start(15)
        Claim = type(self.env['cadence.intake.claim'])
        original, calls = Claim._claim, []

        def claim(model, keys):
            calls.append(len(keys))
            if len(calls) == 1:
                raise SerializationFailure()
            return original(model, keys)

        with patch.object(Claim, '_claim', claim), patch.object(type(self.cr), 'rollback', lambda _cursor: None):
            self._work()
        self.assertEqual(calls, [10, 10, 5])
        self.assertEqual((intake.state, intake.saved_count), ('done', 15))

    def test_claims_are_forgotten_after_a_day(self):
        self._start(5)
        self._work()
        Claim = self.env['cadence.intake.claim'].sudo()
        self.assertEqual(Claim.search_count([('key', 'like', '@acme')]), 5)
        Claim._gc_claims()
        self.assertEqual(Claim.search_count([('key', 'like', '@acme')]), 5)
        self.cr.execute("UPDATE cadence_intake_claim SET date = date - INTERVAL '2 days'")
        Claim._gc_claims()
        self.assertFalse(Claim.search_count([]))

    def test_whatever_another_module_raises_for_a_row_the_others_go_on(self):
        intake = self._start(12)
        original = type(self.env['res.partner']).create

        def create(partners, vals_list):
            if any(vals.get('email') == 'p3@acme1.example' for vals in vals_list):
                raise KeyError('a fault of another module')
            return original(partners, vals_list)

        self.patch(type(self.env['res.partner']), 'create', create)
        with mute_logger('odoo.addons.mass_mailing_cadence.models.intake.cadence_intake_line_save'):
            self._work()
        self.assertEqual(self._get_states(intake), {'saved': 11, 'invalid': 1})
        self.assertIn('another module', self._get_lines(intake, 'invalid').reason)

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

    def test_companies_are_found_or_created_by_domain(self):
        company = self.env['res.partner'].create(
            {'name': 'Found Inc', 'is_company': True, 'website': 'https://www.found.example/home'})
        text = ('E-mail,Company\na@found.example,Other name\nb@sales.new.example,New Ltd\nc@new.example,\n'
                'd@gmail.com,Small\ne@unnamed.example,\n')
        intake = self._create_file_intake('list.csv', text.encode(), link_companies=True)
        intake.action_preview()
        intake.action_save()
        self._work()
        a, b, c, d, e = intake.line_ids.partner_id
        self.assertEqual(a.parent_id, company)
        self.assertEqual((b.parent_id.name, b.parent_id.is_company, b.parent_id), ('New Ltd', True, c.parent_id))
        self.assertFalse(d.parent_id, "a public mailbox is no company")
        self.assertFalse(e.parent_id, "there is no name to create it by")
        self.assertEqual((d.company_name, b.company_name), ('Small', False))
        self.assertEqual(intake.saved_count, 5)
        self.assertEqual((b.email, b.lang), ('b@sales.new.example', 'en_US'))

    def test_mail_servers_are_looked_up_only_when_asked_for(self):
        asked = []

        def has_mail_server(host):
            asked.append(host)
            return {'dead.example': False, 'unknown.example': None}.get(host, True)

        self.patch(address_checks, 'has_mail_server', has_mail_server)
        text = 'a@dead.example\nb@unknown.example\nc@live.example'
        intake = self._preview(text, check_mx=True)
        intake.action_save()
        self._work()
        self.assertEqual(self._get_states(intake), {'saved': 2, 'invalid': 1})
        self.assertIn('no mail server', self._get_lines(intake, 'invalid').reason)
        asked.clear()
        self._preview(text.replace('@', '2@')).action_save()
        self._work()
        self.assertFalse(asked)

    def test_the_work_is_done_in_the_name_of_who_pressed_the_button(self):
        other = self._create_user('other', 'mass_mailing_cadence.group_user')
        intake = self._preview('\n'.join(f'p{number}@acme.example' for number in range(3)))
        intake.with_user(other).action_save()
        self._work()
        self.assertEqual(intake.line_ids.partner_id.create_uid, other)

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

    def test_what_is_done_of_a_chunk_is_void_when_the_intake_is_moved_on_meanwhile(self):
        """The worker asks for the intake's row at the end: whoever moved it on holds it, or has changed it."""
        intake = self._start()
        held = []
        with patch.object(type(intake), '_hold', lambda intake: held.append(intake.state)):
            intake._claim_chunk()._work()
        self.assertEqual(held, ['saving'])
