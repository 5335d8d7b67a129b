from odoo import api, models
from odoo.tools import SQL


class CadenceDeparture(models.Model):
    """Of a sender that is paused while a block leaves no other mail is begun."""
    _inherit = 'cadence.departure'

    @api.model
    def _sql_stopped(self):
        return SQL("""
            (%s OR EXISTS (SELECT FROM cadence_sender sender WHERE sender.id = touch.sender_id AND sender.state = 'paused'))
            """, super()._sql_stopped())
