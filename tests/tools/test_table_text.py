import io
import tracemalloc
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from ...tools.address.address_file import read
from ...tools.table import table_text
from .test_address_file import TestErrors, properties, table


def rows_and_error(text):
    found = []
    try:
        found.extend(table_text.read_rows(io.BytesIO(text.encode())))
    except table_text.TableError as error:
        return found, error.code
    return found, None


class TestBlocks(TestErrors):
    @properties
    @given(st.text('ab,"=\n\r\t @上', max_size=60), st.integers(1, 9))
    def test_rows_do_not_depend_on_where_blocks_end(self, text, size):
        with patch.object(table_text, '_delimiter', lambda text: ','):  # else told from the first block
            whole = rows_and_error(text)
            with patch.object(table_text, 'BLOCK', size):
                self.assertEqual(rows_and_error(text), whole)

    def test_other_characters_far_down_are_read(self):
        text = 'name,email\n' + 'Bob Smith,a@b.com\n' * 100_000 + '上海工程设备有限公司张三丰,c@d.cn\n'
        for encoding in ('utf-8', 'gb18030', 'utf-16'):
            with self.subTest(encoding=encoding):
                self.assertEqual(table(text.encode(encoding))[1][-1], (100_002, ['上海工程设备有限公司张三丰', 'c@d.cn']))

    def test_damage_far_down_is_told(self):
        text = '姓名,邮箱\n' + '张三丰,a@b.com\n' * 100_000
        for encoding, damage in (('utf-8', b'\xff'), ('utf-8-sig', b'\xff'), ('utf-16', b'x')):
            with self.subTest(encoding=encoding):
                self._assert_error('encoding', text.encode(encoding) + damage)

    def test_quotation_mark_does_not_swallow_the_file(self):
        content = b'name,email\n"Bob,a@b.com\n' + b'Al Smith,c@d.com\n' * 1_000_000
        file = io.BytesIO(content)
        with self.assertRaises(table_text.TableError) as caught:
            list(table_text.read_rows(file))
        self.assertEqual(caught.exception.code, 'quotes')
        self.assertLess(file.tell(), len(content))

    def test_endless_line_is_told(self):
        self._assert_error('damaged', b'a@b.com ' * 3_000_000)

    def test_every_cell_is_cleaned(self):
        text = ' a@b.com,x \nc@d.com,="1"\ne@f.com,y\xa0\n\u200bg@h.com,z\n'
        self.assertEqual([cells for _number, cells in table(text)[1]], [
            ['a@b.com', 'x'], ['c@d.com', '1'], ['e@f.com', 'y'], ['g@h.com', 'z']])

    def test_what_a_stranger_sends_costs_no_memory(self):
        """A row of a million columns, a line of 100 MB, nothing but NULs and nothing but separators."""
        for name, content, code in (
            ('columns', b'E-mail,Name\n' + (b'a@b.com,' * 100_000 + b'\n') * 20, None),
            ('line', b'E-mail,Name\n' + b'x' * 100_000_000, 'damaged'),
            ('nuls', b'E-mail,Name\na@b.com,x\n' + bytes(30_000_000), 'unknown_type'),
            ('separators', b'E-mail,Name\n' + b',' * 4_000_000 + b'\n', 'empty'),
        ):
            found = None
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
                self.assertLess(peak, 100 << 20)

    def test_short_rows_below_a_wide_header_do_not_become_wide_without_end(self):
        self._assert_error('too_big', b'E-mail,Name' + b',' * 250 + b'x\n' + b'a\n' * 150_000)
