from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = 'crm.lost.reason'

    cadence_tag_id = fields.Many2one(
        'res.partner.category', ondelete='set null',
        domain=[('cadence_group_id', '!=', False), ('cadence_batch', '=', 0)],
        help="The tag that the contact of an opportunity gets which is lost for this reason.")
