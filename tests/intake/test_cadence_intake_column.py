from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeColumn(IntakeCase):

    def test_columns_are_guessed_in_english_and_chinese(self):
        for headers in ('Company,Contact,E-mail,Phone', '公司名称,联系人,邮箱,电话'):
            content = f'{headers}\nAcme,Ana Silva,Ana@Acme{len(headers)}.example,+1 555'.encode()
            intake = self._create_file_intake('list.csv', content)
            self.assertEqual(intake.column_ids.mapped('field'), ['company', 'name', 'email', 'phone'])
            intake.action_preview()
            intake.action_save()
            partner = intake.line_ids.partner_id
            self.assertEqual((partner.name, partner.email, partner.company_name, partner.phone),
                             ('Ana Silva', f'ana@acme{len(headers)}.example', 'Acme', '+1 555'))
            self.assertEqual(intake.line_ids.row, 2)

    def test_any_field_of_a_contact_can_be_imported_by_its_header(self):
        text = ('E-mail,Street,Job Position,Reference,State,Tags,Language\n'
                'a@one.example,Main Road 1,Buyer,K-7,California (US),"VIP; Fair 2026",English (US)\n')
        intake = self._create_file_intake('list.csv', text.encode())
        self.assertEqual(intake.column_ids.mapped('field'), ['email', 'street', 'function', 'ref', 'state_id', 'tags', 'lang'])
        intake.action_preview()
        intake.action_save()
        partner = intake.line_ids.partner_id
        self.assertEqual((partner.street, partner.function, partner.ref, partner.state_id.code, partner.lang),
                         ('Main Road 1', 'Buyer', 'K-7', 'CA', 'en_US'))
        tags = partner.category_id.filtered(lambda tag: not tag.cadence_batch)
        self.assertEqual(set(tags.mapped('name')), {'VIP', 'Fair 2026'})

    def test_the_meaning_of_columns_is_remembered_for_their_headers(self):
        content = b'Contact point,Who,Note\na@one.example,Ana,x\n'
        first = self._create_file_intake('one.csv', content)
        first.column_ids[1].field = 'name'
        first.column_ids[2].field = 'ref'
        first.action_preview()
        first.action_save()
        again = self._create_file_intake('two.csv', content.replace(b'one', b'two'))
        self.assertEqual(again.column_ids.mapped('field'), first.column_ids.mapped('field'))
        other = self._create_file_intake('three.csv', b'Contact point,Who,Remark\na@one.example,Ana,x\n')
        self.assertNotEqual(other.column_ids.mapped('field'), first.column_ids.mapped('field'))

    def test_columns_that_a_form_sends_with_the_file_are_remembered_as_well(self):
        first = self._create_file_intake(
            'list.csv', b'Mail address,Who\na@one.example,Ana\n', column_ids=[
                Command.create({'position': 0, 'header': 'Mail address', 'field': 'email'}),
                Command.create({'position': 1, 'header': 'Who', 'field': 'function'})])
        first.action_preview()
        self.assertEqual(first.state, 'preview')
        again = self._create_file_intake('list.csv', b'Mail address,Who\nb@two.example,Bob\n')
        self.assertEqual(again.column_ids.mapped('field'), ['email', 'function'])

    def test_a_file_without_an_address_column_asks_for_one(self):
        intake = self._create_file_intake('list.csv', b'Name,Town\nAna,Lisbon')
        with self.assertRaisesRegex(UserError, 'Which column'):
            intake.action_preview()
        intake.column_ids[1].field = 'email'
        intake.action_preview()
        self.assertEqual(self._get_states(intake), {'invalid': 1})

    def test_two_columns_do_not_mean_the_same(self):
        intake = self._create_file_intake('list.csv', b'E-mail,Who\na@one.example,Ana\n')
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            intake.column_ids[1].field = 'email'
            self.env.flush_all()

    def test_what_is_not_for_a_table_to_say_is_not_offered(self):
        choices = dict(self.env['cadence.intake.column'].with_user(self.user)._get_field_choices())
        self.assertLessEqual({'email', 'first_name', 'tags', 'street', 'function', 'ref', 'state_id', 'lang'}, choices.keys())
        refused = {'active', 'parent_id', 'company_id', 'is_company', 'category_id', 'commercial_partner_id', 'create_uid', 'id',
                   'message_bounce', 'cadence_email', 'email_normalized', 'signup_type'}
        self.assertFalse(refused & choices.keys())
