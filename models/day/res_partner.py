from odoo import api, fields, models

from ..constants import READERS


class ResPartner(models.Model):
    """The contact's touches, and its next mail or why there is none."""
    _inherit = 'res.partner'

    cadence_touch_ids = fields.One2many('cadence.touch', 'partner_id', 'Touches', groups=READERS)
    cadence_next_date = fields.Date('Next Mail On', compute='_compute_cadence_next', compute_sudo=True, groups=READERS)
    cadence_next_note = fields.Char('Next Mail or Why Not', compute='_compute_cadence_next', compute_sudo=True, groups=READERS)

    @api.depends('cadence_batch_ids', 'cadence_view_ids', 'email', 'active')
    @api.depends_context('lang', 'tz', 'uid', 'allowed_company_ids')
    def _compute_cadence_next(self):
        Outlook = self.env['cadence.outlook']
        answers = Outlook._foresee(self._origin)
        for partner in self:
            partner.cadence_next_date, partner.cadence_next_note = Outlook._sum_up(answers.get(partner._origin))
