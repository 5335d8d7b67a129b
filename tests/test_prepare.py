from unittest import TestCase

from odoo.tests import TransactionCase, tagged

from ..prepare import COLUMNS, Pieces, find_indexes


@tagged('post_install', '-at_install')
class TestPrepare(TransactionCase):
    """What the installation does not find prepared it does itself, in one long transaction: nothing may be forgotten."""

    def test_every_column_of_a_table_that_holds_a_lot_is_prepared_with_its_type(self):
        self.env.cr.execute(r"""
            SELECT table_name, column_name, udt_name
              FROM information_schema.columns
             WHERE table_name = ANY(%s) AND column_name LIKE 'cadence\_%%'
            """, [list(COLUMNS)])
        found = {}
        for table, column, type_ in self.env.cr.fetchall():
            found.setdefault(table, {})[column] = type_
        self.assertEqual(found, COLUMNS)

    def test_every_index_of_these_tables_is_built_as_odoo_would(self):
        prepared = {name: comment for name, _table, _definition, comment in find_indexes()}
        self.env.cr.execute(r"""
            SELECT pg_class.relname, obj_description(pg_class.oid)
              FROM pg_class
              JOIN pg_indexes ON pg_indexes.indexname = pg_class.relname
             WHERE tablename = ANY(%s) AND relname LIKE '%%cadence\_%%'
            """, [list(COLUMNS)])
        found = dict(self.env.cr.fetchall())
        self.assertEqual(prepared.keys(), found.keys())
        for name, comment in prepared.items():
            if comment:
                self.assertEqual(found[name], comment, "another one would be built anew")

    def test_the_statements_build_the_same_indexes(self):
        self.env.cr.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [list(COLUMNS)])
        known = dict(self.env.cr.fetchall())
        for name, table, definition, _comment in find_indexes():
            self.env.cr.execute(f'DROP INDEX "{name}"')
            self.env.cr.execute('CREATE ' + definition.replace('CONCURRENTLY ', '').format(f'"{name}"', f'"{table}"'))
        self.env.cr.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [list(COLUMNS)])
        self.assertEqual(dict(self.env.cr.fetchall()), known)


class TestPieces(TestCase):

    def test_in_a_test_a_piece_is_done_at_once_and_nothing_is_committed(self):
        self.assertEqual(Pieces(None).work(lambda: 3), 3)
