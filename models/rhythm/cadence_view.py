import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

STAGES = [
    ('risk', 'Risk'),
    ('intention', 'Intention'),
    ('no_send', 'No-send'),
    ('reading', 'Reading'),
    ('silent', 'Silent'),
]


class CadenceView(models.Model):
    """A saved question about contacts that never goes stale: it is evaluated whenever it is used.

    A view that cannot be asked, such as one about a field that was removed or one that has lost its conditions, is *faulty*:
    nobody knows who is in it. `_get_domain` raises the sentence that says why, so that groups which leave its contacts out mail
    nobody, and everything else goes on without it.

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
        context={'active_test': False},
        help="Contacts in one of these views are not in this one.")
    stage = fields.Selection(
        STAGES, readonly=True, copy=False, help="The stage of the contacts in this view, as the contact's form shows it.")
    filter_id = fields.Many2one('ir.filters', 'Favorite Filter', readonly=True, copy=False, ondelete='set null')
    partner_count = fields.Integer('Contacts', compute='_compute_partner_count')
    problem = fields.Char(compute='_compute_problem', compute_sudo=True)

    _stage_unique = models.UniqueIndex('(stage) WHERE stage IS NOT NULL', "Another view stands for this stage already.")

    @api.constrains('except_view_ids')
    def _check_except_views(self):
        if self._has_cycle('except_view_ids'):
            raise ValidationError(self.env._("Views cannot except each other in a circle."))

    @api.depends('condition_ids.problem', 'except_view_ids.problem')
    def _compute_problem(self):
        for view in self:
            view.problem = view._get_problem()

    @api.depends('match', 'condition_ids', 'except_view_ids')
    def _compute_partner_count(self):
        Partner = self.env['res.partner']
        for view in self:
            view.partner_count = 0 if view.problem else Partner.search_count(view._get_domain())

    # Who is in the view

    def _get_problem(self):
        """Why nobody can tell who is in the view, as a sentence that names it, or None."""
        self.ensure_one()
        view = self.sudo()
        if not view.condition_ids:
            return self.env._("View %(view)s has no condition: say who is in it.", view=view.name)
        problems = (
            problem and condition._get_sentence(problem)
            for condition in view.condition_ids for problem in [condition._get_problem()])
        return next(filter(None, problems), None) or next(
            filter(None, (other._get_problem() for other in view.except_view_ids)), None)

    def _get_domain(self):
        """The contacts of the view as a Domain on res.partner.

        :raise UserError: the view is faulty, the sentence of `_get_problem`
        """
        self.ensure_one()
        if problem := self._get_problem():
            raise UserError(problem)
        return self.sudo()._build_domain()

    def _build_domain(self, inside=True):
        """Who is in the view, or who is not: each condition is negated by itself, for the sake of its plan."""
        combine = Domain.AND if (self.match == 'all') == inside else Domain.OR
        conditions = combine(condition._get_domain(inside) for condition in self.condition_ids)
        excepted = [view._build_domain(not inside) for view in self.except_view_ids]
        return Domain.AND([conditions, *excepted]) if inside else Domain.OR([conditions, *excepted])

    def _get_any_domain(self):
        """The contacts that are in at least one of the views.

        :raise UserError: one of them is faulty
        """
        return Domain.OR(view._get_domain() for view in self)

    def _filter_sound(self):
        """The views that can be asked; the log tells of the others."""
        sound = self.browse()
        for view in self:
            if problem := view._get_problem():
                _logger.warning("Left out: %s", problem)
            else:
                sound += view
        return sound

    def _get_members(self, partners):
        """Those of the contacts who are in a sound view; nobody, and a line in the log, where it fails for their data."""
        self.ensure_one()
        view, partners = self.sudo(), partners.with_context(active_test=False)
        if not self._is_expert():
            return partners.filtered_domain(view._build_domain())
        self.env.flush_all()  # before the savepoint, or what others had written would be rolled back with it
        try:
            with self.env.cr.savepoint(flush=False):
                return partners.filtered_domain(view._build_domain())
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 the fault of one view must not keep a contact's form from opening
            _logger.warning("View %s is left out: %s", self.id, error)
            return partners.browse()

    def _is_expert(self):
        """Whether the view asks for something that only the database can answer."""
        view = self.sudo()
        return 'domain' in view.condition_ids.mapped('field') or any(other._is_expert() for other in view.except_view_ids)

    def _get_reason(self, partner):
        """What puts `partner` into the view, in words: the tag Competitor."""
        self.ensure_one()
        for condition in self.sudo().condition_ids:
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
        if vals.get('active') is False:
            self.filtered('active')._check_unused()
        result = super().write(vals)
        if {'name', 'active'} & vals.keys():
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
        self.check_access('read')
        if self.problem:
            raise UserError(self.problem)
        return self.env['res.partner']._cadence_get_action(self.name, [('cadence_view_ids', 'in', self.ids)])
