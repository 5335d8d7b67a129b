from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestSegmentResponsible(CadenceCase):

    def test_the_responsible_is_told_as_long_as_they_are_there(self):
        self.segment.user_id = self.user
        self.assertEqual(self.segment._get_responsible(), self.user)
        self.assertFalse(self.segment.responsible_warning)
        self.assertEqual(self.segment._get_responsible(self.salesman), self.salesman)
        self.salesman.active = False
        self.assertEqual(self.segment._get_responsible(self.salesman), self.user)

    def test_a_manager_of_the_company_is_told_instead_of_who_has_left(self):
        self.segment.user_id = self.user
        for values in ({'active': False}, {'active': True, 'group_ids': self.env.ref('base.group_portal')}):
            self.user.write(values)
            with self.subTest(values=values):
                self.assertEqual(self.segment._get_responsible(), self.manager)
        self.assertRegex(
            self.segment.responsible_warning, '^cadence_user.* no longer has access.*cadence_manager.* is told')

    def test_without_a_manager_an_administrator_of_the_company_is_told(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        admin = self._create_user('their_admin', 'base.group_system', company_id=other.id, company_ids=other.ids)
        segment = self._create_segment('base.lang_fr', company_id=other.id, user_id=False)
        self.assertEqual(segment._get_responsible(), admin)
        admin.active = False
        self.assertEqual(segment._get_responsible(), self.env.user)

    def test_menus_begin_with_ones_own_where_others_answer_for_segments_too(self):
        def is_mine(user, menu='cadence_run_menu_today'):
            server = self.env.ref(f'mass_mailing_cadence.{menu}').action
            action = server.with_user(user).run()
            return bool(action['context'].get('search_default_mine')) if isinstance(action['context'], dict) else False
        self.segment.user_id = self.salesman
        self.assertFalse(is_mine(self.salesman), "all are theirs")
        self._create_segment('base.lang_fr', user_id=self.manager.id)
        for menu in ('cadence_run_menu_today', 'cadence_run_menu_calendar', 'cadence_segment_menu'):
            with self.subTest(menu=menu):
                self.assertTrue(is_mine(self.salesman, menu))
                self.assertTrue(is_mine(self.manager, menu))
                self.assertFalse(is_mine(self.user, menu), "answers for none")
        today = self.env.ref('mass_mailing_cadence.cadence_run_menu_today').action
        self.assertTrue(today.with_user(self.user).run()['context']['search_default_group_user'])
        self.assertNotIn('search_default_group_user', today.with_user(self.manager).run()['context'])
        company = self.env['res.company'].create({'name': 'Second'})
        self._create_segment('base.lang_de', company_id=company.id, user_id=self.manager.id)
        self.user.write({
            'company_ids': [Command.link(company.id)], 'group_ids': [Command.link(self.env.ref('base.group_multi_company').id)]})
        of_both = today.with_user(self.user).with_context(allowed_company_ids=self.user.company_ids.ids)
        self.assertTrue(of_both.run()['context']['search_default_group_company'])
        with self.assertRaises(AccessError):
            self.env['cadence.segment'].with_user(self.nobody).get_own_action('mass_mailing_cadence.cadence_segment_action')
        with self.assertRaises(ValueError):
            self.env['cadence.segment'].with_user(self.user).get_own_action('base.action_partner_form')

    def test_a_blocked_run_is_told_to_somebody_who_reads_it(self):
        self._create_partners(1, batch=5)
        self.segment.user_id = self.user
        self.user.active = False
        run = self._queue('2026-07-05')['marketing']
        self.assertEqual((run.state, run.activity_ids.user_id), ('blocked', self.manager))
