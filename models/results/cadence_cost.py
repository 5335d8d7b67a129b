from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import allocation

READ_AGAIN_DAYS = 60  # after a cost's period its mails are counted again, and so are the shares


class CadenceCost(models.Model):
    """What is paid for mailing, and which mails it is for: divided among them to the last cent.

    What falls on days without mails, or is not due yet, is shown as the rest; it is never spread over others in silence.
    """
    _name = 'cadence.cost'
    _description = 'Cost'
    _order = 'date_from DESC, id DESC'

    name = fields.Char(required=True)
    kind = fields.Selection([
        ('tool', 'Tool'),
        ('mail_server', 'Mail Server'),
        ('addresses', 'Addresses'),
        ('work', 'Work'),
        ('fair', 'Fair'),
        ('other', 'Other'),
    ], required=True, default='tool')
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary(required=True, currency_field='currency_id')
    date_from = fields.Date(
        'From', required=True, default=lambda self: fields.Date.start_of(fields.Date.context_today(self), 'month'))
    date_to = fields.Date(
        'To', required=True, default=lambda self: fields.Date.end_of(fields.Date.context_today(self), 'month'))
    segment_ids = fields.Many2many('cadence.segment', 'cadence_cost_segment_rel', 'cost_id', 'segment_id', 'Only for Segments')
    spread = fields.Selection([
        ('mail', 'By mail'),
        ('day', 'By day'),
    ], 'Divided', required=True, default='mail', help="By mail: every mail of the period costs the same. By day: every day does.")
    allocated = fields.Monetary(readonly=True, copy=False, currency_field='currency_id')
    rest = fields.Monetary(
        'Not Divided', compute='_compute_rest', currency_field='currency_id', help="Of days on which nothing was mailed (yet).")
    allocated_date = fields.Date(readonly=True, copy=False)

    _period = models.Constraint('CHECK (date_from <= date_to)', "The period ends before it begins.")
    _not_negative = models.Constraint('CHECK (amount >= 0)', "A cost is not negative.")

    @api.depends('amount', 'allocated')
    def _compute_rest(self):
        for cost in self:
            cost.rest = cost.amount - cost.allocated

    @api.model_create_multi
    def create(self, vals_list):
        costs = super().create(vals_list)
        costs._allocate()
        return costs

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {'amount', 'date_from', 'date_to', 'segment_ids', 'spread', 'company_id'}:
            self._allocate()
        return result

    def unlink(self):
        runs = self.env['cadence.cost.share'].sudo().search([('cost_id', 'in', self.ids)]).run_id
        result = super().unlink()
        self.env['cadence.cost.share']._write_costs(runs.ids)
        return result

    @api.model
    def _allocate_due(self):
        """Divide anew what may have news: once a day, as long as the mails of its period are counted."""
        today = fields.Date.today()
        self.sudo().search([
            '|', ('allocated_date', '=', False), ('allocated_date', '<', today), ('date_from', '<=', today),
            ('date_to', '>=', fields.Date.subtract(today, days=READ_AGAIN_DAYS))])._allocate()

    def _allocate(self):
        """Divide the costs among the counted mails of their period, and write it to the results."""
        Share = self.env['cadence.cost.share'].sudo()
        for cost in self.sudo():
            before = Share.search([('cost_id', '=', cost.id)])
            run_ids = set(before.run_id.ids)
            before.unlink()
            rows = cost._get_rows()
            unit = cost.currency_id.rounding
            parts = cost._divide(round(cost.amount / unit), rows)
            Share.create([
                {'cost_id': cost.id, 'run_id': run_id, 'grain': grain, 'amount': cost.currency_id.round(part * unit)}
                for (run_id, grain, _date, _mails), part in zip(rows, parts, strict=True) if part])
            cost.write({
                'allocated': cost.currency_id.round(sum(parts) * unit), 'allocated_date': fields.Date.today()})
            Share._write_costs(run_ids | {run_id for run_id, *_rest in rows})

    def _get_rows(self):
        """[(run id, grain, day, mails)] of what the cost is for."""
        self.env.flush_all()
        return self.env.execute_query(SQL("""
            SELECT run_id, grain, date, tried
              FROM cadence_result
             WHERE company_id = %s
               AND date BETWEEN %s AND %s
               AND %s
          ORDER BY date, run_id, grain
            """, self.company_id.id, self.date_from, self.date_to, self._sql_scope()))

    def _sql_scope(self):
        """Which of the period's results pay."""
        return SQL("segment_id = ANY(%s)", self.segment_ids.ids) if self.segment_ids else SQL("TRUE")

    def _divide(self, total, rows):
        """The rows' parts of so many cents; they add up to it, but for days on which nothing was mailed."""
        if self.spread == 'mail':
            return allocation.allocate(total, [mails for *_row, mails in rows])
        days = [self.date_from + timedelta(days=day) for day in range((self.date_to - self.date_from).days + 1)]
        of_day = dict(zip(days, allocation.allocate(total, [1] * len(days)), strict=True))
        places = defaultdict(list)
        for place, (_run_id, _grain, day, _mails) in enumerate(rows):
            places[day].append(place)
        parts = [0] * len(rows)
        for day, those in places.items():
            for place, part in zip(those, allocation.allocate(of_day[day], [rows[at][3] for at in those]), strict=True):
                parts[place] = part
        return parts
