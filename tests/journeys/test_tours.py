from odoo import fields
from odoo.tests import HttpCase, tagged

from ...models.intake import cadence_intake_chunk, cadence_intake_work
from ..common import CadenceCase
from ..follow.test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestTours(HttpCase, CadenceCase):
    """The journeys of the README, in a real browser, by a cadence manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.password = cls.manager.login
        # On a 31st nothing is due, but it is never the 31st at both ends of the world.
        for tz in ('Pacific/Kiritimati', 'Pacific/Pago_Pago'):
            cls.segment.tz = tz
            if cls.segment._get_local_day().day < 31:
                break

    def _start(self, path, tour):
        self.start_tour(f'/odoo/{path}', tour, login=self.manager.login, timeout=120)

    def test_save_pasted_addresses(self):
        self._start('cadence-intakes', 'cadence_save_addresses')
        partners = self.env['res.partner'].search([('cadence_company_domain', '=', 'tour.example')])
        self.assertEqual(sorted(partners.mapped('email')), ['ana@tour.example', 'bob@tour.example'])
        self.assertEqual(partners.category_id.cadence_segment_id, self.segment)

    def test_upload_watch_the_bar_and_undo(self):
        self.patch(cadence_intake_work, 'SAVE_AT_ONCE', 0)
        self.patch(cadence_intake_chunk, 'SIZE', 20)
        Intake = type(self.env['cadence.intake'])
        get_progress = Intake.get_progress
        shares = []

        def work_and_get_progress(intake):
            """A worker that does a chunk whenever the bar asks."""
            if chunk := intake.sudo()._claim_chunk():
                chunk._work()
            else:
                intake._finish_work()
            progress = get_progress(intake)
            shares.append(progress['share'])
            return progress

        def compute_progress(intakes):
            for intake in intakes:
                intake.progress = get_progress(intake)

        self.patch(Intake, '_compute_progress', compute_progress)
        self.patch(Intake, 'get_progress', work_and_get_progress)
        self._start('cadence-intakes', 'cadence_upload_and_undo')
        lines = self.env['cadence.intake.line'].search([('intake_id.file_name', '=', 'fair.csv')], order='id')
        self.assertEqual((lines[7].name, lines[7].email), ('Person 7', 'p7@upload7.example'))
        self.assertTrue(lines.intake_id.header_key)
        self.assertGreater(len({share for share in shares if share and share < 1}), 2, "the bar moved")
        self.assertFalse(self.env['res.partner'].search([('email', 'like', '@upload%.example')]))

    def test_choose_the_characters_of_an_uploaded_file(self):
        self._start('cadence-intakes', 'cadence_choose_characters')
        intake = self.env['cadence.intake'].search([('file_name', '=', 'poland.csv')])
        self.assertEqual(intake.line_ids.mapped('name'), ['Żuk'])
        self.assertEqual(self.env['res.partner'].search([('email', '=', 'zuk@letters.example')]).name, 'Żuk')
        attachments = self.env['ir.attachment'].search([('res_model', '=', 'cadence.intake'), ('res_field', '=', 'file')])
        self.assertEqual(attachments.filtered(lambda file: file.res_id == intake.id).write_date, intake.create_date)

    def test_add_a_public_mailbox_provider(self):
        known = self._create_partners(1, domain='newbox.example')
        self.assertEqual(known.cadence_company_domain, 'newbox.example')
        self._start('cadence-public-mailboxes', 'cadence_public_mailboxes')
        self.env.invalidate_all()
        self.assertFalse(known.cadence_company_domain)

    def test_set_up_a_segment_with_a_letter(self):
        self._start('cadence-segments', 'cadence_set_up_segment')
        segment = self.env['cadence.segment'].search([('lang_id.code', '=', 'de_DE')])
        self.assertEqual(segment.letter_ids.subject, 'Krane aus dem Werk')
        self.assertEqual(segment.name, 'German-Equipment dealers')

    def test_run_today_and_open_the_run(self):
        self._create_letter()
        day = self.segment._get_local_day()
        partners = self._create_partners(3, batch=day.day)
        self._tag(partners[2], 'tag_competitor')
        self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        self.env['cadence.run']._count_ahead(fields.Datetime.now())
        self._start('cadence-today', 'cadence_run_today')
        run = self._runs(day)['marketing']
        self.assertEqual((run.state, run.waiting_count), ('queued', 2))

    def test_open_a_customer_view(self):
        self._tag(self._create_partners(1), 'tag_competitor')
        self._start(f'action-{self.env.ref("mass_mailing_cadence.cadence_view_action").id}', 'cadence_customer_view')

    def test_every_screen_opens_without_an_error(self):
        self._create_letter()
        self._create_partners(2, batch=1)
        self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        menus = self.env['ir.ui.menu'].search([('parent_id', 'child_of', self.env.ref(
            'mass_mailing_cadence.cadence_menu').id), ('action', '!=', False)])
        self.assertGreater(len(menus), 10)
        for action in menus.mapped('action'):
            if action._name == 'ir.actions.client':
                continue  # without views; sorting replies has a tour of its own
            if action._name == 'ir.actions.server':
                action = self.env['ir.actions.act_window'].browse(action.run()['id'])
            for view_type in action.view_mode.split(','):
                with self.subTest(action=action.name, view=view_type):
                    self.env[action.res_model].get_views([(False, view_type)], {'toolbar': True})


@tagged('post_install', '-at_install')
class TestFollowTours(HttpCase, ReplyCase):
    """Sorting replies and reading a contact's timeline."""

    def test_sort_replies(self):
        self.salesman.password = self.salesman.login
        for name, partner, hour in (
            ('gmail_person', self.anna, 13), ('iphone_person', self.bob, 14), ('zendesk_received', self.carl, 15)):
            self._receive(name, partner, hour=hour)
        self.start_tour('/odoo/cadence-triage', 'cadence_sort_replies', login=self.salesman.login, timeout=120)
        self.env.invalidate_all()
        self.assertEqual(
            [self._reply(partner).sorting for partner in self.partners], ['sample', 'not_interested', 'no_send'])
        self.assertNotIn(self.inquiry, self.anna.category_id)
        self.assertEqual([partner.cadence_stage for partner in self.partners], ['intention', 'risk', 'no_send'])

    def test_read_the_timeline_and_take_a_decision_back(self):
        self.user.password = self.user.login
        self._receive('gmail_person', self.anna)
        self.start_tour(f'/odoo/res.partner/{self.anna.id}', 'cadence_contact_timeline', login=self.user.login, timeout=120)
        self.env.invalidate_all()
        self.assertNotIn(self.replied, self.anna.category_id)
        self.assertEqual(self.anna.cadence_stage, 'silent')
