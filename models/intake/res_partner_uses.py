from odoo import api, models
from odoo.tools import SQL

# Models whose records say nothing of a person's interest in a contact: the ledger and the intake ask their own questions, and an
# export gives a contact its external identifier.
NO_USES = ('cadence.touch', 'cadence.intake.line', 'mailing.trace', 'ir.model.data')
# The contact itself; its tags are asked for apart.
NO_USE_FIELDS = (
    ('res.partner', 'commercial_partner_id'), ('res.partner', 'category_id'), ('res.partner.category', 'partner_ids'))


class ResPartner(models.Model):
    """Which records of any module refer to a contact."""
    _inherit = 'res.partner'

    def _cadence_get_uses(self):
        """{contact id: names of the models with records that refer to it}: one statement over every column, of whatever module,
        that may hold a contact.
        """
        uses = {}
        if references := SQL("\n UNION ALL ").join(self._cadence_query_references()):
            for partner_id, model in self.env.execute_query(SQL("""
                WITH contact AS MATERIALIZED (SELECT id FROM res_partner WHERE id = ANY(%s))
                SELECT DISTINCT id, model FROM (%s) reference ORDER BY id, model
                    """, self.ids, references)):
                uses.setdefault(partner_id, []).append(model)
        return uses

    @api.model
    def _cadence_query_references(self):
        """A SELECT of (contact id, model) for each column."""
        tables = self._cadence_get_columns()
        for model in self.env.registry.values():
            if model._abstract or model._transient or not model._auto or model._name in NO_USES:
                continue
            for field in model._fields.values():
                if (model._name, field.name) in NO_USE_FIELDS or not field.store:
                    continue
                if field.type == 'many2many' and field.relation in tables:
                    yield from self._cadence_query_many2many(field)
                elif field.name in tables.get(model._table, ()) and (condition := _get_condition(model, field)):
                    yield SQL(
                        "SELECT contact.id, %s::text AS model FROM contact JOIN %s ref ON %s",
                        model._name, SQL.identifier(model._table), condition)

    @api.model
    def _cadence_get_columns(self):
        """{table: its columns} of the database: a module that is not updated yet has fields without."""
        return dict(self.env.execute_query(SQL("""
            SELECT pg_class.relname, ARRAY_AGG(attname::text)
              FROM pg_attribute
              JOIN pg_class ON pg_class.oid = attrelid
             WHERE relkind = 'r' AND relnamespace = CURRENT_SCHEMA::regnamespace AND attnum > 0 AND NOT attisdropped
          GROUP BY pg_class.relname
            """)))

    @api.model
    def _cadence_query_many2many(self, field):
        """Relations to contacts, seen from either side."""
        columns = [(field.column2, field.comodel_name), (field.column1, field.model_name)]
        for column, end in columns:
            if end == 'res.partner':
                other = field.model_name if column == field.column2 else field.comodel_name
                yield SQL(
                    "SELECT contact.id, %s::text AS model FROM contact JOIN %s ref ON %s = contact.id",
                    other, SQL.identifier(field.relation), SQL.identifier('ref', column))


def _get_condition(model, field):
    """The condition under which a row of a table refers to a contact by a field, None if it never does."""
    if not field.column_type or field.company_dependent:
        return None
    column = SQL.identifier('ref', field.name)
    if field.type == 'many2one' and field.comodel_name == 'res.partner':
        return SQL("%s = contact.id AND ref.id <> contact.id" if model._name == 'res.partner' else "%s = contact.id", column)
    if field.type == 'reference':
        return SQL("%s = 'res.partner,' || contact.id", column)
    if field.type == 'many2one_reference':
        named = model._fields.get(field.model_field)
        if named and named.store and named.column_type and named.column_type[0] in ('varchar', 'text'):
            return SQL("%s = contact.id AND %s = 'res.partner'", column, SQL.identifier('ref', named.name))
    return None
