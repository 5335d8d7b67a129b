from odoo import api, models

from ..constants import DECIDED


class MailBlacklist(models.Model):
    _inherit = 'mail.blacklist'

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.filtered('active')._cadence_follow()  # Odoo returns those that are there already, archived ones included
        return records

    def write(self, vals):
        result = super().write(vals)
        if 'active' in vals:
            self._cadence_follow()
        return result

    def _cadence_follow(self):
        """Who is put here is unsubscribed from the cadence as well; whoever leaves is not mailed before somebody frees them."""
        if self.env.context.get(DECIDED):
            return
        Risk = self.env['cadence.risk']
        blocked = self.filtered('active')
        if blocked:
            Risk._opt_out(blocked.mapped('email'), 'opt_out')
        if freed := self - blocked:
            Risk._subscribe_again(freed.mapped('email'))
