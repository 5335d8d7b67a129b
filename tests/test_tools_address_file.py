import csv
import io
import zipfile
from unittest import TestCase

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools.address_file import ERRORS, TableError, read
from ..tools.address_text import check, parse

CELLS = st.text(st.characters(codec='utf-8', exclude_categories=['C']), max_size=8).map(str.strip)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2).map(lambda cells: ['a@b.com', *cells]), min_size=2, max_size=8)
properties = settings(max_examples=100, deadline=None, database=None)


def table(content, name='list.csv', **options):
    headers, rows = read(name, content if isinstance(content, bytes) else content.encode(), **options)
    return list(headers), [(number, list(cells)) for number, cells in rows]


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


def repack(content, part, change):
    """Return a zip with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, 'w', zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return stream.getvalue()


class TestErrors(TestCase):
    def _assert_error(self, code, content, **options):
        with self.assertRaises(TableError) as caught:
            table(content, **options)
        self.assertEqual((caught.exception.code, str(caught.exception)), (code, ERRORS[code]))


class TestText(TestErrors):
    def test_rows_have_the_number_of_a_spreadsheet(self):
        text = '姓名,邮箱,地址\n张三,a@b.com,"上海，浦东\n二楼"\n\n李四,c@d.com\n'
        expected = (
            ['姓名', '邮箱', '地址'],
            [(2, ['张三', 'a@b.com', '上海，浦东\n二楼']), (4, ['李四', 'c@d.com', ''])],
        )
        for encoding in ('utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'gb18030'):
            with self.subTest(encoding=encoding):
                self.assertEqual(table(text.encode(encoding)), expected)

    def test_delimiter_is_found(self):
        expected = ['Name', 'E-mail'], [(2, ['Zhang. San', 'a@b.com']), (3, ['Li Si', 'c@d.com'])]
        for delimiter in ',;\t|，；':
            text = f'Name{delimiter}E-mail\nZhang. San{delimiter}a@b.com\nLi Si{delimiter}c@d.com\n'
            with self.subTest(delimiter=delimiter):
                self.assertEqual(table(text), expected)
                self.assertEqual(table(text.replace('\n', '\r\n')), expected)
                self.assertEqual(table(text.replace('\n', '\r')), expected)

    def test_delimiter_is_the_one_that_every_row_has(self):
        text = 'name;email\nZhang, San;a@b.com\nLi, Si, Jr.;c@d.com\nBob;e@f.com\n'
        self.assertEqual(table(text)[1][1], (3, ['Li, Si, Jr.', 'c@d.com']))

    def test_delimiter_may_be_told_by_the_file_or_its_name(self):
        self.assertEqual(table('sep=;\r\na,b;c\r\n1@x.com;2\r\n'), (['a,b', 'c'], [(3, ['1@x.com', '2'])]))
        self.assertEqual(table('sep="\nname,email\nBob,a@b.com\n')[1], [(3, ['Bob', 'a@b.com'])])
        self.assertEqual(table('a,b\tc,d,e\nx@y.com,1\t2\n', name='LIST.TSV')[0], ['a,b', 'c,d,e'])

    def test_file_without_headers_gets_letters(self):
        self.assertEqual(table('a@b.com,Bob\nc@d.com\n'), (['A', 'B'], [(1, ['a@b.com', 'Bob']), (2, ['c@d.com', ''])]))
        self.assertEqual(table('a@b.com\n'), (['A'], [(1, ['a@b.com'])]))

    def test_missing_header_gets_a_letter(self):
        self.assertEqual(table('email,,<b>Name</b>\na@b.com,1,Bob,x\n')[0], ['email', 'B', 'Name', 'D'])

    def test_title_above_the_table_is_left_out(self):
        self.assertEqual(
            table('客户名单 2025\n\n姓名,邮箱\n张三,a@b.com\n'), (['姓名', '邮箱'], [(4, ['张三', 'a@b.com'])])
        )

    def test_formula_comes_as_what_it_shows(self):
        text = (
            'a;b;c\n'
            '"=HYPERLINK(""mailto:a@b.com"",""c@d.com"")";="e@f.com";"=HYPERLINK(""mailto:g@h.com"")"\n'
            '=1+1;x@y.com;=cmd|1\n'
        )
        rows = [(2, ['c@d.com', 'e@f.com', 'g@h.com']), (3, ['=1+1', 'x@y.com', '=cmd|1'])]
        self.assertEqual(table(text)[1], rows)

    def test_null_bytes_and_invisible_characters_are_taken_out(self):
        self.assertEqual(
            table(b'na\x00me,email\nBob\xe2\x80\x8b,a@\x00b.com \x1a'), (['name', 'email'], [(2, ['Bob', 'a@b.com'])])
        )

    def test_megabyte_in_a_cell_makes_one_invalid_address(self):
        for cell in ('x' * 1_000_000, 'a@b.com ' * 130_000, '"' + 'a@b.com,\n' * 110_000 + '"'):
            headers, rows = table(f'email,name\n{cell},Bob\nc@d.com,Al\n')
            self.assertEqual(headers, ['email', 'name'])
            self.assertEqual([number for number, _cells in rows], [2, 3])
            self.assertEqual(check(rows[0][1][0]), (None, 'too_long'))
            self.assertEqual([entry.problem for entry in parse(rows[0][1][0])], ['too_long'])
            self.assertEqual(rows[1][1], ['c@d.com', 'Al'])

    def test_quotation_mark_that_never_closes_is_told(self):
        self._assert_error('quotes', 'name,email\n"Bob,a@b.com\nAl,c@d.com\n')
        self.assertEqual(table('name,email\n5" pipe,a@b.com\nBob "B" B,c@d.com')[1][0], (2, ['5" pipe', 'a@b.com']))

    def test_file_without_rows_is_told(self):
        for content in ('', '\n\n', ' , \n,,', 'name,email\n', b'\xef\xbb\xbf', b'\xff\xfe'):
            self._assert_error('empty', content)

    def test_other_kind_of_file_is_told(self):
        for content in (b'%PDF-1.7', b'\x89PNG\r\n\x1a\n' + bytes(range(256)), '<html><table><tr>', bytes(100)):
            self._assert_error('unknown_type', content, name='list.csv')

    def test_broken_encoding_is_told(self):
        self._assert_error('encoding', '姓名,邮箱\n张三丰,a@b.com\n'.encode() + b'\xe5\xbc,c@d.com\n')
        self._assert_error('encoding', '姓名,邮箱\n张三丰,a@b.com\n'.encode('utf-16') + b'x')

    def test_more_rows_than_allowed_are_told(self):
        text = 'email\n' + 'a@b.com\n' * 5
        self.assertEqual(len(table(text, max_rows=5)[1]), 5)
        self._assert_error('too_many_rows', text, max_rows=4)

    def test_ten_thousand_addresses_of_a_company_are_read(self):
        _headers, rows = table(
            'name,email\n' + ''.join(f'Bob {number},b{number}@acme.com\n' for number in range(10_000))
        )
        self.assertEqual(len(rows), 10_000)
        self.assertEqual(rows[-1], (10_001, ['Bob 9999', 'b9999@acme.com']))

    @properties
    @given(
        ROWS,
        st.sampled_from(',;\t|'),
        st.sampled_from(['utf-8', 'utf-8-sig', 'utf-16']),
        st.sampled_from(['\n', '\r\n']),
    )
    def test_table_written_by_a_program_is_read_back(self, rows, delimiter, encoding, end):
        rows = [[cell if not cell.startswith('=') else '' for cell in row] for row in rows]
        stream = io.StringIO()
        csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
            [['E', 'N', 'C'], *rows]
        )
        headers, found = table(stream.getvalue().encode(encoding), name='list.tsv' if delimiter == '\t' else 'list.csv')
        self.assertEqual(headers, ['E', 'N', 'C'])
        self.assertEqual([cells for _number, cells in found], rows)

    @properties
    @given(
        st.binary(max_size=300) | st.text('a@b.c,;"\n\t|=\0', max_size=60).map(str.encode),
        st.sampled_from(['x.csv', 'x.xlsx', '']),
    )
    def test_any_file_is_a_table_or_a_told_error(self, content, name):
        try:
            headers, rows = table(content, name)
        except TableError as error:
            self.assertIn(error.code, ERRORS)
        else:
            self.assertTrue(all(headers))
            self.assertTrue(all(len(cells) >= len(headers) and any(cells) for _number, cells in rows))


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
        part = 'xl/worksheets/sheet1.xml'
        content = xlsx(self.PLAIN)
        small = repack(content, part, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1"'))
        self.assertNotEqual(small, content)
        self.assertEqual(table(small)[1], [(2, ['张三', 'a@b.com'])])
        self._assert_error('damaged', repack(content, part, lambda xml: xml.replace(b'r="2"', b'r="999999999"')))

    def test_long_cell_makes_an_invalid_address(self):
        part = 'xl/worksheets/sheet1.xml'
        cell = b'<c r="B2" t="inlineStr"><is><t>' + b'a@b.com ' * 130_000 + b'</t></is></c>'
        content = repack(
            xlsx({'A1': 'n', 'B1': 'e', 'A2': 'Bob', 'B2': 5}),
            part,
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
        for part in ('xl/workbook.xml', 'xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml'):
            with self.subTest(part=part):
                self._assert_error('damaged', repack(content, part, lambda xml: xml[:-20]))
                self._assert_error('damaged', repack(content, part, lambda xml: b''))

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
        self._assert_error('damaged', repack(xlsx(self.PLAIN), 'xl/sharedStrings.xml', lambda xml: laughs))

    def test_files_outside_of_the_workbook_are_not_read(self):
        entity = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst><si><t>&a;</t></si></sst>'
        self._assert_error('damaged', repack(xlsx(self.PLAIN), 'xl/sharedStrings.xml', lambda xml: entity))
