from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = 'ir.module.module'

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """The names of segments and batches are made of terms that arrive here: let them follow, unless a user chose another."""
        if 'mass_mailing_cadence' not in modules:
            return super()._load_module_terms(modules, langs, overwrite)
        with self.env['cadence.segment']._get_every()._renaming(langs):
            return super()._load_module_terms(modules, langs, overwrite)
