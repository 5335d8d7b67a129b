import re

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import Query

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestPartner(CadenceCase):

    def test_contacts_are_counted_by_tag_as_the_user_sees_them(self):
        partners = self._create_partners(4, batch=5) + self._create_partners(2, batch=6, domain='second.example')
        tags = self.segment.tag_ids
        partners[0].active = False
        partners[1].company_id = self.env['res.company'].create({'name': 'Second'})
        for user in (self.user, self.manager):
            counts = self.env['res.partner'].with_user(user)._cadence_count_by_tag(tags)
            by_orm = dict(self.env['res.partner'].with_user(user)._read_group(
                [('category_id', 'in', tags.ids)], ['category_id'], ['__count']))
            found = {id_: count for id_, count in counts.items() if count}
            self.assertEqual(found, {tag.id: count for tag, count in by_orm.items()})
            self.assertEqual(sorted(filter(None, counts.values())), [2, 2])

    def test_the_company_domain_follows_the_address(self):
        partner = self.env['res.partner'].create({'name': 'x', 'email': 'Bob <bob@mail.acme.co.uk>'})
        self.assertEqual(partner.cadence_company_domain, 'acme.co.uk')
        partner.email = 'bob@gmail.com'
        self.assertFalse(partner.cadence_company_domain)

    def test_the_canonical_address_follows_the_field(self):
        partner = self.env['res.partner'].create({'name': 'x', 'email': 'Bob <Bob@Bücher.example.>'})
        self.assertEqual((partner.cadence_email, partner.cadence_several_emails), ('bob@xn--bcher-kva.example', False))
        self.assertEqual(partner.cadence_company_domain, 'xn--bcher-kva.example')
        partner.email = 'bob@acme.example / ann@acme.example'
        self.assertEqual(
            (partner.cadence_email, partner.cadence_several_emails), (False, 'bob@acme.example ann@acme.example'))
        self.assertEqual(partner.cadence_company_domain, 'acme.example')
        partner.email = 'nobody'
        self.assertEqual((partner.cadence_email, partner.cadence_several_emails), (False, False))

    def test_a_contact_is_found_by_any_spelling_and_any_of_its_addresses(self):
        one, several, other = self.env['res.partner'].create([
            {'name': email, 'email': email}
            for email in ('ann@bücher.example', 'Bob@one.example, carl@two.example', 'dora@x.example')])
        Partner = self.env['res.partner']
        for text, expected in (
            ('ann@xn--bcher-kva.example', one), ('<ANN@BÜCHER.example>', one), ('carl@two.example', several),
            ('carl@two.example ann@bücher.example', several + one), ('nobody', Partner),
        ):
            domain = Partner._cadence_get_email_domain([text])
            self.assertEqual(Partner.search(domain), expected.sorted(), text)
            self.assertEqual((one + several + other).filtered_domain(domain), (one + several + other) & expected, text)

    def _explain(self, condition):
        """The plan of a search among many contacts, where the planner does not fall back to reading them all."""
        self.cr.execute("""
            INSERT INTO res_partner (name, active, email_normalized, cadence_email)
            SELECT 'x', TRUE, email, email
              FROM (SELECT FORMAT('a%s@b%s.example', n, n) AS email FROM GENERATE_SERIES(1, 5000) n) x;
            ANALYZE res_partner;
            SET LOCAL enable_seqscan = off""")
        self.cr.execute(f'EXPLAIN SELECT id FROM res_partner WHERE {condition}')
        return '\n'.join(line for line, in self.cr.fetchall())

    def test_whatever_asks_for_addresses_has_an_index(self):
        for condition, index in (
            ("cadence_email = 'a@b.example'", 'res_partner_cadence_email'),
            ("cadence_email IN ('a@b.example', 'b@b.example')", 'res_partner_cadence_email'),
            ("cadence_email LIKE 'hr@%'", 'res_partner_cadence_email'),
            ("REVERSE(cadence_email) LIKE 'moc.qq%'", 'res_partner_cadence_email_reverse'),
            ("STRING_TO_ARRAY(SPLIT_PART(cadence_email, '@', 2), '.') && ARRAY['edu']", 'res_partner_cadence_email_labels'),
            ("cadence_several_emails IS NOT NULL AND STRING_TO_ARRAY(cadence_several_emails, ' ') && ARRAY['a@b.example']",
             'res_partner_cadence_several_emails'),
            ("email_normalized = 'a@b.example'", 'res_partner_cadence_email_normalized'),
        ):
            self.assertRegex(self._explain(condition), rf'Index Scan (using|on) {index}\b', condition)

    def test_a_view_by_address_is_answered_by_the_indexes(self):
        for operator, value, indexes in (
            ('starts', 'hr@;jobs@', {'res_partner_cadence_email'}),
            ('ends', 'qq.com;.cn;a@b.example', {'res_partner_cadence_email', 'res_partner_cadence_email_reverse'}),
            ('contains', '.edu;.gov', {'res_partner_cadence_email_labels'}),
        ):
            self.no_send.condition_ids.unlink()
            self.no_send.condition_ids = [(0, 0, {'field': 'email', 'operator': operator, 'value': value})]
            domain = self.no_send._get_domain().optimize_full(self.env['res.partner'])
            query = Query(self.env, 'res_partner')
            condition = domain._to_sql(self.env['res.partner'], 'res_partner', query)
            plan = self._explain(self.cr.mogrify(condition.code, condition.params).decode())
            self.assertEqual(set(re.findall(r'Index Scan (?:using|on) (\w+)', plan)), indexes, plan)

    def test_a_view_by_address_holds_for_every_spelling_of_pattern_and_address(self):
        partners = self.env['res.partner'].create([{'name': email, 'email': email} for email in (
            'a@пример.рф', 'a@xn--e1afmkfd.xn--p1ai', 'b@公司.中国', 'b@xn--55qx5d.xn--fiqs8s', 'c@bücher.example',
            'C@XN--bcher-kva.example', 'd@mail.bücher.example', 'e@acme.example')])
        within = Domain('cadence_view_ids', 'in', self.no_send.ids)
        for value in ('.рф;.中国;bücher.example', '.xn--p1ai;.xn--fiqs8s;xn--bcher-kva.example'):
            self.no_send.condition_ids.unlink()
            self.no_send.condition_ids = [(0, 0, {'field': 'email', 'operator': 'ends', 'value': value})]
            self.assertEqual(partners.search(within & Domain('id', 'in', partners.ids)), partners[:7].sorted(), value)
            self.assertEqual(partners.filtered_domain(within), partners[:7], value)

    def test_a_view_by_address_and_its_opposite_share_out_everybody(self):
        self.no_send.condition_ids.unlink()
        self.no_send.condition_ids = [(0, 0, {'field': 'email', 'operator': 'ends', 'value': 'xn--bcher-kva.example'})]
        partners = self.env['res.partner'].create([
            {'name': str(email), 'email': email}
            for email in ('a@bücher.example', 'b@x.example', 'c@x.example d@x.example', False)])
        within = Domain('cadence_view_ids', 'in', self.no_send.ids)
        self.assertEqual(partners.filtered_domain(within), partners[0])
        self.assertEqual(partners.search(within & Domain('id', 'in', partners.ids)), partners[0])
        self.assertEqual(partners.search(~within & Domain('id', 'in', partners.ids)), partners[1:].sorted())

    def test_a_list_of_contacts_computes_its_stages_in_as_many_queries_as_one(self):
        few, many = self._create_partners(2, batch=5), self._create_partners(60, batch=6)
        self.env['cadence.view'].search([]).mapped('condition_ids.tag_group_ids.tag_ids')
        counts = []
        for partners in (few, few, many):
            self.env.flush_all()
            partners.invalidate_recordset()
            before = self.cr.sql_log_count
            self.assertEqual(set(partners.mapped('cadence_stage')), {'silent'})
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
