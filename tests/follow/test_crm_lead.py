from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestCrmLead(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna, cls.bob = cls._create_partners(2, batch=9, domain='acme.example')
        cls.carl = cls._create_partners(1, batch=9, domain='other.example')
        cls.inquiry, cls.deal, cls.competitor = (
            cls.env.ref(f'mass_mailing_cadence.tag_{name}') for name in ('inquiry', 'deal', 'competitor'))

    def _create_lead(self, partner=None, **values):
        return self.env['crm.lead'].create(
            {'name': 'Cranes', 'type': 'opportunity', 'partner_id': (partner or self.anna).id} | values)

    def _reasons(self, partner):
        return self.env['cadence.journal'].search([('partner_id', '=', partner.id)]).mapped('reason')

    def test_a_new_opportunity_is_an_inquiry_of_its_contact(self):
        lead = self._create_lead()
        self.assertIn(self.inquiry, self.anna.category_id)
        self.assertNotIn(self.inquiry, self.bob.category_id)
        entry = self.env['cadence.journal'].search([('partner_id', '=', self.anna.id)])
        self.assertEqual((entry.reason, entry.lead_id), ('opportunity', lead))

    def test_an_opportunity_without_a_contact_goes_by_its_address(self):
        self._create_lead(partner_id=False, email_from=self.anna.email)
        self.assertIn(self.inquiry, self.anna.category_id)

    def test_a_lead_is_an_inquiry_when_it_becomes_an_opportunity(self):
        lead = self._create_lead(type='lead')
        self.assertNotIn(self.inquiry, self.anna.category_id)
        lead.convert_opportunity(self.anna)
        self.assertIn(self.inquiry, self.anna.category_id)

    def test_what_a_machine_s_answer_made_is_no_inquiry(self):
        self.env['crm.lead'].with_context(cadence_automatic=True).create({
            'name': 'Out of office', 'type': 'opportunity', 'partner_id': self.anna.id})
        self.assertNotIn(self.inquiry, self.anna.category_id)

    def test_a_won_opportunity_is_a_deal_of_the_whole_company(self):
        self._create_lead().action_set_won()
        for partner in self.anna + self.bob:
            self.assertIn(self.deal, partner.category_id)
        self.assertNotIn(self.deal, self.carl.category_id)

    def test_a_won_opportunity_is_the_contact_s_alone_if_the_company_wants_it(self):
        self.env.company.cadence_deal_company = False
        self._create_lead().action_set_won()
        self.assertIn(self.deal, self.anna.category_id)
        self.assertNotIn(self.deal, self.bob.category_id)

    def test_who_buys_while_their_batch_and_segment_rest_is_a_customer_when_they_mail_again(self):
        self.anna.category_id.active = False
        self.segment.active = False
        self.bob.active = False
        self._create_lead().action_set_won()
        for partner in self.anna + self.bob:
            self.assertIn(self.deal, partner.with_context(active_test=False).category_id)

    def test_the_lost_reason_says_which_risk_it_is(self):
        lead = self._create_lead()
        lead.action_set_lost(lost_reason_id=self.env.ref('mass_mailing_cadence.lost_reason_competitor').id)
        self.assertIn(self.competitor, self.anna.category_id)
        self.assertEqual(self._reasons(self.anna), ['taken_off', 'lost', 'opportunity'])
        self.assertNotIn(self.env.ref('mass_mailing_cadence.tag_inquiry'), self.anna.category_id)

    def test_a_lost_reason_without_a_tag_changes_nothing(self):
        reason = self.env['crm.lost.reason'].create({'name': 'Too expensive'})
        self._create_lead().action_set_lost(lost_reason_id=reason.id)
        self.assertEqual(self._reasons(self.anna), ['opportunity'])

    def test_who_is_in_no_segment_is_left_alone(self):
        stranger = self.env['res.partner'].create({'name': 'Stranger', 'email': 's@strange.example'})
        self._create_lead(stranger).action_set_won()
        self.assertFalse(stranger.category_id)

    def test_with_the_setting_off_nothing_follows(self):
        self.env.company.cadence_follow_deals = False
        self._create_lead().action_set_won()
        self.assertFalse(self._reasons(self.anna))

    def test_a_company_s_deal_is_nothing_to_another_company_s_contacts(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        self.bob.company_id = other
        theirs = self._create_segment('base.lang_fr', company_id=other.id, user_id=False)
        shared = self._create_partners(1, batch=9, segment=theirs, domain='acme.example')
        self._create_lead(company_id=self.env.company.id).action_set_won()
        self.assertIn(self.deal, self.anna.category_id)
        for partner in self.bob + shared:
            self.assertNotIn(self.deal, partner.category_id)
        entries = self.env['cadence.journal'].search([('partner_id', '=', self.anna.id)])
        self.assertEqual((entries.company_id, set(entries.mapped('detail'))), (self.env.company, {False}))
