from odoo import fields, models


class CadenceIntake(models.Model):
    _inherit = 'cadence.intake'

    address_price = fields.Float(
        'Price per Address', digits=(12, 4), copy=False,
        help="What you paid for each address that becomes a contact; becomes a cost of the round in which it is new.")
    currency_id = fields.Many2one(related='company_id.currency_id')
