import csv
import io
import tracemalloc
import zipfile
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.address.address_file import ERRORS, BrokenRow, Choices, TableError, read, sample_text
from ...tools.address.address_text import check, parse
from ...tools.table import table_text, text_encoding

FILES = Path(__file__).parents[1] / 'files'
CELLS = st.text(st.characters(codec='utf-8', exclude_categories=['C']), max_size=8).map(str.strip)
NAMES = st.text('上海工程设备有限公司张三丰浦东路机械', min_size=1, max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2).map(lambda cells: ['a@b.com', *cells]), min_size=2, max_size=8)
properties = settings(max_examples=100, deadline=None, database=None)


def table(content, name='list.csv', **options):
    content = content if isinstance(content, bytes) else content.encode()
    found = read(name, io.BytesIO(content), **options)
    return list(found.headers), [(number, list(cells)) for number, cells in found.rows]


def file_table(name):
    """Return the table of one of tests/files, see the README there."""
    return table((FILES / name).read_bytes(), name)


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

    def test_quotation_mark_that_never_closes_costs_its_row(self):
        found = read('list.csv', io.BytesIO(b'name,email\n"Bob,a@b.com\nAl,c@d.com\n'))
        rows = [(number, tuple(cells), isinstance(cells, BrokenRow)) for number, cells in found.rows]
        self.assertEqual(rows, [(2, ('"Bob', 'a@b.com'), True), (3, ('Al', 'c@d.com'), False)])
        self.assertEqual(table('name,email\n5" pipe,a@b.com\nBob "B" B,c@d.com')[1][0], (2, ['5" pipe', 'a@b.com']))

    def test_file_without_rows_is_told(self):
        for content in ('', '\n\n', ' , \n,,', 'name,email\n', b'\xef\xbb\xbf', b'\xff\xfe'):
            self._assert_error('empty', content)

    def test_other_kind_of_file_is_told(self):
        for content in (b'%PDF-1.7', b'\x89PNG\r\n\x1a\n' + bytes(range(256)), '<html><table><tr>', bytes(100)):
            self._assert_error('unknown_type', content, name='list.csv')

    def test_broken_encoding_is_told(self):
        self._assert_error('encoding', '姓名,邮箱\n张三丰,a@b.com\n'.encode('utf-16') + b'\xe5')
        self._assert_error('utf7', 'Name,E-mail\nMüller,a@b.com\nGroß,c@d.com\n'.encode('utf-7'))
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
        st.sampled_from(',;\t|，；'),
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
        st.lists(st.lists(NAMES, min_size=2, max_size=2).map(lambda cells: ['a@b.com', *cells]), min_size=2, max_size=8),
        st.sampled_from(',;\t|，；'),
    )
    def test_chinese_table_in_the_old_encoding_is_read_back(self, rows, delimiter):
        # Chinese enough to be told from Latin letters with accents
        lines = ['公司名称', '上海工程设备有限公司', '地址'], *rows
        content = ''.join(delimiter.join(f'"{cell}"' for cell in line) + '\n' for line in lines).encode('gb18030')
        headers, found = table(content, name='list.tsv' if delimiter == '\t' else 'list.csv')
        self.assertEqual(headers, lines[0])
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

    def test_file_of_libreoffice_is_read(self):
        headers, rows = file_table('libreoffice.csv')
        self.assertEqual(headers, ['公司', '姓名', '邮箱', '电话', '备注'])
        self.assertEqual(rows, [
            (4, ['上海工程设备有限公司', '张三丰', 'zhang@acme.cn', '13800138000', '第一行\n第二行']),
            (5, ['Müller Maschinenbau', 'Jörg Müller', 'j.mueller@mueller.example', '1.5', 'TRUE']),
            (6, ['"Quoted", Inc.', "O'Brien  double", 'ob@quoted.example', '+1 555 0100', 'x@y.example']),
            (8, ['Last <b>', 'Anna', 'anna@last.example', '', '2025-03-14']),
        ])


class TestStream(TestErrors):
    def test_position_goes_from_the_start_to_the_end(self):
        file = io.BytesIO(b'name,email\n' + b'Bob Smith,bob@acme.com\n' * 50_000)
        read_table = read('list.csv', file)
        positions = [read_table.position() for _row in read_table.rows]
        self.assertLess(positions[0], 0.5)
        self.assertEqual(positions, sorted(positions))
        self.assertEqual(positions[-1], 1)

    def test_encoding_that_is_chosen_is_taken_and_shown(self):
        content = 'Name;E-Mail\nAnna Müller;a@x.de\nJörg Groß;j@x.de\n'.encode('cp1252')
        self.assertEqual(table(content)[1][0], (2, ['Anna Müller', 'a@x.de']))
        self.assertEqual(table(content, choices=Choices(encoding='cp1251'))[1][0], (2, ['Anna Mьller', 'a@x.de']))
        self.assertEqual(read('', io.BytesIO(content)).encoding[:2], ('cp1252', True))
        in_doubt = read('', io.BytesIO('Name;E-Mail\nZoë;z@x.de\n'.encode('cp1252'))).encoding
        self.assertFalse(in_doubt.is_sure, "one letter proves nothing")
        self.assertEqual(sample_text(io.BytesIO(content), 'cp1252'), ['Anna Müller;a@x.de', 'Jörg Groß;j@x.de'])
        self.assertEqual(sample_text(io.BytesIO(content), 'cp1251', 1), ['Anna Mьller;a@x.de'])

    def test_memory_does_not_grow_with_the_file(self):
        for module in (table_text, text_encoding):
            self.enterContext(patch.object(module, 'BLOCK', 1 << 14))  # or the file would have to be sixteen times as long
        list(read('', io.BytesIO('é@x.com'.encode('cp1252'))).rows)  # once, the letters of all languages are learnt
        row = 'Bob Müller,bob@acme.com,+49 30 1234567,www.acme.com,Germany\n'
        for encoding in ('utf-8', 'cp1252', 'utf-16'):
            content = ('name,email,phone,website,country\n' + row * 20_000).encode(encoding)
            tracemalloc.start()
            try:
                count = sum(1 for _row in read('list.csv', io.BytesIO(content)).rows)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            with self.subTest(encoding=encoding):
                self.assertEqual(count, 20_000)
                self.assertLess(peak, 1 << 20)
