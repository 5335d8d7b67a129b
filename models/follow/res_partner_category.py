from odoo import models


class ResPartnerCategory(models.Model):
    """The tag Unsubscribed, given from the tag's side."""
    _inherit = 'res.partner.category'

    def write(self, vals):
        result = super().write(vals)
        tag = self.env.ref('mass_mailing_cadence.tag_unsubscribed', raise_if_not_found=False)
        if 'partner_ids' in vals and tag and tag in self:
            tag.partner_ids._cadence_follow_tag(tag.ids)
        return result
