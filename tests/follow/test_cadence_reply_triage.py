from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_cadence_reply import DAY, MESSAGES, ReplyCase


@tagged('post_install', '-at_install')
class TestCadenceReplyTriage(ReplyCase):

    def test_each_sorting_gives_its_tag_and_is_written_down(self):
        tags = {
            'inquiry': 'tag_inquiry', 'sample': 'tag_sample', 'deal': 'tag_deal', 'competitor': 'tag_competitor',
            'unsubscribe': 'tag_unsubscribed', 'not_interested': 'tag_other_risk', 'not_target': 'tag_not_target',
        }
        self._receive('gmail_person', self.anna)
        reply = self._reply(self.anna).with_user(self.salesman)
        for sorting, xmlid in tags.items():
            with self.subTest(sorting=sorting):
                tag = self.env.ref(f'mass_mailing_cadence.{xmlid}')
                reply.action_triage(sorting)
                self.assertEqual((reply.state, reply.sorting, reply.sorted_by_id), ('sorted', sorting, self.salesman))
                self.assertIn(tag, self.anna.category_id)
                entry = self._entries(self.anna)[0]
                self.assertEqual((entry.reason, entry.tag_id), ('sorted', tag))
                self.assertEqual((entry.user_id, entry.reply_id), (self.salesman, reply))
                reply.action_reopen()
                self.assertNotIn(tag, self.anna.category_id)
                self.assertFalse(self.anna.is_blacklisted)
                self.assertEqual(reply.state, 'waiting')
        self.assertIn(self.replied, self.anna.category_id, "taking a sorting back leaves what the reply gave")

    def test_who_is_not_interested_loses_the_inquiry_with_a_word_and_gets_it_back_when_the_sorting_is_taken_back(self):
        inquiry = self.env.ref('mass_mailing_cadence.tag_inquiry')
        self.anna.category_id += inquiry
        self._receive('gmail_person', self.anna)
        reply = self._reply(self.anna).with_user(self.salesman)
        for sorting in ('not_interested', 'not_target', 'competitor'):
            reply.action_triage(sorting)
            self.assertNotIn(inquiry, self.anna.category_id)
            entry = self._entries(self.anna).filtered(lambda entry: entry.reason == 'taken_off' and not entry.undone_by_id)
            self.assertEqual((entry.tag_id, entry.reply_id, entry.user_id), (inquiry, reply, self.salesman))
            self.assertRegex(entry.display_name, '^Tag taken off: (Not interested|Not a target|Competitor)$')
            reply.action_reopen()
            self.assertIn(inquiry, self.anna.category_id)

    def test_who_has_an_open_opportunity_keeps_the_inquiry(self):
        self._receive('gmail_person', self.anna)
        reply = self._reply(self.anna)
        reply.action_create_opportunity()
        reply.action_triage('not_interested')
        self.assertIn(self.env.ref('mass_mailing_cadence.tag_inquiry'), self.anna.category_id)

    def test_unsubscribe_puts_the_address_on_the_blacklist(self):
        self._receive('gmail_person', self.anna)
        self._reply(self.anna).action_triage('unsubscribe')
        self.assertTrue(self.anna.is_blacklisted)

    def _move(self, partner, name='exchange_out_of_office'):
        raw = (MESSAGES / f'{name}.eml').read_bytes()
        body = raw.replace(b'\r\n', b'\n').split(b'\n\n', 1)[1]
        self._receive(name, partner, [(body, b'I have left the company, please write to new@acme.example.\r\n')],
                      **{'Content-Type': 'text/plain', 'Content-Transfer-Encoding': '7bit'})
        return self._reply(partner).with_user(self.salesman)

    def test_a_new_address_is_told_and_taken_with_one_key(self):
        old = self.anna.email
        reply = self._move(self.anna)
        self.assertEqual((reply.kind, reply.state, reply.new_email), ('out_of_office', 'waiting', 'new@acme.example'))
        self.assertEqual(reply.get_triage_card()['new_email'], 'new@acme.example')
        reply.action_triage('moved')
        self.assertEqual((self.anna.email, reply.sorting), ('new@acme.example', 'moved'))
        self.assertEqual(self._entries(self.anna)[0].reason, 'moved')
        self.assertEqual(self.anna.cadence_stage, 'silent', "mailed on, at the new address")
        reply.action_reopen()
        self.assertEqual((self.anna.email, reply.state), (old, 'waiting'))

    def test_a_person_who_has_moved_is_mailed_on(self):
        reply = self._move(self.anna, 'gmail_person')
        self.assertIn(self.replied, self.anna.category_id)
        reply.action_triage('moved')
        self.assertNotIn(self.replied, self.anna.category_id)
        reply.action_reopen()
        self.assertIn(self.replied, self.anna.category_id)

    def test_a_new_address_that_another_contact_has_is_not_taken(self):
        self.bob.email = 'New@ACME.example'
        reply = self._move(self.anna)
        with self.assertRaises(UserError):
            reply.action_triage('moved')
        self._receive('gmail_person', self.carl)
        with self.assertRaises(UserError):
            self._reply(self.carl).action_triage('moved')

    def test_not_a_reply_puts_the_contact_back(self):
        self._receive('gmail_person', self.anna)
        self._reply(self.anna).with_user(self.salesman).action_triage('not_reply')
        self.assertNotIn(self.replied, self.anna.category_id)
        self.assertEqual(self._trace(self.anna).trace_status, 'open')
        self._reply(self.anna).with_user(self.salesman).action_reopen()
        self.assertIn(self.replied, self.anna.category_id)

    def test_sorting_finishes_the_activity(self):
        self._receive('gmail_person', self.anna)
        self._follow()
        self._reply(self.anna).action_triage('inquiry')
        self.assertFalse(self.anna.activity_ids)

    def test_the_opportunity_counts_for_the_run_and_its_campaign(self):
        self._receive('gmail_person', self.anna)
        reply = self._reply(self.anna).with_user(self.salesman)
        reply.action_triage('inquiry')
        self.assertEqual(reply.action_create_opportunity()['tag'], 'display_notification', "it is the segment's salesperson's")
        lead = reply.sudo().lead_id
        mailing = self._trace(self.anna).mass_mailing_id
        self.assertEqual((lead.partner_id, lead.campaign_id, lead.source_id, lead.cadence_run_id),
                         (self.anna, mailing.campaign_id, mailing.source_id, mailing.cadence_run_id))
        lead.sudo().expected_revenue = 500
        self.assertEqual(mailing.cadence_run_id.opportunity_count, 1)
        self.assertEqual(mailing.cadence_run_id.expected_revenue, 500)
        chief = self._create_user('chief', 'sales_team.group_sale_salesman_all_leads')
        self.assertEqual(reply.with_user(chief).action_create_opportunity()['res_id'], lead.id)

    def test_the_screen_gets_its_queue_and_cards(self):
        self._receive('zendesk_received', self.bob)
        self._receive('gmail_person', self.anna)
        Reply = self.env['cadence.reply'].with_user(self.salesman)
        queue = Reply.get_triage_queue()
        self.assertEqual([item['kind'] for item in queue['waiting']], ['person', 'ticket_robot'])
        card = Reply.browse(queue['waiting'][0]['id']).get_triage_card()
        self.assertEqual((card['partner']['id'], card['text']), (self.anna.id, 'What do they cost?'))
        self.assertIn('cranes', card['answers']['html'])
        with self.at(DAY, 16):
            Reply.browse(card['id']).action_triage('sample')
            queue = Reply.get_triage_queue()
        self.assertEqual((queue['waiting_count'], queue['sorted_today']), (1, 1))

    def test_who_may_not_decide_cannot_sort(self):
        self._receive('gmail_person', self.anna)
        with self.assertRaises(AccessError):
            self._reply(self.anna).with_user(self.marketer).action_triage('deal')

    def test_what_a_machine_was_thought_to_have_written_can_be_sorted_too(self):
        self._receive('gmail_vacation', self.anna)
        reply = self._reply(self.anna)
        self.assertEqual(reply.state, 'automatic')
        reply.with_user(self.salesman).action_triage('inquiry')
        self.assertEqual((reply.state, reply.sorted_by_id), ('sorted', self.salesman))

    def test_an_opportunity_that_one_may_not_read_is_not_told(self):
        self._receive('gmail_person', self.anna)
        reply = self._reply(self.anna).with_user(self.salesman)
        reply.action_create_opportunity()
        self.assertEqual(reply.get_triage_card()['lead'], {'id': reply.lead_id.id, 'name': ''})
        self.assertTrue(reply.sudo().get_triage_card()['lead']['name'])

    def test_somebody_who_has_left_gets_no_opportunity(self):
        self.anna.user_id = self._create_user('cadence_gone', 'sales_team.group_sale_salesman')
        self._receive('gmail_person', self.anna)
        self.anna.user_id.active = False
        reply = self._reply(self.anna).with_user(self.salesman)
        reply.action_create_opportunity()
        self.assertEqual(reply.sudo().lead_id.user_id, self.manager, "the segment's responsible")
        self._follow()
        self.assertEqual(self.anna.activity_ids.user_id, self.manager)

    def test_a_salesperson_may_look_at_the_replies_of_their_own_customers_only(self):
        self._receive('gmail_person', self.anna)
        self._receive('iphone_person', self.bob)
        self._reply(self.anna).sudo().user_id = self.salesman
        queue = self.env['cadence.reply'].with_user(self.salesman).get_triage_queue(True)
        self.assertEqual([reply['id'] for reply in queue['waiting']], self._reply(self.anna).ids)
        self.assertEqual(queue['waiting_count'], 1)
        self.assertEqual(self.env['cadence.reply'].with_user(self.salesman).get_triage_queue()['waiting_count'], 2)
