from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CadenceView(models.Model):
    """What relies on a view: while it does, the view is not taken away, and somebody who wants to is told where to look."""
    _inherit = 'cadence.view'

    @api.constrains('condition_ids')
    def _check_conditions(self):
        for view in self:
            if not view.condition_ids and (sentence := view._get_use_sentence()):
                raise ValidationError(sentence)

    @api.constrains('company_id')
    def _check_company(self):
        self.env['cadence.tag.group'].sudo().with_context(active_test=False).search(
            [('exclude_view_ids', 'in', self.ids)])._check_exclude_views()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.with_context(active_test=False)._check_unused()

    def _check_unused(self):
        for view in self:
            if sentence := view._get_use_sentence():
                raise UserError(sentence)

    def _get_use_sentence(self):
        """Where the view keeps contacts out, or None; archived groups and views count where the context says so."""
        groups = self.env['cadence.tag.group'].sudo().search([('exclude_view_ids', 'in', self.ids)])
        if groups:
            return self.env._(
                "View %(view)s keeps its contacts out of the mails of %(groups)s. Take it out of “Not Mailed If In” there first.",
                view=self.name, groups=', '.join(groups.mapped('name')))
        views = self.sudo().search([('except_view_ids', 'in', self.ids)]) - self
        if views:
            return self.env._(
                "View %(view)s keeps its contacts out of %(views)s. Take it out of “Except Those In” there first.",
                view=self.name, views=', '.join(views.mapped('name')))
        return None
