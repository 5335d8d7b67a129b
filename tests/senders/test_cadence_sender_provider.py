from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...tools.mail import bounce
from ..day.test_mail_mail import refuse
from .common import DAY, NEXT, THIRD, SenderCase


@tagged('post_install', '-at_install')
class TestSenderProvider(SenderCase):
    """What one mailbox provider does to a sender's mails stops those to its addresses, and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.google = cls.env.ref('mass_mailing_cadence.mail_provider_google')
        cls.sender.profile = 'steady'

    def _create_at_google(self, count, **values):
        partners = self._create_partners(count, domain='company{}.example', **values)
        for partner in partners:
            partner.email = f'buyer{partner.id}@gmail.com'
        return partners

    def _refuse_at_google(self, count=30, others=20, text='5.7.1 our system has detected an unusual rate', code=550):
        partners = self._create_at_google(count, batch=5)
        self._create_partners(others, batch=5)
        answers = {partner.email: refuse(partner.email, code, text) for partner in partners}
        return (partners, *self._mail_day(answers=answers))

    def test_a_row_of_refusals_stops_the_mails_to_that_provider_alone(self):
        google, run, left = self._refuse_at_google()
        part = self.sender.provider_ids
        self.assertEqual((part.provider_id, part.state, part.cause), (self.google, 'paused', 'policy'))
        self.assertEqual(self.sender.state, 'warm')
        self.assertEqual(len(left), 20, "the others got their mails")
        touches = google.cadence_touch_ids
        self.assertEqual(set(touches.mapped('state')), {'deferred'}, "nobody is lost")
        self.assertEqual(set(touches.mapped('reason')), {'refused', 'provider_paused'})
        self.assertGreater(len(touches.filtered(lambda touch: touch.reason == 'provider_paused')), 5)
        self.assertIn("unusual rate", part.status)
        self.assertIn("Google", self.sender.activity_ids.summary)
        self.assertIn(['deferred', 'provider_paused', None], [step['key'] for step in run.story])
        self.assertIn("Google", run.with_user(self.user).sudo(False)._get_sender_note() or part.status)

    def test_who_is_due_there_is_next_in_line_and_says_so(self):
        self._refuse_at_google()
        late = self._create_at_google(3, batch=6)
        self.env['cadence.mail.host'].search([])._place()
        other = self._create_partners(1, batch=6)
        self._queue(NEXT)
        self.assertEqual({self._get_reason(partner, NEXT) for partner in late}, {'provider_paused'})
        self.assertEqual(self._get_reason(other, NEXT), 'reserved')
        with self.at(NEXT, 2) as now:
            [answer] = self.env['cadence.outlook']._foresee(late[0], now)[late[0]]
        self.assertEqual((answer.code, str(answer.day)), ('deferred', THIRD))
        self.assertIn("paused at the mailbox provider", answer.text)

    def test_after_a_day_a_tenth_is_tried_there_and_then_all_of_it(self):
        google, *_rest = self._refuse_at_google()
        with self.at(NEXT, 11) as now:
            self.sender._check(now)
        part = self.sender.provider_ids
        self.assertEqual(part.state, 'paused', "a day is not over")
        with self.at(NEXT, 13) as now:
            self.sender._check(now)
        self.assertEqual((part.state, part.places), ('trial', 5))
        self._queue(NEXT, 14)
        reasons = [self._get_reason(partner, NEXT) for partner in google]
        self.assertEqual((reasons.count('reserved'), reasons.count('provider_cap')), (5, 25))
        with self._mail_server() as server:
            self.assertEqual(len(self._send_queue(NEXT, 15, server)), 5)
        with self.at(THIRD, 3) as now:
            self.sender._check(now)
        self.assertEqual(part.state, 'healthy')
        self._queue(THIRD, 4)
        with self._mail_server() as server:
            self.assertEqual(len(self._send_queue(THIRD, 12, server)), 25)

    def test_a_trial_that_is_refused_ends_at_once(self):
        google, *_rest = self._refuse_at_google()
        with self.at(NEXT, 13) as now:
            self.sender._check(now)
        self._queue(NEXT, 14)
        answers = {partner.email: refuse(partner.email, 421, '4.7.28 rate limited') for partner in google}
        with self._mail_server(answers) as server:
            self._send_queue(NEXT, 15, server)
        self.assertEqual((self.sender.provider_ids.state, self.sender.state), ('paused', 'warm'))

    def test_bounces_of_one_provider_pause_it_and_not_the_sender(self):
        google = self._create_at_google(40, batch=5)
        self._create_partners(170, batch=5)
        self._mail_day()
        self._return(google.cadence_touch_ids[:10])
        self.assertEqual((self.sender.provider_ids.cause, self.sender.state), ('hard', 'warm'))
        self.assertIn("10 of the last 40 mails to it went to addresses that do not exist", self.sender.provider_ids.status)

    def test_mails_that_come_back_for_what_we_are_count_as_that(self):
        google = self._create_at_google(40, batch=5)
        self._mail_day()
        with self.at(DAY, 13):
            for touch in google.cadence_touch_ids[:10]:
                touch.trace_ids.set_bounced()
                mail = self.env['mailing.trace']._cadence_find([touch.trace_ids.message_id])
                self.env['cadence.risk']._take_returned(mail, bounce.Bounce('policy', '5.7.1 blocked'))
        part = self.sender.provider_ids
        self.assertEqual((part.state, part.cause, part.evidence['hard']), ('paused', 'policy', 0))

    def test_a_mail_that_is_taken_ends_the_row(self):
        google = self._create_at_google(20, batch=5)
        answers = {partner.email: refuse(partner.email, 550, '5.7.1 blocked') for partner in google[:9]}
        self._mail_day(answers=answers)
        self.assertFalse(self.sender.provider_ids)

    def test_greylisting_is_no_refusal_of_us(self):
        self._refuse_at_google(text='4.7.1 Greylisted, come again', code=451)
        self.assertFalse(self.sender.provider_ids)

    def test_companies_that_refuse_in_a_row_pause_the_sender(self):
        partners = self._create_partners(40, batch=5)
        answers = {partner.email: refuse(partner.email, 550, '5.7.1 listed at zen.spamhaus.org') for partner in partners}
        run, _left = self._mail_day(answers=answers)
        self.assertEqual((self.sender.state, self.sender.cause), ('paused', 'policy'))
        self.assertIn("look at the sender's DNS", self.sender.status)
        counts = self._count_reasons(run)
        self.assertEqual((counts['refused'] + counts['sender_paused']), 40)

    def test_only_managers_try_again_and_states_are_written_by_nobody(self):
        self._refuse_at_google()
        part = self.sender.provider_ids
        with self.assertRaises(AccessError):
            part.with_user(self.user).action_try_again()
        with self.assertRaises(AccessError):
            part.with_user(self.manager).write({'state': 'healthy'})
        with self.at(NEXT, 1):
            part.with_user(self.manager).action_try_again()
        self.assertEqual(part.state, 'trial')
