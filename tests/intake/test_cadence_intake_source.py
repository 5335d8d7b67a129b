import time
from pathlib import Path
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.intake import cadence_intake_read, cadence_intake_work
from ..tools.test_table_ods import ods
from ..tools.test_table_xlsx import xlsx
from .common import IntakeCase

FILES = Path(__file__).parents[1] / 'files'


@tagged('post_install', '-at_install')
class TestIntakeSource(IntakeCase):

    def test_files_of_libreoffice_and_excel_are_read(self):
        for path in sorted(FILES.glob('*.*')):
            if path.suffix == '.md':
                continue
            with self.subTest(path=path.name):
                intake = self._create_file_intake(path.name, path.read_bytes())
                intake.action_preview()
                self.assertEqual(intake.state, 'preview')
                self.assertGreater(intake.new_count, 0)
                self.assertTrue(intake.line_ids[0].name)

    def test_what_is_wrong_with_a_file_is_said_beside_it_when_a_form_saves(self):
        intake = self._create_file_intake('list.xlsx', b'PK no workbook', column_ids=[])
        self.assertTrue(intake.problem)

    def test_all_contacts_of_a_search_are_meant_when_the_client_hands_over_as_many_ids_as_it_may(self):
        partners = self._create_partners(4)
        self.env['ir.config_parameter'].set_param('web.active_ids_limit', '3')
        domain = [('id', 'in', partners.ids)]
        Intake = self.env['cadence.intake'].with_user(self.user).with_context(active_domain=domain)
        all_of_it = Intake.get_selection_action('contacts', partners[:3])['context']
        self.assertEqual(all_of_it['default_contact_domain'], repr(domain))
        two = Intake.get_selection_action('contacts', partners[:2])['context']
        self.assertEqual(two['default_contact_domain'], repr([('id', 'in', partners[:2].ids)]))
        intake = self.env['cadence.intake'].with_user(self.user).with_context(**all_of_it).create(
            {'segment_id': self.segment.id, 'start_date': '2026-07-05'})
        intake.action_preview()
        intake.action_save()
        self.assertEqual(intake.saved_count, 4)
        self.assertEqual(intake.line_ids.partner_id, partners)

    def test_a_selected_contact_is_itself_also_when_another_has_the_same_address(self):
        twins = self._create_partners(1) + self._create_partners(1)
        twins[1].email = twins[0].email
        intake = self._create_intake(source='contacts', contact_domain=repr([('id', '=', twins[1].id)]), on_existing='add')
        intake.action_preview()
        intake.action_save()
        self.assertEqual(intake.line_ids.partner_id, twins[1])

    def test_members_of_mailing_lists_are_saved_but_for_those_who_left(self):
        mailing_list = self.env['mailing.list'].create({'name': 'Fair 2026'})
        self.env['mailing.contact'].create([{
            'name': name, 'email': f'{name}@list.example', 'subscription_ids': [
                Command.create({'list_id': mailing_list.id, 'opt_out': name == 'gone'})]} for name in ('ana', 'gone')])
        action = self.env['cadence.intake'].with_user(self.user).get_selection_action('lists', mailing_list)
        user = self._create_user(
            'cadence_and_lists', 'mass_mailing_cadence.group_user,mass_mailing.group_mass_mailing_user')
        intake = self.env['cadence.intake'].with_user(user).with_context(**action['context']).create(
            {'segment_id': self.segment.id, 'start_date': '2026-07-05'})
        intake.action_preview()
        intake.action_save()
        self.assertEqual(intake.name, 'Fair 2026')
        self.assertEqual(intake.line_ids.partner_id.mapped('name'), ['ana'])

    def test_leads_become_contacts_of_a_batch(self):
        leads = self.env['crm.lead'].create([{
            'name': f'Lead {number}', 'contact_name': f'Ana {number}', 'partner_name': 'Acme',
            'email_from': f'ana{number}@acme.example',
            'phone': '+1 555 000', 'country_id': self.env.ref('base.us').id} for number in range(2)])
        user = self._create_user(
            'cadence_and_leads', 'mass_mailing_cadence.group_user,sales_team.group_sale_salesman_all_leads')
        action = self.env['cadence.intake'].with_user(user).get_selection_action('leads', leads)
        intake = self.env['cadence.intake'].with_user(user).with_context(**action['context']).create(
            {'segment_id': self.segment.id, 'start_date': '2026-07-05'})
        intake.action_preview()
        intake.action_save()
        partner = intake.line_ids.partner_id[0]
        self.assertEqual((partner.name, partner.company_name, partner.country_id.code), ('Ana 0', 'Acme', 'US'))

    # What a stranger's file may do

    def test_a_file_that_would_fill_the_memory_is_refused_with_a_sentence_at_once(self):
        wide = '<table:table-cell table:number-columns-repeated="256"><text:p>' + 'x' * 30_000 + '</text:p></table:table-cell>'
        for cells, times, sentence in ((wide, 100, 'too big'), ('<table:table-cell><text:p>a@b.com</text:p></table:table-cell>',
                                                                1_000_000, 'too many rows')):
            content = ods(f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>')
            self.assertLess(len(content), 1_000)
            started = time.process_time()
            intake = self._create_file_intake('list.ods', content)
            if not intake.problem:
                with self.assertRaisesRegex(UserError, f'{sentence}|Which column'):
                    intake.action_preview()
            else:
                self.assertRegex(intake.problem, sentence)
            self.assertLess(time.process_time() - started, 3)
            self.assertFalse(intake.line_ids)

    def test_a_small_file_with_many_rows_is_left_to_the_cron_after_the_first_block(self):
        text = 'E-mail\n' + ''.join(f'a{number}@x{number}.example\n' for number in range(25))
        intake = self._create_file_intake('list.csv', text.encode())
        with patch.object(cadence_intake_read, 'BLOCK', 10):
            intake.action_preview()
            self.assertEqual((intake.state, len(intake.line_ids)), ('reading', 10))
            self._work()
        self.assertEqual((intake.state, intake.new_count), ('preview', 25))

    def test_a_workbook_counts_by_what_it_unpacks_to(self):
        content = xlsx({f'A{row}': f'a{row}@x.example' for row in range(1, 5_000)})
        intake = self._create_file_intake('list.xlsx', content)
        self.assertGreater(intake._get_input_size(), len(content))
        with patch.object(cadence_intake_work, 'READ_AT_ONCE', len(content)):
            intake.action_preview()
        self.assertEqual(intake.state, 'reading')
