from unittest.mock import patch

from odoo.tests import tagged

from .common import DAY, NEXT, SenderCase

FORECAST = 'odoo.addons.mass_mailing_cadence.models.senders.cadence_sender_forecast.BULK_MAILS'


@tagged('post_install', '-at_install')
class TestSenderForecast(SenderCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.profile = 'steady'

    def _at_gmail(self, count, host='gmail.com', **values):
        partners = self._create_partners(count, domain='company{}.example', **values)
        for partner in partners:
            partner.email = f'buyer{partner.id}@{host}'
        return partners

    def _foresee(self, day=DAY, limit=5):
        self.sender.sudo().foreseen_date = False
        with patch(FORECAST, limit), self.at(day, 2) as now:
            self.sender._foresee(now)

    def test_the_day_is_told_on_which_gmail_takes_it_for_a_bulk_sender(self):
        self._at_gmail(4, batch=7)
        self._at_gmail(5, batch=9)
        self._foresee()
        self.assertEqual((str(self.sender.bulk_date), self.sender.bulk_count), ('2026-07-09', 5))
        with self.at(DAY):
            self.assertIn("From 07/09/2026 on Gmail takes your domain for a bulk sender", self.sender.bulk_note)
            self.assertIn("5 mails will go there on that day", self.sender.bulk_note)

    def test_companies_mailboxes_at_google_do_not_count_nor_who_is_not_mailed(self):
        google = self.env.ref('mass_mailing_cadence.mail_provider_google')
        self._at_gmail(5, batch=9, host='workspace.example')
        self.env['cadence.mail.host'].create({'name': 'workspace.example', 'provider_id': google.id})
        for partner in self._at_gmail(5, batch=8):
            self._tag(partner, 'tag_unsubscribed')
        self._foresee()
        self.assertFalse(self.sender.bulk_note)

    def test_no_more_than_it_may_send_on_a_day_counts(self):
        self._at_gmail(8, batch=9)
        self.sender.target = 4
        self._foresee()
        self.assertFalse(self.sender.bulk_date)

    def test_two_senders_of_a_domain_count_together(self):
        server = self.env['ir.mail_server'].create({'name': 'Other', 'smtp_host': 'smtp.me.example'})
        other = self._create_segment('base.lang_fr', mail_server_id=server.id)
        other.sender_id.profile = 'steady'
        self.assertNotEqual(other.sender_id, self.sender)
        self._at_gmail(3, batch=9)
        self._at_gmail(3, batch=9, segment=other)
        self._foresee()
        self.assertEqual((str(self.sender.bulk_date), self.sender.bulk_count), ('2026-07-09', 6))

    def test_once_reached_it_is_for_good(self):
        self._at_gmail(6, batch=5)
        self._mail_day()
        self._foresee(NEXT)
        self.assertEqual((str(self.sender.bulk_date), self.sender.bulk_count), (DAY, 6))
        self._foresee('2026-09-01', limit=500)
        with self.at('2026-09-01'):
            self.assertIn("Since 07/05/2026 Gmail takes your domain for a bulk sender", self.sender.bulk_note)

    def test_where_its_mails_go(self):
        self._at_gmail(3, batch=5)
        self._create_partners(1, batch=5)
        self._mail_day()
        self.env['cadence.result']._recount(self._runs(DAY)['marketing'])  # asks whose mailboxes they are in
        self._foresee(NEXT)
        self.assertEqual(self.sender.share_note, 'Google 75 % · Others 25 %')

    def test_it_is_counted_once_a_day(self):
        self._foresee()
        with self.at(DAY, 9) as now, patch.object(type(self.sender), '_count_shares', side_effect=AssertionError):
            self.sender._foresee(now)
        self.assertEqual(str(self.sender.foreseen_date), DAY)
