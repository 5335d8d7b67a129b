from ast import literal_eval

from odoo import api, fields, models

NAMED = 3  # of the selected, so many are named


class CadenceIntake(models.Model):
    """What was ticked in a list, in words: a domain of numbers tells nobody whom."""
    _inherit = 'cadence.intake'

    selection = fields.Char(compute='_compute_selection')

    @api.depends('source', 'contact_domain', 'lead_domain')
    def _compute_selection(self):
        for intake in self:
            model, text = {
                'contacts': ('res.partner', intake.contact_domain), 'leads': ('crm.lead', intake.lead_domain),
            }.get(intake.source, (None, None))
            ids = model and self._get_selected_ids(text)
            intake.selection = bool(ids) and self._get_selection_text(self.env[model], ids)

    @staticmethod
    def _get_selected_ids(text):
        """The ids of a domain that is nothing but a selection, or None."""
        try:
            [(field, operator, ids)] = literal_eval(text or '[]')
        except (ValueError, TypeError, SyntaxError):
            return None
        return ids if (field, operator) == ('id', 'in') and isinstance(ids, (list, tuple)) else None

    @api.model
    def _get_selection_text(self, model, ids):
        # Whoever may not read leads sees how many there are, and no names.
        visible = model
        if model.has_access('read'):
            visible = model.with_context(active_test=False).search([('id', 'in', ids)], limit=NAMED)
        names = ', '.join(filter(None, visible.mapped('display_name')))
        if len(ids) > len(visible):
            return self.env._("%(count)s selected: %(names)s …", count=f'{len(ids):,}', names=names)
        return self.env._("%(count)s selected: %(names)s", count=f'{len(ids):,}', names=names)
