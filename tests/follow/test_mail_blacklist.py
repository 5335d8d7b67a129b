from odoo.tests import tagged

from .test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestMailBlacklist(ReplyCase):

    def test_the_blacklist_tags_unsubscribed(self):
        self.env['mail.blacklist']._add(self.anna.email)
        self.assertIn(self.unsubscribed, self.anna.category_id)
        self.assertEqual(self._entries(self.anna).reason, 'opt_out')

    def test_the_blacklist_of_a_list_of_addresses_tags_each_contact(self):
        self.env['mail.blacklist'].create([{'email': partner.email} for partner in self.partners])
        self.assertEqual(self.partners.filtered(lambda partner: self.unsubscribed in partner.category_id), self.partners)

    def test_an_archived_block_that_is_imported_again_is_no_new_subscription(self):
        self.env['mail.blacklist']._add(self.anna.email)
        self.env['mail.blacklist']._remove(self.anna.email)
        before = len(self._entries(self.anna))
        self.env['mail.blacklist'].create({'email': self.anna.email})
        self.assertEqual(len(self._entries(self.anna)), before)
