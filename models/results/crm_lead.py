from odoo import api, fields, models

MONEY = {'won_status', 'stage_id', 'active', 'probability', 'expected_revenue', 'lost_reason_id', 'company_id'}


class CrmLead(models.Model):
    """Says which mail brought it."""
    _inherit = 'crm.lead'

    cadence_attribution_ids = fields.One2many('cadence.attribution', 'lead_id', 'Mails That Brought It')
    cadence_brought_by = fields.Char('Brought By', compute='_compute_cadence_brought_by', compute_sudo=True)

    @api.depends('cadence_attribution_ids')
    @api.depends_context('lang')
    def _compute_cadence_brought_by(self):
        for lead in self:
            parts = lead.cadence_attribution_ids.filtered(lambda part: part.model == 'linear')
            last = lead.cadence_attribution_ids.filtered(lambda part: part.model == 'last')[:1]
            lead.cadence_brought_by = self.env._(
                "Brought by “%(letter)s” of %(date)s (%(run)s), the last of %(count)s mails in the half year before.",
                letter=last.letter_id.display_name or self.env._("a letter that is gone"), date=last.date,
                run=last.run_id.display_name, count=len(parts)) if last else False

    def _cadence_follow_new(self):
        result = super()._cadence_follow_new()
        self.env['cadence.attribution']._freeze(self)
        return result

    def write(self, vals):
        result = super().write(vals)
        Attribution = self.env['cadence.attribution']
        if 'cadence_run_id' in vals:  # the answer that it came from is known only now
            Attribution._freeze(self.filtered(lambda lead: lead.type == 'opportunity'))
        elif vals.keys() & MONEY:
            Attribution._read_again(self)
        return result

    def _merge_dependences(self, opportunities):
        """Of merged ones the survivor keeps what brought it, else has what brought the others."""
        if not self.sudo().cadence_attribution_ids:
            donor = opportunities.sudo().filtered('cadence_attribution_ids').sorted('create_date')[:1]
            donor.cadence_attribution_ids.write({'lead_id': self.id})
        result = super()._merge_dependences(opportunities)
        self.env['cadence.attribution']._read_again(self)
        return result
