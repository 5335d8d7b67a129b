from odoo import fields, models

from ..constants import READERS


class ResPartner(models.Model):
    """Where a contact was saved from."""
    _inherit = 'res.partner'

    cadence_intake_line_ids = fields.One2many('cadence.intake.line', 'partner_id', 'Saved From', groups=READERS)

    def action_cadence_save_to_batches(self):
        return self.env['cadence.intake'].get_selection_action('contacts', self)

    def unlink(self):
        self.env['cadence.intake.line'].sudo()._stamp_deleted(self)
        return super().unlink()
