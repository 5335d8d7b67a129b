from odoo import api, models

from ..constants import LINKS


class LinkTracker(models.Model):
    """The links of a letter are looked for once, not for each contact."""
    _inherit = 'link.tracker'

    @api.model
    def search_or_create(self, vals_list):
        known = self.env.context.get(LINKS)
        if known is None or not isinstance(vals_list, list):
            return super().search_or_create(vals_list)
        keys = [tuple(sorted(vals.items())) for vals in vals_list]  # before the values are completed
        new = {key: vals for key, vals in zip(keys, vals_list, strict=True) if key not in known}
        if new:
            known.update(zip(new, super().search_or_create(list(new.values())).ids, strict=True))
        return self.browse(known[key] for key in keys)
