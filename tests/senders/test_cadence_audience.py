from odoo.tests import tagged

from .common import DAY, NEXT, THIRD, SenderCase


@tagged('post_install', '-at_install')
class TestAudience(SenderCase):

    def test_a_new_sender_sends_its_first_day_and_the_others_are_next_in_line(self):
        self.sender.target = 10
        partners = self._create_partners(25, batch=5)
        run, left = self._mail_day(DAY)
        self.assertEqual((len(left), self._count_reasons(run)), (10, {'sender_cap': 15, 'reserved': 10}))
        self.assertIn(['deferred', 'sender_cap', None], [step['key'] for step in run.story])
        _run, later = self._mail_day(NEXT)
        _run, last = self._mail_day(THIRD)
        self.assertEqual((len(later), len(last)), (10, 5))
        self.assertEqual(sorted([*left, *later, *last]), sorted(partners.mapped('email')), "nobody twice, nobody lost")

    def test_a_preview_tells_what_happens_and_writes_nothing(self):
        self.sender.target = 10
        self._create_partners(25, batch=5)
        with self.at(DAY) as now:
            self.env['cadence.run']._plan_day(self.segment, now)
            run = self._runs(DAY)['marketing']
            counts = {tuple(step['key'] or ()): step['count'] for step in run.story}
        self.assertEqual(counts['deferred', 'sender_cap', None], 15)
        self.assertFalse(self.sender.day_ids)

    def test_all_segments_of_a_sender_count_together(self):
        self.sender.target = 10
        other = self._create_segment('base.lang_fr')
        self._create_letter(segment=other)
        self._create_partners(8, batch=5)
        self._create_partners(8, batch=5, segment=other, domain='other{}.example')
        self._queue(DAY)
        touches = self.env['cadence.touch'].search([('sender_id', '=', self.sender.id), ('date', '=', DAY)])
        self.assertEqual(len(touches.filtered(lambda touch: touch.state == 'reserved')), 10)
        self.assertEqual(len(touches.filtered(lambda touch: touch.reason == 'sender_cap')), 6)

    def test_a_mailing_by_hand_from_the_domain_takes_places(self):
        self.sender.target = 10
        self._create_partners(12, batch=5)
        mailing = self.env['mailing.mailing'].create({
            'subject': 'News', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'), 'body_html': '<p>x</p>',
            'email_from': 'Boss <boss@news.me.example>'})
        others = self._create_partners(4, domain='fair{}.example')
        with self.at(DAY, 2):
            self.env['mailing.trace'].create([{
                'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': partner.id, 'email': partner.email,
                'trace_status': 'sent', 'sent_datetime': f'{DAY} 02:00:00'} for partner in others])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_trace SET create_date = %s WHERE mass_mailing_id = %s", [f'{DAY} 02:00:00', mailing.id])
        self.assertEqual(self._count_reasons(self._queue(DAY)['marketing']), {'reserved': 6, 'sender_cap': 6})
        mailing.email_from = 'boss@notme.example'
        self.env.flush_all()
        self.assertEqual(self.sender._get_taken(self._runs(DAY)['marketing'].date), 6)

    def test_while_it_is_warmed_up_who_reads_goes_first(self):
        self.sender.profile = 'steady'
        partners = self._create_partners(9, batch=5)
        self._mail_day(DAY)
        for partner in partners[7:]:
            trace = self._touch(partner, DAY).trace_ids
            trace.write({'trace_status': 'open', 'open_datetime': trace.sent_datetime})
        partners.category_id = self.segment._get_batch_tags(self.marketing, [6])
        self.sender.write({'profile': 'normal', 'target': 3})
        run = self._queue(NEXT)['marketing']
        reserved = run.touch_ids.filtered(lambda touch: touch.state == 'reserved').partner_id
        self.assertEqual(reserved, partners[0] + partners[7:])

    def test_a_lowered_cap_holds_for_what_waits(self):
        self.sender.target = 10
        self._create_partners(10, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 2):
            self.sender.target = 4
        with self._mail_server() as server:
            left = self._send_queue(DAY, 12, server)
        self.assertEqual((len(left), self._count_reasons(run)), (4, {'reserved': 4, 'sender_cap': 6}))

    def test_a_sender_without_a_limit_adds_no_step(self):
        self.sender.profile = 'steady'
        self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertFalse(self.env['cadence.audience']._get_sender_limits(run))
        self.assertEqual(run.touch_ids.sender_id, self.sender)

    def test_of_a_sender_that_is_warmed_up_some_go_first_and_the_others_on_the_same_day(self):
        self.env.company.cadence_canary_count = 10
        self.sender.target = 30
        self._create_partners(40, batch=5)
        run, left = self._mail_day(DAY)
        self.assertEqual((len(left), self._count_reasons(run)), (10, {'reserved': 10, 'canary': 20, 'sender_cap': 10}))
        with self.at(DAY, 15) as now:
            self.sender._check(now)
        self._queue(DAY, 16)
        with self._mail_server() as server:
            self.assertEqual(len(self._send_queue(DAY, 17, server)), 20)
        self.assertEqual(self._count_reasons(run), {'reserved': 30, 'sender_cap': 10})

    def test_the_others_stay_where_too_much_came_back(self):
        self.env.company.cadence_canary_count = 10
        self.sender.target = 30
        self._create_partners(40, batch=5)
        run, _left = self._mail_day(DAY)
        self._return(run.touch_ids.filtered(lambda touch: touch.outcome == 'left')[:5])
        with self.at(DAY, 15) as now:
            self.sender._check(now)
        self._queue(DAY, 16)
        self.assertEqual(self._count_reasons(run), {'reserved': 10, 'canary': 20, 'sender_cap': 10})

    def test_late_in_the_day_nobody_waits_for_hours_that_do_not_come(self):
        self.env.company.cadence_canary_count = 10
        self.sender.target = 30
        self.segment.send_time = 22.0
        self._create_partners(40, batch=5)
        self.assertEqual(self._count_reasons(self._queue(DAY)['marketing']), {'reserved': 30, 'sender_cap': 10})
