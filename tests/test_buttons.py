import inspect

from lxml import etree
from odoo.service.model import get_public_method
from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install')
class TestButtons(TransactionCase):
    """Each button of a screen of ours finds its method, and the method takes what a button gives it: records, and no more."""

    def test_every_button_finds_a_method_that_takes_records(self):
        ours = self.env['ir.model.data'].search([('module', '=', 'mass_mailing_cadence'), ('model', '=', 'ir.ui.view')])
        views = self.env['ir.ui.view'].search([('id', 'in', ours.mapped('res_id')), ('model', '!=', False)])
        buttons = [
            (view, button.get('name')) for view in views for button in etree.fromstring(view.arch_db).iter('button', 'a')
            if button.get('type') == 'object']
        self.assertGreater(len(buttons), 40)
        for view, name in buttons:
            with self.subTest(view=view.name, button=name):
                self._check(self._find_model(view, name), name)

    def _find_model(self, view, name):
        """The view's model, or that of a list within it."""
        models = [view.model, *(field.comodel_name for field in self.env[view.model]._fields.values() if field.relational)]
        return next((self.env[model] for model in models if hasattr(self.env[model], name)), self.env[view.model])

    def _check(self, model, name):
        method = get_public_method(model, name)
        self.assertFalse(getattr(method, '_api_model', False), "a button hands its records over: such a method takes none")
        required = [
            parameter.name for parameter in list(inspect.signature(method).parameters.values())[1:]
            if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
        self.assertEqual(required, [])
