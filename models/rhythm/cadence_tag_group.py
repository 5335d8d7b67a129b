from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CadenceTagGroup(models.Model):
    """A stage of the customer's life and its rhythm.

    A group with batches mails batch *b* on the days of the month that `tools/calendar.py` gives it;
    a group without batches only holds tags (an inquiry, a competitor) and is never mailed.
    """
    _name = 'cadence.tag.group'
    _description = 'Tag Group'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short name that other modules and imports refer to.")
    marker = fields.Char(
        translate=True,
        help="The word before the number in a batch tag's name: Marketing in English-Equipment dealers-Marketing01.")
    sequence = fields.Integer(
        default=10, help="On one day the group with the lower sequence takes a company domain's places first.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help="Empty: every company uses this group.")
    batch_count = fields.Integer('Batches', help="How many batches the contacts are spread over; 0: never mailed.")
    cycle_days = fields.Integer('Days per Cycle', help="After how many days the same batch is mailed again.")
    reader_group_id = fields.Many2one(
        'cadence.tag.group', 'Openers Go To', help="The group whose rhythm a contact joins after opening a mail.")
    exclude_view_ids = fields.Many2many(
        'cadence.view', 'cadence_tag_group_exclude_view_rel', 'tag_group_id', 'view_id', 'Not Mailed If In',
        help="Contacts in one of these views are left out of the group's runs, in this order.")
    tag_ids = fields.One2many('res.partner.category', 'cadence_group_id', 'Tags')

    _code_unique = models.UniqueIndex('(code)', "Another tag group has this code already.")
    _rhythm = models.Constraint(
        'CHECK (batch_count >= 0 AND cycle_days BETWEEN 0 AND 30 AND batch_count <= cycle_days)',
        "A group has at most one batch a day, and a cycle is at most 30 days: batches ≤ days per cycle ≤ 30.")

    @api.constrains('batch_count', 'marker')
    def _check_marker(self):
        for group in self:
            if group.batch_count and (not group.marker or any(sign == '-' or sign.isdigit() for sign in group.marker)):
                raise ValidationError(self.env._(
                    "%(group)s has batches: give it a marker without digits and hyphens, such as Marketing.", group=group.name))

    @api.model
    def _get_mailed_groups(self):
        """The groups that have a rhythm, the warmest first."""
        return self.search([('batch_count', '>', 0)])
