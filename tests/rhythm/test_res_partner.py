from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestPartner(CadenceCase):

    def test_the_company_domain_follows_the_address(self):
        partner = self.env['res.partner'].create({'name': 'x', 'email': 'Bob <bob@mail.acme.co.uk>'})
        self.assertEqual(partner.cadence_company_domain, 'acme.co.uk')
        partner.email = 'bob@gmail.com'
        self.assertFalse(partner.cadence_company_domain)

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
