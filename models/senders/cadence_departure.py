from odoo import api, models
from odoo.tools import SQL


class CadenceDeparture(models.Model):
    """Of a sender that is paused while a block leaves no other mail is begun."""
    _inherit = 'cadence.departure'

    @api.model
    def _sql_stopped(self):
        return SQL("(%s OR %s)", super()._sql_stopped(), self.env['cadence.touch']._sql_sender_paused())
