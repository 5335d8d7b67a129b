from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What a contact did, and which column of its traces says when.
COLUMNS = {
    'mailed': 'sent_datetime',
    'opened': 'open_datetime',
    'clicked': 'links_click_datetime',
    'replied': 'reply_datetime',
}
OPERATORS = ('within', 'not_within', 'ever', 'never')
# What a gateway does before a person has seen the mail.
MACHINE_MADE = ('open_datetime', 'links_click_datetime')
MAX_DAYS = 3650


class CadenceViewCondition(models.Model):
    """Conditions on what a contact did: was mailed, opened, clicked, replied; ever, never, or in the last days.

    Asked of Odoo's own traces, which stay when the ledger is summed up; mails outside the cadence count as well, and what a
    machine opened does not. A contact's traces are found by the indexes of `mailing_trace`, so that the cost is that of
    the contacts that are asked, whatever the number of traces.
    """
    _inherit = 'cadence.view.condition'

    field = fields.Selection(selection_add=[
        ('mailed', 'Mailed'),
        ('opened', 'Opened'),
        ('clicked', 'Clicked'),
        ('replied', 'Replied'),
    ], ondelete=dict.fromkeys(COLUMNS, 'cascade'))
    operator = fields.Selection(selection_add=[
        ('within', 'in the last days'),
        ('not_within', 'not in the last days'),
        ('ever', 'ever'),
        ('never', 'never'),
    ], ondelete=dict.fromkeys(OPERATORS, 'cascade'))
    days = fields.Integer(default=30)

    @api.depends('days')
    def _compute_display_name(self):
        result = super()._compute_display_name()
        labels = dict(self._fields['field']._description_selection(self.env))
        for condition in self.filtered(lambda condition: condition.field in COLUMNS and condition._has_days()):
            name, days = labels[condition.field], condition.days
            condition.display_name = (
                self.env._("%(what)s in the last %(days)s days", what=name, days=days) if condition.operator == 'within'
                else self.env._("%(what)s not in the last %(days)s days", what=name, days=days))
        return result

    def _has_days(self):
        return self.operator in ('within', 'not_within')

    @api.constrains('days')
    def _check_days(self):
        self._check_condition()

    @api.depends('days')
    def _compute_problem(self):
        return super()._compute_problem()

    @api.depends('days')
    def _compute_partner_count(self):
        return super()._compute_partner_count()

    @api.model
    def _get_operators(self, field):
        return OPERATORS if field in COLUMNS else super()._get_operators(field)

    @api.model
    def _get_negative(self):
        return (*super()._get_negative(), 'not_within', 'never')

    def _get_value_problem(self):
        if self.field not in COLUMNS:
            return super()._get_value_problem()
        if self._has_days() and not 1 <= self.days <= MAX_DAYS:
            return self.env._("enter a number of days, from 1 to %(most)s.", most=MAX_DAYS)
        return None

    def _get_mailed_domain(self):
        return self._get_behavior_domain()

    _get_opened_domain = _get_clicked_domain = _get_replied_domain = _get_mailed_domain

    def _get_behavior_domain(self):
        """Who has a trace of it, in the last days where the condition says so."""
        column, since = COLUMNS[self.field], fields.Datetime.subtract(fields.Datetime.now(), days=self.days)
        since = since if self._has_days() else None

        def to_sql(model, alias, _query):
            return self._sql_has_trace(SQL.identifier(alias, 'id'), column, since)

        return Domain.custom(to_sql=to_sql)

    def _negate(self, domain):
        if self.field not in COLUMNS:
            return super()._negate(domain)
        return Domain.custom(to_sql=lambda model, alias, query: SQL("NOT %s", domain._to_sql(model, alias, query)))

    @api.model
    def _sql_has_trace(self, partner_id, column, since):
        """Whether a contact has a trace with the column, since a moment; each part stands in an index as it is asked."""
        Trace = self.env['mailing.trace'].sudo()
        names = ('model', 'res_id', column, 'cadence_follow_up')
        model, res_id, moment, judged = (Trace._field_to_sql('behavior', name) for name in names)
        by_person = SQL("%s IS DISTINCT FROM 'machine'", judged) if column in MACHINE_MADE else SQL("TRUE")
        later = SQL("%s >= %s", moment, since) if since else SQL("TRUE")
        return SQL("""EXISTS (
            SELECT FROM mailing_trace behavior
             WHERE %(res_id)s = %(partner_id)s AND %(model)s = 'res.partner' AND %(moment)s IS NOT NULL
               AND %(by_person)s AND %(later)s)
            """, res_id=res_id, partner_id=partner_id, model=model, moment=moment, by_person=by_person, later=later)
