from odoo import fields, models


class CadenceSettingsMixin(models.AbstractModel):
    _inherit = 'cadence.settings.mixin'

    cadence_tz = fields.Selection(related='company_id.cadence_tz', readonly=False)
    cadence_catch_up = fields.Boolean(related='company_id.cadence_catch_up', readonly=False)
