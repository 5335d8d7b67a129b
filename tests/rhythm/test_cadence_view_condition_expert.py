from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import ViewCase

LOGGERS = ('odoo.addons.mass_mailing_cadence.models.rhythm.cadence_view', 'odoo.sql_db', 'odoo.models')


@tagged('post_install', '-at_install')
class TestViewConditionExpert(ViewCase):

    def _create_expert(self, domain, user=None, **values):
        return self.env['cadence.view'].with_user(user or self.manager).create({
            'name': 'Expert', 'condition_ids': [Command.create({'field': 'domain', 'domain': repr(domain)})]} | values)

    def _break(self, view, domain):
        """What an upgrade or a deleted field leaves behind."""
        self.env.cr.execute(
            'UPDATE cadence_view_condition SET domain = %s WHERE view_id = %s', [repr(domain), view.id])
        self.env.invalidate_all()

    # Faults

    def test_a_domain_that_cannot_be_asked_is_refused_at_save(self):
        for domain in (
            [('x_vip', '=', True)], [('id', 'in', 'abc')], [('create_date', '>', 'abc')], [('id', '=', 'abc')],
            [('color', '=', 'x')], [('parent_id.x_vip', '=', 1)], [('child_ids', 'any', [('x_vip', '=', 1)])],
            [('email.x', '=', 1)], [('user_id', 'any', 5)], [('name', 'almost', 1)], ['|', ('name', '=', 1)],
            [('image_1920', '=', 'x')], [('id', '!=', False)],
            [('parent_id', 'any!', [('name', '=', 'x')])], [('partner_latitude', '=', 'abc')], {'name': 1}, 5,
        ):
            with (self.subTest(domain=domain), self.assertRaisesRegex(ValidationError, 'View Expert, condition “Domain'),
                  mute_logger(*LOGGERS)):
                self._create_expert(domain)

    def test_a_domain_within_reason_is_taken(self):
        self.partners[0].write({'ref': 'VIP', 'user_id': self.salesman.id})
        child = self.env['res.partner'].create({'name': 'Child', 'parent_id': self.partners[1].id, 'ref': 'VIP'})
        for domain, found in (
            ([('ref', '=', 'VIP')], self.partners[0]),
            ([('user_id.name', '=', self.salesman.name)], self.partners[0]),
            ([('user_id', 'ilike', 'salesman')], self.partners[0]),
            ([('child_ids.ref', '=', 'VIP')], self.partners[1]),
            ([('child_ids', 'any', [('ref', '=', 'VIP')])], self.partners[1]),
            (['!', ('child_ids', 'any', [('ref', '=', 'VIP')])], self.partners - self.partners[1]),
            ([('id', 'parent_of', child.ids)], self.partners[1]),
            ([('cadence_touch_ids', '=', False)], self.partners),
            ([('create_date', '>=', 'today -1d')], self.partners),
            ([('cadence_cooled_date', '=', False)], self.partners),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._find(self._create_expert(domain)), found)

    def test_a_faulty_view_says_so_and_the_others_go_on(self):
        broken, sound = self._create_expert([('ref', '=', 'VIP')]), self._create_expert([('ref', '=', 'VIP')], name='Sound')
        self.partners[0].ref = 'VIP'
        for domain in ([('x_vip', '=', True)], [('id', 'in', 'abc')], [('id', '=', 'abc')], [('create_date', '>', 'abc')]):
            self._break(broken, domain)
            with self.subTest(domain=domain), mute_logger(*LOGGERS):
                self.assertRegex(broken.problem, 'View Expert, condition “Domain .experts. is any of”: this is not a domain')
                with self.assertRaisesRegex(UserError, 'View Expert'):
                    broken._get_domain()
                with self.assertRaisesRegex(UserError, 'View Expert'):
                    broken.action_open_contacts()
                self.assertEqual(self.partners[0].cadence_view_ids, sound)
                self.assertFalse(self.partners[0].cadence_stage)
                self.assertEqual(self._search('in', sound), self.partners[0])
                self.assertEqual(self._search('in', broken + sound), self.partners[0])
                self.assertFalse(self._search('in', broken))
                self.assertFalse(self._search('not in', broken), "a mailing that leaves it out reaches nobody")
                self.assertFalse(self._search('not in', broken + sound))
                self.assertEqual(broken.partner_count, 0)

    def test_what_others_have_written_stays_when_a_view_turns_out_faulty(self):
        view = self._create_expert([('ref', '=', 'VIP')])
        self._break(view, [('id', '=', 'abc')])
        self.partners[0].ref = 'Written before'
        with mute_logger(*LOGGERS):
            self.assertTrue(view.problem)
        self.env.invalidate_all(flush=False)
        self.assertEqual(self.partners[0].ref, 'Written before')

    def test_a_fault_that_only_some_contact_shows_keeps_no_form_from_opening(self):
        view = self._create_expert([('ref', '=', 'VIP')])
        fails = Domain.custom(to_sql=lambda model, alias, query: SQL("1 / (%s.id - %s.id) = 1", SQL(alias), SQL(alias)))
        self.patch(type(view.condition_ids), '_get_domain_domain', lambda condition: fails)
        with mute_logger(*LOGGERS):
            self.assertFalse(self.partners[0].cadence_view_ids & view)

    def test_a_view_that_excepts_a_faulty_one_is_faulty(self):
        broken = self._create_expert([('ref', '=', 'VIP')])
        view = self._create_expert([('ref', '=', 'VIP')], name='Others', except_view_ids=broken.ids)
        self._break(broken, [('x_vip', '=', True)])
        self.assertIn('View Expert', view.problem)

    # Rights

    def test_a_manager_cannot_ask_for_what_only_others_may_read(self):
        for domain in (
            [('user_ids.totp_secret', '=like', 'S%')],
            [('user_ids.password', '=like', '$pbkdf2%')],
            [('signup_type', '=', 'reset')],
            [('user_ids', 'any', [('totp_secret', '=like', 'S%')])],
            [('user_ids', 'not any', [('totp_secret', '=like', 'S%')])],
            [('parent_id.user_ids.totp_secret', '=like', 'S%')],
            [('child_ids', 'any', [('parent_id', 'any', [('user_ids.totp_secret', '!=', False)])])],
            ['!', ('user_ids.totp_secret', '=like', 'S%')],
            ['|', ('name', '=', 'x'), ('user_ids.totp_secret', '=like', 'S%')],
            [('create_uid.totp_secret', '=like', 'S%')],
            [('user_id.totp_last_counter', '>', 1)],
            [('user_ids.group_ids.model_access.name', 'ilike', 'x')],
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError), mute_logger(*LOGGERS):
                self._create_expert(domain)

    def test_not_even_an_administrator_shows_everybody_what_is_shown_to_some(self):
        admin = new_test_user(self.env, 'cadence_admin', 'mass_mailing_cadence.group_manager,base.group_erp_manager')
        for user in (admin, self.env.ref('base.user_root')):
            for domain in ([('signup_type', '=', 'reset')], [('user_ids.totp_secret', '=like', 'S%')]):
                with self.subTest(user=user.login, domain=domain), self.assertRaises(ValidationError), mute_logger(*LOGGERS):
                    self._create_expert(domain, user=user)

    def test_views_are_not_asked_for_however_deep(self):
        for domain in (
            [('cadence_stage', '=', 'risk')], [('parent_id.cadence_view_ids', 'in', [1])],
            [('child_ids', 'any', [('cadence_stage', '=', 'risk')])], [('user_ids.cadence_stage', '=', 'risk')],
            [('category_id.partner_ids.cadence_view_ids', '=', False)],
        ):
            with self.subTest(domain=domain), self.assertRaisesRegex(ValidationError, 'cannot ask for views'):
                self._create_expert(domain)

    def test_a_domain_is_asked_with_the_rights_of_who_wrote_it(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        self.env['res.partner'].create(
            {'name': 'Their secret', 'parent_id': self.partners[0].id, 'company_id': other.id, 'ref': 'SECRET'})
        view = self._create_expert([('child_ids.ref', '=', 'SECRET')])
        self.assertFalse(self._find(view), "in nobody's eyes, also the administrator's")
        self.assertFalse(self._find(view.with_user(self.manager)))
        self.manager.company_ids += other
        self.env.invalidate_all()
        self.assertEqual(self._find(view), self.partners[0])

    def test_of_models_with_rules_a_view_tells_what_is_the_authors(self):
        admin = new_test_user(self.env, 'cadence_admin', 'base.group_system')
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for user in (admin, self.manager):
            self.env['res.users.apikeys'].with_user(user)._generate('rpc', 'My key', tomorrow)
        view = self._create_expert([('user_ids.api_key_ids.name', '=', 'My key')])
        self.assertEqual(self._find(view, (admin + self.manager).partner_id), self.manager.partner_id)

    def test_a_view_tells_nothing_of_another_companys_contacts(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        self.partners[0].write({'company_id': other.id, 'ref': 'SECRET'})
        view = self._create_expert([('ref', '=like', 'S%')])
        self.assertEqual(view.partner_count, 0)
        self.assertFalse(self.env['res.partner'].with_user(self.manager).search([('cadence_view_ids', 'in', view.ids)]))
        self.assertEqual(self._search('in', view), self.partners[0], "their own users, and the cadence, know")

    def test_the_author_is_who_wrote_the_domain_last(self):
        admin = new_test_user(self.env, 'cadence_admin', 'mass_mailing_cadence.group_manager,base.group_erp_manager')
        view = self._create_expert([('ref', '=', 'VIP')], user=admin)
        condition = view.condition_ids.with_user(self.manager)
        self.assertEqual(condition.author_id, admin)
        condition.sequence = 5
        self.assertEqual(condition.author_id, admin)
        condition.domain = "[('ref', '=', 'VIPS')]"
        self.assertEqual(condition.author_id, self.manager)
        self.assertEqual(view.with_user(self.user.browse(admin.id)).copy().condition_ids.author_id, admin)

    def test_nobody_writes_in_anothers_name(self):
        condition = self._create_expert([('ref', '=', 'VIP')]).condition_ids
        root = self.env.ref('base.user_root')
        with self.assertRaises(AccessError):
            condition.author_id = root
        with self.assertRaises(AccessError):
            condition.create({'view_id': condition.view_id.id, 'field': 'domain', 'domain': "[('ref', '=', 1)]",
                              'author_id': root.id})
        with self.assertRaises(AccessError):
            condition.with_context(default_author_id=root.id).create(
                {'view_id': condition.view_id.id, 'field': 'domain', 'domain': "[('ref', '=', 1)]"})

    def test_a_domain_whose_author_lost_the_right_to_it_makes_the_view_faulty(self):
        view = self._create_expert([('cadence_touch_ids', '!=', False)])
        self.assertFalse(view.problem)
        self.manager.group_ids = self.env.ref('base.group_user')
        self.env.invalidate_all()
        self.assertIn('cadence_touch_ids is not shown', view.sudo().problem)

    def test_an_archived_author_still_stands_for_the_domain(self):
        self.partners[0].ref = 'VIP'
        view = self._create_expert([('ref', '=', 'VIP')]).sudo()
        self.manager.active = False
        self.env.invalidate_all()
        self.assertEqual(self._find(view), self.partners[0])
