from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DAY, ResultCase

BODY = (
    '<p>Dear <t t-out="object.name"/>, <a href="https://cranes.example/all">Catalogue</a> or '
    '<a href="https://cranes.example/all">Prices</a>, <a t-attf-href="https://cranes.example/{{object.id}}">yours</a></p>')


@tagged('post_install', '-at_install')
class TestHeat(ResultCase):

    def setUp(self):
        super().setUp()
        self.letter.mailing_id.body_html = BODY
        self.partners = self._create_partners(5, batch=9)
        self.run_, self.traces = self._mail(self.partners)
        links = self.env['link.tracker'].search([('source_id', '=', self.run_.mailing_ids.source_id.id)])
        self.links = {(link.url, link.label): link for link in links}

    def _click_label(self, partner, label, **values):
        links = [link for (_url, text), link in self.links.items() if text == label]
        if label == 'yours':
            links = [link for link in links if link.url.endswith(f'/{partner.id}')]
        return self._click(self.traces[partner], links, **values)

    def _get_map(self, letter=None, **filters):
        self._count(self.run_)
        with self.at('2026-07-20'):
            return self.env['cadence.letter'].get_heat_map((letter or self.letter).id, filters)

    def _get_counts(self, heat):
        return {link['words']: link['count'] for link in heat['links']}

    def test_two_buttons_to_one_page_are_told_apart_and_five_clicks_in_a_mail_are_one(self):
        for _time in range(5):
            self._click_label(self.partners[0], 'Catalogue')
        self._click_label(self.partners[1], 'Catalogue')
        self._click_label(self.partners[1], 'Prices', after=9000)
        heat = self._get_map()
        self.assertEqual(self._get_counts(heat), {'Catalogue': 2, 'Prices': 1, 'yours': 0})
        self.assertEqual((heat['clicked'], heat['delivered'], heat['other']), (2, 5, 0))
        self.assertEqual([link['share'] for link in heat['links']], [1.0, 0.5, 0.0])

    def test_a_link_with_another_address_for_each_contact_is_one(self):
        self._click_label(self.partners[0], 'yours')
        self._click_label(self.partners[1], 'yours')
        self.assertEqual(self._get_counts(self._get_map())['yours'], 2)

    def test_machines_are_counted_only_where_somebody_asks(self):
        self._click_label(self.partners[0], 'Catalogue', after=1)
        self._click_label(self.partners[1], 'Catalogue')
        self.assertEqual(self._get_counts(self._get_map())['Catalogue'], 1)
        self.assertEqual(self._get_counts(self._get_map(machines=True))['Catalogue'], 2)

    def test_the_sum_is_what_was_clicked_in_its_days_and_nothing_is_hidden(self):
        self._click_label(self.partners[0], 'Prices')
        self._click_label(self.partners[2], 'Catalogue')
        self.letter.mailing_id.body_html = BODY.replace('Prices', 'Price list')
        heat = self._get_map()
        self.assertEqual((sum(link['count'] for link in heat['links']), heat['other']), (1, 1))
        self.assertEqual(self._get_map(date_to='2026-07-08')['clicked'], 0)
        self.assertEqual(self._get_map(date_to=DAY, days=7)['clicked'], 2)

    def test_what_it_says_is_what_the_results_say(self):
        self._click_label(self.partners[0], 'Prices')
        self._click_label(self.partners[1], 'Prices')
        self.traces[self.partners[1]].trace_status = 'bounce'
        heat = self._get_map()
        self.assertEqual(heat['clicked'], sum(self.run_.result_ids.mapped('clicked')))
        self.assertEqual(heat['clicked'], 1)

    def test_a_variant_has_its_own_clicks(self):
        other = self._create_letter(step=1, subject='Variant')
        self._click_label(self.partners[0], 'Prices')
        heat = self._get_map(other)
        self.assertEqual((heat['clicked'], heat['links']), (0, []))
        self.assertEqual([variant['id'] for variant in heat['variants']], (self.letter + other).ids)

    def test_a_link_opens_those_who_clicked_it(self):
        self._click_label(self.partners[0], 'Prices')
        self._click_label(self.partners[3], 'Catalogue')
        with self.at('2026-07-20'):
            action = self.env['cadence.letter'].with_user(self.salesman).get_heat_contacts(self.letter.id, {}, 1)
            self.assertEqual(self.env['res.partner'].search(action['domain']), self.partners[0])
            action = self.env['cadence.letter'].get_heat_contacts(self.letter.id, {}, None)
            self.assertEqual(self.env['res.partner'].search(action['domain']), self.partners[0] + self.partners[3])

    def test_letters_of_other_companies_are_not_shown(self):
        company = self.env['res.company'].create({'name': 'Other'})
        letter = self._create_letter(segment=self._create_segment('base.lang_fr', company_id=company.id))
        for method in ('get_heat_map', 'get_heat_contacts'):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.env['cadence.letter'].with_user(self.salesman), method)(letter.id)
        self.assertEqual(self.letter.with_user(self.salesman).action_heat_map()['params'], {'letter_id': self.letter.id})
