from unittest import TestCase

from ...tools.table.table_cells import MAX_CELL, TableError, as_text, choose_rows, clean_cell


class TestTableCells(TestCase):

    def test_what_a_spreadsheet_would_run_becomes_text(self):
        for cell, text in (
            ('=cmd()', "'=cmd()"), ('+1+cmd', "'+1+cmd"), ('-1+cmd', "'-1+cmd"), ('@SUM(1)', "'@SUM(1)"), ('  =1', "  '=1"),
            ('\t=1', "\t'=1"), ('\r=1', "\r'=1"), ('\n=1', "\n'=1"), ('\tx', "'\tx"), ('＝1', "'＝1"),
            ('x;=cmd()', "x;'=cmd()"), ('x,\t@y', "x,\t'@y"), ('x|-1+cmd', "x|'-1+cmd"),
            ('a@b.com', 'a@b.com'), ('+49 (30) 1-2/3', '+49 (30) 1-2/3'), ('-', '-'), ('1=1', '1=1'), ('', ''), ('张三', '张三'),
        ):
            with self.subTest(cell=cell):
                self.assertEqual(as_text(cell), text)

    def test_a_cell_s_value_comes_as_clean_text(self):
        for value, text in ((None, ''), (13800138000.0, '13800138000'), (1.5, '1.5'), (' x\u200b ', 'x'), (float('inf'), 'inf')):
            with self.subTest(value=value):
                self.assertEqual(clean_cell(value), text)
        self.assertNotIn(' ', clean_cell('a@b.com ' * MAX_CELL))

    def test_the_first_sheet_with_an_address_is_chosen_else_the_first_with_a_row(self):
        def damaged():
            raise TableError('damaged')
            yield

        cover, empty, data = [(1, ('Prices',))], [], [(1, ('E-mail',)), (2, ('a@b.com',))]
        for sheets, chosen in (
            ((cover, data), data), ((empty, cover, data, cover), data), ((cover, empty), cover), ((empty,), []), ((), []),
        ):
            self.assertEqual(list(choose_rows(('x', lambda rows=rows: iter(rows)) for rows in sheets)), chosen)
        self.assertEqual(list(choose_rows([('a', lambda: iter(cover)), ('b', damaged)])), cover)
        with self.assertRaises(TableError):
            list(choose_rows([('a', damaged), ('b', lambda: iter(data))]))
        self.assertEqual(list(choose_rows([('a', damaged), ('b', lambda: iter(cover)), ('c', lambda: iter(data))], 'b')), cover)
        self.assertEqual(list(choose_rows([('a', lambda: iter(data))], 'gone')), [])
