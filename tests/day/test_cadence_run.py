import re
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..common import CadenceCase

DAY = '2026-07-05'
NEXT_DAY = '2026-07-06'
REREAD = '2026-07-15'


@tagged('post_install', '-at_install')
class TestRun(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._create_letter()
        cls._create_letter(group=cls.reading, subject='Reading letter')

    def test_due_batches_are_reserved_and_queued_for_the_local_sending_time(self):
        self.segment.write({'tz': 'Asia/Shanghai', 'send_time': 9.5})
        partners = self._create_partners(3, batch=5)
        self._queue('2026-07-04', hour=15)
        self.assertFalse(self.env['cadence.touch'].search([('segment_id', '=', self.segment.id)]), "it is the 4th in Shanghai")
        self._queue('2026-07-04', hour=17)  # 01:00 of the 5th in Shanghai
        run = self._runs(DAY)['marketing']
        self.assertEqual(run.state, 'queued')
        self.assertEqual(run.touch_ids.partner_id, partners)
        self.assertEqual(set(run.touch_ids.mapped('state')), {'reserved'})
        self.assertEqual(str(run.mailing_ids.schedule_date), '2026-07-05 01:30:00')
        self.assertEqual(run.mailing_ids.state, 'in_queue')
        self.assertEqual(run.mailing_ids._get_recipients(), partners.ids)

    def test_mails_leave_once_and_the_run_is_done(self):
        partners = self._create_partners(3, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertFalse(self._compose(DAY, hour=8), "the sending time has not come")
        self.assertEqual(len(self._compose(DAY)), 3)
        self.assertEqual(run.state, 'done')
        self.assertEqual(set(run.touch_ids.trace_ids.mapped('email')), set(partners.mapped('email_normalized')))
        self._queue(DAY, hour=13)
        self.assertFalse(self._compose(DAY, hour=14))

    def test_running_twice_adds_nothing(self):
        self._create_partners(4, batch=5)
        first = self._queue(DAY)['marketing']
        touches = first.touch_ids
        self._queue(DAY, hour=2)
        self.assertEqual(first.touch_ids, touches)
        self.assertEqual(len(first.mailing_ids), 1)

    def test_contacts_saved_after_the_queue_join_the_day(self):
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        self._compose(DAY)
        late = self._create_partners(1, batch=5)
        self._queue(DAY, hour=13)
        self.assertEqual(self._compose(DAY, hour=14), [late.email_formatted])
        self.assertEqual(len(run.mailing_ids), 1)
        self.assertEqual(run.state, 'done')

    def test_everybody_who_must_not_be_mailed_is_excluded_with_the_reason(self):
        p = self._create_partners(9, batch=5)
        self.env.company.cadence_follow_risks = False  # the opt-out itself, not the tag that follows it
        self._tag(p[0], 'tag_competitor')
        self._tag(p[1], 'tag_deal')
        p[2].category_id += self.segment._get_batch_tags(self.reading, [5])
        p[3].email = 'support@firm.example'
        self.env['mail.blacklist'].create({'email': p[4].email})
        p[5].email = 'nonsense'
        p[6].active = False
        p[7].company_id = self.env['res.company'].create({'name': 'Other'})
        run = self._queue(DAY)['marketing']
        found = {touch.partner_id: (touch.reason, touch.view_id.stage) for touch in run.touch_ids}
        self.assertEqual(found, {
            p[0]: ('view', 'risk'), p[1]: ('view', 'intention'), p[2]: ('view', 'reading'), p[3]: ('view', 'no_send'),
            p[4]: ('opt_out', False), p[5]: ('no_address', False), p[6]: ('archived', False), p[7]: ('company', False),
            p[8]: (False, False)})
        self.assertEqual(self._runs(DAY)['reading'].touch_ids.filtered(lambda t: t.state == 'reserved').partner_id, p[2])

    def test_an_archived_risk_tag_still_keeps_its_contact_out(self):
        partner = self._create_partners(1, batch=5)
        self._tag(partner, 'tag_competitor')
        self.env.ref('mass_mailing_cadence.tag_competitor').active = False
        self._queue(DAY)
        self.assertEqual(self._get_reason(partner, DAY), 'view')

    def test_two_addresses_in_one_field_are_not_mailed(self):
        partner = self._create_partners(1, batch=5)
        partner.email = 'a@firm.example, b@firm.example'
        self._queue(DAY)
        self.assertEqual(self._get_reason(partner, DAY), 'several_addresses')

    def test_a_mailing_list_opt_out_is_an_opt_out(self):
        partner = self._create_partners(1, batch=5)
        self.env.company.cadence_follow_risks = False  # the opt-out itself, not the tag that follows it
        mailing_list = self.env['mailing.list'].create({'name': 'News'})
        self.env['mailing.contact'].create({'email': partner.email, 'subscription_ids': [
            (0, 0, {'list_id': mailing_list.id, 'opt_out': True})]})
        self._queue(DAY)
        self.assertEqual(self._get_reason(partner, DAY), 'opt_out')

    def test_one_mail_a_day_to_an_address_over_all_segments(self):
        first, second = self._create_partners(2, batch=5)
        second.email = first.email.upper()
        other = self._create_segment('base.lang_de')
        self._create_letter(segment=other)
        third = self._create_partners(1, batch=5, segment=other)
        third.email = f'"Again" <{first.email}>'
        self._queue(DAY)
        reserved = self.env['cadence.touch'].search([('date', '=', DAY), ('state', '=', 'reserved')])
        self.assertEqual(len(reserved), 1)
        self.assertEqual({self._get_reason(partner, DAY) for partner in first + second + third} - {'reserved'}, {'mailed_today'})

    def test_the_database_refuses_a_second_reserved_touch_of_an_address(self):
        partner = self._create_partners(1, batch=5)
        touch = self._queue(DAY)['marketing'].touch_ids
        run = self._runs(DAY)['reading']
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation) as caught, self.cr.savepoint():
            self.env['cadence.touch'].create({
                'run_id': run.id, 'segment_id': run.segment_id.id, 'tag_group_id': run.tag_group_id.id,
                'company_id': run.company_id.id, 'partner_id': partner.copy().id, 'date': touch.date, 'email': touch.email,
                'state': 'reserved'})
            self.env.flush_all()
        self.assertIn('cadence_touch_address_day', str(caught.exception))

    def test_a_company_gets_twenty_a_day_and_the_others_go_first_tomorrow(self):
        partners = self._create_partners(25, batch=5, domain='one.example')
        self._create_partners(22, batch=6, domain='one.example')
        run = self._queue(DAY)['marketing']
        self.assertEqual((run.waiting_count, run.deferred_count), (20, 5))
        deferred = run.touch_ids.filtered(lambda touch: touch.state == 'deferred').partner_id
        self._compose(DAY)
        tomorrow = self._queue(NEXT_DAY)['marketing']
        self.assertEqual((tomorrow.waiting_count, tomorrow.deferred_count), (20, 7))
        self.assertLessEqual(deferred, tomorrow.touch_ids.filtered(lambda touch: touch.state == 'reserved').partner_id)
        self.assertLessEqual(deferred, partners)

    def test_who_was_deferred_twice_goes_before_who_was_deferred_once(self):
        self.env.company.cadence_domain_daily_cap = 1
        first, second, third = self._create_partners(3, batch=5, domain='one.example')
        newer = self._create_partners(2, batch=6, domain='one.example')
        mailed = []
        for day in range(5, 10):
            run = self._queue(f'2026-07-{day:02}')['marketing']
            mailed += run.touch_ids.filtered(lambda touch: touch.state == 'reserved').partner_id
            self._compose(f'2026-07-{day:02}')
        self.assertEqual(mailed, [first, second, third, *newer])

    def test_public_mailboxes_are_no_company(self):
        self._create_partners(25, batch=5, domain='gmail.com')
        self.assertEqual(self._queue(DAY)['marketing'].waiting_count, 25)

    def test_manual_mailings_of_the_day_count_for_the_address_and_for_the_company(self):
        partners = self._create_partners(25, batch=5, domain='one.example')
        with self.at(DAY, 0):
            mailing = self.env['mailing.mailing'].create({
                'subject': 'By hand', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'), 'body_html': '<p>x</p>'})
            self.env['mailing.trace'].create([{
                'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': partner.id, 'email': partner.email_normalized,
                'trace_status': 'sent'} for partner in partners[:3]])
        run = self._queue(DAY)['marketing']
        self.assertEqual({touch.reason for touch in run.touch_ids if touch.partner_id in partners[:3]}, {'mailed_today'})
        self.assertEqual(run.waiting_count, 17)

    def test_readers_take_the_places_of_a_company_before_the_silent(self):
        self.env.company.cadence_domain_daily_cap = 1
        silent = self._create_partners(1, batch=5, domain='one.example')
        reader = self._create_partners(1, batch=5, group=self.reading, domain='one.example')
        self._queue(DAY)
        self.assertEqual(self._get_reason(reader, DAY), 'reserved')
        self.assertEqual(self._get_reason(silent, DAY), 'domain_cap')

    def test_the_story_adds_up(self):
        p = self._create_partners(12, batch=5)
        self._tag(p[:3], 'tag_other_risk')
        p[4].email = False
        with self.at(DAY):
            runs = self.env['cadence.run']._plan_day(self.segment, fields.Datetime.now())
            run = runs.filtered(lambda run: run.tag_group_id == self.marketing)
            preview = run.story
        self.assertFalse(run.touch_ids, "a preview writes nothing")
        self.assertEqual([(step['kind'], step['count']) for step in preview],
                         [('start', 12), ('excluded', 3), ('excluded', 1), ('reserved', 8)])
        run = self._queue(DAY)['marketing']
        self.assertEqual([step['count'] for step in run.story], [12, 3, 1, 8])
        for step in run.story:
            with self.at(DAY):
                action = run.action_open_outcome(step['key'])
            found = self.env['res.partner'].with_context(active_test=False).search_count(action['domain'])
            self.assertEqual(found, step['count'])

    def test_a_run_without_a_letter_is_blocked_and_says_so(self):
        self.letter.active = False
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertEqual(run.state, 'blocked')
        self.assertIn('letter', run.blocked_reason)
        self.assertEqual(run.activity_ids.user_id, self.manager)
        self._queue(DAY, hour=2)
        self.assertEqual(len(run.activity_ids), 1, "one activity, however often the cron comes")
        self.letter.active = True
        self._queue(DAY, hour=3)
        self.assertEqual(run.state, 'queued')
        self.assertFalse(run.activity_ids)

    def test_a_letter_that_cannot_be_filled_in_blocks_the_run(self):
        self.letter.mailing_id.body_html = '<p><t t-out="object.no_such_field"/></p>'
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertEqual(run.state, 'blocked')
        self.assertIn('Letter 1', run.blocked_reason)

    def test_a_segment_without_contacts_is_not_blocked(self):
        self.letter.active = False
        self.assertEqual(self._queue(DAY)['marketing'].state, 'done')

    def test_mailings_wait_as_drafts_when_somebody_wants_to_look_first(self):
        self.segment.auto_send = False
        self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertEqual(run.mailing_ids.state, 'draft')
        self.assertTrue(run.is_draft)
        self.assertFalse(self._compose(DAY))
        with self.at(DAY, 12):
            run.action_send_drafts()
        self.assertEqual(len(self._compose(DAY, hour=13)), 2)

    def test_what_was_not_sent_by_midnight_is_deferred_to_the_next_day(self):
        self.segment.auto_send = False
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        tomorrow = self._queue(NEXT_DAY)['marketing']
        self.assertEqual(run.state, 'missed')
        self.assertEqual(set(run.touch_ids.mapped('reason')), {'late'})
        self.assertEqual(tomorrow.touch_ids.partner_id, partners)
        self.assertEqual(set(tomorrow.touch_ids.mapped('state')), {'reserved'})

    def test_a_missed_day_says_what_became_of_it_and_not_what_was_hoped(self):
        self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 12, server)
        self.assertIn("2 are tried again today, 0 in the next run", run.blocked_reason)
        self._queue(NEXT_DAY)
        self.assertEqual(run.state, 'missed')
        self.assertIn("0 are tried again today, 2 in the next run", run.blocked_reason)

    def test_a_day_without_the_server_is_missed(self):
        self._create_partners(1, batch=5)
        self._queue('2026-07-04')
        self._queue(NEXT_DAY)
        self.assertEqual(self._runs(DAY)['marketing'].state, 'missed')

    def test_a_cancelled_run_frees_its_places_and_can_be_run_again(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 2):
            run.action_cancel()
        self.assertEqual((run.state, len(run.touch_ids), len(run.mailing_ids)), ('cancelled', 0, 0))
        self._queue(DAY, hour=3)
        self.assertEqual(run.state, 'cancelled', "the cron leaves it alone")
        with self.at(DAY, 4):
            run.with_user(self.user).action_run_now()
        self.assertEqual(run.touch_ids.partner_id, partners)

    def test_run_now_is_for_cadence_users_and_for_today(self):
        self._create_partners(1, batch=5)
        with self.at(DAY):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
            runs = self._runs(DAY)['marketing'] + self._runs(NEXT_DAY)['marketing']
            with self.assertRaises(UserError):
                runs[0].with_user(self.salesman).action_run_now()
            with self.assertRaises(UserError):
                runs[1].with_user(self.user).action_run_now()
            runs[0].with_user(self.user).action_run_now()
        self.assertEqual(runs[0].state, 'queued')

    def test_the_next_thirty_days_are_planned_with_the_expected_audience(self):
        self._create_partners(3, batch=20)
        self._tag(self._create_partners(2, batch=20), 'tag_competitor')
        self._queue(DAY)
        days = self.env['cadence.run'].search([('segment_id', '=', self.segment.id), ('tag_group_id', '=', self.marketing.id)])
        self.assertEqual(max(days.mapped('date')), date.fromisoformat(DAY) + timedelta(days=30))
        self.assertNotIn(date(2026, 7, 31), days.mapped('date'))
        self.assertEqual(self._runs('2026-07-20')['marketing'].expected_count, 3)

    def test_february_reaches_everybody_on_its_last_day_unless_told_to_skip(self):
        self._create_partners(1, batch=30)
        self.assertEqual(self._queue('2026-02-28')['marketing'].waiting_count, 1)
        self.env.company.cadence_short_month = 'skip'
        self.assertEqual(self._queue('2027-02-28')['marketing'].waiting_count, 0)

    def test_queries_do_not_grow_with_the_contacts(self):
        self._create_partners(20, batch=5)
        self._create_partners(200, batch=6)
        counts = []
        for day in ('2026-06-06', DAY, NEXT_DAY):  # the first only warms the caches
            with self.at(day):
                run = self.env['cadence.run']._plan_day(self.segment, fields.Datetime.now()).filtered(
                    lambda run: run.tag_group_id == self.marketing)
                letters = run._get_letters()
                self.env.flush_all()
                before = self.cr.sql_log_count
                self.env['cadence.audience']._reserve(run, letters)
                counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(run.touch_ids), 20 if day == DAY else 200)
        self.assertEqual(counts[1], counts[2])

    def test_the_calendar_asks_as_often_for_many_runs_as_for_one(self):
        fields_ = {name: {} for name in (
            'display_name', 'batches', 'state', 'expected_count', 'mailed_count', 'opened_count', 'replied_count')}
        segments = [self.segment] + [
            self._create_segment(customer_group_id=self.env['cadence.customer.group'].create({'name': f'Group {number}'}).id)
            for number in range(5)]
        for segment in segments:
            self._create_letter(segment=segment)
            self._create_partners(2, batch=5, segment=segment)
        self._queue(DAY)
        self._compose(DAY)

        def count(segments):
            Run = self.env['cadence.run'].with_context(cadence_calendar=True)
            ids = [segment.id for segment in segments]
            return self._count_queries(lambda: Run.web_search_read([('segment_id', 'in', ids)], fields_))

        count(segments)  # what is cached for the whole registry is asked for once
        self.assertEqual(count(segments[:1]), count(segments))

    def test_what_needs_a_hand_comes_first_today_then_what_leaves_first(self):
        late = self._create_segment('base.lang_fr', send_time=20)
        early = self._create_segment('base.lang_de', send_time=6)
        self._create_letter(segment=late)
        for segment in (late, early, self.segment):
            self._create_partners(1, batch=5, segment=segment)
        self._create_letter(segment=early).mailing_id.active = False
        self._queue(DAY)
        arch = self.env['cadence.run'].get_view(view_type='kanban')['arch']
        order = re.search('default_order="([^"]+)"', arch).group(1)
        runs = self.env['cadence.run'].search([('date', '=', DAY), ('tag_group_id', '=', self.marketing.id)], order=order)
        self.assertEqual(list(runs.segment_id), [early, self.segment, late])
        self.assertEqual(runs.mapped('needs_hand'), [True, False, False])
