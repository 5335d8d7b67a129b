from contextlib import nullcontext

from odoo import api, fields, models


class CadenceCustomerGroup(models.Model):
    """Who the customers are: equipment dealers, contractors … One axis of the segments, the other is the language."""
    _name = 'cadence.customer.group'
    _description = 'Customer Group'
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help="Empty: every company uses this customer group.")
    segment_ids = fields.One2many('cadence.segment', 'customer_group_id', 'Segments')
    segment_count = fields.Integer(compute='_compute_segment_count')

    @api.depends('segment_ids')
    def _compute_segment_count(self):
        counts = dict(self.env['cadence.segment']._read_group(
            [('customer_group_id', 'in', self.ids)], ['customer_group_id'], ['__count']))
        for group in self:
            group.segment_count = counts.get(group._origin, 0)

    # Its name is a part of its segments' and their batches'.

    def write(self, vals):
        with self._renaming_segments('name' in vals):
            return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=''):
        with self._renaming_segments(field_name == 'name'):
            return super().update_field_translations(field_name, translations, source_lang)

    def _renaming_segments(self, is_renamed):
        if not is_renamed:
            return nullcontext()
        return self.env['cadence.segment']._get_every().filtered(lambda segment: segment.customer_group_id in self)._renaming()
