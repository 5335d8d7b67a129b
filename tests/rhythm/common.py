from odoo.fields import Command

from ..common import CadenceCase


class ViewCase(CadenceCase):
    """Views over six contacts, asked in both directions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._create_partners(6)
        cls.in_scope = [('id', 'in', cls.partners.ids)]

    def _create_view(self, *conditions, match='all', **values):
        return self.env['cadence.view'].create({
            'name': 'Test', 'match': match, 'condition_ids': [Command.create(condition) for condition in conditions]} | values)

    def _search(self, operator, view):
        return self.env['res.partner'].search([('cadence_view_ids', operator, view.ids)] + self.in_scope)

    def _find(self, view, partners=None):
        scope = self.partners if partners is None else partners
        scope.invalidate_recordset()
        found = self.env['res.partner'].search([('cadence_view_ids', 'in', view.ids), ('id', 'in', scope.ids)])
        computed = scope.filtered(lambda partner: view in partner.cadence_view_ids)
        self.assertEqual(found.sorted('id'), computed, "compute and search agree")
        self.assertEqual(scope - found, self.env['res.partner'].search(
            [('cadence_view_ids', 'not in', view.ids), ('id', 'in', scope.ids)]).sorted('id'))
        return found
