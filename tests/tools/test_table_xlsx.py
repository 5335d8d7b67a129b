import io
import tracemalloc
import zipfile
from datetime import datetime
from unittest.mock import patch

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ...tools.address import address_file
from ...tools.address.address_file import read
from ...tools.address.address_text import check
from ...tools.table.table_cells import TableError
from ...tools.table.table_xlsx import SharedStrings
from .test_address_file import TestErrors, file_table, properties, repack, table

SHEET, STRINGS = 'xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml'


def xlsx(*sheets):
    """Return an .xlsx of sheets, each a dict of cell -> value, or (formula, its saved value)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for cells in sheets:
            sheet = book.add_worksheet()
            for place, value in cells.items():
                if isinstance(value, tuple):
                    sheet.write_formula(place, value[0], None, value[1])
                else:
                    sheet.write(place, value)
    return stream.getvalue()


class TestExcel(TestErrors):
    PLAIN = {'A1': '姓名', 'B1': '邮箱', 'A2': '张三', 'B2': 'a@b.com'}

    def test_first_sheet_with_anything_is_read_with_its_row_numbers(self):
        content = xlsx({}, self.PLAIN | {'A5': '李四', 'B5': 'c@d.com'}, {'A1': 'other@x.com'})
        expected = ['姓名', '邮箱'], [(2, ['张三', 'a@b.com']), (5, ['李四', 'c@d.com'])]
        self.assertEqual(table(content, name='list.xlsx'), expected)
        self.assertEqual(table(content, name='list.csv'), expected)

    def test_cells_come_as_text(self):
        cells = {
            'A2': 13800138000,
            'B2': 'a@b.com',
            'C2': 1.5,
            'D2': True,
            'E2': ('=B2', 'c@d.com'),
            'F2': ' x\r\ny\x00 ',
        }
        _headers, rows = table(xlsx(self.PLAIN | cells))
        self.assertEqual(rows, [(2, ['13800138000', 'a@b.com', '1.5', 'True', 'c@d.com', 'x\r\ny'])])

    def test_size_that_the_sheet_claims_is_not_believed(self):
        content = xlsx(self.PLAIN)
        small = repack(content, SHEET, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1"'))
        self.assertNotEqual(small, content)
        self.assertEqual(table(small)[1], [(2, ['张三', 'a@b.com'])])
        self._assert_error('damaged', repack(content, SHEET, lambda xml: xml.replace(b'r="2"', b'r="999999999"')))

    def test_long_cell_makes_an_invalid_address(self):
        cell = b'<c r="B2" t="inlineStr"><is><t>' + b'a@b.com ' * 130_000 + b'</t></is></c>'
        content = repack(
            xlsx({'A1': 'n', 'B1': 'e', 'A2': 'Bob', 'B2': 5}),
            SHEET,
            lambda xml: xml.replace(b'<c r="B2"><v>5</v></c>', cell),
        )
        [(_number, cells)] = table(content)[1]
        self.assertEqual(check(cells[1]), (None, 'too_long'))

    def test_workbook_without_rows_is_told(self):
        self._assert_error('empty', xlsx({}, {}))

    def test_damaged_workbook_is_told(self):
        content = xlsx(self.PLAIN)
        self._assert_error('damaged', content[:-100])
        self._assert_error('damaged', content[: len(content) // 2])
        self._assert_error('damaged', b'PK\x03\x04' + bytes(100))
        for part in ('xl/workbook.xml', SHEET, STRINGS):
            with self.subTest(part=part):
                self._assert_error('damaged', repack(content, SHEET, lambda xml: xml[:len(xml) // 2]))
                self._assert_error('damaged', repack(content, SHEET, lambda xml: b''))

    def test_old_and_encrypted_workbooks_are_told(self):
        magic = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
        self._assert_error('old_excel', magic + bytes(600))
        self._assert_error('encrypted', magic + bytes(100) + 'EncryptedPackage'.encode('utf-16-le'))

    def test_other_archive_is_told(self):
        self._assert_error(
            'unknown_type', repack(xlsx(self.PLAIN), '', None).replace(b'xl/workbook.xml', b'xl/werkbook.xml')
        )

    def test_bombs_are_told_without_unpacking_them(self):
        content = repack(xlsx(self.PLAIN), 'xl/styles.xml', lambda xml: bytes(50_000_000))
        self._assert_error('too_big', content)
        entities = b''.join(b'<!ENTITY %c "%s">' % (98 + depth, b'&%c;' % (97 + depth) * 10) for depth in range(9))
        laughs = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + entities + b']><sst><si><t>&j;</t></si></sst>'
        self._assert_error('damaged', repack(xlsx(self.PLAIN), STRINGS, lambda xml: laughs))

    def test_files_outside_of_the_workbook_are_not_read(self):
        entity = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst><si><t>&a;</t></si></sst>'
        self._assert_error('damaged', repack(xlsx(self.PLAIN), STRINGS, lambda xml: entity))

    def test_rich_text_is_joined_and_its_pronunciation_left_out(self):
        runs = b'<si><r><t>a</t></r><rPh sb="0" eb="1"><t>x</t></rPh><r><rPr><b/></rPr><t>@b.com</t></r></si>'
        content = repack(xlsx(self.PLAIN), STRINGS, lambda xml: xml.replace(b'<si><t>a@b.com</t></si>', runs))
        self.assertEqual(table(content)[1], [(2, ['张三', 'a@b.com'])])

    def test_escaped_characters_are_read(self):
        content = repack(
            xlsx(self.PLAIN), STRINGS, lambda xml: xml.replace(b'a@b.com', b'a@b.com_x000D__x0000__xD800__x005F_x0041_'))
        self.assertEqual(table(content)[1], [(2, ['张三', 'a@b.com\r_x0041_'])])

    def test_date_comes_as_a_date(self):
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ['email', 'since'])
            sheet.write_row(1, 0, ['a@b.com', datetime(2025, 3, 14)], book.add_format({'num_format': 'yyyy-mm-dd'}))
        self.assertEqual(table(stream.getvalue())[1], [(2, ['a@b.com', '2025-03-14 00:00:00'])])

    def test_reference_to_a_missing_string_is_damage(self):
        for index in (b'99', b'-1', b'x'):
            cell = b'<v>%s</v>' % index
            content = repack(xlsx(self.PLAIN), SHEET, lambda xml, cell=cell: xml.replace(b'<v>3</v>', cell))
            self._assert_error('damaged', content)

    def test_hidden_sheet_is_read_only_if_no_other_has_rows(self):
        for others, expected in (({'A1': 'a@b.com'}, 'a@b.com'), ({}, 'hidden@b.com')):
            stream = io.BytesIO()
            with xlsxwriter.Workbook(stream) as book:
                hidden, sheet = book.add_worksheet(), book.add_worksheet()
                hidden.write('A1', 'hidden@b.com')
                hidden.hide()
                sheet.activate()
                for place, value in others.items():
                    sheet.write(place, value)
            self.assertEqual(table(stream.getvalue())[1], [(1, [expected])])

    def test_files_of_programs_are_read(self):
        for name in ('libreoffice.xlsx', 'xlsxwriter_shared_strings.xlsx', 'xlsxwriter_inline_strings.xlsx'):
            with self.subTest(name=name):
                headers, rows = file_table(name)
                self.assertEqual(headers, ['公司', '姓名', '邮箱', '电话', '备注'])
                self.assertEqual(rows, [
                    (4, ['上海工程设备有限公司', '张三丰', 'zhang@acme.cn', '13800138000', '第一行\n第二行']),
                    (5, ['Müller Maschinenbau', 'Jörg Müller', 'j.mueller@mueller.example', '1.5', 'True']),
                    (6, ['"Quoted", Inc.', "O'Brien  double", 'ob@quoted.example', '+1 555 0100', 'x@y.example']),
                    (8, ['Last <b>', 'Anna', 'anna@last.example', '', '2025-03-14 00:00:00']),
                ])

    def test_memory_does_not_grow_with_the_sheet(self):
        content = xlsx({f'{column}{row}': f'{row}@{column}.com' for row in range(1, 8_001) for column in 'ABC'})
        tracemalloc.start()
        try:
            read_table = read('', io.BytesIO(content))
            position = read_table.position()
            count = sum(1 for _row in read_table.rows)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertEqual(count, 8_000)
        self.assertLess(position, read_table.position())
        self.assertEqual(read_table.position(), 1)
        self.assertLess(peak, 3 << 19)


    # As other programs write them

    def test_the_sheet_with_addresses_is_read(self):
        for sheets in (({'A1': 'Price list'}, self.PLAIN), ({}, {'A1': 'Notes', 'A2': 'x'}, self.PLAIN, {'A1': 'other@x.com'})):
            self.assertEqual(table(xlsx(*sheets)), (['姓名', '邮箱'], [(2, ['张三', 'a@b.com'])]))
        self.assertEqual(table(xlsx({'A1': 'Name', 'A2': 'Bob'}, {'A1': 'x'}))[1], [(2, ['Bob'])], "without any, the first one")

    def test_a_workbook_of_another_name_with_backslashes_is_read(self):
        content = xlsx(self.PLAIN)
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, 'w') as new:
            for name in old.namelist():
                xml = old.read(name).replace(b'xl/workbook.xml', b'xl/workbook2.xml')
                part = zipfile.ZipInfo()
                part.filename = name.replace('workbook.xml', 'workbook2.xml').replace('/', '\\')
                new.writestr(part, xml)
        self.assertEqual(table(stream.getvalue())[1], [(2, ['张三', 'a@b.com'])])

    def test_absolute_targets_are_read(self):
        content = repack(xlsx(self.PLAIN), 'xl/_rels/workbook.xml.rels', lambda xml: xml.replace(b'Target="', b'Target="/xl/'))
        self.assertEqual(table(content)[1], [(2, ['张三', 'a@b.com'])])

    def test_strict_open_xml_is_read(self):
        content = xlsx(self.PLAIN | {'C1': 'x', 'C2': 5})
        for part in ('xl/workbook.xml', SHEET, STRINGS, 'xl/styles.xml'):
            content = repack(content, part, lambda xml: xml.replace(
                b'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
                b'http://purl.oclc.org/ooxml/spreadsheetml/main').replace(
                b'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
                b'http://purl.oclc.org/ooxml/officeDocument/relationships'))
        for part in ('_rels/.rels', 'xl/_rels/workbook.xml.rels'):
            content = repack(content, part, lambda xml: xml.replace(
                b'http://schemas.openxmlformats.org/officeDocument/2006/relationships/',
                b'http://purl.oclc.org/ooxml/officeDocument/relationships/'))
        self.assertEqual(table(content), (['姓名', '邮箱', 'x'], [(2, ['张三', 'a@b.com', '5'])]))

    def test_other_office_files_are_told(self):
        content = repack(xlsx(self.PLAIN), 'xl/workbook.xml', lambda xml: b'<document xmlns="word"/>')
        self._assert_error('unknown_type', content)
        content = repack(xlsx(self.PLAIN), '_rels/.rels', lambda xml: xml.replace(b'workbook.xml', b'workbook.bin'))
        self._assert_error('unknown_type', content)

    # What a stranger sends

    def test_a_long_string_in_every_cell_does_not_fill_the_memory(self):
        cells = {f'{column}{row}': 'x@' + 'y' * 30_000 for row in range(1, 200) for column in 'ABCDEFGHIJ'}
        content = xlsx(cells)
        self.assertLess(len(content), 20_000)
        tracemalloc.start()
        try:
            self._assert_error('too_big', content)
            self.assertLess(tracemalloc.get_traced_memory()[1], 30 << 20)
        finally:
            tracemalloc.stop()

    def test_thousands_of_columns_and_styles_are_cut_or_told(self):
        row = b'<row r="2">' + b''.join(b'<c t="b"><v>1</v></c>' for _cell in range(16_384)) + b'</row>'
        content = repack(xlsx(self.PLAIN), SHEET, lambda xml: xml.replace(b'<row r="2"', row + b'<row r="3"'))
        self.assertEqual(max(len(cells) for _number, cells in table(content)[1]), 256)
        styles = repack(xlsx(self.PLAIN | {'C2': 5}), 'xl/styles.xml', lambda xml: xml.replace(
            b'</cellXfs>', b'<xf/>' * 70_000 + b'</cellXfs>'))
        self._assert_error('damaged', styles)

    def test_very_many_empty_rows_are_passed_over_and_who_waits_is_told(self):
        empty = b'<row/>' * 100_000
        after = repack(xlsx(self.PLAIN), SHEET, lambda xml: xml.replace(b'</sheetData>', empty + b'</sheetData>'))
        before = repack(xlsx(self.PLAIN), SHEET, lambda xml: xml.replace(b'<sheetData>', b'<sheetData>' + empty))
        self.assertEqual(list(read('', io.BytesIO(after)).rows), [(2, ('张三', 'a@b.com'))])
        with patch.object(address_file, 'BRIEF', 1 << 19), self.assertRaises(TableError) as caught:
            read('', io.BytesIO(before), is_brief=True)
        self.assertEqual(caught.exception.code, 'too_big')

    def test_the_first_rows_need_the_first_strings_only(self):
        content = xlsx({f'{column}{row}': f'{row}@{column}{"x" * 400}.com' for row in range(1, 10_001) for column in 'ABC'})
        rows = read('', io.BytesIO(content), is_brief=True).rows
        self.assertEqual([next(rows)[0] for _row in range(20)], list(range(1, 21)))


class TestSharedStrings(TestErrors):
    @properties
    @given(st.lists(st.text(st.characters(codec='utf-8', exclude_characters='\0'), max_size=5), max_size=100))
    def test_strings_are_got_back_by_number(self, texts):
        strings = SharedStrings(texts)
        self.addCleanup(strings.close)
        self.assertEqual([strings[index] for index in range(len(texts))], texts)
        for index in (-1, len(texts)):
            with self.assertRaises(IndexError):
                strings[index]
