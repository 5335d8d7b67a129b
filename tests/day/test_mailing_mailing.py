from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import UNSUBSCRIBE, CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailing(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._create_letter()

    def test_who_fell_out_since_the_queue_is_left_out_and_the_ledger_says_so(self):
        p = self._create_partners(7, batch=5)
        self.env.company.cadence_follow_risks = False  # the opt-out itself, not the tag that follows it
        run = self._queue(DAY)['marketing']
        self._tag(p[0], 'tag_replied')
        self._tag(p[1], 'tag_competitor')
        self.env['mail.blacklist'].create({'email': p[2].email})
        p[3].active = False
        p[4].email = 'moved@elsewhere.example'
        p[5].unlink()
        self.assertEqual(self._compose(DAY), [p[6].email_formatted])
        reasons = {touch.partner_id: touch.reason for touch in run.touch_ids if touch.state == 'excluded'}
        self.assertEqual(reasons, {
            p[0]: 'view', p[1]: 'view', p[2]: 'opt_out', p[3]: 'archived', self.env['res.partner']: 'deleted'})
        self.assertEqual(self._get_reason(p[4], DAY), 'address_changed')
        self.assertEqual(self._touch(p[4], DAY).state, 'deferred', "whose address was corrected is next in line")
        self.assertEqual(run.state, 'done')
        self.assertEqual(run.mailed_count, 1)

    def test_a_tag_given_between_composing_and_sending_still_holds_the_mail_back(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 12), self.mock_mail_gateway():
            mails = self._compose_without_sending(run)
            self._tag(partners[0], 'tag_replied')
            mails.send()
            self.assertEqual(self._get_mailed(), [partners[1].email_formatted])
        self.env.invalidate_all()
        touch = self._touch(partners[0], DAY)
        self.assertEqual((touch.state, touch.reason, touch.view_id.stage), ('excluded', 'view', 'intention'))
        self.assertEqual(touch.trace_ids.trace_status, 'cancel')

    def _compose_without_sending(self, run):
        """Mails as the composer makes them for a large audience: in the queue, not sent."""
        mailing = run.mailing_ids
        composer = self.env['mail.compose.message'].with_context(active_ids=mailing._get_recipients()).create({
            'composition_mode': 'mass_mail', 'model': 'res.partner', 'mass_mailing_id': mailing.id, 'subject': 'x',
            'body': '<p>x</p>', 'email_from': mailing.email_from, 'force_send': False})
        mails, _messages = composer._action_send_mail()
        return mails

    def test_a_mail_that_did_not_leave_by_midnight_waits_for_the_next_run(self):
        partner = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 12):
            mails = self._compose_without_sending(run)
        with self.at('2026-07-06', 0), self.mock_mail_gateway():
            mails.send()
            self.assertFalse(self._mails)
        self.env.invalidate_all()
        self.assertEqual(self._get_reason(partner, DAY), 'late')
        self.assertEqual(self._queue('2026-07-06')['marketing'].touch_ids.partner_id, partner)

    def test_two_traces_for_one_touch_are_refused_by_the_database(self):
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        self._compose(DAY)
        index = self.env.execute_query_dict(self._query_index('mailing_trace_cadence_touch'))
        self.assertTrue(index and index[0]['indisunique'])
        self.assertEqual(len(run.touch_ids.trace_ids), 1)

    def _query_index(self, name):
        from odoo.tools import SQL
        return SQL("SELECT indisunique FROM pg_index WHERE indexrelid = %s::regclass", name)

    def test_the_recipients_domain_says_what_it_is(self):
        self._create_partners(1, batch=5)
        mailing = self._queue(DAY)['marketing'].mailing_ids
        domain = literal_eval(mailing.mailing_domain)
        self.assertEqual(self.env['res.partner'].search(domain).ids, mailing._get_recipients())
        mailing.mailing_domain = 'nonsense'
        self.assertTrue(mailing._get_recipients(), "an unreadable text does not mean nobody")

    def test_the_mail_queue_goes_on_until_it_is_empty(self):
        self._create_partners(5, batch=5)
        run = self._queue(DAY)['marketing']
        cron = self.env.ref('mail.ir_cron_mail_scheduler_action')
        self.env['ir.config_parameter'].set_param('mail.mail.queue.batch.size', '2')
        with self.at(DAY, 12), self.mock_mail_gateway():
            self._compose_without_sending(run)
            self.env['mail.mail'].search([('state', '=', 'outgoing'), ('mailing_id', '!=', run.mailing_ids.id)]).unlink()
            sent = []
            for _batch in range(3):
                self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]).unlink()
                self.env['mail.mail'].process_email_queue()
                again = self.env['ir.cron.trigger'].search_count([('cron_id', '=', cron.id)])
                sent.append((len([mail for mail in self._mails if mail['subject'] == 'x']), bool(again)))
        self.assertEqual(sent, [(2, True), (4, True), (5, False)])

    def test_other_mailings_are_as_they_were(self):
        partners = self._create_partners(2)
        mailing = self.env['mailing.mailing'].create({
            'subject': 'By hand', 'body_html': '<p>x</p>', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr([('id', 'in', partners.ids)])})
        with self.mock_mail_gateway():
            mailing.action_send_mail()
            self.assertEqual(self._get_mailed(), sorted(partners.mapped('email_formatted')))
        self.assertEqual(mailing.state, 'done')
        self.assertFalse(mailing.mailing_trace_ids.cadence_touch_id)

    def test_a_letter_that_fails_for_one_contact_reaches_the_others_and_says_for_whom(self):
        self.letter.mailing_id.body_html = (
            '<p>Dear <t t-out="object.name.split(\' \')[1]"/>, here are our cranes.</p>' + UNSUBSCRIBE)
        partners = self._create_partners(5, batch=5)
        run = self._queue(DAY)['marketing']
        partners[2].name = 'Prince'
        with self._mail_server() as server:
            self.assertEqual(self._send_queue(DAY, 12, server), sorted((partners - partners[2]).mapped('email')))
        self.assertEqual((self._touch(partners[2], DAY).state, self._get_reason(partners[2], DAY)), ('deferred', 'letter_failed'))
        self.assertIn('Prince', run.blocked_reason)
        self.assertTrue(run.activity_ids)

    def test_the_mailing_of_a_run_that_has_mailed_is_not_deleted_one_that_waits_is_no_order_to_mail(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            with self.at(DAY, 8):
                run.mailing_ids.with_user(self.marketer).unlink()
            self._queue(DAY, 9)
            self.assertEqual(self._send_queue(DAY, 12, server), [])
            self.assertEqual(self._queue('2026-07-06')['marketing'].touch_ids.partner_id, partners, "next in line")
            self.assertEqual(len(self._send_queue('2026-07-06', 12, server)), 2)
        with self.assertRaises(UserError):
            self._runs('2026-07-06')['marketing'].mailing_ids.with_user(self.marketer).unlink()

    def test_a_test_switched_on_by_hand_mails_everybody_of_the_run(self):
        partners = self._create_partners(5, batch=5)
        run = self._queue(DAY)['marketing']
        run.mailing_ids.write({'ab_testing_enabled': True, 'ab_testing_pc': 20})
        with self._mail_server() as server:
            self.assertEqual(self._send_queue(DAY, 12, server), sorted(partners.mapped('email')))

    def test_replies_go_to_the_segments_sender_and_nobody_gets_statistics(self):
        self._create_partners(1, batch=5)
        self.segment.reply_to = 'sales@alias.me.example'
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            self._send_queue(DAY, 12, server)
        self.assertEqual((run.mailing_ids.reply_to, run.mailing_ids.kpi_mail_required), ('sales@alias.me.example', False))

    def test_recipients_changed_by_hand_are_told_and_mail_nobody(self):
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        run.mailing_ids.mailing_model_id = self.env['ir.model']._get_id('mailing.contact')
        with self._mail_server() as server:
            self.assertEqual(self._send_queue(DAY, 12, server), [])
        self.assertIn('by hand', run.blocked_reason)

    def test_nobody_takes_a_mailing_out_of_its_run_or_puts_one_into_it(self):
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        marketer = new_test_user(self.env, 'marketer', groups='mass_mailing.group_mass_mailing_user')
        mailing = run.mailing_ids.with_user(marketer)
        with self.assertRaises(AccessError):
            mailing.cadence_run_id = False
        with self.assertRaises(AccessError):
            mailing.copy({'cadence_run_id': run.id})
        self.assertFalse(mailing.copy().cadence_run_id)
