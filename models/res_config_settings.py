from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cadence_domain_daily_cap = fields.Integer(related='company_id.cadence_domain_daily_cap', readonly=False)
    cadence_batch_domain_cap = fields.Integer(related='company_id.cadence_batch_domain_cap', readonly=False)
    cadence_short_month = fields.Selection(related='company_id.cadence_short_month', readonly=False)
    cadence_excluded_days = fields.Integer(related='company_id.cadence_excluded_days', readonly=False)
    cadence_mailed_months = fields.Integer(related='company_id.cadence_mailed_months', readonly=False)
