from odoo.tests import tagged

from .common import DAY, ResultCase


@tagged('post_install', '-at_install')
class TestLeadResults(ResultCase):

    def test_the_opportunity_says_in_a_sentence_which_mail_brought_it(self):
        partners = self._create_partners(1, batch=9)
        self._mail(partners)
        with self.at('2026-07-20'):
            lead = self.env['crm.lead'].with_user(self.salesman).create(
                {'name': 'Crane', 'type': 'opportunity', 'partner_id': partners.id})
            self.env.flush_all()
        self.assertIn('Letter 1', lead.cadence_brought_by)
        self.assertIn(DAY, lead.cadence_brought_by)

    def test_a_lead_becomes_one_when_it_is_made_an_opportunity(self):
        partners = self._create_partners(1, batch=9)
        self._mail(partners)
        with self.at('2026-07-20'):
            lead = self.env['crm.lead'].create({'name': 'Crane', 'type': 'lead', 'partner_id': partners.id})
            self.env.flush_all()
            self.assertFalse(lead.cadence_brought_by)
            lead.convert_opportunity(partners)
        self.assertTrue(lead.cadence_brought_by)
