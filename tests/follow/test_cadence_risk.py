from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.mail.bounce import Bounce
from .test_cadence_reply import DAY, ReplyCase


@tagged('post_install', '-at_install')
class TestCadenceRisk(ReplyCase):
    """Who says no, and whose address is dead."""

    def _bounce(self, name, partner):
        changes = [(b'<lin.mei@tea.example>', b'<bounce@me.example>')]
        self._receive(name, partner, changes, From='MAILER-DAEMON@mx.example')

    def test_an_opt_out_in_another_spelling_tags_the_contact(self):
        self.anna.email, self.bob.email = 'anna@bücher.example', 'bob@one.example, bob@two.example'
        self.env['mail.blacklist']._add('Anna@xn--bcher-kva.example')
        self.assertIn(self.unsubscribed, self.anna.category_id)
        contact = self.env['mailing.contact'].create({'email': 'x@two.example; bob@TWO.example'})
        self.env['mailing.subscription'].create({
            'contact_id': contact.id, 'list_id': self.env['mailing.list'].create({'name': 'News'}).id, 'opt_out': True})
        self.assertIn(self.unsubscribed, self.bob.category_id)

    def test_an_opt_out_by_a_mail_to_an_address_that_the_contact_no_longer_has_is_the_contact_s(self):
        before = self.anna.email
        self.anna.email = 'anna@elsewhere.example'
        self.env['mail.blacklist']._add(f'"Anna" <{before.upper()}>')
        self.assertIn(self.unsubscribed, self.anna.category_id)
        self.env['mail.blacklist']._remove(before)
        self.assertEqual(self._entries(self.anna)[0].reason, 'subscribed_again')
        self.bob.email = 'bob@elsewhere.example'
        self.env['mail.blacklist']._add('never-mailed@tea.example')
        self.assertFalse(self._entries(self.bob))

    def test_unsubscribing_by_hand_blocks_every_address_of_the_contact_and_freeing_frees_it(self):
        self.anna.email, self.bob.email = 'anna@bücher.example', 'bob@one.example, bob@two.example'
        (self.anna + self.bob).category_id += self.unsubscribed
        emails = ['anna@bücher.example', 'anna@xn--bcher-kva.example', 'bob@one.example', 'bob@two.example']
        self.assertEqual(sorted(self.env['mail.blacklist'].search([]).mapped('email')), emails)
        for partner in self.anna + self.bob:
            self._entries(partner).filtered('is_blocked').action_undo()
        self.assertFalse(self.env['mail.blacklist'].search([]))

    def test_who_is_in_no_segment_is_left_alone(self):
        stranger = self.env['res.partner'].create({'name': 'Stranger', 'email': 'stranger@x.example'})
        self.env['mail.blacklist']._add(stranger.email)
        stranger.category_id += self.unsubscribed
        self.assertFalse(self._entries(stranger))

    def test_with_the_setting_off_nothing_follows(self):
        self.segment.company_id.cadence_follow_risks = False
        self.env['mail.blacklist']._add(self.anna.email)
        self.assertNotIn(self.unsubscribed, self.anna.category_id)

    def test_a_hard_bounce_tags_bounced(self):
        for name, partner in (('postfix_bounce', self.anna), ('exchange_bounce', self.bob)):
            with self.subTest(message=name):
                self._bounce(name, partner)
                self.assertIn(self.bounced, partner.category_id)
                entry = self._entries(partner)
                self.assertEqual((entry.reason, entry.detail[:3]), ('hard_bounce', '5.1'))

    def test_a_bounce_that_odoo_takes_for_a_mail_is_no_reply(self):
        self._receive('qq_bounce', self.anna)
        self.assertIn(self.bounced, self.anna.category_id)
        self.assertFalse(self._reply(self.anna))
        self.assertNotEqual(self._trace(self.anna).trace_status, 'reply')

    def _soften(self, partner, *days):
        mail = self.env['mailing.trace']._cadence_find([self._trace(partner).message_id])
        for day in days:
            with self.at(day):
                self.env['cadence.risk']._take_returned(mail, Bounce('mailbox_full', '5.2.2'))
        return partner.category_id & self.bounced

    def test_a_row_of_soft_bounces_over_weeks_is_the_address_s_end(self):
        self.assertFalse(self._soften(self.anna, '2026-07-10', '2026-07-18', '2026-07-27'))
        self.assertTrue(self._soften(self.anna, '2026-08-03'))
        self.assertEqual(self._entries(self.anna).mapped('reason'), ['soft_bounces'] + ['soft_bounce'] * 4)
        self._entries(self.anna)[0].action_undo()
        self.assertNotIn(self.bounced, self.anna.category_id)
        self.assertFalse(self._soften(self.bob, '2026-07-10', '2026-07-11', '2026-07-12', '2026-07-13'), "not within days")

    def test_how_many_is_the_company_s_choice(self):
        company = self.segment.company_id
        company.cadence_soft_bounces, company.cadence_soft_bounce_weeks = 2, 1
        self.assertTrue(self._soften(self.anna, '2026-07-10', '2026-07-18'))
        company.cadence_soft_bounces = 0
        self.assertFalse(self._soften(self.bob, *(f'2026-07-{day}' for day in range(10, 31))))

    def test_a_mail_that_arrives_ends_the_row(self):
        self._soften(self.anna, '2026-07-10', '2026-07-18', '2026-07-27')
        first = self._trace(self.anna)
        first.sent_datetime = '2026-07-09 08:00:00'
        self._queue('2026-08-09')
        self._compose('2026-08-09')
        second = self.env['mailing.trace'].search([('res_id', '=', self.anna.id), ('id', '!=', first.id)])
        second.write({'trace_status': 'sent', 'sent_datetime': '2026-08-09 08:00:00'})
        self.assertFalse(self._soften(self.anna, '2026-08-20'))
        self.assertEqual(len(self.env['cadence.journal']._get_soft_bounces(self.anna, first.email)), 0)

    def test_a_soft_bounce_changes_nothing_but_odoo_s_counter(self):
        self._bounce('postfix_delayed', self.anna)
        self.assertFalse(self._entries(self.anna))
        self.assertEqual(self.anna.category_id.mapped('cadence_group_id.code'), ['marketing'])

    def test_an_address_that_the_mail_server_refuses_as_dead_is_bounced(self):
        touch = self._touch(self.anna, DAY)
        self.env['cadence.risk']._bounce_refused(touch, '5.1.1 User unknown')
        self.assertIn(self.bounced, self.anna.category_id)
        self.assertFalse(self.anna.is_blacklisted)
        entry = self._entries(self.anna)
        self.assertEqual((entry.reason, entry.detail, entry.mailing_id, entry.company_id),
                         ('refused', '5.1.1 User unknown', touch.mailing_id, touch.company_id))

    def test_a_refused_address_is_left_alone_where_the_company_does_not_follow_risks(self):
        self.segment.company_id.cadence_follow_risks = False
        self.env['cadence.risk']._bounce_refused(self._touch(self.anna, DAY))
        self.assertNotIn(self.bounced, self.anna.category_id)

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_a_spam_complaint_unsubscribes_with_the_reason(self):
        self._receive('arf_yahoo', self.anna, [(b'Bob@yahoo.example', self.anna.email.encode())])
        self.assertIn(self.unsubscribed, self.anna.category_id)
        self.assertTrue(self.anna.is_blacklisted)
        self.assertEqual(self._entries(self.anna).reason, 'complaint')

    # Again

    def test_who_subscribes_again_is_freed_only_by_a_person_with_a_note(self):
        self.env['mail.blacklist']._add(self.anna.email)
        self.env['mail.blacklist']._remove(self.anna.email)
        self.assertIn(self.unsubscribed, self.anna.category_id)
        self.assertEqual(self._entries(self.anna).mapped('reason'), ['subscribed_again', 'opt_out'])
        action = self.anna.with_user(self.salesman).action_cadence_free()
        Release = self.env['cadence.release'].with_user(self.salesman).with_context(**action['context'])
        with self.assertRaises(UserError):
            Release.create({'note': ' '}).action_release()
        Release.create({'note': 'Wrote on 9 July that she wants our price list'}).action_release()
        self.assertNotIn(self.unsubscribed, self.anna.category_id)
        self.assertEqual(self.anna.cadence_stage, 'silent')
        self.assertEqual(self._entries(self.anna)[0].detail, 'Wrote on 9 July that she wants our price list')

    def test_freeing_takes_the_address_off_the_blacklist(self):
        self.env['mail.blacklist']._add(self.anna.email)
        self.env['cadence.release'].create({'partner_id': self.anna.id, 'note': 'asked by phone'}).action_release()
        self.assertFalse(self.anna.is_blacklisted)
        self.assertNotIn(self.unsubscribed, self.anna.category_id)
