from odoo.tests import tagged

from ...tools.mail import bounce
from ..day.test_mail_mail import refuse
from .common import DAY, NEXT, THIRD, SenderCase


@tagged('post_install', '-at_install')
class TestSenderHealth(SenderCase):

    def _touches(self, run, count):
        return run.touch_ids.filtered(lambda touch: touch.outcome == 'left')[:count]

    def test_what_comes_back_holds_and_then_pauses_and_somebody_is_told(self):
        self._create_partners(60, batch=5)
        run, _left = self._mail_day()
        self._return(self._touches(run, 4))
        self.assertEqual((self.sender.light, self.sender.state), ('green', 'new'))
        self._return(self._touches(run, 5))
        self.assertEqual((self.sender.light, self.sender.cause), ('amber', 'hard'))
        self._return(self._touches(run, 10))
        self.assertEqual((self.sender.light, self.sender.state, self.sender.cause), ('red', 'paused', 'hard'))
        self.assertIn("10 of the last 60 mails went to addresses that do not exist", self.sender.status)
        self.assertEqual(self.sender.activity_ids.user_id, self.manager)
        self.assertIn("10 of the last 60", self.sender.activity_ids.note)
        self.assertEqual(self.sender.day_ids.filtered(lambda day: str(day.date) == DAY).light, 'red')

    def test_a_full_mailbox_is_no_address_that_does_not_exist(self):
        self._create_partners(60, batch=5)
        run, _left = self._mail_day()
        self._return(self._touches(run, 12), 'soft_bounce')
        self.assertEqual((self.sender.light, self.sender.cause), ('amber', 'bounced'))

    def test_three_complaints_pause_until_a_person_decides(self):
        self._create_partners(40, batch=5)
        run, _left = self._mail_day()
        for touch in self._touches(run, 3):
            with self.at(DAY, 13):
                self.env['cadence.risk']._block(touch.partner_id, 'complaint', trace_id=touch.trace_ids.id)
        self.assertEqual((self.sender.state, self.sender.cause), ('paused', 'complaints'))
        self.assertIn("3 of the last 40 mails were reported as spam", self.sender.status)
        with self.at(THIRD, 23) as now:
            self.sender._check(now)
        self.assertEqual(self.sender.state, 'paused')
        with self.at(THIRD, 23):
            self.sender.with_user(self.manager).action_try_again()
        self.assertEqual((self.sender.state, self.sender.light), ('trial', 'green'))
        self.assertFalse(self.sender.activity_ids)

    def test_the_mail_server_says_that_addresses_do_not_exist_and_the_rest_stays(self):
        """Within the block of the tenth refusal it is paused; of the mails behind it none leaves, and nobody is lost."""
        partners = self._create_partners(90, batch=5)
        answers = {partner.email: refuse(partner.email, 550, '5.1.1 User unknown') for partner in partners[:30]}
        run, left = self._mail_day(answers=answers)
        counts = self._count_reasons(run)
        self.assertEqual((left, counts['dead'] + counts['sender_paused']), ([], 90))
        self.assertTrue(10 <= counts['dead'] <= 25)
        self.assertEqual(self.sender.state, 'paused')
        run = self._queue(NEXT)['marketing']
        # Who was refused is Bounced: nobody looks at them again.
        self.assertEqual(self._count_reasons(run), {'sender_paused': counts['sender_paused']})

    def test_after_a_day_a_tenth_is_tried_and_then_it_climbs_again(self):
        self._create_partners(60, batch=5)
        run, _left = self._mail_day()
        self._return(self._touches(run, 10))
        self._create_partners(60, batch=6, domain='other{}.example')
        with self.at(NEXT, 12) as now:
            self.sender._check(now)
            self.assertEqual(self.sender.state, 'paused', "a day is not over")
        with self.at(NEXT, 14) as now:
            self.sender._check(now)
            self.assertEqual((self.sender.state, self.sender.cap), ('trial', 10))
            self.assertIn("a tenth of what is usual", self.sender.status)
        with self.at(NEXT, 15):
            run = self._queue(NEXT, 15)['marketing']
        self.assertEqual(self._count_reasons(run), {'reserved': 10, 'sender_cap': 50})
        with self._mail_server() as server:
            self.assertEqual(len(self._send_queue(NEXT, 16, server)), 10)
        with self.at(THIRD, 3) as now:
            self.sender._check(now)
            self.assertEqual((self.sender.state, self.sender.cap), ('warming', 200))

    def test_a_trial_in_which_mails_come_back_ends_at_once(self):
        self._create_partners(60, batch=5)
        run, _left = self._mail_day()
        self._return(self._touches(run, 10))
        self._create_partners(60, batch=6, domain='other{}.example')
        with self.at(NEXT, 14) as now:
            self.sender._check(now)
        run = self._queue(NEXT, 15)['marketing']
        with self._mail_server() as server:
            self._send_queue(NEXT, 16, server)
        self._return(self._touches(run, 3), day=NEXT)
        self.assertEqual((self.sender.state, self.sender.cause), ('paused', 'hard'))

    def test_who_was_warm_without_a_limit_climbs_again_after_a_pause(self):
        self.sender.profile = 'steady'
        self._create_partners(60, batch=5)
        run, _left = self._mail_day()
        self._return(self._touches(run, 10))
        self.assertEqual((self.sender.state, self.sender.profile, self.sender.target), ('paused', 'fast', 200))

    def test_a_returned_mail_is_heard(self):
        self._create_partners(30, batch=5)
        run, _left = self._mail_day()
        for touch in self._touches(run, 10):
            trace = touch.trace_ids
            with self.at(DAY, 13):
                trace.set_bounced()
                mail = self.env['mailing.trace']._cadence_find([trace.message_id])
                self.env['cadence.risk']._take_returned(mail, bounce.Bounce('dead', '5.1.1'))
        self.assertEqual(self.sender.state, 'paused')

    def test_a_pause_names_the_load_of_addresses_that_it_comes_from(self):
        intake = self.env['cadence.intake'].create({
            'segment_id': self.segment.id, 'start_date': DAY,
            'pasted_text': '\n'.join(f'a@canton{number}.example' for number in range(12))})
        with self.at(DAY):
            intake.action_preview()
            intake.action_save()
        self._create_partners(20, batch=5)
        run, _left = self._mail_day()
        self.assertGreaterEqual(len(run.touch_ids), 30)
        canton = run.touch_ids.filtered(lambda touch: 'canton' in touch.email)
        self._return(canton[:11] + (run.touch_ids - canton)[:1])
        self.assertEqual((self.sender.state, self.sender.evidence['intake']), ('paused', intake.id))
        self.assertIn(f'% of them are from the intake “{intake.display_name}”', self.sender.status)
        self.assertEqual(self.sender.action_open_intake()['res_id'], intake.id)

    def test_one_senders_fault_stops_no_other(self):
        self._create_segment('base.lang_fr', email_from='x@other.example')
        Sender, checked = type(self.sender), []
        check = Sender._check

        def fail(sender, now):
            checked.append(sender.name)
            if sender == self.sender:
                raise ValueError("x")
            return check(sender, now)

        self.patch(Sender, '_check', fail)
        with self.enter_registry_test_mode(), self.assertLogs('odoo.addons.mass_mailing_cadence', 'ERROR'):
            self.env.ref('mass_mailing_cadence.ir_cron_check_senders').method_direct_trigger()
        self.assertLessEqual({'me.example', 'other.example'}, set(checked))
