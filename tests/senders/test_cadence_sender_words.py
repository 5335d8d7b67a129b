from odoo.tests import tagged

from .common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestSenderWords(SenderCase):

    def test_a_new_sender_says_what_may_leave_and_why(self):
        self.assertEqual(self.sender.status,
                         "200 mails may leave today. Mailbox providers do not know this sender yet: it begins small.")

    def test_a_warm_sender_says_so(self):
        self.sender.write({'profile': 'steady'})
        self.assertIn("nothing limits its mails", self.sender.status)
        self.sender.target = 1500
        self.assertEqual(self.sender.status, "Warm: at most 1,500 mails a day.")

    def test_the_staircase_shows_what_left_in_it(self):
        self.sender.target = 10
        self._create_partners(15, batch=5)
        self._mail_day(DAY)
        with self.at(NEXT, 2) as now:
            self.sender._check(now)
            ramp = self.sender.ramp
        self.assertEqual([(step['date'], step['cap'], step['left'], step['kind']) for step in ramp[:2]],
                         [(DAY, 10, 10, 'past'), (NEXT, 10, 0, 'today')])
        self.assertEqual({step['kind'] for step in ramp[2:]}, {'ahead'})

    def test_the_dials_tell_how_near_it_is(self):
        dials = {dial['name']: dial for dial in self.sender.dials}
        self.assertEqual((dials['hard']['count'], dials['hard']['amber'], dials['hard']['red']), (0, 0.02, 0.05))

    def test_a_form_that_is_not_saved_yet_opens(self):
        new = self.env['cadence.sender'].new({'name': 'x.example'})
        self.assertFalse(new.ramp)
        self.assertTrue(new.status)
