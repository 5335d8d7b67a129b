from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailingDay(CadenceCase):
    """A newsletter by hand respects the day of the cadence."""

    def setUp(self):
        super().setUp()
        self._create_letter()

    def _create_newsletter(self, partners, **values):
        return self.env['mailing.mailing'].create({
            'subject': 'News', 'body_html': '<p>News</p>', 'mailing_type': 'mail', 'email_from': 'me@me.example',
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr([('id', 'in', partners.ids)]), 'user_id': self.env.user.id} | values)

    def _send_newsletter(self, mailing, server, hour=15):
        before = len(server.left)
        with self.at(DAY, hour):
            recipients = mailing._get_remaining_recipients()
            if recipients:
                mailing._action_send_mail()
                self.env['mail.mail'].process_email_queue()
        return sorted(address for address in server.left[before:] if not address.endswith('@me.example'))

    def test_who_has_had_the_days_mail_is_left_out_and_told(self):
        partners = self._create_partners(2, batch=5)
        others = self._create_partners(1)
        self._queue(DAY)
        with self._mail_server() as server:
            self._send_queue(DAY, 12, server)
            mailing = self._create_newsletter(partners + others)
            with self.at(DAY, 14):
                self.assertEqual(mailing.cadence_left_out_count, 2)
            self.assertEqual(self._send_newsletter(mailing, server), others.mapped('email'))
            self.assertIn('2 recipients are left out', mailing.message_ids.mapped('body')[0])

    def test_who_will_have_the_days_mail_is_left_out(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        with self._mail_server() as server:
            self.assertEqual(self._send_newsletter(self._create_newsletter(partner), server, 7), [])
            self.assertEqual(self._send_queue(DAY, 12, server), [partner.email])

    def test_told_otherwise_it_reaches_everybody(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        with self._mail_server() as server:
            self._send_queue(DAY, 12, server)
            mailing = self._create_newsletter(partner, cadence_ignore_day=True)
            self.assertEqual(self._send_newsletter(mailing, server), [partner.email])

    def test_a_company_gets_no_more_than_its_places_of_the_day(self):
        self.env.company.cadence_domain_daily_cap = 3
        partners = self._create_partners(2, batch=5, domain='one.example')
        others = self._create_partners(4, domain='one.example')
        self._queue(DAY)
        with self._mail_server() as server:
            self._send_queue(DAY, 12, server)
            self.assertEqual(len(self._send_newsletter(self._create_newsletter(partners + others), server)), 1)

    def test_a_company_is_one_at_all_its_hosts_and_for_all_newsletters_of_the_day(self):
        self.env.company.cadence_domain_daily_cap = 4
        self._create_partners(2, batch=5, domain='vip.one.example')
        hosts = self.env['res.partner'].union(*(
            self._create_partners(3, domain=domain) for domain in ('one.example', 'mail.one.example', 'other-one.example')))
        self._queue(DAY)
        with self._mail_server() as server:
            first = self._send_newsletter(self._create_newsletter(hosts[:1] + hosts[6:]), server, 8)
            self.assertEqual(len(first), 4)
            second = self._send_newsletter(self._create_newsletter(hosts[1:6]), server, 9)
            self.assertEqual(len(second), 1, "with the two of the cadence and the first newsletter's one")
            self.assertEqual(len(self._send_queue(DAY, 12, server)), 2)

    def test_a_newsletter_between_reserving_and_sending_counts_for_the_cap(self):
        self.env.company.cadence_domain_daily_cap = 3
        partners = self._create_partners(3, batch=5, domain='one.example')
        others = self._create_partners(2, domain='one.example')
        self._queue(DAY)
        with self._mail_server() as server:
            self._send_newsletter(self._create_newsletter(others, cadence_ignore_day=True), server, 8)
            self.assertEqual(len(self._send_queue(DAY, 12, server)), 1)
        self.assertEqual(sorted(self._get_reason(partner, DAY) for partner in partners), ['domain_cap', 'domain_cap', 'reserved'])

    def test_a_runs_mailing_duplicated_by_hand_reaches_nobody_twice(self):
        partner = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            self._send_queue(DAY, 12, server)
            copy = run.mailing_ids.copy({'mailing_domain': repr([('id', '=', partner.id)])})
            self.assertEqual(self._send_newsletter(copy, server), [])
