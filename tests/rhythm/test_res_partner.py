from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-03'


@tagged('post_install', '-at_install')
class TestPartner(CadenceCase):

    def test_the_company_domain_follows_the_address(self):
        partner = self.env['res.partner'].create({'name': 'x', 'email': 'Bob <bob@mail.acme.co.uk>'})
        self.assertEqual(partner.cadence_company_domain, 'acme.co.uk')
        partner.email = 'bob@gmail.com'
        self.assertFalse(partner.cadence_company_domain)

    def test_the_contact_says_when_the_next_mail_is_due(self):
        partner = self._create_partners(1, batch=5)
        with self.at(DAY):
            self.assertEqual(str(partner.cadence_next_date), '2026-07-05')
            self.assertIn('Marketing05', partner.cadence_next_note)

    def test_the_contact_says_why_it_is_not_mailed(self):
        partner = self._create_partners(1, batch=5)
        self._tag(partner, 'tag_competitor')
        with self.at(DAY):
            self.assertFalse(partner.cadence_next_date)
            self.assertIn('in view Risk, because of tag Competitor', partner.cadence_next_note)

    def test_the_contact_says_what_happened_today(self):
        self._create_letter()
        mailed, support = self._create_partners(2, batch=5)
        support.email = 'support@firm.example'
        self._queue('2026-07-05')
        with self.at('2026-07-05', 2):
            self.assertIn('Letter 1', mailed.cadence_next_note)
            self.assertEqual(support.cadence_next_note,
                             'Not mailed today: in view No-send, because of Address starts with support@')

    def test_a_contact_in_no_batch_is_told_what_to_do(self):
        self.assertIn('save', self._create_partners(1).cadence_next_note)

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
