from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import allocation, attribution

WINDOW_DAYS = 180  # before an opportunity: an older mail is not said to have brought it


class CadenceAttribution(models.Model):
    """Which mails brought an opportunity, frozen when it is made: the ledger forgets, and later mails brought nothing of it.

    Four ways of telling stand side by side; the parts of each add up to exactly one, their amounts to the last cent to what the
    opportunity brought. The money follows the opportunity: won, changed, lost again.
    """
    _name = 'cadence.attribution'
    _description = 'Attribution'
    _order = 'lead_id, model, position'
    _log_access = False

    lead_id = fields.Many2one('crm.lead', 'Opportunity', required=True, ondelete='cascade', index=True, readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    model = fields.Selection([
        ('last', 'Last Mail'),
        ('first', 'First Mail'),
        ('linear', 'All Mails Alike'),
        ('u_shaped', 'First and Last Most'),
    ], 'Told By', required=True, readonly=True)
    run_id = fields.Many2one('cadence.run', required=True, ondelete='cascade', index=True, readonly=True)
    segment_id = fields.Many2one(related='run_id.segment_id', store=True)
    letter_id = fields.Many2one('cadence.letter', ondelete='set null', index='btree_not_null', readonly=True)
    batch = fields.Integer(readonly=True, aggregator=False)
    date = fields.Date(required=True, readonly=True, help="The day of the mail.")
    position = fields.Integer(readonly=True, aggregator=False)
    touch_number = fields.Integer(readonly=True, aggregator=False, help="Of the ledger, as long as it remembers.")
    weight = fields.Float(digits=(8, 6), readonly=True)
    amount = fields.Monetary('Won Revenue', readonly=True, currency_field='currency_id', help="Of a won opportunity, else zero.")
    is_won = fields.Boolean('Won', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')

    _run_model = models.Index('(run_id, model)')

    @api.model
    def _freeze(self, leads):
        """Write down which mails brought these opportunities; what was frozen before is told anew."""
        self = self.sudo()  # noqa: PLW0642 whoever makes an opportunity, it is told
        self.search([('lead_id', 'in', leads.ids)]).unlink()
        self.env.flush_all()
        values = []
        for lead in leads.sudo():
            touches = self._find_touches(lead)
            for model in attribution.MODELS:
                for part in attribution.weigh(model, len(touches)):
                    values.append(self._prepare_values(lead, model, part, touches[part.position]))
        self.create(values)
        self._read_again(leads)

    def _prepare_values(self, lead, model, part, touch):
        return {
            'lead_id': lead.id, 'company_id': touch.company_id.id, 'model': model, 'run_id': touch.run_id.id,
            'letter_id': touch.letter_id.id, 'batch': touch.batch, 'date': touch.date, 'position': part.position,
            'touch_number': touch.id, 'weight': float(part.weight)}

    def _find_touches(self, lead):
        """The mails of the window before the opportunity, the oldest first: to its contact, else to the colleagues.

        The run that an answer was to is the last one, whatever left meanwhile.
        """
        Touch = self.env['cadence.touch']
        since = fields.Datetime.subtract(lead.create_date, days=WINDOW_DAYS)
        domain = [
            ('company_id', '=', lead._cadence_get_company().id), ('outcome', '=', 'left'),
            ('outcome_date', '>=', since), ('outcome_date', '<=', lead.create_date)]
        customers = lead.partner_id or self._find_by_address(lead)
        touches = Touch.search([*domain, ('partner_id', 'in', customers.ids)], order='outcome_date, id')
        if not touches and (domains := set(customers.mapped('cadence_company_domain')) - {False}):
            colleagues = self.env['res.partner'].search([('cadence_company_domain', 'in', list(domains))], limit=1000)
            touches = Touch.search([*domain, ('partner_id', 'in', colleagues.ids)], order='outcome_date, id')
        if run := lead.cadence_run_id:
            answered = Touch.search([('run_id', '=', run.id), ('outcome', '=', 'left')]) if not (
                touches.run_id & run) else touches.filtered(lambda touch: touch.run_id == run)
            mine = answered.filtered(lambda touch: touch.partner_id in customers) or answered[:1]
            touches = touches.filtered(lambda touch: touch not in mine and touch.outcome_date <= max(
                mine.mapped('outcome_date'), default=touch.outcome_date)) + mine[-1:]
        return touches

    def _find_by_address(self, lead):
        Partner = self.env['res.partner']
        if not lead.email_from:
            return Partner
        return Partner.search(Partner._cadence_get_email_domain([lead.email_from]), limit=10)

    @api.model
    def _read_again(self, leads):
        """The money of these opportunities as it is now: won, changed, or lost again."""
        for lead, parts in self.sudo().search([('lead_id', 'in', leads.ids)]).grouped('lead_id').items():
            is_won = lead.won_status == 'won'
            currency = parts.company_id.currency_id[:1]
            total = self._get_revenue(lead, currency) if is_won else 0
            for of_model in parts.grouped('model').values():
                of_model = of_model.sorted('position')
                weights = [round(part.weight * attribution.UNITS) for part in of_model]
                for part, cents in zip(of_model, allocation.allocate(total, weights), strict=True):
                    amount = cents * currency.rounding
                    if part.is_won != is_won or currency.compare_amounts(part.amount, amount):
                        part.write({'is_won': is_won, 'amount': currency.round(amount)})

    def _get_revenue(self, lead, currency):
        """What a won opportunity brought, in the smallest unit of the currency of the company whose mails brought it."""
        revenue = lead.expected_revenue or 0.0
        if lead.company_currency and lead.company_currency != currency:
            revenue = lead.company_currency._convert(
                revenue, currency, lead.company_id or self.env.company, lead.date_closed or fields.Date.today())
        return round(currency.round(revenue) / currency.rounding)

    @api.model
    def _repair(self):
        """Read again what was changed past the ORM; asked by the cron."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL("""
            SELECT part.lead_id
              FROM (SELECT lead_id, BOOL_OR(is_won) AS is_won, SUM(amount) AS amount
                      FROM cadence_attribution
                     WHERE model = 'last'
                  GROUP BY lead_id) part
              JOIN crm_lead lead ON lead.id = part.lead_id
             WHERE part.is_won <> (lead.won_status = 'won')
                OR part.is_won AND ABS(part.amount - COALESCE(lead.expected_revenue, 0)) > 0.005
             LIMIT 10000
            """))
        self._read_again(self.env['crm.lead'].browse(id_ for id_, in rows))
