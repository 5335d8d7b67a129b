from odoo import api, fields, models


class CadenceSettingsMixin(models.AbstractModel):
    """The cadence's settings of a company, for Odoo's settings and for our own."""
    _name = 'cadence.settings.mixin'
    _description = 'Settings of a Company'

    company_id = fields.Many2one('res.company', required=True, readonly=True, default=lambda self: self.env.company)
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


class CadenceSettings(models.TransientModel):
    """What managers of the cadence set for their company: Odoo's own settings are its administrators' alone."""
    _name = 'cadence.settings'
    _description = 'Settings'
    _inherit = 'cadence.settings.mixin'

    @api.model_create_multi
    def create(self, vals_list):
        # A company is Odoo's administrators' to write, but for these of its fields.
        self.browse().check_access('create')
        vals_list = [vals | {'company_id': self.env.company.id} for vals in vals_list]
        return super(CadenceSettings, self.sudo()).create(vals_list).with_env(self.env)

    def write(self, vals):
        self.check_access('write')
        return super(CadenceSettings, self.sudo()).write({key: value for key, value in vals.items() if key != 'company_id'})

    @api.depends('company_id')
    def _compute_display_name(self):
        for settings in self:
            settings.display_name = self.env._("Settings of %(company)s", company=settings.company_id.name)

    def action_save(self):
        """What the form sent is written already."""
        return {'type': 'ir.actions.act_window_close'}
