from odoo import fields, models


class ResCompany(models.Model):
    """How many mails go first where nobody knows yet whether they come through."""
    _inherit = 'res.company'

    cadence_canary_count = fields.Integer(
        'Mails That Go First', default=200,
        help="Of a load of addresses that was never mailed, and of a sender that is warmed up, so many mails go first on a day; "
             "the others when these have come through. 0: all at once.")
    cadence_canary_hours = fields.Integer(
        'Hours Until the Others', default=2, help="Most mails that come back do so within an hour.")

    _cadence_canary = models.Constraint(
        'CHECK (cadence_canary_count >= 0 AND cadence_canary_hours >= 0)', "Such a number is not negative.")
