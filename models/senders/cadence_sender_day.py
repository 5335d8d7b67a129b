from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 400
COUNTED_DAYS = 3  # whose mails may still leave, be in doubt or be counted anew


class CadenceSenderDay(models.Model):
    """What a sender might and did send on a day: the steps of its ramp."""
    _name = 'cadence.sender.day'
    _description = 'Day of a Sender'
    _order = 'date DESC, id DESC'
    _log_access = False

    sender_id = fields.Many2one('cadence.sender', required=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one(related='sender_id.company_id')
    date = fields.Date(required=True, readonly=True, help="The company's day.")
    cap = fields.Integer(readonly=True, help="How many mails might leave; 0 where nothing limited them.")
    left_count = fields.Integer('Left', readonly=True)
    is_proven = fields.Boolean(readonly=True, help="The first mails of the day came through: the others need not wait for them.")
    light = fields.Selection([
        ('green', 'Healthy'),
        ('amber', 'Watch'),
        ('red', 'Paused'),
    ], default='green', required=True, readonly=True)

    _sender_date = models.UniqueIndex('(sender_id, date)', "The sender has this day already.")

    @api.model
    def _note(self, sender, date, **values):
        """Write values of the sender's day; returns it."""
        day = self.sudo().search([('sender_id', '=', sender.id), ('date', '=', date)])
        if not day:
            return self.sudo().create({'sender_id': sender.id, 'date': date} | values)
        changed = {name: value for name, value in values.items() if day[name] != value}
        if changed:
            day.write(changed)
        return day

    @api.model
    def _claim(self, sender, date):
        """Write the day without a change: of two workers that ask for the sender's mails at once the second one asks again."""
        self.env.execute_query(SQL("""
            INSERT INTO cadence_sender_day (sender_id, date, cap, left_count, light)
            VALUES (%s, %s, 0, 0, 'green')
                ON CONFLICT (sender_id, date) DO UPDATE SET cap = cadence_sender_day.cap
         RETURNING NULL
            """, sender.id, date))
        self.invalidate_model()

    @api.model
    def _count(self, sender, first_date):
        """Count what left since a day, other mailings of the address included."""
        counts = dict(self.env.execute_query(sender._query_left(first_date)))
        known = self.sudo().search([('sender_id', '=', sender.id), ('date', '>=', first_date)])
        for date in {*counts, *known.mapped('date')}:
            self._note(sender, date, left_count=counts.get(date, 0))

    @api.autovacuum
    def _gc_days(self):
        self.env.execute_query(SQL(
            "DELETE FROM cadence_sender_day WHERE date < CURRENT_DATE - %s RETURNING NULL", KEPT_DAYS))
        self.invalidate_model()
