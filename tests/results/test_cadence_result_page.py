from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DAY, ResultCase

FILTERS = {'days': 30, 'date_to': '2026-07-20'}


@tagged('post_install', '-at_install')
class TestResultPage(ResultCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.variant = cls._create_letter(step=1, subject='Variant')

    def _get_page(self, **filters):
        return self.env['cadence.result'].with_user(self.salesman).get_page(FILTERS | filters)

    def _mail_and_count(self, count=40, day=DAY, batch=9, opened=10, **values):
        partners = self._create_partners(count, batch=batch, **values)
        run, traces = self._mail(partners, day)
        for trace in list(traces.values())[:opened]:
            self._open(trace)
        self.env['cadence.result']._recount(run)
        return run

    def test_every_part_of_the_page_sums_up_to_the_same(self):
        run = self._mail_and_count()
        other = self._mail_and_count(5, '2026-07-10', 10)
        page = self._get_page()
        steps = {step['figure']: step['count'] for step in page['funnel']}
        mailed = sum((run + other).result_ids.mapped('mailed'))
        self.assertEqual((mailed, steps['mailed'], steps['opened']), (45, 45, 15))
        for part in (page['days'], page['providers'], page['letters'],
                     [batch for group in page['batches'] for batch in group['batches']]):
            self.assertEqual(sum(row['mailed'] for row in part), mailed)
        self.assertEqual(page['rates']['open_rate']['text'], '33.3 %')
        self.assertEqual({letter['name'] for letter in page['letters']}, {'Letter 1', 'Variant'})
        self.assertTrue(page['counted'])

    def test_a_filter_holds_for_every_part_and_opens_as_the_pivot(self):
        self._mail_and_count()
        self.assertFalse(self._get_page(date_to='2026-06-01')['days'])
        self.assertEqual(self._get_page(tag_group_id=self.reading.id)['funnel'][0]['count'], 0)
        page = self._get_page(segment_id=self.segment.id, tag_group_id=self.marketing.id)
        self.assertEqual(page['funnel'][0]['count'], 40)
        Result = self.env['cadence.result'].with_user(self.salesman)
        action = Result.get_part_action(page['filters'], [['batch', 9], ['id', 0]])
        self.assertEqual(sum(Result.search(action['domain']).mapped('mailed')), 40)
        self.assertFalse(Result.search(Result.get_part_action(page['filters'], [['batch', 8]])['domain']))

    def test_the_figures_open_the_contacts_behind_them(self):
        self._mail_and_count(opened=7)
        Result = self.env['cadence.result'].with_user(self.salesman)
        for figure, count in (('mailed', 40), ('delivered', 40), ('opened', 7), ('clicked', 0), ('replied', 0)):
            action = Result.get_contacts_action(FILTERS, figure)
            self.assertEqual(Result.env['res.partner'].search_count(action['domain']), count, figure)

    def test_the_days_before_are_there_to_compare_with(self):
        self._mail_and_count(5, '2026-06-09', opened=2)
        before = self._get_page()['before']
        self.assertEqual((before['mailed'], before['rates']['open_rate']['text']), (5, '2 / 5'))

    def test_a_new_letter_is_flagged_on_its_first_day(self):
        run = self._mail_and_count(2)
        flags = self._get_page()['flags']
        self.assertEqual({flag['date'] for flag in flags}, {DAY})
        self.assertEqual(len(flags), len(run.mailing_ids))

    def test_the_page_is_asked_with_few_queries_however_many_mails_there_are(self):
        self._mail_and_count(5)
        Result = self.env['cadence.result'].with_user(self.salesman).with_context(tz='Asia/Shanghai')  # as the web client asks
        self._mail_and_count(60, '2026-07-10', 10)
        self._mail_and_count(60, '2026-07-11', 11)
        self._count_queries(lambda: Result.get_page(FILTERS))  # who may see what is kept in memory
        self.assertLessEqual(self._count_queries(lambda: Result.get_page(FILTERS)), 12)

    def test_a_provider_that_does_otherwise_than_the_rest_stands_out(self):
        self._create_partners(60, batch=9)
        for number in range(60):
            self._create_partners(1, batch=9, email=f'a{number}@gmail.com')
        run, _traces = self._mail(self.env['res.partner'])
        for touch in run.touch_ids.filtered(lambda touch: touch.email.endswith('gmail.com'))[:50]:
            self._open(touch.trace_ids)
        self.env['cadence.result']._recount(run)
        rows = {row['name']: row['out'].get('open_rate') for row in self._get_page()['providers']}
        self.assertEqual(rows, {'Google': 'high', 'Others': 'low'})

    def test_each_figure_on_the_screen_says_what_it_is(self):
        page = self._get_page()
        for step in page['funnel']:
            self.assertTrue(page['definitions'][step['figure']]['help'])
        for code in page['rates']:
            self.assertTrue(page['definitions'][code]['help'])

    def test_odd_filters_are_no_fault(self):
        page = self._get_page(days=12345, date_to=False, segment_id='x', tag_group_id=None)
        self.assertEqual((page['filters']['days'], page['filters']['segment_id']), (30, 0))

    def test_opportunities_open_as_such(self):
        run = self._mail_and_count(2)
        lead = self.env['crm.lead'].create({
            'name': 'Crane', 'type': 'opportunity', 'partner_id': run.touch_ids[0].partner_id.id, 'cadence_run_id': run.id})
        Result = self.env['cadence.result']
        for figure, leads in (('opportunities', lead), ('won', lead.browse())):
            action = Result.get_contacts_action(FILTERS | {'tag_group_id': self.marketing.id}, figure)
            self.assertEqual(self.env['crm.lead'].search(action['domain']), leads, figure)

    def test_the_page_costs_as_many_questions_for_many_runs_as_for_one(self):
        self._mail_and_count(3)
        self._get_page()
        counts = []
        for day, batch in (('2026-07-10', 10), ('2026-07-11', 11)):
            self._mail_and_count(3, day, batch)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_page()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[1], 20)

    def test_who_may_not_read_results_sees_no_page(self):
        with self.assertRaises(AccessError):
            self.env['cadence.result'].with_user(self.nobody).get_page({})
