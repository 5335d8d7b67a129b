from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# What a condition on a field may ask, and which field holds the answer.
OPERATORS = {
    'tag_group': ('any', 'none'),
    'tag': ('any', 'none'),
    'email': ('starts', 'ends', 'contains'),
    'country': ('any', 'none'),
    'language': ('any', 'none'),
    'salesperson': ('any', 'none'),
    'domain': ('any', 'none'),
}
VALUE_FIELDS = {
    'tag_group': 'tag_group_ids',
    'tag': 'tag_ids',
    'email': 'value',
    'country': 'country_ids',
    'language': 'lang_ids',
    'salesperson': 'user_ids',
    'domain': 'domain',
}
# These hold for whom the others do not.
NEGATIVE = ('none',)


class CadenceViewCondition(models.Model):
    """One condition of a view, such as: the address ends with qq.com;163.com."""
    _name = 'cadence.view.condition'
    _description = 'Customer View Condition'
    _order = 'sequence, id'

    view_id = fields.Many2one('cadence.view', required=True, ondelete='cascade', index=True)
    sequence = fields.Integer(default=10)
    field = fields.Selection([
        ('tag_group', 'Tag Group'),
        ('tag', 'Tag'),
        ('email', 'Address'),
        ('country', 'Country'),
        ('language', 'Language'),
        ('salesperson', 'Salesperson'),
        ('domain', 'Domain (experts)'),
    ], required=True, default='tag_group')
    operator = fields.Selection([
        ('any', 'is any of'),
        ('none', 'is none of'),
        ('starts', 'starts with'),
        ('ends', 'ends with'),
        ('contains', 'contains'),
    ], required=True, compute='_compute_operator', store=True, readonly=False, precompute=True)
    value = fields.Text(
        'Texts', help="One or many, separated by semicolons: hr@;noreply@;support@")
    # What is archived is asked for all the same: hiding it from the lists must not put a competitor back on the mailing.
    tag_group_ids = fields.Many2many(
        'cadence.tag.group', 'cadence_view_condition_tag_group_rel', string='Tag Groups', context={'active_test': False})
    tag_ids = fields.Many2many(
        'res.partner.category', 'cadence_view_condition_tag_rel', string='Tags', context={'active_test': False})
    country_ids = fields.Many2many('res.country', 'cadence_view_condition_country_rel', string='Countries')
    lang_ids = fields.Many2many(
        'res.lang', 'cadence_view_condition_lang_rel', string='Languages', context={'active_test': False})
    user_ids = fields.Many2many(
        'res.users', 'cadence_view_condition_user_rel', string='Salespeople', context={'active_test': False})
    domain = fields.Char(default='[]')
    operators = fields.Json(compute='_compute_operators', help="What the field can be asked for.")
    problem = fields.Char(compute='_compute_problem', compute_sudo=True)
    partner_count = fields.Integer('Contacts', compute='_compute_partner_count')

    @api.model
    def _get_operators(self, field):
        """What may be asked of the field."""
        return OPERATORS.get(field, ())

    @api.depends('field')
    def _compute_operators(self):
        for condition in self:
            condition.operators = list(condition._get_operators(condition.field))

    @api.depends('field')
    def _compute_operator(self):
        for condition in self:
            allowed = condition._get_operators(condition.field or 'tag_group')
            if condition.operator not in allowed:
                condition.operator = allowed[0]

    @api.depends('field', 'operator')
    def _compute_display_name(self):
        fields_get = self.fields_get(['field', 'operator'], ['selection'])
        names, operators = (dict(fields_get[name]['selection']) for name in ('field', 'operator'))
        for condition in self:
            condition.display_name = f"{names.get(condition.field, '')} {operators.get(condition.operator, '')}"

    @api.depends('field', 'operator', *set(VALUE_FIELDS.values()))
    def _compute_problem(self):
        for condition in self:
            condition.problem = condition._get_problem()

    @api.depends('field', 'operator', *set(VALUE_FIELDS.values()))
    def _compute_partner_count(self):
        for condition in self:
            condition.partner_count = (
                0 if condition.problem else self.env['res.partner'].search_count(condition._get_domain()))

    @api.constrains('field', 'operator', *set(VALUE_FIELDS.values()))
    def _check_condition(self):
        for condition in self:
            problem = condition._get_problem() or condition.field == 'domain' and condition._get_domain_problem(is_trial=True)
            if problem:
                raise ValidationError(condition._get_sentence(problem))

    def _get_sentence(self, problem):
        return self.env._(
            "View %(view)s, condition “%(condition)s”: %(problem)s",
            view=self.view_id.name, condition=self.display_name, problem=problem)

    def _get_problem(self):
        """What is missing or wrong, as a sentence, or None."""
        self.ensure_one()
        if self.operator not in self._get_operators(self.field):
            return self.env._("this comparison does not fit the field; choose another one.")
        if self.field == 'domain':
            return self._get_domain_problem()
        if self.field == 'email':
            return self._get_email_problem()
        return self._get_value_problem()

    def _get_value_problem(self):
        return None if self[VALUE_FIELDS[self.field]] else self.env._("choose at least one value.")

    def _get_domain(self, holds=True):
        """The contacts for which the condition holds, or does not, as a Domain on res.partner."""
        self.ensure_one()
        domain = getattr(self, f'_get_{self.field}_domain')()
        return domain if (self.operator not in self._get_negative()) == holds else self._negate(domain)

    def _negate(self, domain):
        """The other contacts. Odoo's own negation stands around the SQL, where PostgreSQL cannot join but asks one by one."""
        if self.field not in ('tag', 'tag_group'):
            return ~domain
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("NOT %s", domain._to_sql(model, alias, query)),
            predicate=lambda partner: not self._get_held_tags(partner))

    @api.model
    def _get_negative(self):
        return NEGATIVE

    def _get_tag_group_domain(self):
        return self._get_tagged_domain([('cadence_group_id', 'in', self.tag_group_ids.ids)])

    def _get_tag_domain(self):
        return self._get_tagged_domain([('id', 'in', self.tag_ids.ids)])

    def _get_tagged_domain(self, tags):
        # A query, as `active in (True, False)` is optimised away in a domain, and archived tags with it.
        Tag = self.env['res.partner.category'].sudo().with_context(active_test=False)

        def to_sql(model, alias, query):
            return Domain('category_id', 'any', Tag._search(tags)).optimize_full(model)._to_sql(model, alias, query)

        return Domain.custom(to_sql=to_sql, predicate=self._get_held_tags)

    def _get_held_tags(self, partner):
        """The tags of `partner` for which the condition holds."""
        tags = partner.with_context(active_test=False).category_id
        if self.field == 'tag':
            return tags & self.tag_ids
        return tags.filtered(lambda tag: tag.cadence_group_id in self.tag_group_ids)

    def _get_country_domain(self):
        return Domain('country_id', 'in', self.country_ids.ids)

    def _get_language_domain(self):
        return Domain('lang', 'in', self.lang_ids.mapped('code'))

    def _get_salesperson_domain(self):
        return Domain('user_id', 'in', self.user_ids.ids)

    def _get_reason(self, partner):
        """What of `partner` makes the condition hold: tag Competitor; address ends with qq.com."""
        self.ensure_one()
        if self.operator == 'none':
            return self.display_name
        if self.field in ('tag', 'tag_group'):
            return self.env._("tag %(tags)s", tags=', '.join(self._get_held_tags(partner).mapped('name')))
        if self.field == 'email':
            return self._get_email_reason(partner)
        return self.display_name
