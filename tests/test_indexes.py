from odoo.tests import TransactionCase, tagged

# Tables of a size that a person set up. All others of the cadence grow with contacts, mails, replies or days.
SMALL = {
    'cadence_customer_group', 'cadence_follow_up', 'cadence_intake_column', 'cadence_letter', 'cadence_letter_preview',
    'cadence_release', 'cadence_probe',
    'cadence_segment', 'cadence_segment_sender', 'cadence_tag_group', 'cadence_view', 'cadence_view_condition',
    'cadence_why', 'cadence_why_line',
    'crm_lost_reason', 'ir_filters', 'res_company', 'res_config_settings',
}
# Of these hardly a row is ever deleted: they are archived, or kept by what hangs on them.
KEPT = {
    'cadence_segment', 'cadence_tag_group', 'ir_mail_server', 'ir_model', 'res_company', 'res_currency', 'res_lang', 'res_users',
    'cadence_intake', 'cadence_mail_provider', 'cadence_sender',
}


@tagged('post_install', '-at_install')
class TestIndexes(TransactionCase):
    """The database asks each table that points to a deleted row: without an index it reads all of it, row by row deleted."""

    def _find_foreign_keys(self):
        """{(table, column, table it points to): whether an index finds the rows} of the module's own fields."""
        self.env.cr.execute(r"""
            SELECT con.conrelid::regclass::text, att.attname, con.confrelid::regclass::text,
                   EXISTS (SELECT
                             FROM pg_index
                            WHERE pg_index.indrelid = con.conrelid
                              AND pg_index.indkey[0] = con.conkey[1]
                              AND (pg_index.indpred IS NULL
                                   OR pg_get_expr(pg_index.indpred, pg_index.indrelid) = '(' || att.attname || ' IS NOT NULL)'))
              FROM pg_constraint con
              JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
             WHERE con.contype = 'f'
               AND (con.conrelid::regclass::text LIKE 'cadence\_%' OR att.attname LIKE 'cadence\_%')
            """)
        return {tuple(key): is_indexed for *key, is_indexed in self.env.cr.fetchall()}

    def test_a_large_table_has_an_index_for_each_foreign_key_to_a_table_that_is_deleted_from(self):
        missing = {
            (table, column) for (table, column, target), is_indexed in self._find_foreign_keys().items()
            if table not in SMALL and target not in KEPT and not is_indexed}
        self.assertEqual(missing, set())

    def test_the_foreign_keys_are_seen(self):
        """Else the test above would be glad of anything."""
        keys = self._find_foreign_keys()
        self.assertIn(('cadence_touch', 'partner_id', 'res_partner'), keys)
        self.assertIn(('cadence_journal', 'undone_by_id', 'cadence_journal'), keys)
        self.assertIn(('mailing_trace', 'cadence_touch_id', 'cadence_touch'), keys)
        self.assertFalse(keys['cadence_touch', 'segment_id', 'cadence_segment'], "an index for some of the rows does not count")
