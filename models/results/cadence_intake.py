from odoo import fields, models


class CadenceIntake(models.Model):
    _inherit = 'cadence.intake'

    address_price = fields.Float(
        'Price per Address', digits=(12, 4), copy=False,
        help="What an address that becomes a contact was bought for; becomes a cost of the round in which it is new.")
    currency_id = fields.Many2one(related='company_id.currency_id')
