from odoo import api, models


class CadenceTouch(models.Model):
    """What the run decided about the companies of a test is kept."""
    _inherit = 'cadence.touch'

    @api.model
    def _reserve(self, run, decided):
        count = super()._reserve(run, decided)
        if count and (tests := self.env['cadence.test']._find_running(run)):
            self.env['cadence.test.unit']._keep(run, tests)
        return count
