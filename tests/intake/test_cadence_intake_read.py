from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ...models.intake import cadence_intake_read, cadence_intake_work
from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeRead(IntakeCase):

    def _create_large(self, rows=25):
        text = 'E-mail,Name\n' + ''.join(f'p{number}@acme{number // 4}.example,P {number}\n' for number in range(rows))
        return self._create_file_intake('list.csv', text.encode())

    def _read_in_background(self, intake, block=10):
        with patch.object(cadence_intake_work, 'READ_AT_ONCE', 0), patch.object(cadence_intake_read, 'BLOCK', block):
            intake.action_preview()
            self.assertEqual(intake.state, 'reading')
            self._work()

    def test_a_large_file_is_read_by_the_cron_in_blocks(self):
        intake = self._create_large()
        self._read_in_background(intake)
        self.assertEqual((intake.state, intake.new_count), ('preview', 25))
        self.assertEqual(intake.chunk_ids.mapped('line_count'), [10, 10, 5])
        self.assertEqual(intake.chunk_ids[-1].share, 1)

    def test_reading_goes_on_where_the_last_block_ended(self):
        """What a kill leaves behind: one block is there, the rest is not; ranks go on as if nothing had happened."""
        whole = self._create_large()
        self._read_in_background(whole)
        intake = self._create_large()
        with patch.object(cadence_intake_work, 'READ_AT_ONCE', 0), patch.object(cadence_intake_read, 'BLOCK', 10):
            intake.action_preview()
            source = intake._open_source()
            with patch.object(type(intake), '_is_at_work', lambda *_args: False):
                intake._read_blocks(intake._get_line_values(source), commit=lambda _count: True)
            self.assertEqual(len(intake.line_ids), 10)
            self._work()
        fields = ['row', 'email', 'rank', 'batch', 'state']
        self.assertEqual(
            [line[name] for line in intake.line_ids.read(fields) for name in fields],
            [line[name] for line in whole.line_ids.read(fields) for name in fields])

    def test_the_database_refuses_a_block_that_was_read_already(self):
        intake = self._create_large()
        self._read_in_background(intake)
        with self.assertRaises(UniqueViolation), self.cr.savepoint(), mute_logger('odoo.sql_db'):
            intake.sudo().chunk_ids.create({'intake_id': intake.id, 'kind': 'read', 'number': 1, 'state': 'done'})
            self.env.flush_all()

    def test_the_cap_of_a_company_asks_the_managers_list_of_mailboxes(self):
        text = '\n'.join(f'p{number}@{domain}' for domain in ('newbox.example', 'usa.com') for number in range(3))
        self.env['cadence.mailbox.domain'].create([
            {'name': 'newbox.example'}, {'name': 'usa.com', 'counts_as': 'company'}])
        intake = self._preview(text, cap=2)
        self.assertEqual([line.company_domain or '' for line in intake.line_ids], [''] * 3 + ['usa.com'] * 3)
        self.assertEqual(intake.line_ids.mapped('batch'), [5, 5, 5, 5, 5, 6])

    def test_a_fault_further_on_in_the_file_leads_back_to_the_draft(self):
        text = 'E-mail,Name\n' + 'a@one.example,A\n' * 80 + 'x' * (5 << 20)  # a line without an end
        intake = self._create_file_intake('list.csv', text.encode())
        self._read_in_background(intake)
        self.assertEqual(intake.state, 'draft')
        self.assertIn('damaged', intake.problem)
        self.assertFalse(intake.line_ids, "nothing is left of the first blocks")
        self.assertFalse(intake.chunk_ids)

    def test_pause_and_resume_while_reading(self):
        intake = self._create_large()
        with patch.object(cadence_intake_work, 'READ_AT_ONCE', 0):
            intake.action_preview()
        intake.action_pause()
        self._work()
        self.assertEqual((intake.state, intake.progress['paused']), ('reading', True))
        intake.action_resume()
        self._work()
        self.assertEqual(intake.state, 'preview')

    def test_a_cancelled_reading_leaves_the_draft_within_reach(self):
        intake = self._create_large()
        with patch.object(cadence_intake_work, 'READ_AT_ONCE', 0):
            intake.action_preview()
        intake.action_cancel()
        self._work()
        self.assertEqual(intake.state, 'cancelled')
        intake.action_back()
        self.assertEqual(intake.state, 'draft')

    def test_a_name_in_the_address_cell_is_taken_out(self):
        intake = self._save_file('E-mail,Town\n"Bob Roe <bob@one.example>",Lisbon\nann@two.example,Porto\n')
        self.assertEqual(intake.line_ids.partner_id.mapped('name'), ['Bob Roe', 'ann@two.example'])
        self.assertEqual(intake.line_ids[0].text, 'Bob Roe <bob@one.example>')

    def _save_file(self, text, **values):
        intake = self._create_file_intake('list.csv', text.encode(), **values)
        intake.action_preview()
        intake.action_save()
        return intake

    def test_disposable_and_mistyped_addresses_are_set_aside(self):
        intake = self._preview('a@mailinator.com\nb@gmial.com\nc@gmail.com\ninfo@one.example')
        self.assertEqual([(line.state, line.suggestion) for line in intake.line_ids],
                         [('invalid', False), ('invalid', 'b@gmail.com'), ('new', False), ('new', False)])
        self.assertEqual((intake.suggestion_count, intake.role_count), (1, 1))

    def test_the_preview_of_somebody_elses_click_is_refused(self):
        intake = self._save('a@one.example')
        with self.assertRaisesRegex(UserError, 'cannot be done now'):
            intake.action_preview()

    def test_each_address_of_a_cell_is_a_line_with_the_same_other_cells(self):
        cells = (
            '{a}; {b}', '{a} / {b}', '{a}/{b}', '"{a}, {b}"', '{a} & {b}', '{a} ::: {b}', '{a}、{b}', '"{a}\n{b}"', '{a}，{b}',
            '{a} {b}', '<{a}>;<{b}>', '{a}|{b}', '{a} or {b}', '{a}。{b}', '{a}; {b}; {A}',
        )
        for number, cell in enumerate(cells):
            with self.subTest(cell=cell):
                a, b = f'a{number}@one{number}.example', f'b{number}@two{number}.example'
                row = cell.format(a=a, b=b, A=a.upper())
                intake = self._create_file_intake('list.csv', f'E-mail,Name,Company\n{row},Ann,Acme\n'.encode())
                intake.action_preview()
                self.assertEqual(intake.line_ids.mapped('email'), [a, b])
                self.assertEqual(set(intake.line_ids.mapped('reason')), {'One of 2 addresses in the cell'})
                intake.action_save()
                contacts = intake.line_ids.partner_id
                self.assertEqual(sorted(contacts.mapped('email')), [a, b])
                self.assertEqual(set(contacts.mapped('company_name')), {'Acme'})

    def test_addresses_of_a_cell_keep_their_own_names(self):
        intake = self._create_file_intake('list.csv', b'E-mail\n"Ann <a@one.example>; Bob <b@two.example>"\n')
        intake.action_preview()
        self.assertEqual(intake.line_ids.mapped('name'), ['Ann', 'Bob'])

    def test_the_same_address_twice_in_a_cell_is_one(self):
        intake = self._create_file_intake('list.csv', 'E-mail\n"a@bücher.example, A@xn--bcher-kva.example"\n'.encode())
        intake.action_preview()
        line = intake.line_ids
        self.assertEqual((line.email, line.state, line.reason), ('a@xn--bcher-kva.example', 'new', False))

    def test_pasted_addresses_with_a_stroke_between_are_a_line_each(self):
        intake = self._preview('Ann a@one.example/b@two.example\nc@three.example')
        self.assertEqual(intake.line_ids.mapped('email'), ['a@one.example', 'b@two.example', 'c@three.example'])

    def test_of_two_addresses_a_bad_one_is_set_aside_with_its_own_reason(self):
        intake = self._create_file_intake('list.csv', b'E-mail\na@one.example/b@mailinator.com\n')
        intake.action_preview()
        self.assertEqual(intake.line_ids.mapped('reason'), ['One of 2 addresses in the cell', 'A disposable address'])

    def test_a_block_may_end_within_a_cell(self):
        text = 'E-mail\n' + ''.join(f'a{number}@x{number}.example / b{number}@x{number}.example\n' for number in range(13))
        intake = self._create_file_intake('list.csv', text.encode())
        self._read_in_background(intake, block=5)
        self.assertEqual(intake.line_ids.mapped('email'), [
            f'{name}{number}@x{number}.example' for number in range(13) for name in 'ab'])
        self.assertEqual(set(intake.line_ids.mapped('rank')), {1, 2})

    def test_a_selected_contact_with_several_addresses_is_set_aside(self):
        partner = self._create_partners(1, email='a@one.example, b@two.example')
        intake = self._preview(source='contacts', contact_domain=repr([('id', '=', partner.id)]))
        self.assertEqual((intake.line_ids.state, intake.line_ids.reason), ('invalid', 'Several addresses in one field'))

    def test_a_cell_of_a_thousand_addresses_is_one_line(self):
        """Or a file of a megabyte would become four thousand of lines, each with the whole row."""
        cell = ' '.join(f'a{number}@x.example' for number in range(1000))
        intake = self._create_file_intake('list.csv', f'E-mail,Name\n{cell},Ann\n'.encode())
        intake.action_preview()
        self.assertEqual((len(intake.line_ids), intake.line_ids.reason), (1, 'Several addresses in one field'))
