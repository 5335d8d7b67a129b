from odoo.tests import tagged

from .test_cadence_reply import ReplyCase
from .test_res_partner_category import DAY, WaitingCase


@tagged('post_install', '-at_install')
class TestMailingSubscription(ReplyCase):

    def test_an_opt_out_of_a_mailing_list_tags_unsubscribed(self):
        contact = self.env['mailing.contact'].create({'email': self.anna.email})
        subscription = self.env['mailing.subscription'].create({
            'contact_id': contact.id, 'list_id': self.env['mailing.list'].create({'name': 'News'}).id})
        self.assertNotIn(self.unsubscribed, self.anna.category_id)
        subscription.opt_out = True
        self.assertIn(self.unsubscribed, self.anna.category_id)
        self.assertEqual(self._entries(self.anna).reason, 'list_opt_out')

    def test_who_subscribes_again_stays_until_a_person_frees_them(self):
        contact = self.env['mailing.contact'].create({'email': self.anna.email})
        subscription = self.env['mailing.subscription'].create({
            'contact_id': contact.id, 'list_id': self.env['mailing.list'].create({'name': 'News'}).id, 'opt_out': True})
        subscription.opt_out = False
        self.assertIn(self.unsubscribed, self.anna.category_id)
        self.assertEqual(self._entries(self.anna).mapped('reason'), ['subscribed_again', 'list_opt_out'])


@tagged('post_install', '-at_install')
class TestOptOutOnTheWay(WaitingCase):

    def test_an_opt_out_stops_the_mail_on_its_way_where_no_tag_follows_as_well(self):
        self.env.company.cadence_follow_risks = False
        contact = self.env['mailing.contact'].create({'email': self.partners[0].email})
        subscription = self.env['mailing.subscription'].create({
            'contact_id': contact.id, 'list_id': self.env['mailing.list'].create({'name': 'News'}).id})
        with self.at(DAY, 10):
            subscription.opt_out = True
        self.assertEqual(self._get_states(), ['excluded', 'reserved'])
