from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..constants import INTERNAL
from .cadence_view import STAGES


class ResPartner(models.Model):
    """Contacts grouped by stage, batch and segment: none of these is a column, and each can be asked for."""
    _inherit = 'res.partner'

    cadence_segment_ids = fields.Many2many(
        'cadence.segment', string='Segments', compute='_compute_cadence_segment_ids', compute_sudo=True,
        search='_search_cadence_segment_ids', groups=INTERNAL)

    @api.depends('category_id.cadence_segment_id')
    def _compute_cadence_segment_ids(self):
        for partner in self:
            partner.cadence_segment_ids = partner.category_id.filtered('cadence_batch').cadence_segment_id

    def _search_cadence_batch_ids(self, operator, value):
        return self._cadence_search_batches('id', operator, value)

    def _search_cadence_segment_ids(self, operator, value):
        return self._cadence_search_batches('cadence_segment_id', operator, value)

    @api.model
    def _cadence_search_batches(self, field, operator, value):
        """The contacts in batches whose field is one of the values; False is who is in none."""
        batches = Domain('cadence_batch', '>', 0)
        if operator in ('any', 'not any'):
            asked = Domain(value) if field == 'id' else Domain(field, 'any', value)
            return Domain('category_id', operator, batches & asked)
        if operator != 'in':
            return NotImplemented
        found = Domain('category_id', 'any', batches & Domain(field, 'in', [id_ for id_ in value if id_]))
        return found | Domain('category_id', 'not any', batches) if False in value else found

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec == 'cadence_stage':
            self._check_field_access(self._fields[groupby_spec], 'read')
            return self._cadence_sql_stage(alias)
        if groupby_spec in ('cadence_batch_ids', 'cadence_segment_ids'):
            self._check_field_access(self._fields[groupby_spec], 'read')
            return self._cadence_sql_batches(alias, groupby_spec, query)
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.model
    def _cadence_sql_stage(self, alias):
        """The stage as an expression: the first whose view the contact is in."""
        views = {view.stage: view for view in self._cadence_get_views()._filter_sound() if view.stage}
        whens = [
            SQL("WHEN %s THEN %s", self._cadence_sql_member(alias, views[stage]), stage)
            for stage, _label in STAGES if stage in views]
        return SQL("CASE %s END", SQL(" ").join(whens)) if whens else SQL("NULL")

    def _cadence_sql_member(self, alias, view):
        # The view's own rights and no others: it answers everybody alike.
        members = self.sudo().with_context(active_test=False)._search(view._get_domain())
        return SQL("%s IN %s", SQL.identifier(alias, 'id'), members.subselect())

    def _cadence_sql_batches(self, alias, field, query):
        column = SQL.identifier('tag', 'id' if field == 'cadence_batch_ids' else 'cadence_segment_id')
        self.env['res.partner.category'].flush_model(['cadence_batch', 'cadence_segment_id'])
        self.flush_model(['category_id'])
        batches = SQL("""(
            SELECT DISTINCT rel.partner_id, %s AS id
              FROM res_partner_res_partner_category_rel rel
              JOIN res_partner_category tag ON tag.id = rel.category_id
             WHERE tag.cadence_batch > 0)""", column)
        joined = query.make_alias(alias, field)
        query.add_join('LEFT JOIN', joined, batches, SQL(
            "%s = %s", SQL.identifier(alias, 'id'), SQL.identifier(joined, 'partner_id')))
        return SQL.identifier(joined, 'id')
