from odoo import api, models
from odoo.tools import SQL

from ...tools.address import canonical


class CadenceTouch(models.Model):
    _inherit = 'cadence.touch'

    def _refuse(self, reason):
        """Who has no such address is tagged, so that nobody mails it again."""
        result = super()._refuse(reason)
        self.env['cadence.risk'].sudo()._bounce_refused(self)
        return result

    @api.model
    def _get_mailed_contacts(self, texts):
        """Whom the mails to these addresses were for, in whatever spelling, and whatever address they have by now."""
        emails = {email for text in texts for email in canonical.read(text).emails}
        return self.sudo().search([
            ('email', 'in', list(emails)), ('outcome', 'in', ('leaving', 'left', 'in_doubt')), ('partner_id', '!=', False),
        ]).partner_id

    def _sql_news(self):
        return SQL("""
            (%s OR EXISTS (SELECT FROM cadence_journal journal
                            WHERE journal.partner_id = touch.partner_id
                              AND journal.date > touch.create_date - INTERVAL '1 day'))
            """, super()._sql_news())
