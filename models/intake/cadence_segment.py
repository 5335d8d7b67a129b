from odoo import models


class CadenceSegment(models.Model):
    """Saving addresses into the segment."""
    _inherit = 'cadence.segment'

    def action_save_addresses(self):
        self.ensure_one()
        self.check_access('read')
        return self.env['cadence.intake']._get_action({'default_segment_id': self.id})
