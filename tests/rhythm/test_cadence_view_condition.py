from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ViewCase


@tagged('post_install', '-at_install')
class TestViewCondition(ViewCase):

    def setUp(self):
        super().setUp()
        self.tag = self.env['res.partner.category'].create({'name': 'Rival'})
        self.partners[0].category_id = self.tag

    def test_an_archived_tag_still_holds(self):
        view = self._create_view({'field': 'tag', 'tag_ids': [Command.set(self.tag.ids)]})
        self.tag.active = False
        self.assertEqual(self._find(view), self.partners[0])

    def test_an_archived_tag_group_still_holds(self):
        group = self.env['cadence.tag.group'].create({'name': 'Rivals', 'code': 'rivals'})
        self.tag.cadence_group_id = group
        view = self._create_view({'field': 'tag_group', 'tag_group_ids': [Command.set(group.ids)]})
        group.active = False
        self.env.invalidate_all()
        self.assertEqual(self._find(view), self.partners[0])
        self.assertEqual(view._get_reason(self.partners[0]), 'tag Rival')

    def test_an_archived_salesperson_and_an_uninstalled_language_still_hold(self):
        french = self.env['res.lang'].with_context(active_test=False).search([('code', '=', 'fr_FR')])
        self.partners[0].user_id = self.salesman
        self.partners[1:].user_id = self.user
        view = self._create_view({'field': 'salesperson', 'user_ids': [Command.set(self.salesman.ids)]})
        self._create_view({'field': 'language', 'lang_ids': [Command.set(french.ids)]})
        self.salesman.active = False
        self.env.invalidate_all()
        self.assertEqual(self._find(view), self.partners[0])

    def test_a_condition_that_has_lost_its_values_makes_the_view_faulty(self):
        view = self._create_view({'field': 'tag', 'tag_ids': [Command.set(self.tag.ids)]})
        self.env.cr.execute('DELETE FROM cadence_view_condition_tag_rel')
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, 'View Test, condition “Tag is any of”: choose at least one value'):
            view._get_domain()

    def test_the_company_of_a_shared_views_group_does_not_hide_it(self):
        """The definition is read whoever asks: another company's tag group must not empty the condition."""
        other = self.env['res.company'].create({'name': 'Other company'})
        group = self.env['cadence.tag.group'].create({'name': 'Rivals', 'code': 'rivals', 'company_id': other.id})
        self.tag.cadence_group_id = group
        view = self._create_view({'field': 'tag_group', 'tag_group_ids': [Command.set(group.ids)]})
        self.env.invalidate_all()
        found = self.env['res.partner'].with_user(self.manager).search([('cadence_view_ids', 'in', view.ids)] + self.in_scope)
        self.assertEqual(found, self.partners[0])
