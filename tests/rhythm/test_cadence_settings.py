from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestCadenceSettings(CadenceCase):

    def test_a_manager_changes_the_settings_of_the_company_and_nothing_else_of_it(self):
        self.assertFalse(self.manager.has_group('base.group_system'))
        form = Form(self.env['cadence.settings'].with_user(self.manager))
        self.assertEqual(form.cadence_domain_daily_cap, self.env.company.cadence_domain_daily_cap)
        form.cadence_domain_daily_cap = 7
        form.cadence_short_month = 'skip'
        form.save().action_save()
        self.assertEqual((self.env.company.cadence_domain_daily_cap, self.env.company.cadence_short_month), (7, 'skip'))
        with self.assertRaises(AccessError):
            self.env.company.with_user(self.manager).cadence_domain_daily_cap = 8

    def test_nobody_else_does(self):
        for user in (self.user, self.salesman, self.marketer):
            with self.assertRaises(AccessError):
                self.env['cadence.settings'].with_user(user).create({'cadence_domain_daily_cap': 1})
        self.assertEqual(self.env.company.cadence_domain_daily_cap, 20)

    def test_the_settings_are_those_of_the_managers_own_company(self):
        other = self.env['res.company'].create({'name': 'Other'})
        settings = self.env['cadence.settings'].with_user(self.manager).create({
            'company_id': other.id, 'cadence_domain_daily_cap': 1})
        settings.write({'company_id': other.id, 'cadence_batch_domain_cap': 2})
        self.assertEqual((other.cadence_domain_daily_cap, other.cadence_batch_domain_cap), (20, 10))
        self.assertEqual(settings.company_id, self.env.company)

    def test_every_setting_of_the_company_is_there(self):
        settings = self.env['cadence.settings']
        names = {name for name, field in self.env['res.config.settings']._fields.items()
                 if name.startswith('cadence_') and field.related and field.related.startswith('company_id.')}
        self.assertLessEqual(names, settings._fields.keys())
        arch = settings.get_view(view_type='form')['arch']
        self.assertEqual({name for name in names if f'name="{name}"' not in arch}, set())
