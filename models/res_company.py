from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    cadence_domain_daily_cap = fields.Integer(
        'Mails a Day to One Company', default=20,
        help="At most so many mails a day to the addresses of one company domain; the others are deferred. 0: no cap.")
    cadence_batch_domain_cap = fields.Integer(
        'Addresses of One Company in a Batch', default=10,
        help="Saving into batches puts at most so many addresses of one company domain into the same batch. 0: no cap.")
    cadence_short_month = fields.Selection(
        [('last_day', 'Mail on the last day'), ('skip', 'Skip until next month')],
        'In a Month Too Short for a Batch', default='last_day', required=True)
    cadence_excluded_days = fields.Integer(
        'Keep Excluded Touches (days)', default=60,
        help="Older excluded touches are summed up in their run and removed.")
    cadence_mailed_months = fields.Integer(
        'Keep Mailed Touches (months)', default=13, help="Older mailed touches are summed up in their run and removed.")

    _cadence_settings_positive = models.Constraint(
        'CHECK (cadence_domain_daily_cap >= 0 AND cadence_batch_domain_cap >= 0'
        ' AND cadence_excluded_days >= 31 AND cadence_mailed_months >= 1)',
        "Caps cannot be negative; excluded touches are kept for at least 31 days, mailed ones for at least a month.")
