from odoo import models


class ResPartnerCategory(models.Model):
    """A tag given from its own side: no contact is written, so nobody who sends mails would hear of it."""
    _inherit = 'res.partner.category'

    def write(self, vals):
        before = self.partner_ids if 'partner_ids' in vals else None
        result = super().write(vals)
        tag = self.env.ref('mass_mailing_cadence.tag_unsubscribed', raise_if_not_found=False)
        if 'partner_ids' in vals and tag and tag in self:
            tag.partner_ids._cadence_follow_tag(tag.ids)
        if before is not None:
            (self.partner_ids - before)._cadence_stop_mails()
        elif 'cadence_group_id' in vals:
            self.partner_ids._cadence_stop_mails()
        return result
