from odoo import api, models
from odoo.fields import Domain
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

    @api.depends('code')
    @api.depends_context('lang', 'cadence_language_names')
    def _compute_display_name(self):  # pylint: disable=missing-return; a compute method
        """Where a screen of the cadence asks: in the user's language, by Unicode CLDR, and not as "Spanish / Español"."""
        super()._compute_display_name()
        if self.env.context.get('cadence_language_names'):
            user_locale = babel_locale_parse(self.env.lang or 'en_US')
            for lang in self.filtered('code'):
                lang.display_name = babel_locale_parse(lang.code).get_display_name(user_locale) or lang.display_name

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if not self.env.context.get('cadence_language_names') or operator != 'ilike' or not value:
            return domain
        langs = self.search([])  # pylint: disable=no-search-all; there are ninety
        found = langs.filtered(lambda lang: value.lower() in lang.display_name.lower())
        return Domain('id', 'in', found.ids) | Domain(domain)

    def _cadence_get_language_name(self, code):
        """The name of an ISO 639-1 language in the user's language, by Unicode CLDR."""
        return babel_locale_parse(self.env.lang or 'en_US').languages.get(code, code)
