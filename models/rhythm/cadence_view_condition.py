from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.address import address_pattern

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
    tag_group_ids = fields.Many2many('cadence.tag.group', 'cadence_view_condition_tag_group_rel', string='Tag Groups')
    tag_ids = fields.Many2many('res.partner.category', 'cadence_view_condition_tag_rel', string='Tags')
    country_ids = fields.Many2many('res.country', 'cadence_view_condition_country_rel', string='Countries')
    lang_ids = fields.Many2many('res.lang', 'cadence_view_condition_lang_rel', string='Languages')
    user_ids = fields.Many2many('res.users', 'cadence_view_condition_user_rel', string='Salespeople')
    domain = fields.Char(default='[]')

    @api.depends('field')
    def _compute_operator(self):
        for condition in self:
            allowed = OPERATORS[condition.field or 'tag_group']
            if condition.operator not in allowed:
                condition.operator = allowed[0]

    @api.depends('field', 'operator')
    def _compute_display_name(self):
        fields_get = self.fields_get(['field', 'operator'], ['selection'])
        names, operators = (dict(fields_get[name]['selection']) for name in ('field', 'operator'))
        for condition in self:
            condition.display_name = f"{names.get(condition.field, '')} {operators.get(condition.operator, '')}"

    @api.constrains('field', 'operator', *set(VALUE_FIELDS.values()))
    def _check_condition(self):
        for condition in self:
            if problem := condition._get_problem():
                raise ValidationError(self.env._(
                    "View %(view)s, condition “%(condition)s”: %(problem)s",
                    view=condition.view_id.name, condition=condition.display_name, problem=problem))

    def _get_problem(self):
        """What is missing or wrong, as a sentence, or None."""
        self.ensure_one()
        if self.operator not in OPERATORS[self.field]:
            return self.env._("this comparison does not fit the field; choose another one.")
        if self.field == 'domain':
            return self._get_domain_problem()
        if self.field == 'email':
            if not address_pattern.split(self.value or ''):
                return self.env._("enter at least one text, such as hr@ or qq.com.")
        elif not self[VALUE_FIELDS[self.field]]:
            return self.env._("choose at least one value.")
        return None

    def _get_domain_problem(self):
        try:
            domain = Domain(literal_eval(self.domain or '[]'))
            domain.validate(self.env['res.partner'])
        except (ValueError, SyntaxError, TypeError) as error:
            return self.env._("this is not a domain on contacts: %(error)s", error=error)
        if domain.is_true():
            return self.env._("the domain holds for every contact; add a rule.")
        if any(leaf.field_expr.startswith('cadence_view_ids') or leaf.field_expr.startswith('cadence_stage')
               for leaf in domain.iter_conditions()):
            return self.env._("a view cannot ask for views or stages.")
        return None

    def _get_domain(self):
        """The contacts for which the condition holds, as a Domain on res.partner."""
        self.ensure_one()
        domain = getattr(self, f'_get_{self.field}_domain')()
        return ~domain if self.operator == 'none' else domain

    def _get_tag_group_domain(self):
        # Archived tags count as well: hiding a tag from the lists must not put a competitor back on the mailing.
        return Domain('category_id', 'any', [
            ('cadence_group_id', 'in', self.tag_group_ids.ids), ('active', 'in', (True, False))])

    def _get_tag_domain(self):
        return Domain('category_id', 'any', [('id', 'in', self.tag_ids.ids), ('active', 'in', (True, False))])

    def _get_country_domain(self):
        return Domain('country_id', 'in', self.country_ids.ids)

    def _get_language_domain(self):
        return Domain('lang', 'in', self.lang_ids.mapped('code'))

    def _get_salesperson_domain(self):
        return Domain('user_id', 'in', self.user_ids.ids)

    def _get_domain_domain(self):
        return Domain(literal_eval(self.domain))

    def _get_email_domain(self):
        """The design's address patterns, on the canonical address.

        LIKE on the address and on its reverse, so that the two indexes of res.partner serve starts and ends;
        `tools/address_pattern.py` specifies both and proves them equal. What asks for a label of the domain asks the index
        of labels first: a single condition without an index would make the database read every contact.
        """
        operator, patterns = self.operator, address_pattern.split(self.value or '')
        label_patterns = [pattern for pattern in patterns if operator == 'contains' and pattern.startswith('.')]
        text_patterns = [pattern for pattern in patterns if pattern not in label_patterns]
        labels = [label for pattern in label_patterns if (label := pattern.strip('.').partition('.')[0])]

        def to_sql(model, alias, query):
            email = model._field_to_sql(alias, 'cadence_email', query)
            tests = [test for pattern in text_patterns for test in self._get_likes(operator, pattern, email)]
            if labels:
                tests.append(SQL(
                    "STRING_TO_ARRAY(SPLIT_PART(%(email)s, '@', 2), '.') && %(labels)s AND (%(likes)s)",
                    email=email, labels=labels, likes=SQL(" OR ").join(
                        test for pattern in label_patterns for test in self._get_likes(operator, pattern, email))))
            # Not unknown but false where there is no address: then the opposite holds.
            return SQL("(%s IS NOT NULL AND (%s))", email, SQL(" OR ").join(tests) if tests else SQL("FALSE"))

        def predicate(partner):
            email = partner.cadence_email or ''
            return any(address_pattern.matches(operator, pattern, email) for pattern in patterns)

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    @staticmethod
    def _get_likes(operator, pattern, email):
        return [
            SQL("REVERSE(%s) LIKE %s", email, like.like) if like.reverse else SQL("%s LIKE %s", email, like.like)
            for like in address_pattern.to_like(operator, pattern)
        ]

    def _get_reason(self, partner):
        """What of `partner` makes the condition hold: tag Competitor; address ends with qq.com."""
        self.ensure_one()
        if self.operator == 'none':
            return self.display_name
        if self.field in ('tag', 'tag_group'):
            tags = partner.with_context(active_test=False).category_id
            held = tags & self.tag_ids if self.field == 'tag' else tags.filtered(
                lambda tag: tag.cadence_group_id in self.tag_group_ids)
            return self.env._("tag %(tags)s", tags=', '.join(held.mapped('name')))
        if self.field == 'email':
            email = partner.cadence_email or ''
            held = [pattern for pattern in address_pattern.split(self.value)
                    if address_pattern.matches(self.operator, pattern, email)]
            return f"{self.display_name} {'; '.join(held)}"
        return self.display_name
