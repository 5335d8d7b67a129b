import io
import tracemalloc
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from ...tools.address import address_file
from ...tools.address.address_file import read
from ...tools.table import table_text
from ...tools.table.table_cells import BrokenRow
from .test_address_file import TestErrors, properties, table


def rows_and_error(text):
    found = []
    try:
        found.extend(table_text.read_rows(io.BytesIO(text.encode()), 'utf-8'))
    except table_text.TableError as error:
        return found, error.code
    return found, None


class TestBlocks(TestErrors):
    @contextmanager
    def _smaller(self):
        """The limits at a sixteenth, so that what goes beyond them is quickly read."""
        with patch.multiple(table_text, BLOCK=table_text.BLOCK >> 4, MAX_ROW=table_text.MAX_ROW >> 4):
            yield

    @properties
    @given(st.text('ab,"=\n\r\t @上', max_size=60), st.integers(1, 9))
    def test_rows_do_not_depend_on_where_blocks_end(self, text, size):
        with patch.object(table_text, '_delimiter', lambda text: ','):  # else told from the first block
            whole = rows_and_error(text)
            with patch.object(table_text, 'BLOCK', size):
                self.assertEqual(rows_and_error(text), whole)

    def test_other_characters_far_down_are_read(self):
        text = 'name,email\n' + 'Bob Smith,a@b.com\n' * 20_000 + '上海工程设备有限公司张三丰,c@d.cn\n'
        for encoding in ('utf-8', 'gb18030', 'utf-16'):
            with self.subTest(encoding=encoding):
                self.assertEqual(table(text.encode(encoding))[1][-1], (20_002, ['上海工程设备有限公司张三丰', 'c@d.cn']))

    def test_damage_far_down_costs_its_row(self):
        text = '姓名,邮箱\n' + '张三丰,a@b.com\n' * 20_000
        for encoding in ('utf-8', 'utf-8-sig', 'gb18030'):
            with self.subTest(encoding=encoding):
                found = read('list.csv', io.BytesIO(text.encode(encoding) + b'Bob\xff,c@d.com\nAl,e@f.com\n'))
                self.assertFalse(found.encoding.is_sure)
                *_others, broken, last = found.rows
                self.assertEqual((broken[0], tuple(broken[1])), (20_002, ('Bob\ufffd', 'c@d.com')))
                self.assertEqual([type(cells) is BrokenRow for _number, cells in (broken, last)], [True, False])
        self._assert_error('encoding', text.encode('utf-16') + b'x')

    def test_quotation_mark_does_not_swallow_the_file(self):
        content = b'name,email\n"Bob,a@b.com\n' + b'Al Smith,c@d.com\n' * 25_000
        with self._smaller():
            rows = list(table_text.read_rows(io.BytesIO(content), 'utf-8'))
        self.assertEqual(len(rows), 25_002)
        self.assertEqual([number for number, cells in rows if isinstance(cells, BrokenRow)], [2])

    def test_a_stray_quotation_mark_costs_one_row_wherever_it_stands(self):
        for text, broken in (
            ('"Bob,a@b.com\n"Al",c@d.com\n', [2]), ('Bob,"a@b.com\n"Al, Jr.",c@d.com\n', [2]),
            ('Bob,"a@b.com\nAl,"c@d.com\nCy,e@f.com', [2, 3]), ('Al,c@d.com\n"Bob,a@b.com', [3]),
            ('"Bob,a@b.com\n\n"Al ""Jr"" X",c@d.com\n', [2]),
            ('"Bob\nJunior",a@b.com\n"A ""B"" C",c@d.com\n"D" E,e@f.com\n5" pipe,g@h.com\n', []),
            ('"Bob\r\n\r\n",a@b.com\r\n', []), ('Bob,"a@b.com"\nAl,"c@d.com"', []),
        ):  # fmt: skip
            with self.subTest(text=text):
                rows = list(table_text.read_rows(io.BytesIO(f'name,email\n{text}'.encode()), 'utf-8'))
                self.assertEqual([number for number, cells in rows if isinstance(cells, BrokenRow)], broken)
                emails = [cells[-1].strip('"') for _number, cells in rows]
                self.assertEqual(len([email for email in emails if '@' in email]), text.count('@'))

    def test_stray_quotation_marks_are_read_in_one_scan(self):
        for line in ('"x\n', 'x,"\n', '"x",y\n"z\n', '"' * 100 + '\n', 'x,"y" z,"\n'):
            with self.subTest(line=line):
                text = line * (100_000 // len(line))
                with patch.object(table_text, '_goes_on', wraps=table_text._goes_on) as goes_on:
                    self.assertGreater(sum(1 for _row in table_text.read_rows(io.BytesIO(text.encode()), 'utf-8')), 0)
                self.assertLessEqual(goes_on.call_count, text.count('\n'))

    def test_endless_line_is_told(self):
        self._assert_error('damaged', b'a@b.com ' * 3_000_000)

    def test_every_cell_is_cleaned(self):
        text = ' a@b.com,x \nc@d.com,="1"\ne@f.com,y\xa0\n\u200bg@h.com,z\n'
        self.assertEqual([cells for _number, cells in table(text)[1]], [
            ['a@b.com', 'x'], ['c@d.com', '1'], ['e@f.com', 'y'], ['g@h.com', 'z']])

    def test_what_a_stranger_sends_costs_no_memory(self):
        """Rows of very many columns, a line without an end, nothing but NULs and nothing but separators. The real limits are
        sixteen times as large: no more than 100 MB.
        """
        for name, content, code in (
            ('columns', b'E-mail,Name\n' + (b'a@b.com,' * 6_000 + b'\n') * 20, None),
            ('line', b'E-mail,Name\n' + b'x' * 10_000_000, 'damaged'),
            ('nuls', b'E-mail,Name\na@b.com,x\n' + bytes(10_000_000), 'unknown_type'),
            ('separators', b'E-mail,Name\n' + b',' * 250_000 + b'\n', 'empty'),
        ):
            found = None
            with self._smaller():
                tracemalloc.start()
                try:
                    for _row in read('list.csv', io.BytesIO(content)).rows:
                        pass
                except table_text.TableError as error:
                    found = error.code
                finally:
                    peak = tracemalloc.get_traced_memory()[1]
                    tracemalloc.stop()
            with self.subTest(name=name):
                self.assertEqual(found, code)
                self.assertLess(peak, 6 << 20)

    def test_short_rows_below_a_wide_header_do_not_become_wide_without_end(self):
        with patch.object(address_file, 'FREE', 1 << 18):
            self._assert_error('too_big', b'E-mail,Name' + b',' * 250 + b'x\n' + b'a\n' * 5_000)
            self.assertEqual(len(table(b'E-mail,Name' + b',' * 250 + b'x\n' + b'a\n' * 1_000)[1]), 1_000)
