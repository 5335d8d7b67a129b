from odoo import fields, models


class IrMailServer(models.Model):
    _inherit = 'ir.mail_server'

    cadence_price = fields.Float(
        'Price per 1,000 Mails', digits=(12, 4),
        help="In the company's currency; becomes a cost of each month in Mailing Cadence.")
