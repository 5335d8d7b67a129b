from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .common import DAY, NEXT, THIRD, SenderCase


@tagged('post_install', '-at_install')
class TestSenderShare(SenderCase):
    """A mailbox provider gets a part of the day of a sender that it does not know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.google = cls.env.ref('mass_mailing_cadence.mail_provider_google')
        cls.sender.target = 20

    def _create_at(self, host, count, **values):
        partners = self._create_partners(count, domain='company{}.example', **values)
        for partner in partners:
            partner.email = f'buyer{partner.id}@{host}'
        return partners

    def _create_at_google(self, count, **values):
        return self._create_at('gmail.com', count, **values)

    def test_the_others_get_the_places_that_are_over(self):
        google = self._create_at_google(15, batch=5)
        others = self._create_partners(15, batch=5)
        run, left = self._mail_day(DAY)
        self.assertEqual(len(left), 20, "the day is filled")
        self.assertEqual(len(set(left) & set(google.mapped('email'))), 8, "four tenths of it")
        self.assertEqual(self._count_reasons(run), {'reserved': 20, 'provider_share': 7, 'sender_cap': 3})
        self.assertIn(['deferred', 'provider_share', None], [step['key'] for step in run.story])
        self.assertEqual(run.story[0]['count'], sum(step['count'] for step in run.story[1:]))
        _run, later = self._mail_day(NEXT)
        self.assertEqual(sorted(left + later), sorted((google + others).mapped('email')), "nobody twice, nobody lost")

    def test_a_preview_tells_it_before_anybody_has_looked_a_host_up(self):
        self._create_at_google(15, batch=5)
        self.env['cadence.mail.host'].search([]).unlink()
        with self.at(DAY) as now:
            self.env['cadence.run']._plan_day(self.segment, now)
            counts = {tuple(step['key'] or ()): step['count'] for step in self._runs(DAY)['marketing'].story}
        self.assertEqual(counts['deferred', 'provider_share', None], 7)
        self.assertFalse(self.env['cadence.mail.host'].search([('name', '=', 'gmail.com')]))

    def test_where_only_its_mailboxes_are_due_the_day_is_not_filled(self):
        partners = self._create_at_google(20, batch=5)
        lefts = [self._mail_day(day)[1] for day in (DAY, NEXT, THIRD)]
        self.assertEqual([len(left) for left in lefts], [8, 8, 4])
        self.assertEqual(sorted(sum(lefts, [])), sorted(partners.mapped('email')))

    def test_all_segments_count_together_and_a_mailing_by_hand_too(self):
        other = self._create_segment('base.lang_fr')
        self._create_letter(segment=other)
        self._create_at_google(5, batch=5)
        self._create_at_google(5, batch=5, segment=other)
        mailing = self.env['mailing.mailing'].create({
            'subject': 'News', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'), 'body_html': '<p>x</p>',
            'email_from': 'Boss <boss@me.example>'})
        with self.at(DAY, 2):
            self.env['mailing.trace'].create([{
                'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': partner.id, 'email': partner.email.upper(),
                'trace_status': 'sent', 'sent_datetime': f'{DAY} 02:00:00'} for partner in self._create_at_google(3)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_trace SET create_date = %s WHERE mass_mailing_id = %s", [f'{DAY} 02:00:00', mailing.id])
        self._queue(DAY)
        touches = self.env['cadence.touch'].search([('sender_id', '=', self.sender.id), ('date', '=', DAY)])
        self.assertEqual(len(touches.filtered(lambda touch: touch.state == 'reserved')), 5)
        self.assertEqual(len(touches.filtered(lambda touch: touch.reason == 'provider_share')), 5)

    def test_companies_at_google_are_googles_and_servers_of_their_own_are_nobodys(self):
        hosted = self._create_at('hosted.example', 15, batch=5)
        self.env['cadence.mail.host'].create({
            'name': 'hosted.example', 'mx': 'aspmx.l.google.com', 'provider_id': self.google.id})
        self._create_at('own.example', 20, batch=5)
        self.env.company.cadence_domain_daily_cap = 100
        run = self._queue(DAY)['marketing']
        reserved = run.touch_ids.filtered(lambda touch: touch.state == 'reserved').partner_id
        self.assertEqual((len(reserved), len(reserved & hosted)), (20, 8))

    def test_each_provider_has_a_share_of_its_own(self):
        self._create_at_google(15, batch=5)
        self._create_at('outlook.com', 15, batch=5)
        run = self._queue(DAY)['marketing']
        reserved = run.touch_ids.filtered(lambda touch: touch.state == 'reserved').mapped('email')
        self.assertEqual(sorted(address.partition('@')[2] for address in reserved), ['gmail.com'] * 8 + ['outlook.com'] * 8)

    def test_while_it_is_warmed_up_who_reads_gets_the_share(self):
        self.sender.profile = 'steady'
        partners = self._create_at_google(9, batch=5)
        self._mail_day(DAY)
        for partner in partners[7:]:
            trace = self._touch(partner, DAY).trace_ids
            trace.write({'trace_status': 'open', 'open_datetime': trace.sent_datetime})
        partners.category_id = self.segment._get_batch_tags(self.marketing, [6])
        self.sender.write({'profile': 'normal', 'target': 8})
        run = self._queue(NEXT)['marketing']
        reserved = run.touch_ids.filtered(lambda touch: touch.state == 'reserved').partner_id
        self.assertEqual(reserved, partners[0] + partners[7:])

    def test_a_warm_sender_and_one_without_a_share_have_no_such_limit(self):
        self._create_at_google(15, batch=5)
        self.sender.provider_share = 0
        self.assertEqual(self._count_reasons(self._queue(DAY)['marketing']), {'reserved': 15})
        self.sender.write({'provider_share': 40, 'profile': 'steady', 'target': 20})
        self._create_at_google(15, batch=6)
        self.assertEqual(self._count_reasons(self._queue(NEXT)['marketing']), {'reserved': 20, 'sender_cap': 10})
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.sender.provider_share = 101
            self.env.flush_all()

    def test_the_smallest_share_is_one_mail(self):
        self.sender.write({'target': 1, 'provider_share': 1})
        self._create_at_google(3, batch=5)
        self.assertEqual(self._count_reasons(self._queue(DAY)['marketing']), {'reserved': 1, 'provider_share': 2})

    def test_a_lowered_share_holds_for_what_waits(self):
        self._create_at_google(8, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 2):
            self.sender.provider_share = 20
        with self._mail_server() as server:
            left = self._send_queue(DAY, 12, server)
        self.assertEqual((len(left), self._count_reasons(run)), (4, {'reserved': 4, 'provider_share': 4}))

    def test_after_the_companys_midnight_no_more_leave_than_that_day_has_of_the_share(self):
        self.env.company.cadence_tz = 'Asia/Shanghai'  # its day begins at 16:00
        late = self._create_at_google(6, batch=5)
        self._create_partners(3, batch=5)
        china = self._create_segment('base.lang_fr', tz='Asia/Shanghai', send_time=1.0)
        self._create_letter(segment=china)
        self._create_at_google(5, batch=6, segment=china)
        run = self._queue(DAY, 2)['marketing']
        self._queue(DAY, 16)
        with self._mail_server() as server:
            self._send_queue(DAY, 18, server)
            left = [address for address in server.left if address.endswith('@gmail.com')]
        self.assertEqual(len(left), 8)
        waiting = run.touch_ids.filtered(lambda touch: touch.outcome == 'waiting')
        self.assertEqual((len(waiting & late.cadence_touch_ids), set(waiting.mapped('reason'))), (3, {'provider_share'}))
