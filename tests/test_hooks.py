from odoo.tests import tagged

from ..hooks import ADDRESS_COLUMNS, pre_init_hook
from .common import CadenceCase
from .tools.test_canonical import NONE, SEVERAL, SPELLINGS


@tagged('post_install', '-at_install')
class TestHooks(CadenceCase):

    def test_what_is_there_before_the_module_is_filled_as_the_computed_fields_fill_it(self):
        texts = [*SEVERAL, *NONE, *(text for spellings in SPELLINGS.values() for text in spellings), 'a' * 64 + '@acme.example']
        self.env['res.partner'].create([{'name': 'x', 'email': text} for text in texts])
        self.env['res.partner'].create({'name': 'x', 'is_company': True, 'website': 'https://www.acme.co.uk'})
        self.env['mailing.contact'].create([{'name': 'x', 'email': text} for text in texts])
        self.env['mail.blacklist'].create([{'email': email} for email in SPELLINGS])
        self.env.flush_all()
        tables = {table: list(columns) for table, columns in ADDRESS_COLUMNS.items()}
        tables['res_partner'].append('cadence_company_domain')
        computed = {table: self._read(table, columns) for table, columns in tables.items()}
        for table, columns in tables.items():
            for column in columns:
                self.cr.execute(f'ALTER TABLE {table} DROP COLUMN {column}')
        pre_init_hook(self.env)
        for table, columns in tables.items():
            self.assertEqual(self._read(table, columns), computed[table])
        self.assertGreater(sum(bool(row[1]) for row in computed['res_partner']), 60)

    def _read(self, table, columns):
        self.cr.execute(f"SELECT id, {', '.join(columns)} FROM {table} ORDER BY id")
        return self.cr.fetchall()
