from odoo import models


class IrMailServer(models.Model):
    _inherit = 'ir.mail_server'

    def _active_usages_compute(self):
        """A server that a segment mails by is in use: Odoo refuses to archive it, and says for what."""
        usages = super()._active_usages_compute()
        segments = self.env['cadence.segment'].sudo().search([('mail_server_id', 'in', self.ids)])
        for server, own in segments.grouped('mail_server_id').items():
            usages.setdefault(server.id, []).extend(
                self.env._("Segment %(segment)s of Mailing Cadence", segment=segment.name) for segment in own)
        return usages
