from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.address import address_pattern


class CadenceViewCondition(models.Model):
    """Conditions on the address: lists of patterns, kept in the form in which they hold, with how many they hold for."""
    _inherit = 'cadence.view.condition'

    holding = fields.Char(
        'Holds For', compute='_compute_holding', help="For how many contacts each of the texts holds, as far as you see them.")
    warning = fields.Char(compute='_compute_holding')

    @api.model_create_multi
    def create(self, vals_list):
        conditions = super().create(vals_list)
        conditions._normalise_value()
        return conditions

    def write(self, vals):
        result = super().write(vals)
        if {'field', 'operator', 'value'} & vals.keys():
            self._normalise_value()
        return result

    def _normalise_value(self):
        """What stands there is what holds: a list is written anew where people's way of writing it differs from its meaning."""
        for condition in self.filtered(lambda condition: condition.field == 'email'):
            patterns = condition._get_patterns()
            if patterns != address_pattern.split(condition.value):
                condition.value = ';'.join(patterns)

    def _get_patterns(self):
        return address_pattern.read(self.operator, self.value).patterns

    def _widen(self, patterns):
        """Add what an update brings to a list that is the users' own, and say so to the groups that leave its contacts out."""
        self.ensure_one()
        known = self._get_patterns()
        added = [pattern for pattern in patterns if pattern not in known]
        if not added:
            return
        self.value = ';'.join([*known, *added])
        for group in self.env['cadence.tag.group'].search([('exclude_view_ids', 'in', self.view_id.ids)]):
            group._message_log(body=self.env._(
                "The update added to view %(view)s, %(condition)s: %(texts)s. Take off whom you want to mail all the same.",
                view=self.view_id.name, condition=self.display_name, texts='; '.join(added)))

    def _get_email_problem(self):
        reading = address_pattern.read(self.operator, self.value)
        if reading.faults:
            return self._get_fault_text(reading.faults[0])
        if not reading.patterns:
            return self.env._("enter at least one text, such as hr@ or qq.com.")
        return None

    def _get_fault_text(self, fault):
        words = {
            'everybody': self.env._("holds for every address; write the part that tells the addresses apart."),
            'starts_at_host': self.env._("cannot be the beginning of an address; choose “ends with” for a domain."),
            'ends_at_local': self.env._("cannot be the end of an address; choose “starts with” for what stands before the @."),
            'two_ats': self.env._("has more than one @; put a semicolon between two addresses."),
            'star': self.env._(
                "has a star where it has no meaning; write the text without it: “ends with” finds a domain and all below it, "
                "“contains” finds a text anywhere."),
            'slash': self.env._("has a slash; write the domain alone, such as rival.com, and a semicolon between two texts."),
            'characters': self.env._("has characters that no address has; write plain text, not an expression."),
            'host': self.env._("is not a domain or the end of one, such as qq.com or .cn."),
            'letters': self.env._("is a part of a name in letters that addresses encode as a whole; write the whole domain."),
            'long': self.env._("is longer than an address can be."),
        }[fault.reason]
        return self.env._("“%(text)s” %(problem)s", text=fault.text, problem=words)

    # The domain

    def _get_email_domain(self):
        """The design's address patterns, on the canonical address.

        LIKE on the address and on its reverse, so that the two indexes of res.partner serve starts and ends;
        `tools/address_pattern.py` specifies both and proves them equal. What asks for a label of the domain asks the index
        of labels first: a single condition without an index would make the database read every contact.
        """
        operator, patterns = self.operator, self._get_patterns()

        def to_sql(model, alias, query):
            return self._sql_any(operator, patterns, model._field_to_sql(alias, 'cadence_email', query))

        def predicate(partner):
            email = partner.cadence_email or ''
            return any(address_pattern.matches(operator, pattern, email) for pattern in patterns)

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    @api.model
    def _sql_any(self, operator, patterns, email):
        """Whether one of the patterns holds for the SQL expression of an address."""
        labelled = [pattern for pattern in patterns if operator == 'contains' and pattern.startswith('.') and '@' not in pattern]
        tests = [self._sql_likes(operator, pattern, email) for pattern in patterns if pattern not in labelled]
        if labelled:
            tests.append(SQL(
                "STRING_TO_ARRAY(SPLIT_PART(%(email)s, '@', 2), '.') && %(labels)s AND (%(likes)s)",
                email=email, labels=[pattern.strip('.').partition('.')[0] for pattern in labelled],
                likes=SQL(" OR ").join(self._sql_likes(operator, pattern, email) for pattern in labelled)))
        # Not unknown but false where there is no address: then the opposite holds.
        return SQL("(%s IS NOT NULL AND (%s))", email, SQL(" OR ").join(tests) if tests else SQL("FALSE"))

    @staticmethod
    def _sql_likes(operator, pattern, email):
        return SQL(" OR ").join(
            SQL("REVERSE(%s) LIKE %s", email, like.like) if like.reverse else SQL("%s LIKE %s", email, like.like)
            for like in address_pattern.to_like(operator, pattern))

    def _get_email_reason(self, partner):
        email = partner.cadence_email or ''
        held = [pattern for pattern in self._get_patterns() if address_pattern.matches(self.operator, pattern, email)]
        return f"{self.display_name} {'; '.join(held)}"

    # For how many

    @api.depends('field', 'operator', 'value')
    def _compute_holding(self):
        for condition in self:
            counts = condition._count_patterns() if condition.field == 'email' and not condition._get_problem() else {}
            condition.holding = ' · '.join(f'{pattern} {count:,}' for pattern, count in counts.items())
            nobody = [pattern for pattern, count in counts.items() if not count]
            condition.warning = self.env._(
                "Matches none of your contacts: %(texts)s. Is it spelled as in their addresses?",
                texts='; '.join(nobody)) if nobody else False

    def _count_patterns(self):
        """{pattern: contacts that the user may see}, all in one pass."""
        patterns = self._get_patterns()
        Partner = self.env['res.partner']
        query = Partner._search(self._get_email_domain())
        email = Partner._field_to_sql('res_partner', 'cadence_email', query)
        counts = self.env.execute_query(query.select(*(
            SQL("COUNT(*) FILTER (WHERE %s)", self._sql_any(self.operator, [pattern], email)) for pattern in patterns)))
        return dict(zip(patterns, counts[0], strict=True))
