from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ViewCase


@tagged('post_install', '-at_install')
class TestViewUse(ViewCase):

    def setUp(self):
        super().setUp()
        self.view = self._create_view({'field': 'email', 'operator': 'ends', 'value': 'rival.example'}).with_user(self.manager)

    def test_what_a_group_leaves_out_is_neither_archived_nor_deleted(self):
        self.marketing.exclude_view_ids += self.view
        for take_away in (self.view.action_archive, self.view.unlink):
            with self.assertRaisesRegex(UserError, 'Test keeps its contacts out of the mails of Marketing.*Not Mailed If In'):
                take_away()
        self.marketing.exclude_view_ids -= self.view
        self.view.action_archive()
        self.assertFalse(self.view.active)

    def test_what_another_view_excepts_is_neither_archived_nor_deleted(self):
        self._create_view({'field': 'country', 'country_ids': [Command.set(self.env.ref('base.de').ids)]},
                          name='Germans', except_view_ids=self.view.ids)
        for take_away in (self.view.action_archive, self.view.unlink):
            with self.assertRaisesRegex(UserError, 'View Test keeps its contacts out of Germans'):
                take_away()

    def test_an_archived_group_lets_go_of_a_view_but_not_for_ever(self):
        group = self.env['cadence.tag.group'].create({'name': 'Winning back', 'code': 'back', 'exclude_view_ids': self.view.ids})
        group.active = False
        self.view.action_archive()
        with self.assertRaisesRegex(UserError, 'Winning back'):
            self.view.unlink()

    def test_the_last_condition_of_a_view_that_is_in_use_stays(self):
        self.marketing.exclude_view_ids += self.view
        with self.assertRaisesRegex(ValidationError, 'keeps its contacts out'):
            self.view.condition_ids = [Command.clear()]
        self.view.write({'condition_ids': [
            Command.delete(self.view.condition_ids.id), Command.create({'field': 'email', 'operator': 'ends', 'value': '.cn'})]})
        self.assertEqual(self.view.condition_ids.value, '.cn')

    def test_a_view_in_use_without_conditions_lets_nobody_through(self):
        self.marketing.exclude_view_ids += self.view
        self.view.condition_ids.unlink()
        with self.assertRaisesRegex(UserError, 'no condition'):
            self.view._get_domain()

    def test_a_view_that_a_shared_group_leaves_out_is_not_given_to_one_company(self):
        self.marketing.exclude_view_ids += self.view
        with self.assertRaisesRegex(ValidationError, 'Marketing is mailed for more companies'):
            self.view.company_id = self.env.company

    def test_what_is_not_in_use_goes(self):
        self.view.unlink()
        self.assertFalse(self.view.exists())
