from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from odoo.tests import tagged

from ..common import CadenceCase

DAY, NEXT = '2026-07-05', '2026-07-06'


def refuse(address, code, text):
    return SMTPRecipientsRefused({address: (code, text.encode())})


def lose_line_within_data():
    """The error of smtplib when the server hangs up between DATA and its answer."""
    def data():
        raise SMTPServerDisconnected("Connection unexpectedly closed")
    try:
        data()
    except SMTPServerDisconnected as error:
        return error


@tagged('post_install', '-at_install')
class TestMailMail(CadenceCase):
    """The ledger tells what the mail server did with a mail."""

    def setUp(self):
        super().setUp()
        self._create_letter(1)
        self._create_letter(2)

    def _get_outcomes(self, partners, day=DAY):
        return [(touch.state, touch.outcome, touch.reason) for touch in (self._touch(partner, day) for partner in partners)]

    def test_a_server_that_is_down_for_ten_minutes_costs_nobody_the_day(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self.assertEqual(self._send_queue(DAY, 9.5, server), [])
            self.assertEqual(self._get_outcomes(partners), [('reserved', 'waiting', 'mail_server')] * 2)
            self.assertEqual((run.state, run.mailed_count, run.waiting_count), ('queued', 0, 2))
            self.assertIn('Connection refused', run.blocked_reason)
            self.assertTrue(run.activity_ids, "somebody is told")
            server.is_down = False
            self.assertEqual(self._send_queue(DAY, 9.6, server), [], "not at once again")
            self.assertEqual(self._send_queue(DAY, 9.8, server), sorted(partners.mapped('email')))
        self.assertEqual(self._get_outcomes(partners), [('reserved', 'left', False)] * 2)
        self.assertEqual((run.state, run.mailed_count, run.blocked_reason), ('done', 2, False))
        self.assertFalse(run.activity_ids)

    def test_who_was_not_reached_all_day_is_next_in_line_with_the_same_letter(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 23, server)
            self._queue(NEXT)
            self.assertEqual(self._get_outcomes(partner), [('deferred', False, 'mail_server')])
            server.is_down = False
            self.assertEqual(self._send_queue(NEXT, 12, server), [partner.email])
        self.assertEqual(self._touch(partner, NEXT).step, 1)

    def test_an_address_that_does_not_exist_is_refused_and_bounced_the_others_leave(self):
        partners = self._create_partners(3, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server({partners[0].email: refuse(partners[0].email, 550, '5.1.1 User unknown')}) as server:
            self.assertEqual(self._send_queue(DAY, 12, server), sorted(partners[1:].mapped('email')))
        self.assertEqual(self._get_outcomes(partners[0]), [('reserved', 'refused', 'dead')])
        self.assertIn(self.env.ref('mass_mailing_cadence.tag_bounced'), partners[0].category_id)
        self.assertEqual((run.state, run.mailed_count, run.excluded_count), ('done', 2, 1))

    def test_a_greylisted_address_is_tried_again_on_the_same_day(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        with self._mail_server({partner.email: refuse(partner.email, 451, '4.7.1 Greylisted')}) as server:
            self.assertEqual(self._send_queue(DAY, 12, server), [])
            self.assertEqual(self._get_outcomes(partner), [('reserved', 'waiting', 'refused')])
            server.answers.clear()
            self.assertEqual(self._send_queue(DAY, 12.5, server), [partner.email])

    def test_a_refusal_that_speaks_of_us_bounces_nobody(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        with self._mail_server({partner.email: refuse(partner.email, 554, '5.7.1 blocked using zen.spamhaus.org')}) as server:
            self._send_queue(DAY, 12, server)
        self.assertEqual(self._get_outcomes(partner), [('deferred', False, 'refused')])
        self.assertNotIn(self.env.ref('mass_mailing_cadence.tag_bounced'), partner.category_id)

    def test_a_line_that_breaks_while_the_mail_is_on_it_leaves_it_in_doubt_and_never_sends_it_again_that_day(self):
        partners = self._create_partners(3, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server({partners[1].email: lose_line_within_data()}) as server:
            left = self._send_queue(DAY, 12, server)
            server.answers.clear()
            left += self._send_queue(DAY, 13, server)
        self.assertEqual(sorted(left), sorted((partners[0] + partners[2]).mapped('email')))
        self.assertEqual(self._get_outcomes(partners[1]), [('reserved', 'in_doubt', False)])
        self.assertEqual([step['count'] for step in run.story], [3, 1, 2])

    def test_a_server_that_hangs_up_on_every_mail_leaves_one_in_doubt_at_each_try(self):
        partners = self._create_partners(5, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server({partner.email: lose_line_within_data() for partner in partners}) as server:
            self._send_queue(DAY, 12, server)
            self._send_queue(DAY, 12.1, server)
        self.assertEqual(sorted(run.touch_ids.mapped('outcome')), ['in_doubt', *['waiting'] * 4])

    def test_a_trouble_that_lasts_is_told_once(self):
        self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 12, server)
            told = run.activity_ids
            self._create_partners(1, batch=5)
            self._queue(DAY, 12.1)
            self._send_queue(DAY, 13, server)
        self.assertEqual((len(told), run.activity_ids), (1, told))

    def test_a_line_that_breaks_before_the_mail_is_on_it_is_tried_again(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        with self._mail_server({partner.email: SMTPServerDisconnected("please run connect() first")}) as server:
            self.assertEqual(self._send_queue(DAY, 12, server), [])
            server.answers.clear()
            self.assertEqual(self._send_queue(DAY, 12.5, server), [partner.email])

    def test_a_mail_whose_worker_died_at_the_mail_server_is_in_doubt(self):
        partner = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 12, server)
            server.is_down = False
            with self.at(DAY, 12):
                run.touch_ids._depart(self.env.cr.now(), sure=True)
            self.assertEqual(self._send_queue(DAY, 12.2, server), [], "its worker may still be at it")
            self.assertEqual(self._get_outcomes(partner), [('reserved', 'leaving', False)])
            self.assertEqual(self._send_queue(DAY, 12.5, server), [])
        self.assertEqual(self._get_outcomes(partner), [('reserved', 'in_doubt', False)])
        self.assertEqual(run.touch_ids.trace_ids.trace_status, 'process')

    def test_a_mail_that_a_person_marks_for_another_try_does_not_leave_twice(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        with self._mail_server({partner.email: lose_line_within_data()}) as server:
            self._send_queue(DAY, 12, server)
            server.answers.clear()
            self.env['mail.mail'].search([('mailing_id.cadence_run_id', '!=', False)]).mark_outgoing()
            self.assertEqual(self._send_queue(DAY, 13, server), [])
