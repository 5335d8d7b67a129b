from odoo import models
from odoo.tools import babel_locale_parse


class ResLang(models.Model):
    _inherit = 'res.lang'

    def write(self, vals):
        if vals.get('name') and 'cadence.segment' in self.env:
            # Only where Unicode CLDR has none is the language's own name one of the parts.
            with self.env['cadence.segment']._get_every()._renaming():
                return super().write(vals)
        activated = self.filtered(lambda lang: not lang.active) if vals.get('active') else self.browse()
        result = super().write(vals)
        if activated and 'cadence.segment' in self.env:
            segments = self.env['cadence.segment'].sudo().search([])  # pylint: disable=no-search-all; there are few
            segments._translate_names(activated.mapped('code'))
        return result

    def _cadence_get_language_name(self, code):
        """The name of an ISO 639-1 language in the user's language, by Unicode CLDR."""
        return babel_locale_parse(self.env.lang or 'en_US').languages.get(code, code)
