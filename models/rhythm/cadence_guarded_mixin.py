from odoo import api, models
from odoo.exceptions import AccessError


class CadenceGuardedMixin(models.AbstractModel):
    """Fields that the module alone writes: `readonly` hides them from forms, not from RPC, imports and the context's defaults.

    Each class that adds such fields lists them in its `_guarded_fields`. The module's own code writes them with `sudo()`, after
    it has checked who asks. What is on the list has `copy=False`, or nobody could duplicate a record.
    """
    _name = 'cadence.guarded.mixin'
    _description = 'Guarded Fields'

    _guarded_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {key.removeprefix('default_') for key in self.env.context if key.startswith('default_')}
        self._check_guarded(defaults.union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarded(vals)
        return super().write(vals)

    def _check_guarded(self, names):
        if self.env.su:
            return
        guarded = {name for cls in type(self).__mro__ for name in cls.__dict__.get('_guarded_fields', ()) if name in names}
        if guarded:
            raise AccessError(self.env._(
                "%(model)s: only Mailing Cadence itself writes %(fields)s.",
                model=self.env['ir.model']._get(self._name).name,
                fields=', '.join(self._fields[name]._description_string(self.env) for name in sorted(guarded))))
