from email import message_from_bytes, policy
from pathlib import Path

from odoo.tests import HttpCase, tagged

from ..common import CadenceCase

DAY = '2026-07-09'
MESSAGES = Path(__file__).parents[1] / 'messages'
PERSONS = (
    'gmail_person', 'iphone_person', 'qq_person', 'thunderbird_person', 'outlook_person_with_suppress',
    'freshdesk_agent_answers',
)
ABSENT = (
    'exchange_out_of_office', 'gmail_vacation', 'zimbra_out_of_office', 'qq_vacation', 'netease_vacation', 'aliyun_vacation',
    'coremail_auto_reply', 'outlook_chinese', 'outlook_french', 'outlook_russian', 'outlook_arabic', 'outlook_japanese',
    'roundcube_vacation', 'sieve_null_sender',
)
ROBOTS = ('zendesk_received', 'freshdesk_received', 'jira_service_management', 'servicenow_received', 'otrs_received')


class ReplyCase(CadenceCase):
    """Marketing 09 was mailed on a day; raw messages come in through Odoo's own gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()
        cls.partners = cls._create_partners(3, batch=9)
        cls.anna, cls.bob, cls.carl = cls.partners
        cls.replied = cls.env.ref('mass_mailing_cadence.tag_replied')
        cls.inquiry = cls.env.ref('mass_mailing_cadence.tag_inquiry')
        cls.unsubscribed = cls.env.ref('mass_mailing_cadence.tag_unsubscribed')
        cls.bounced = cls.env.ref('mass_mailing_cadence.tag_bounced')
        if not issubclass(cls, HttpCase):
            cls()._mail_day()  # once for all tests, by an instance of its own

    def setUp(self):
        super().setUp()
        if isinstance(self, HttpCase):  # whose crons see the test's data from here on
            self._mail_day()

    def _mail_day(self):
        self._queue(DAY)
        self._compose(DAY)

    def _trace(self, partner):
        return self.env['mailing.trace'].search([('res_id', '=', partner.id), ('model', '=', 'res.partner')], order='id', limit=1)

    def _receive(self, name, partner, changes=(), day=DAY, hour=15, **headers):
        """A message of tests/messages as an answer to the mail of `partner`."""
        raw = (MESSAGES / f'{name}.eml').read_bytes()
        for old, new in changes:
            raw = raw.replace(old, new)
        message = message_from_bytes(raw, policy=policy.SMTP)
        reference = self._trace(partner).message_id
        answer = {'Message-ID': f'<{name}.{partner.id}@mail.example>', 'In-Reply-To': reference, 'References': reference}
        for header, value in (answer | headers).items():
            del message[header]
            if value:
                message[header] = value
        with self.at(day, hour):
            self.env['mail.thread'].message_process(None, message.as_bytes())
            self.env.flush_all()

    def _reply(self, partner):
        return self.env['cadence.reply'].search([('partner_id', '=', partner.id)])

    def _entries(self, partner):
        return self.env['cadence.journal'].search([('partner_id', '=', partner.id)])

    def _follow(self, day=DAY, hour=16):
        with self.at(day, hour), self.enter_registry_test_mode():
            self.env.ref('mass_mailing_cadence.ir_cron_follow_up').method_direct_trigger()
        self.env.invalidate_all()


@tagged('post_install', '-at_install')
class TestCadenceReply(ReplyCase):

    def test_people_s_answers_take_the_contact_out_of_the_cadence(self):
        for name in PERSONS:
            with self.subTest(message=name):
                partner = self._create_partners(1, batch=9)
                self._queue(DAY)
                self._compose(DAY)
                self._receive(name, partner)
                reply = self._reply(partner)
                self.assertEqual((reply.kind, reply.state), ('person', 'waiting'))
                self.assertEqual(reply.mailing_id, self._trace(partner).mass_mailing_id)
                self.assertTrue(reply.text)
                self.assertIn(self.replied, partner.category_id)
                self.assertEqual(partner.cadence_stage, 'intention')
                self.assertEqual(self._trace(partner).trace_status, 'reply')

    def test_absence_notes_change_nothing(self):
        for name in ABSENT:
            with self.subTest(message=name), self.cr.savepoint():
                before = self._trace(self.anna).trace_status
                self._receive(name, self.anna)
                reply = self._reply(self.anna)[:1]
                self.assertEqual((reply.kind, reply.state), ('out_of_office', 'automatic'))
                self.assertTrue(reply.sign, "the reason is shown")
                self.assertNotIn(self.replied, self.anna.category_id)
                self.assertEqual(self._trace(self.anna).trace_status, before)
        self.assertEqual(set(self._entries(self.anna).mapped('reason')), {'out_of_office'})
        self._follow()
        self.assertFalse(self.anna.activity_ids)

    def test_ticket_robots_are_proposed_for_no_send(self):
        for name in ROBOTS:
            with self.subTest(message=name):
                self._receive(name, self.anna)
                reply = self._reply(self.anna)[:1]
                self.assertEqual((reply.kind, reply.state), ('ticket_robot', 'waiting'))
        self.assertNotIn(self.replied, self.anna.category_id)
        reply.with_user(self.salesman).action_triage('no_send')
        self.assertEqual(self.anna.cadence_stage, 'no_send')
        self.assertEqual(self.bob.cadence_stage, 'silent')
        reply.with_user(self.salesman).action_reopen()
        self.assertEqual(self.anna.cadence_stage, 'silent')

    def test_the_salesperson_gets_an_activity_due_today(self):
        self.bob.user_id = self.salesman
        self._receive('gmail_person', self.anna)
        self._receive('iphone_person', self.bob)
        self._follow()
        for partner, user in ((self.anna, self.manager), (self.bob, self.salesman)):
            activity = self._reply(partner).activity_id
            self.assertEqual((activity.user_id, str(activity.date_deadline), activity.res_id), (user, DAY, partner.id))
        self._follow(hour=17)
        self.assertEqual(len(self.anna.activity_ids), 1)

    def test_the_same_message_twice_is_one_reply(self):
        self._receive('gmail_person', self.anna)
        self._receive('gmail_person', self.anna)
        self.assertEqual(len(self._reply(self.anna)), 1)

    def test_an_answer_that_no_alias_waits_for_is_the_contact_s(self):
        self._receive('gmail_person', self.anna, To='nobody.knows@me.example')
        self.assertTrue(self.anna.message_ids.filtered(lambda message: message.message_type == 'email'))

    def test_the_lead_that_an_alias_makes_of_the_answer_is_the_reply_s(self):
        self.env['mail.alias'].create({
            'alias_name': 'sales', 'alias_model_id': self.env['ir.model']._get_id('crm.lead'), 'alias_incoming_local': True})
        self._receive('gmail_person', self.anna, To='sales@me.example')
        lead = self._reply(self.anna).lead_id
        self.assertEqual(lead.name, 'Re: Automatic reply machines price')
        self.assertEqual(lead.cadence_run_id, self._reply(self.anna).run_id)

    def test_mail_that_answers_nothing_of_ours_goes_odoo_s_way(self):
        with self.assertRaises(ValueError):
            self._receive('gmail_person', self.anna, **{'In-Reply-To': '<x@y.example>', 'References': '<x@y.example>'})
        self.assertFalse(self._reply(self.anna))

    def test_the_quoted_mail_is_told_from_the_answer(self):
        self._receive('thunderbird_person', self.anna)
        reply = self._reply(self.anna)
        self.assertIn('send me 2 kg', reply.text)
        self.assertNotIn('Green tea', reply.text)
        self.assertIn('Green tea', reply.quoted)

    def test_with_the_setting_off_the_reply_is_kept_and_nothing_follows(self):
        self.segment.company_id.cadence_follow_replies = False
        self._receive('gmail_person', self.anna)
        self._follow()
        self.assertTrue(self._reply(self.anna))
        self.assertNotIn(self.replied, self.anna.category_id)
        self.assertFalse(self.anna.activity_ids)

    def test_a_reply_cancels_the_mail_that_waits(self):
        """The answer to yesterday's mail comes while today's mail waits in the queue."""
        self.anna.category_id += self.segment._get_batch_tags(self.marketing, [10])
        self._queue('2026-07-10')
        touch = self._touch(self.anna, '2026-07-10')
        mail = self.env['mail.mail'].create({
            'body_html': '<p>x</p>', 'email_to': self.anna.email, 'model': 'res.partner', 'res_id': self.anna.id,
            'mailing_id': touch.mailing_id.id, 'state': 'outgoing'})
        trace = self._trace(self.anna).copy({
            'mail_mail_id': mail.id, 'trace_status': 'outgoing', 'cadence_touch_id': touch.id, 'message_id': mail.message_id,
            'mass_mailing_id': touch.mailing_id.id})
        self._receive('gmail_person', self.anna, day='2026-07-10', hour=2)
        self.assertEqual((mail.state, trace.trace_status), ('cancel', 'cancel'))
        self.assertEqual((touch.state, touch.reason), ('excluded', 'view'))
