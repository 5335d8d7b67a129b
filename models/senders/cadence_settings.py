from odoo import fields, models


class CadenceSettingsMixin(models.AbstractModel):
    _inherit = 'cadence.settings.mixin'

    cadence_canary_count = fields.Integer(related='company_id.cadence_canary_count', readonly=False)
    cadence_canary_hours = fields.Integer(related='company_id.cadence_canary_hours', readonly=False)
