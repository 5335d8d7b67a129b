from odoo.tests import tagged

from .test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestResPartner(ReplyCase):

    def test_the_tag_by_hand_puts_the_address_on_the_blacklist(self):
        self.anna.with_user(self.user).category_id += self.unsubscribed
        self.assertTrue(self.anna.is_blacklisted)
        entry = self._entries(self.anna)
        self.assertEqual((entry.reason, entry.user_id), ('by_hand', self.user))
        entry.with_user(self.salesman).action_undo()
        self.assertFalse(self.anna.is_blacklisted)
        self.assertNotIn(self.unsubscribed, self.anna.category_id)

    def test_the_tag_in_an_import_puts_the_address_on_the_blacklist(self):
        tags = self.segment._get_batch_tags(self.marketing, [5]) + self.unsubscribed
        partner = self.env['res.partner'].create({'name': 'x', 'email': 'import@x.example', 'category_id': tags.ids})
        self.assertTrue(partner.is_blacklisted)

    def test_a_table_from_last_week_takes_nobody_off_risk_or_intention(self):
        replied = self.env.ref('mass_mailing_cadence.tag_replied')
        vip = self.env['res.partner.category'].create({'name': 'VIP'})
        batch = self.anna.category_id
        self.anna.category_id += replied + vip
        result = self.env['res.partner'].with_user(self.user).with_context(import_file=True).load(
            ['.id', 'name', 'category_id'], [[str(self.anna.id), 'Anna Lee', batch.name]])
        self.assertFalse(result['messages'])
        self.assertEqual(self.anna.name, 'Anna Lee')
        self.assertEqual(self.anna.category_id, batch + replied)
        self.anna.with_user(self.user).category_id -= replied
        self.assertEqual(self.anna.category_id, batch)

    def test_the_tag_by_hand_counts_while_the_batch_and_the_segment_rest(self):
        self.anna.category_id.filtered('cadence_batch').active = False
        self.segment.active = False
        self.anna.with_user(self.user).category_id += self.unsubscribed
        self.assertTrue(self.anna.is_blacklisted)

    def test_a_decision_s_own_write_is_not_followed(self):
        self.anna.with_context(cadence_decided=True).category_id += self.unsubscribed
        self.assertFalse(self.anna.is_blacklisted)
