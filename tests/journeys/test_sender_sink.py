from odoo.tests import tagged

from ..senders.common import SenderCase
from ..smtp import OfficeMixin

DAY, NEXT = '2026-07-05', '2026-07-06'


@tagged('post_install', '-at_install')
class TestSenderSink(OfficeMixin, SenderCase):
    """Through smtplib to a server that refuses: what left it, what the ledger says and whom nobody lost add up."""

    def test_a_server_that_refuses_every_seventh_address_stops_the_sender_within_25_mails(self):
        partners = self._create_partners(180, batch=5)
        office = self._make_office()
        office.dead = set(partners[::7].mapped('email'))
        run = self._queue(DAY)['marketing']
        self._send(office)
        left, counts = self._get_left(office), self._count_reasons(run)
        behind = [mail for mail in office.left if mail.moment > office.refused[9][0] and '@me.' not in mail.recipients[0]]
        self.assertLessEqual(len(behind), 25)
        self.assertLess(len(left), 100)
        dead = len(office.refused)
        self.assertEqual(len(left), len(set(left)), "nobody twice")
        self.assertFalse(set(left) & office.dead)
        self.assertEqual((counts['reserved'], counts['dead']), (len(left), dead))
        self.assertEqual(sum(counts.values()), 180, "nobody is lost")
        self.assertEqual(counts['sender_paused'], 180 - len(left) - dead)
        bounced = self.env.ref('mass_mailing_cadence.tag_bounced')
        self.assertEqual(len(partners.filtered(lambda partner: bounced in partner.category_id)), dead)
        self.assertEqual(self.sender.state, 'paused')

    def test_a_warm_sender_is_stopped_as_soon(self):
        self.sender.profile = 'steady'
        partners = self._create_partners(180, batch=5)
        office = self._make_office()
        office.dead = set(partners[20::7].mapped('email'))
        self._queue(DAY)
        self._send(office)
        behind = [mail for mail in office.left if mail.moment > office.refused[9][0] and '@me.' not in mail.recipients[0]]
        self.assertLessEqual(len(behind), 25)
        self.assertEqual(self.sender.state, 'paused')

    def test_a_server_that_is_busy_for_an_hour_pauses_nobody(self):
        partners = self._create_partners(30, batch=5)
        office = self._make_office()
        office.set_weather('sim', 'busy')
        run = self._queue(DAY)['marketing']
        self._send(office)
        self.assertEqual((self._get_left(office), run.waiting_count, self.sender.state), ([], 30, 'new'))
        office.set_weather('sim', 'up')
        self._send(office, hour=13)
        self.assertEqual(self._get_left(office), sorted(partners.mapped('email')))
        self.assertEqual(self.sender.light, 'green')

    def test_a_server_that_hangs_up_loses_nobody_and_mails_nobody_twice(self):
        partners = self._create_partners(6, batch=5)
        office = self._make_office()
        office.set_weather('sim', 'taking')
        run = self._queue(DAY)['marketing']
        self._send(office)
        office.set_weather('sim', 'up')
        for hour in (13, 14):
            self._send(office, hour=hour)
        left = self._get_left(office)
        self.assertEqual(len(left), len(set(left)))
        self.assertEqual(left, sorted(partners.mapped('email')))
        self.assertEqual(run.doubt_count + run.mailed_count, 6)
