from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    cadence_domain_daily_cap = fields.Integer(related='company_id.cadence_domain_daily_cap', readonly=False)
    cadence_batch_domain_cap = fields.Integer(related='company_id.cadence_batch_domain_cap', readonly=False)
    cadence_short_month = fields.Selection(related='company_id.cadence_short_month', readonly=False)
    cadence_excluded_days = fields.Integer(related='company_id.cadence_excluded_days', readonly=False)
    cadence_mailed_months = fields.Integer(related='company_id.cadence_mailed_months', readonly=False)
    cadence_follow_readers = fields.Boolean(related='company_id.cadence_follow_readers', readonly=False)
    cadence_reader_wait = fields.Selection(related='company_id.cadence_reader_wait', readonly=False)
    cadence_reader_days = fields.Integer(related='company_id.cadence_reader_days', readonly=False)
    cadence_machine_open_seconds = fields.Integer(related='company_id.cadence_machine_open_seconds', readonly=False)
    cadence_machine_click_seconds = fields.Integer(related='company_id.cadence_machine_click_seconds', readonly=False)
    cadence_privacy_reads = fields.Boolean(related='company_id.cadence_privacy_reads', readonly=False)
    cadence_scanner_agents = fields.Text(related='company_id.cadence_scanner_agents', readonly=False)
    cadence_cool_rounds = fields.Integer(related='company_id.cadence_cool_rounds', readonly=False)
    cadence_follow_replies = fields.Boolean(related='company_id.cadence_follow_replies', readonly=False)
    cadence_follow_risks = fields.Boolean(related='company_id.cadence_follow_risks', readonly=False)
    cadence_soft_bounces = fields.Integer(related='company_id.cadence_soft_bounces', readonly=False)
    cadence_soft_bounce_weeks = fields.Integer(related='company_id.cadence_soft_bounce_weeks', readonly=False)
    cadence_follow_deals = fields.Boolean(related='company_id.cadence_follow_deals', readonly=False)
    cadence_deal_company = fields.Boolean(related='company_id.cadence_deal_company', readonly=False)
