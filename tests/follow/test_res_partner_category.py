from odoo.tests import tagged

from .test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestResPartnerCategory(ReplyCase):

    def test_the_tag_given_on_its_own_form_counts_as_well(self):
        self.unsubscribed.partner_ids += self.anna
        self.anna.invalidate_recordset()
        self.assertTrue(self.anna.is_blacklisted)
