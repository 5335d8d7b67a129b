from odoo.tests import tagged

from ...models.intake.res_partner_uses import NO_USES
from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestResPartnerUses(IntakeCase):

    def test_every_column_of_the_database_that_refers_to_a_contact_is_asked(self):
        """Of whatever module is installed: what has a foreign key is either asked, or the ledger's, or a wizard's."""
        asked = '\n'.join(self.cr.mogrify(query.code, query.params).decode() for query in (
            self.env['res.partner']._cadence_query_references()))
        self.cr.execute("""
            SELECT conrelid::regclass::text, attname
              FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
             WHERE contype = 'f' AND confrelid = 'res_partner'::regclass""")
        columns = set(self.cr.fetchall())
        self.assertGreater(len(columns), 40)
        not_asked = {self.env[model]._table for model in self.env if self.env[model]._transient or model in NO_USES}
        transient_relations = {
            field.relation for model in self.env if self.env[model]._transient
            for field in self.env[model]._fields.values() if field.type == 'many2many' and field.store}
        missing = {
            (table, column) for table, column in columns
            if table not in not_asked | transient_relations and f'JOIN "{table}" ref ON "ref"."{column}"' not in asked}
        self.assertEqual(missing, {
            ('res_partner', 'commercial_partner_id'), ('res_partner_res_partner_category_rel', 'partner_id')})

    def test_records_are_found_whichever_way_they_refer(self):
        partners = self._create_partners(4)
        self.env['crm.lead'].create({'name': 'x', 'partner_id': partners[0].id})
        self.env['ir.attachment'].create({'name': 'x', 'res_model': 'res.partner', 'res_id': partners[1].id})
        self.env['ir.attachment'].create({'name': 'x', 'res_model': 'crm.lead', 'res_id': partners[3].id})
        self.env['calendar.event'].with_context(no_mail_to_attendees=True).create({
            'name': 'x', 'start': '2026-07-05', 'stop': '2026-07-05', 'partner_ids': [(4, partners[2].id)]})
        self.env.flush_all()
        uses = partners._cadence_get_uses()
        self.assertEqual(uses[partners[0].id], ['crm.lead'])
        self.assertEqual(uses[partners[1].id], ['ir.attachment'])
        self.assertIn('calendar.event', uses[partners[2].id])
        self.assertNotIn(partners[3].id, uses)

    def test_it_takes_one_statement_for_however_many_contacts(self):
        counts = []
        for count in (3, 30):
            partners = self._create_partners(count)
            self.env.flush_all()
            before = self.cr.sql_log_count
            partners._cadence_get_uses()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts, [2, 2])
