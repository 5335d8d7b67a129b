import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from openpyxl import Workbook

from ...models.intake.cadence_intake import INPUT_FIELDS, TRANSITIONS
from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntake(IntakeCase):

    def test_a_preview_makes_no_contacts_and_no_tags(self):
        contacts, tags = self.env['res.partner'].search_count([]), self.env['res.partner.category'].search_count([])
        intake = self._preview('a@one.example\nb@two.example, A@one.example\nnonsense@')
        self.assertEqual(self._get_states(intake), {'new': 2, 'duplicate': 1, 'invalid': 1})
        self.assertEqual(self.env['res.partner'].search_count([]), contacts)
        self.assertEqual(self.env['res.partner.category'].search_count([]), tags)

    def test_its_history_says_what_was_done_and_by_whom(self):
        intake = self._save('a@one.example').with_context(tracking_disable=False)
        intake.with_user(self.manager).action_undo()
        self._work()
        self.flush_tracking()
        changes = self.env['mail.tracking.value'].search(
            [('mail_message_id', 'in', intake.message_ids.ids), ('field_id.name', '=', 'state')], order='id')
        self.assertEqual((changes[0].old_value_char, changes[-1].new_value_char), ('Saved', 'Undone'))
        self.assertEqual(changes.mail_message_id.author_id, self.manager.partner_id)
        intake.with_user(self.salesman).message_post(body="Whose list is this?")

    def test_what_does_not_fit_into_one_cycle_is_reported(self):
        intake = self._save('\n'.join(f'p{number}@acme.example' for number in range(35)), cap=1)
        self.assertEqual(self._get_states(intake), {'saved': 30, 'over_cap': 5})
        self.assertEqual(intake.line_ids.filtered(lambda line: line.state == 'over_cap').mapped('rank'), [31, 32, 33, 34, 35])
        self.assertEqual(len(set(intake.line_ids.partner_id.category_id.mapped('cadence_batch'))), 30)

    def test_encodings_and_odd_cells_give_the_right_contacts(self):
        text = '姓名,邮箱\n张三,zhang@one.example\n<script>alert(1)</script><b>李四</b>,li@two.example\n'
        for encoding in ('utf-8', 'utf-8-sig', 'gb18030', 'utf-16'):
            intake = self._create_file_intake('list.csv', text.encode(encoding))
            intake.action_preview()
            self.assertEqual(intake.line_ids.mapped('name'), ['张三', '李四'], encoding)

    def test_an_excel_file_with_formulas_is_read(self):
        book = Workbook()
        for row in (['E-mail', 'Name'], ['a@one.example', '=1+1'], ['=HYPERLINK("mailto:x@y.z")', 'x'], [None, None], [5, 'y']):
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        intake = self._create_file_intake('list.xlsx', content.getvalue())
        intake.action_preview()
        self.assertEqual(intake.line_ids.filtered(lambda line: line.state == 'new').mapped('email'), ['a@one.example'])
        self.assertEqual(len(intake.line_ids), 3, "an empty row is none")

    def test_bad_files_are_refused_with_a_sentence(self):
        for name, content, words in (
            ('photo.png', b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 40, 'CSV nor an XLSX|encoding'),
            ('old.xls', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 600, 'xls|password|CSV nor'),
            ('broken.xlsx', b'PK\x03\x04' + b'garbage' * 50, 'damaged'),
            ('empty.csv', b'', 'no rows|no addresses'),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, words):
                self._create_file_intake(name, content).action_preview()

    def test_null_bytes_and_a_megabyte_in_one_cell_do_no_harm(self):
        content = b'E-mail,Name\na@one.example,Bo\0b\nb@two.example,"' + b'x' * 1_000_000 + b'"\n'
        intake = self._create_file_intake('list.csv', content)
        intake.action_preview()
        self.assertEqual(intake.state, 'reading', "a large file is the cron's work")
        self._work()
        intake.action_save()
        self.assertEqual(intake.line_ids[0].partner_id.name, 'Bob')
        self.assertLess(len(intake.line_ids[1].name or ''), 1000)

    def test_ten_thousand_addresses_of_one_company(self):
        intake = self._preview('\n'.join(f'p{number}@acme.example' for number in range(10_000)))
        self.assertEqual(self._get_states(intake), {'new': 300, 'over_cap': 9_700})

    def test_an_empty_intake_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, 'paste'):
            self._create_intake('  ').action_preview()

    def test_a_large_intake_is_saved_by_the_cron_in_chunks(self):
        intake = self._preview('\n'.join(f'p{number}@acme{number // 5}.example' for number in range(2_001)))
        intake.action_save()
        self.assertEqual((intake.state, intake.saved_count), ('saving', 0))
        self._work()
        self.assertEqual((intake.state, intake.saved_count), ('done', 2_001))
        self.assertEqual(intake.line_ids.partner_id.create_uid, self.user)

    def test_an_address_that_somebody_created_since_the_preview_is_not_created_again(self):
        intake = self._preview('a@one.example\nb@two.example')
        partner = self.env['res.partner'].create({'name': 'Faster', 'email': 'A@one.example'})
        intake.action_save()
        self.assertEqual(self.env['res.partner'].search([('email_normalized', '=', 'a@one.example')]), partner)
        self.assertEqual(self._get_states(intake), {'known': 1, 'saved': 1})

    def test_the_preview_takes_the_same_queries_for_ten_times_as_many(self):
        counts = []
        for size in (5, 50, 500):
            intake = self._create_intake('\n'.join(f'q{number}@s{size}.example' for number in range(size)))
            self.env.flush_all()
            before = self.cr.sql_log_count
            intake.action_preview()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # The state, and who may change what

    def test_only_the_transitions_of_the_table_are_possible(self):
        for before in TRANSITIONS:
            for after in TRANSITIONS:
                intake = self._create_intake('a@one.example')
                intake.sudo().state = before
                with self.subTest(before=before, after=after):
                    if after in TRANSITIONS[before]:
                        intake._move_on(after)
                        self.assertEqual(intake.state, after)
                    else:
                        with self.assertRaisesRegex(UserError, 'cannot be done now'):
                            intake._move_on(after)

    def test_what_the_module_keeps_nobody_else_writes(self):
        intake = self._preview('a@one.example')
        values = {
            'state': 'done', 'paused': True, 'problem': 'x', 'tally': {'saved': 1}, 'header_key': 'x',
            'worker_id': self.env.ref('base.user_admin').id, 'company_id': self.env.company.id,
            'line_ids': [(5,)], 'chunk_ids': [(5,)]}
        for name, value in values.items():
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    intake.write({name: value})
                with self.assertRaises(AccessError):
                    self._create_intake('b@one.example', **{name: value})
                with self.assertRaises(AccessError):
                    self.env['cadence.intake'].with_user(self.user).with_context(**{f'default_{name}': value}).create(
                        {'segment_id': self.segment.id})
        for records in (intake.line_ids, intake.chunk_ids):
            with self.assertRaises(AccessError):
                records.write({'state': 'saved'})
            with self.assertRaises(AccessError):
                records.unlink()
        self.assertEqual(intake.state, 'preview')

    def test_only_a_draft_takes_another_input(self):
        """Or somebody could put others' leads in between, to be read in the name of whoever pressed the button."""
        intake = self._create_file_intake('list.csv', b'E-mail,Who\na@one.example,Ann\n')
        intake.write({'cap': 3})
        intake.action_preview()
        for name in INPUT_FIELDS:
            with self.subTest(name=name), self.assertRaisesRegex(UserError, 'go back to the input'):
                intake.write({name: intake._fields[name].convert_to_write(intake[name], intake)})
        for act in (lambda: intake.column_ids.write({'field': False}), lambda: intake.column_ids[0].unlink(),
                    lambda: intake.column_ids.create({'intake_id': intake.id, 'position': 9})):
            with self.assertRaisesRegex(UserError, 'go back to the input'):
                act()
        intake.action_back()
        intake.column_ids[1].field = 'name'
        intake.cap = 4
        intake.action_preview()
        self.assertEqual(intake.line_ids.name, 'Ann')

    def test_it_is_found_by_the_name_of_its_file_and_left_out_by_it(self):
        fair, other = self.env['cadence.intake'].create([
            {'segment_id': self.segment.id, 'source': 'file', 'file_name': name} for name in ('fair.csv', 'other.csv')])
        both = [('id', 'in', (fair + other).ids)]
        self.assertEqual(fair.search([*both, ('name', 'ilike', 'fair')]), fair)
        self.assertEqual(fair.search([*both, ('name', 'not ilike', 'fair')]), other)

    def test_a_copy_is_a_draft(self):
        copy = self._save('a@one.example').copy()
        self.assertEqual((copy.state, copy.tally, copy.worker_id.id, len(copy.line_ids)), ('draft', False, False, 0))

    def test_an_intake_goes_into_segments_that_its_user_may_read(self):
        company = self.env['res.company'].create({'name': 'Other company'})
        customers = self.env['cadence.customer.group'].create({'name': 'Rental', 'company_id': company.id})
        theirs = self._create_segment('base.lang_fr', company_id=company.id, customer_group_id=customers.id, user_id=False)
        group = self.env['cadence.tag.group'].create(
            {'name': 'x', 'code': 'x', 'batch_count': 5, 'marker': 'X', 'company_id': company.id})
        intake = self._create_intake('a@one.example')
        for values in ({'segment_id': theirs.id}, {'tag_group_id': group.id}):
            with self.assertRaises(AccessError):
                intake.write(values)
            with self.assertRaises(AccessError):
                self._create_intake('b@one.example', **values)

    def test_an_intake_that_is_being_worked_on_is_not_deleted(self):
        intake = self._preview('a@one.example')
        intake._move_on('saving')
        with self.assertRaisesRegex(UserError, 'cancel it'):
            intake.unlink()
        intake.action_pause()
        lines = intake.line_ids
        intake.unlink()
        self.assertFalse(lines.exists())

    def test_a_salesperson_opens_any_intake_and_changes_none(self):
        for intake in (self._preview('a@one.example'), self._save('b@one.example'), self._create_intake(
                source='lists', list_ids=self.env['mailing.list'].create({'name': 'Fair'}).ids)):
            theirs = intake.with_user(self.salesman)
            self.env.invalidate_all()
            view = theirs.get_views([(False, 'form'), (False, 'list')])['models']['cadence.intake']['fields']
            self.assertTrue(theirs.web_read({name: {} for name in view}))
            self.assertTrue(theirs.get_progress())
            for button in ('preview', 'back', 'save', 'undo', 'pause', 'resume', 'cancel', 'accept_suggestions', 'keep_typed',
                           'start_lightest'):
                with self.subTest(button=button), self.assertRaises(AccessError):
                    getattr(theirs, f'action_{button}')()
