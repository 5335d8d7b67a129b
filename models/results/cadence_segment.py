from odoo import models


class CadenceSegment(models.Model):
    _inherit = 'cadence.segment'

    def action_test_hours(self):
        """Open the test of the segment's sending times; the newest one, else a new one to begin."""
        self.ensure_one()
        self.check_access('read')
        return self.env['cadence.test']._get_hours_action(self)
