from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..results.common import ResultCase

BODY = (
    '<p>Dear Sir, see our <a href="https://cranes.example/all">Catalogue</a> or our '
    '<a href="https://cranes.example/all">Prices</a>.</p>')


@tagged('post_install', '-at_install')
class TestResultsTours(HttpCase, ResultCase):
    """What the mails brought, in a real browser: every part of the page opens what it counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.manager + cls.salesman + cls.user:
            user.password = user.login
        cls.day = fields.Date.today() - timedelta(days=4)
        if cls.day.day == 31:
            cls.day -= timedelta(days=1)
        cls.letter.mailing_id.body_html = BODY
        cls.partners = cls._create_partners(8, batch=cls.day.day)

    def setUp(self):
        super().setUp()
        self.run_, traces = self._mail(self.partners, str(self.day))
        links = self.env['link.tracker'].search([('source_id', '=', self.run_.mailing_ids.source_id.id)])
        self.prices = links.filtered(lambda link: link.label == 'Prices')
        for partner in self.partners[:4]:
            self._open(traces[partner])
        self._click(traces[self.partners[0]], self.prices)
        self._click(traces[self.partners[1]], self.prices)
        self._click(traces[self.partners[1]], links - self.prices, after=9000)
        traces[self.partners[2]].write({'trace_status': 'reply', 'reply_datetime': traces[self.partners[2]].sent_datetime})
        with self.at(self.day + timedelta(days=1)):
            lead = self.env['crm.lead'].create({
                'name': 'Crane', 'type': 'opportunity', 'partner_id': self.partners[2].id, 'expected_revenue': 100.0,
                'user_id': self.salesman.id})
            self.env.flush_all()
            lead.action_set_won()
        self._count(self.run_)

    def _tour(self, path, tour, user):
        self.start_tour(f'/odoo/{path}', tour, login=user.login, timeout=120)

    def test_a_salesperson_opens_every_part_of_the_page(self):
        self._tour('cadence-results', 'cadence_results', self.salesman)

    def test_a_manager_opens_every_part_of_the_page_and_enters_a_cost(self):
        self._tour('cadence-results', 'cadence_results', self.manager)
        self._tour('cadence-results', 'cadence_results_cost', self.manager)
        self.assertEqual(self.env['cadence.cost'].search([]).mapped('name'), ['Mail server'])

    def test_where_people_click_is_shown_over_the_letter_and_beside_it(self):
        self._tour(f'action-mass_mailing_cadence.cadence_letter_action/{self.letter.id}', 'cadence_heat_map', self.salesman)

    def test_sending_times_are_tested_from_the_picture_of_when_people_open(self):
        self._tour('cadence-results', 'cadence_hours_test', self.user)
        test = self.env['cadence.test'].search([])
        self.assertEqual((test.kind, test.state, test.arm_ids.mapped('hour')), ('hour', 'stopped', [9.0, 15.5]))

    def test_two_letters_are_tested(self):
        self._create_letter(step=1, subject='Variant')
        self._tour(f'action-mass_mailing_cadence.cadence_letter_action/{self.letter.id}', 'cadence_letter_test', self.user)
        test = self.env['cadence.test'].search([])
        self.assertEqual((test.state, len(test.arm_ids)), ('running', 2))
