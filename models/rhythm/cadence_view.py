from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

STAGES = [
    ('risk', 'Risk'),
    ('intention', 'Intention'),
    ('no_send', 'No-send'),
    ('reading', 'Reading'),
    ('silent', 'Silent'),
]


class CadenceView(models.Model):
    """A saved question about contacts that never goes stale: it is evaluated whenever it is used.

    Views are used through `res.partner.cadence_view_ids`, so that lists, filters, mailings and automations can all ask
    `('cadence_view_ids', 'in', ids)`; each view is also a shared favourite filter of the Contacts app.
    """
    _name = 'cadence.view'
    _description = 'Customer View'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help="Empty: every company uses this view.")
    match = fields.Selection([('all', 'All'), ('any', 'Any')], 'Conditions That Must Hold', default='all', required=True)
    condition_ids = fields.One2many('cadence.view.condition', 'view_id', 'Conditions', copy=True)
    except_view_ids = fields.Many2many(
        'cadence.view', 'cadence_view_except_rel', 'view_id', 'except_view_id', 'Except Those In',
        help="Contacts in one of these views are not in this one.")
    stage = fields.Selection(
        STAGES, readonly=True, copy=False, help="The stage of the contacts in this view, as the contact's form shows it.")
    filter_id = fields.Many2one('ir.filters', 'Favorite Filter', readonly=True, copy=False, ondelete='set null')
    partner_count = fields.Integer('Contacts', compute='_compute_partner_count')

    _stage_unique = models.UniqueIndex('(stage) WHERE stage IS NOT NULL', "Another view stands for this stage already.")

    @api.constrains('except_view_ids')
    def _check_except_views(self):
        if self._has_cycle('except_view_ids'):
            raise ValidationError(self.env._("Views cannot except each other in a circle."))

    @api.depends('match', 'condition_ids', 'except_view_ids')
    def _compute_partner_count(self):
        Partner = self.env['res.partner']
        for view in self:
            view.partner_count = Partner.search_count(view._get_domain())

    def _get_domain(self):
        """The contacts of the view as a Domain on res.partner; a view without conditions holds nobody."""
        self.ensure_one()
        combine = Domain.AND if self.match == 'all' else Domain.OR
        domain = combine(condition._get_domain() for condition in self.condition_ids) if self.condition_ids else Domain.FALSE
        for view in self.except_view_ids:
            domain &= ~view._get_domain()
        return domain

    def _get_any_domain(self):
        """The contacts that are in at least one of the views."""
        return Domain.OR(view._get_domain() for view in self)

    def _get_reason(self, partner):
        """What puts `partner` into the view, in words: the tag Competitor."""
        self.ensure_one()
        for condition in self.condition_ids:
            if partner.filtered_domain(condition._get_domain()):
                return condition._get_reason(partner)
        return self.env._("its conditions")

    # The favourite filter in Contacts

    @api.model_create_multi
    def create(self, vals_list):
        views = super().create(vals_list)
        views._sync_filters()
        return views

    def write(self, vals):
        result = super().write(vals)
        if {'name', 'active', 'filter_id'} & vals.keys():
            self._sync_filters()
        return result

    def unlink(self):
        filters = self.sudo().filter_id
        result = super().unlink()
        filters.unlink()
        return result

    def _sync_filters(self):
        # A shared filter belongs to everybody, so only administrators may write it; a view's is ours to keep in step.
        for view in self.sudo():
            values = {
                'name': view.name,
                'active': view.active,
                'model_id': 'res.partner',
                'domain': repr([('cadence_view_ids', 'in', view.ids)]),
                'user_ids': False,
            }
            if view.filter_id:
                view.filter_id.write(values)
            else:
                view.filter_id = self.env['ir.filters'].sudo().create(values)

    def action_open_contacts(self):
        self.ensure_one()
        return self.env['res.partner']._cadence_get_action(self.name, [('cadence_view_ids', 'in', self.ids)])
