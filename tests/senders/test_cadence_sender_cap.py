from datetime import date, timedelta

from odoo.tests import tagged

from .common import DAY, SenderCase


@tagged('post_install', '-at_install')
class TestSenderCap(SenderCase):

    def _note(self, days_ago, left, cap=None, light='green'):
        day = date.fromisoformat(DAY) - timedelta(days=days_ago)
        self.env['cadence.sender.day']._note(self.sender, day, cap=cap or left, left_count=left, light=light)

    def test_the_ramp_goes_on_from_the_days_behind(self):
        self._note(2, 200)
        self._note(1, 260)
        with self.at(DAY):
            self.assertEqual(self.sender._get_cap(), (338, 'warming', 'next'))
            self.sender._follow_ramp()
        self.assertEqual(self.sender.state, 'warming')

    def test_what_a_day_began_with_holds_until_its_end(self):
        self._note(5, 200)
        with self.at(DAY):
            self.sender._fix_day(self.sender._get_today())
            self.sender.sudo().light = 'amber'
            self.assertEqual(self.sender._get_limit(self.sender._get_today()), 260)
            self.assertEqual(self.sender._get_cap().value, 200)

    def test_who_was_silent_falls_back_and_says_so(self):
        self._note(20, 2000)
        with self.at(DAY):
            self.sender._follow_ramp()
            self.assertEqual((self.sender.state, self.sender.cap), ('resting', 1000))
            self.assertIn("silent for more than two weeks", self.sender.status)

    def test_what_leaves_is_counted_by_the_companys_day(self):
        self.env.company.cadence_tz = 'Asia/Shanghai'
        self._create_partners(2, batch=5)
        run, left = self._mail_day(DAY)
        self.assertEqual(len(left), 2)
        with self.at(DAY, 20):
            self.env['cadence.sender.day']._count(self.sender, date.fromisoformat(DAY) - timedelta(days=3))
        counts = {str(day.date): day.left_count for day in self.sender.day_ids if day.left_count}
        self.assertEqual(counts, {str(run.touch_ids.mapped('day')[0]): 2})

    def test_a_sender_for_one_address_does_not_count_its_neighbours(self):
        own = self.env['cadence.sender'].create({'name': 'li@me.example'})
        mailing = self.env['mailing.mailing'].create({
            'subject': 'News', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'), 'body_html': '<p>x</p>',
            'email_from': 'Boss <boss@me.example>'})
        self.env['mailing.trace'].create({
            'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': self.user.partner_id.id, 'email': 'x@x.example',
            'trace_status': 'sent'})
        self.env.flush_all()
        self.assertEqual((own._get_taken(own._get_today()), self.sender._get_taken(self.sender._get_today())), (0, 1))
