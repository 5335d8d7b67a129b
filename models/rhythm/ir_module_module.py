from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = 'ir.module.module'

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """The names of segments and batches are made of terms that arrive here: let them follow, unless a user chose another."""
        if 'mass_mailing_cadence' not in modules:
            return super()._load_module_terms(modules, langs, overwrite)
        segments = self.env['cadence.segment'].sudo().with_context(active_test=False).search([])  # pylint: disable=no-search-all; there are few
        before = segments._get_names(langs)
        result = super()._load_module_terms(modules, langs, overwrite)
        self.env.invalidate_all()  # the importer writes SQL
        for (record, lang), name in segments._get_names(langs).items():
            if record.with_context(lang=lang).name == before[record, lang] != name:
                record.update_field_translations('name', {lang: name})
        return result
