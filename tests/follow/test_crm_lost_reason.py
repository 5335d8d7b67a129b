from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestCrmLostReason(CadenceCase):

    def test_a_lost_reason_names_the_risk_that_it_is(self):
        tag = self.env.ref('mass_mailing_cadence.tag_other_risk')
        partner = self._create_partners(1, batch=9)
        reason = self.env['crm.lost.reason'].create({'name': 'Buys elsewhere', 'cadence_tag_id': tag.id})
        lead = self.env['crm.lead'].create({'name': 'Cranes', 'type': 'opportunity', 'partner_id': partner.id})
        lead.action_set_lost(lost_reason_id=reason.id)
        self.assertIn(tag, partner.category_id)
        self.assertEqual(self.env['cadence.journal'].search([('partner_id', '=', partner.id)], limit=1).detail, 'Buys elsewhere')
