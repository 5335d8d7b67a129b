from odoo import models
from odoo.tools import SQL


class CadenceTouch(models.Model):
    _inherit = 'cadence.touch'

    def _refuse(self, reason):
        """Who has no such address is tagged, so that nobody mails it again."""
        result = super()._refuse(reason)
        self.env['cadence.risk'].sudo()._bounce_refused(self)
        return result

    def _sql_news(self):
        return SQL("""
            (%s OR EXISTS (SELECT FROM cadence_journal journal
                            WHERE journal.partner_id = touch.partner_id
                              AND journal.date > touch.create_date - INTERVAL '1 day'))
            """, super()._sql_news())
