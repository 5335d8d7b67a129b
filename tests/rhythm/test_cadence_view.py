from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ViewCase


@tagged('post_install', '-at_install')
class TestView(ViewCase):

    def test_a_condition_on_a_group_holds_for_tags_added_tomorrow(self):
        self.assertFalse(self._find(self.risk))
        self.partners[0].category_id = self.env['res.partner.category'].create({
            'name': 'Bad payer', 'cadence_group_id': self.env.ref('mass_mailing_cadence.tag_group_risk').id})
        self.assertEqual(self._find(self.risk), self.partners[0])

    def test_all_and_any(self):
        germany, france = self.env.ref('base.de'), self.env.ref('base.fr')
        self.partners[0].write({'country_id': germany.id, 'user_id': self.salesman.id})
        self.partners[1].country_id = germany
        self.partners[2].country_id = france
        conditions = [
            {'field': 'country', 'operator': 'any', 'country_ids': [Command.set(germany.ids)]},
            {'field': 'salesperson', 'operator': 'any', 'user_ids': [Command.set(self.salesman.ids)]}]
        self.assertEqual(self._find(self._create_view(*conditions)), self.partners[0])
        self.assertEqual(self._find(self._create_view(*conditions, match='any')), self.partners[:2])
        none = self._create_view({'field': 'country', 'operator': 'none', 'country_ids': [Command.set(germany.ids)]})
        self.assertEqual(self._find(none), self.partners[2:])

    def test_who_is_not_in_a_view_is_everybody_else_by_the_database_and_in_memory(self):
        germany, deal = self.env.ref('base.de'), self.env.ref('mass_mailing_cadence.tag_deal')
        self.partners[0].write({'country_id': germany.id, 'category_id': [Command.link(deal.id)]})
        self.partners[1].country_id = germany
        self._tag(self.partners[2], 'tag_deal')
        deal.active = False
        conditions = [
            {'field': 'country', 'operator': 'any', 'country_ids': [Command.set(germany.ids)]},
            {'field': 'tag', 'operator': 'none', 'tag_ids': [Command.set(deal.ids)]},
            {'field': 'mailed', 'operator': 'never'},
            {'field': 'domain', 'operator': 'none', 'domain': "[('ref', '!=', 'VIP')]"}]
        inner = self._create_view(conditions[0])
        for match in ('all', 'any'):
            for chosen in (conditions[:1], conditions[:2], conditions[1:3], conditions):
                view = self._create_view(*chosen, match=match, except_view_ids=[Command.set(inner.ids)] if chosen[1:] else [])
                inside, outside = (self.env['res.partner'].search(
                    view._build_domain(inside) & Domain('id', 'in', self.partners.ids)) for inside in (True, False))
                with self.subTest(match=match, fields=[condition['field'] for condition in chosen]):
                    self.assertEqual(inside + outside, (inside + outside).browse(dict.fromkeys((inside + outside).ids)))
                    self.assertEqual(set(inside + outside), set(self.partners))
                    self.assertEqual(self.partners.filtered_domain(view._build_domain(False)), outside)

    def test_language_tag_and_expert_conditions(self):
        self.env['res.lang']._activate_lang('zh_CN')
        chinese = self.env['res.lang'].search([('code', '=', 'zh_CN')])
        self.partners.lang = 'en_US'
        self.partners[0].lang = 'zh_CN'
        self._tag(self.partners[1], 'tag_deal')
        self.partners[2].ref = 'VIP'
        for condition, partner in (
            ({'field': 'language', 'lang_ids': [Command.set(chinese.ids)]}, self.partners[0]),
            ({'field': 'tag', 'tag_ids': [Command.set(self.env.ref('mass_mailing_cadence.tag_deal').ids)]}, self.partners[1]),
            ({'field': 'domain', 'domain': "[('ref', '=', 'VIP')]"}, self.partners[2]),
        ):
            self.assertEqual(self._find(self._create_view(condition)), partner)

    def test_no_send_leaves_info_and_sales_mailable(self):
        addresses = {'noreply@a.example': True, 'info@a.example': False, 'sales@a.example': False, 'x@a.org': True,
                     'li@163.com': True, 'x@city.gov.au': True, 'x@organ.example': False, 'x@firma.com.tw': True}
        addresses |= {f'{name}@b.example': True for name in (
            'tick', 'tickets', 'helpdesk', 'no-reply', 'no_reply', 'donotreply', 'do-not-reply', 'postmaster', 'mailer-daemon',
            'abuse', 'bounce', 'bounces', 'webmaster', 'customer-service', 'careers')}
        addresses |= {f'{name}@b.example': False for name in ('ticketing.li', 'bouncer', 'office', 'export', 'abuser', 'jobson')}
        partners = self.env['res.partner'].create([{'name': address, 'email': address} for address in addresses])
        expected = {address for address, no_send in addresses.items() if no_send}
        self.assertEqual(set(self._find(self.no_send, partners).mapped('email')), expected)

    def test_half_filled_and_nonsensical_conditions_are_refused_with_their_name(self):
        for condition, words in (
            ({'field': 'tag_group', 'operator': 'any'}, 'Tag Group is any of.*choose at least one'),
            ({'field': 'email', 'operator': 'starts', 'value': ' ; '}, 'Address starts with.*hr@'),
            ({'field': 'email', 'operator': 'any', 'value': 'x'}, 'does not fit'),
            ({'field': 'country', 'operator': 'ends', 'value': 'x'}, 'does not fit'),
            ({'field': 'domain', 'operator': 'any', 'domain': '[(1'}, 'not a domain'),
            ({'field': 'domain', 'operator': 'any', 'domain': "[('no_such_field', '=', 1)]"}, 'not a domain'),
            ({'field': 'domain', 'operator': 'any', 'domain': '[]'}, 'every contact'),
            ({'field': 'domain', 'operator': 'any', 'domain': "[('cadence_view_ids', 'in', [1])]"}, 'cannot ask for views'),
        ):
            with self.subTest(condition=condition), self.assertRaisesRegex(ValidationError, f'View Test.*{words}'):
                self._create_view(condition)

    def test_of_a_view_without_conditions_nobody_knows_who_is_in_it(self):
        view = self._create_view()
        self.assertEqual((view.problem, view.partner_count), ("View Test has no condition: say who is in it.", 0))
        with self.assertRaisesRegex(UserError, 'has no condition'):
            view._get_domain()
        with mute_logger('odoo.addons.mass_mailing_cadence.models.rhythm.cadence_view'):
            self.assertEqual(self._search('in', view), self._search('not in', view), "nobody")
            self.assertFalse(self._search('in', view))

    def test_views_do_not_except_one_another_in_a_circle(self):
        view = self._create_view()
        view.except_view_ids = self.risk
        with self.assertRaises(ValidationError):
            self.risk.except_view_ids = view

    def test_the_favourite_filter_keeps_in_step(self):
        view = self._create_view({'field': 'country', 'country_ids': [Command.set(self.env.ref('base.de').ids)]})
        favourite = view.filter_id
        self.assertEqual((favourite.name, favourite.model_id, favourite.domain, favourite.user_ids.ids),
                         ('Test', 'res.partner', repr([('cadence_view_ids', 'in', view.ids)]), []))
        self.assertIn(favourite.id, [f['id'] for f in self.env['ir.filters'].with_user(self.salesman).get_filters('res.partner')])
        view.with_user(self.manager).name = 'Renamed'
        self.assertEqual(favourite.name, 'Renamed')
        view.with_user(self.manager).active = False
        self.assertFalse(favourite.active)
        view.with_user(self.manager).unlink()
        self.assertFalse(favourite.exists())

    def test_a_deleted_favourite_comes_back(self):
        self.risk.filter_id.unlink()
        self.risk.name = 'Danger'
        self.assertEqual(self.risk.filter_id.name, 'Danger')

    def test_stages_are_searched_as_they_are_shown(self):
        p = self._create_partners(6, batch=5)
        p[1].category_id += self.segment._get_batch_tags(self.reading, [5])
        self._tag(p[1:3], 'tag_inquiry')
        self._tag(p[2], 'tag_competitor')
        p[3].email = 'jobs@firm.example'
        p[4].category_id += self.segment._get_batch_tags(self.reading, [5])
        outside = self.partners[0]
        stages = ['silent', 'intention', 'risk', 'no_send', 'reading', 'silent', False]
        everybody = p + outside
        self.assertEqual([partner.cadence_stage for partner in everybody], stages)
        for stage in set(stages):
            found = self.env['res.partner'].search([('cadence_stage', '=', stage), ('id', 'in', everybody.ids)])
            self.assertEqual(found, everybody.filtered(lambda partner, stage=stage: partner.cadence_stage == stage))

    def test_views_are_found_by_name_as_well(self):
        self._tag(self.partners[0], 'tag_competitor')
        for domain in ([('cadence_view_ids.name', '=', 'Risk')], [('cadence_view_ids', '=', 'Risk')],
                       [('cadence_view_ids', 'ilike', 'Ris')]):
            self.assertEqual(self.env['res.partner'].search(domain + self.in_scope), self.partners[0])
        self.assertEqual(self.env['res.partner'].search([('cadence_view_ids', '=', False)] + self.in_scope), self.partners[1:])

    def test_a_deleted_view_is_in_nobodys_way_and_lets_nobody_through(self):
        view = self._create_view({'field': 'country', 'country_ids': [Command.set(self.env.ref('base.de').ids)]})
        self.assertEqual(self._search('not in', view), self.partners)
        ids = view.ids
        view.unlink()
        for operator in ('in', 'not in'):
            self.assertFalse(self.env['res.partner'].search([('cadence_view_ids', operator, ids)] + self.in_scope))

    def test_an_excepted_view_holds_when_archived(self):
        view = self._create_view(
            {'field': 'salesperson', 'user_ids': [Command.set(self.salesman.ids)]}, except_view_ids=self.risk.ids)
        self.partners.user_id = self.salesman
        self._tag(self.partners[0], 'tag_competitor')
        self.env.cr.execute('UPDATE cadence_view SET active = FALSE WHERE id = %s', self.risk.ids)
        self.risk.invalidate_recordset()
        self.assertEqual(self._find(view), self.partners[1:])

    def test_the_view_of_another_company_answers_nobody(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        view = self._create_view(
            {'field': 'salesperson', 'user_ids': [Command.set(self.salesman.ids)]}, company_id=other.id)
        self.partners.user_id = self.salesman
        self.env.invalidate_all()
        Partner = self.env['res.partner'].with_user(self.manager)
        self.assertFalse(Partner.search([('cadence_view_ids', 'in', view.ids)] + self.in_scope))
        self.assertFalse(Partner.search([('cadence_view_ids', 'not in', view.ids)] + self.in_scope))
        self.assertNotIn(view, self.partners[0].with_user(self.manager).cadence_view_ids)
        self.manager.company_ids += other
        both = Partner.with_context(allowed_company_ids=[self.env.company.id, other.id])
        self.assertEqual(both.search([('cadence_view_ids', 'in', view.ids)] + self.in_scope), self.partners)
        self.assertIn(view, both.browse(self.partners[0].id).cadence_view_ids)
