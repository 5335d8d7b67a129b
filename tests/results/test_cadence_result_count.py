from odoo import fields
from odoo.tests import tagged

from .common import DAY, ResultCase


@tagged('post_install', '-at_install')
class TestCount(ResultCase):

    def test_a_person_a_machine_and_a_privacy_program_are_told_apart_on_the_day(self):
        partners = self._create_partners(6, batch=9)
        run, traces = self._mail(partners)
        anna, bob, carl, dora, emil, _fritz = traces.values()
        self._open(anna)
        self._open(bob, after=3)
        self._open(carl, agent='Mozilla/5.0')
        self._open(dora, agent='curl/8.0')
        emil.set_opened()
        counts = self._count(run)
        self.assertEqual(
            {name: counts[name] for name in ('mailed', 'delivered', 'opened', 'machine_opened', 'privacy_opened', 'unjudged')},
            {'mailed': 6, 'delivered': 6, 'opened': 1, 'machine_opened': 2, 'privacy_opened': 1, 'unjudged': 1})

    def test_the_opener_is_the_same_before_and_after_the_readers_are_placed(self):
        partners = self._create_partners(4, batch=9)
        run, traces = self._mail(partners)
        for trace, (after, agent) in zip(traces.values(), (
                (3600, 'Thunderbird'), (3, 'Thunderbird'), (3600, 'Mozilla/5.0'), (3600, 'python-requests/2')), strict=True):
            self._open(trace, after, agent)
        before = self._count(run)
        with self.at('2026-07-13'), self.enter_registry_test_mode():
            self.env.ref('mass_mailing_cadence.ir_cron_follow_up').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual([trace.cadence_follow_up for trace in traces.values()], ['reader', 'machine', 'privacy', 'machine'])
        self.assertEqual(self._count(run), before)

    def test_a_click_of_a_person_is_an_open_and_one_of_a_scanner_is_nothing(self):
        partners = self._create_partners(3, batch=9)
        run, traces = self._mail(partners)
        anna, bob, carl = traces.values()
        links = self._make_links(run, 'abc')
        self._click(anna, links[:1])
        self._click(bob, links[:2], agent='Barracuda')
        self._click(carl, links, after=5000)
        counts = self._count(run)
        self.assertEqual((counts['opened'], counts['clicked'], counts['machine_opened']), (1, 1, 2))

    def test_who_clicks_two_of_three_links_in_the_month_s_second_run_is_a_person(self):
        self.letter.mailing_id.body_html = ''.join(f'<a href="https://me.example/{page}">{page}</a>' for page in 'abc')
        first = self._create_partners(1, batch=9)
        second = self._create_partners(2, batch=10)
        self._mail(first)
        run, traces = self._mail(second, '2026-07-10')
        anna, scanner = traces.values()
        links = self.env['link.tracker'].search([('source_id', '=', self.letter.mailing_id.source_id.id)], order='id')
        self.assertEqual(len(links), 3, "the runs share their trackers")
        self.assertEqual(run.mailing_ids.cadence_link_count, 3)
        self._click(anna, links[:2])
        self._click(scanner, links)
        counts = self._count(run)
        self.assertEqual((counts['clicked'], counts['opened'], counts['machine_opened']), (1, 1, 1))

    def test_a_person_who_clicks_after_the_scanner_is_a_clicker(self):
        partners = self._create_partners(1, batch=9)
        run, traces = self._mail(partners)
        [trace] = traces.values()
        links = self._make_links(run, 'ab')
        self._click(trace, links)
        self.assertEqual(self._count(run)['clicked'], 0)
        self._click(trace, links[:1], after=9000)
        self.assertEqual(self._count(run)['clicked'], 1)

    def test_what_came_back_is_not_delivered_and_counts_no_open(self):
        partners = self._create_partners(2, batch=9)
        run, traces = self._mail(partners)
        for trace in traces.values():
            self._open(trace)
        traces[partners[0]].set_bounced()
        counts = self._count(run)
        self.assertEqual((counts['tried'], counts['returned'], counts['delivered'], counts['opened']), (2, 1, 1, 1))
        self.assertEqual(run.bounced_count, 1)

    def test_counting_twice_changes_nothing(self):
        partners = self._create_partners(3, batch=9)
        run, traces = self._mail(partners)
        self._open(traces[partners[0]])
        first = self._count(run)
        self.assertEqual(self._count(run), first)
        self.assertEqual(len(run.result_ids), 1)

    def test_each_batch_letter_and_provider_has_its_row(self):
        self._create_letter(step=1, subject='Variant')
        self._create_partners(8, batch=9)
        self._create_partners(1, batch=9, email='anna@gmail.com')
        run, _traces = self._mail(self.env['res.partner'])
        self._count(run)
        self.assertEqual(sum(run.result_ids.mapped('mailed')), 9)
        self.assertEqual(run.result_ids.letter_id, run.mailing_ids.cadence_letter_id)
        self.assertEqual(run.result_ids.provider_id, self.env.ref('mass_mailing_cadence.mail_provider_google'))
        self.assertEqual(set(run.result_ids.mapped('batch')), {9})

    def test_what_the_ledger_has_forgotten_stays_counted(self):
        partners = self._create_partners(2, batch=9)
        run, traces = self._mail(partners)
        self._open(traces[partners[0]])
        before = self._count(run)
        with self.at('2027-09-01'):
            self.env['cadence.touch']._gc_touches()
        self.assertFalse(run.touch_ids)
        self.assertEqual(self._count(run), before)

    def test_the_cron_counts_what_may_have_news_and_locks_no_run(self):
        partners = self._create_partners(2, batch=9)
        run, _traces = self._mail(partners)
        Result = self.env['cadence.result']
        with self.at(DAY, 14) as now:
            self.assertIn(run.id, Result._get_due(now))
            run.flush_recordset()
            with self.enter_registry_test_mode():
                self.env.ref('mass_mailing_cadence.ir_cron_count_results').method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(sum(run.result_ids.mapped('mailed')), 2)
            self.assertEqual(run.results_date, now)
            self.assertIn(run.id, Result._get_due(now), "the last three days each time")
        for day, hour, due in (('2026-07-19', 14, True), ('2026-09-06', 14, True), ('2026-09-20', 14, False)):
            with self.at(day, hour) as now:
                self.assertEqual(run.id in Result._get_due(now), due, day)
        with self.at('2026-07-19', 14):
            Result._recount(run)
            self.assertNotIn(run.id, Result._get_due(fields.Datetime.now()), "an older one once an hour")

    def test_a_reply_counts_unless_a_salesperson_says_that_it_is_none(self):
        partners = self._create_partners(2, batch=9)
        run, traces = self._mail(partners)
        replies = self.env['cadence.reply']
        for partner, kind, sorting in ((partners[0], 'person', 'inquiry'), (partners[1], 'out_of_office', False)):
            replies += replies.create({
                'partner_id': partner.id, 'company_id': run.company_id.id, 'date': fields.Datetime.now(), 'kind': kind,
                'state': 'sorted', 'sorting': sorting, 'trace_id': traces[partner].id, 'run_id': run.id})
        counts = self._count(run)
        self.assertEqual((counts['replied'], counts['positive'], counts['opened']), (1, 1, 1))
        replies[0].sorting = 'not_reply'
        counts = self._count(run)
        self.assertEqual((counts['replied'], counts['positive']), (0, 0))

    def test_an_opt_out_counts_at_the_mail_it_came_from_else_at_the_last_one(self):
        partners = self._create_partners(3, batch=9)
        run, traces = self._mail(partners)
        Journal = self.env['cadence.journal']
        with self.at(DAY, 15):
            Journal._note(partners[0], 'opt_out', mailing_id=traces[partners[0]].mass_mailing_id.id)
            Journal._note(partners[1], 'opt_out')
            Journal._note(partners[2], 'complaint', trace_id=traces[partners[2]].id)
        counts = self._count(run)
        self.assertEqual((counts['opted_out'], counts['complained']), (2, 1))

    def test_each_opportunity_of_the_run_counts_once(self):
        partners = self._create_partners(2, batch=9)
        run, traces = self._mail(partners)
        links = self._make_links(run, 'ab')
        self._click(traces[partners[0]], links[:1])
        stranger = self._create_partners(1)
        leads = self.env['crm.lead'].create([
            {'name': 'Crane', 'type': 'opportunity', 'partner_id': partner.id, 'cadence_run_id': run.id,
             'expected_revenue': 100.0} for partner in (partners[0], partners[0], stranger)])
        leads[0].action_set_won()
        counts = self._count(run)
        self.assertEqual((counts['opportunities'], counts['won'], counts['converted']), (3, 1, 1))
        self.assertEqual(sum(run.result_ids.mapped('revenue')), 100.0)

    def _make_links(self, run, pages):
        return self.env['link.tracker'].create([{
            'url': f'https://me.example/{page}', 'source_id': run.mailing_ids.source_id.id,
            'campaign_id': run.mailing_ids.campaign_id.id} for page in pages])
