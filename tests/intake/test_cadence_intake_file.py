import base64
import io

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from openpyxl import Workbook

from .common import IntakeCase

GERMAN = 'Vorname;Nachname;E-Mail;Firma;Position;Bemerkungen\nJürgen;Groß;j@one.example;Müller Förderanlagen;Käufer;Messe\n'


def workbook(**sheets):
    book, stream = Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(stream)
    return stream.getvalue()


@tagged('post_install', '-at_install')
class TestIntakeFile(IntakeCase):

    def test_what_reads_in_two_ways_is_asked_about_and_not_garbled(self):
        content = 'Name;E-mail\nAndrè;a@one.example\n'.encode('cp1252')
        intake = self._create_file_intake('list.csv', content)
        self.assertFalse(intake.encoding_choices['taken'])
        options = {option['value']: option for option in intake.encoding_choices['options']}
        self.assertEqual(options['cp1252']['sample'], ['Andrè;a@one.example'])
        self.assertIn('Western European', options['cp1252']['label'])
        with self.assertRaisesRegex(UserError, 'more than one way'):
            intake.action_preview()
        intake.encoding = 'cp1252'
        self.assertEqual(intake.column_ids.mapped('field'), ['name', 'email'])
        intake.action_preview()
        intake.action_save()
        self.assertEqual(intake.line_ids.partner_id.name, 'Andrè')

    def test_the_choice_works_in_the_form_without_a_second_upload(self):
        content = 'Название;E-mail\nСок;a@one.example\n'.encode('cp1251')
        with Form(self.env['cadence.intake'].with_user(self.user)) as form:
            form.segment_id = self.segment
            form.source = 'file'
            form.file = base64.b64encode(content)
            self.assertTrue(form.encoding_choices['options'])
            form.encoding = 'mac_roman'
            form.encoding = 'cp1251'
        intake = form.save()
        self.assertEqual(intake.column_ids.mapped('header'), ['Название', 'E-mail'])

    def test_the_encoding_that_was_taken_is_shown(self):
        intake = self._create_file_intake('list.csv', (GERMAN * 5).encode('cp1252'))
        self.assertEqual(intake.encoding_choices['taken'], 'cp1252')
        self.assertEqual(len(intake.encoding_choices['options'][0]['sample']), 3)
        self.assertFalse(self._create_file_intake('list.csv', GERMAN.encode()).encoding_choices)

    def test_another_file_is_another_question(self):
        intake = self._create_file_intake('list.csv', GERMAN.encode('cp1252'), encoding='cp1252')
        intake.file = base64.b64encode(GERMAN.encode())
        self.assertFalse(intake.encoding)
        self.assertFalse(intake.encoding_choices)

    def test_only_an_encoding_that_we_offer_is_taken(self):
        intake = self._create_file_intake('list.csv', GERMAN.encode(), encoding='unicode_escape')
        intake.action_preview()
        self.assertEqual(intake.new_count, 1)

    def test_parts_of_a_name_position_and_notes_are_saved(self):
        intake = self._create_file_intake('list.csv', GERMAN.encode())
        self.assertEqual(
            intake.column_ids.mapped('field'), ['first_name', 'last_name', 'email', 'company', 'function', 'comment'])
        intake.action_preview()
        self.assertEqual(intake.line_ids.name, 'Jürgen Groß')
        intake.action_save()
        partner = intake.line_ids.partner_id
        self.assertEqual(
            (partner.name, partner.function, partner.company_name), ('Jürgen Groß', 'Käufer', 'Müller Förderanlagen'))
        self.assertIn('Messe', partner.comment)

    def test_a_sheet_can_be_chosen(self):
        content = workbook(
            Cover=[['Prices']], People=[['E-mail'], ['a@one.example']], Others=[['E-mail'], ['b@two.example'], ['c@two.example']])
        intake = self._create_file_intake('list.xlsx', content)
        self.assertEqual([option['value'] for option in intake.sheet_choices['options']], ['Cover', 'People', 'Others'])
        intake.sheet = 'Others'
        intake.action_preview()
        self.assertEqual(intake.line_ids.mapped('email'), ['b@two.example', 'c@two.example'])

    def test_several_addresses_become_contacts_or_the_first_does(self):
        table = 'Name,E-mail,E-mail 2\nAnn,a@one.example / b@one.example,c@one.example\nBob,,d@two.example\n'
        intake = self._create_file_intake('list.csv', table.encode())
        intake.action_preview()
        self.assertEqual(intake.line_ids.mapped('email'), [f'{local}@one.example' for local in 'abc'] + ['d@two.example'])
        intake = self._create_file_intake('list.csv', table.encode(), several='first')
        intake.action_preview()
        self.assertEqual([(line.email, line.state) for line in intake.line_ids], [
            ('a@one.example', 'new'), (False, 'invalid'), (False, 'invalid'), ('d@two.example', 'new')])
        self.assertIn('same row', intake.line_ids[1].reason)

    def test_a_stray_quotation_mark_costs_one_row_and_says_so(self):
        intake = self._create_file_intake('list.csv', b'Name,E-mail\n"Ann,a@one.example\nBob,b@two.example\n')
        intake.action_preview()
        self.assertEqual([(line.row, line.state) for line in intake.line_ids], [(2, 'invalid'), (3, 'new')])
        self.assertIn('quotation mark', intake.line_ids[0].reason)
