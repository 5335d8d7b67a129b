from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cadence_tz = fields.Selection(related='company_id.cadence_tz', readonly=False)
    cadence_catch_up = fields.Boolean(related='company_id.cadence_catch_up', readonly=False)
