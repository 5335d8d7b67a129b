from odoo import fields, models


class UtmCampaign(models.Model):
    _inherit = 'utm.campaign'

    cadence_segment_id = fields.Many2one('cadence.segment', ondelete='set null', index='btree_not_null')
    cadence_month = fields.Date(help="The first day of the month whose runs the campaign holds.")

    _cadence_segment_month = models.UniqueIndex(
        '(cadence_segment_id, cadence_month) WHERE cadence_segment_id IS NOT NULL')
