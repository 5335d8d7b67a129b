import re

from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestTouch(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()

    def _collect_garbage(self, day):
        with self.at(day):
            self.env['cadence.touch']._gc_touches()

    def test_old_excluded_touches_are_summed_up_and_removed_mailed_ones_stay(self):
        partners = self._create_partners(5, batch=5)
        self._tag(partners[:2], 'tag_competitor')
        run = self._queue(DAY)['marketing']
        self._compose(DAY)
        story = run.story
        self._collect_garbage('2026-09-03')
        self.assertEqual(len(run.touch_ids), 5, "sixty days are not over")
        self._collect_garbage('2026-09-05')
        run.invalidate_recordset()
        self.assertEqual(set(run.touch_ids.mapped('state')), {'reserved'})
        self.assertEqual(run.story, story)
        self.assertEqual((run.mailed_count, run.excluded_count, run.audience_count), (3, 2, 5))
        self._collect_garbage('2027-08-07')
        run.invalidate_recordset()
        self.assertFalse(run.touch_ids)
        self.assertEqual([step['count'] for step in run.story], [step['count'] for step in story])

    def test_what_is_removed_at_two_times_is_summed_up_in_the_run(self):
        partners = self._create_partners(4, batch=5)
        self._tag(partners[:3], 'tag_competitor')
        run = self._queue(DAY)['marketing']
        self._compose(DAY)
        with self.at('2026-09-05'):
            pieces = [self.env['cadence.touch']._gc_touches(limit=2) for _piece in range(3)]
        self.assertEqual(pieces, [(2, True), (1, False), (0, False)])
        self._collect_garbage('2027-08-07')
        run.invalidate_recordset()
        self.assertEqual((run.mailed_count, run.excluded_count, run.touch_ids.ids), (1, 3, []))
        self.assertEqual(
            sorted((bucket, count) for bucket, _reason, _view, count in run.summary), [('excluded', 3), ('left', 1)])

    def test_removing_takes_as_many_queries_for_many_runs_as_for_one_and_only_a_look_for_none(self):
        def clean(count):
            for number in range(count):
                segment = self._create_segment(customer_group_id=self.env['cadence.customer.group'].create({'name': number}).id)
                self._tag(self._create_partners(1, batch=5, segment=segment), 'tag_competitor')
                self._create_letter(segment=segment)
            self._queue(DAY)
            with self.at('2026-09-05'):
                return self._count_queries(self.env['cadence.touch']._gc_touches)

        few, many = clean(1), clean(6)
        self.assertEqual(few, many)
        with self.at('2026-09-05'):
            self.assertLessEqual(self._count_queries(self.env['cadence.touch']._gc_touches), 3)

    def test_a_place_in_line_is_kept_as_long_as_it_counts_whatever_is_kept_of_what_was_mailed(self):
        self.env.company.write({'cadence_mailed_months': 1, 'cadence_excluded_days': 31})
        run = self._queue(DAY)['marketing']
        waiting = self.env['cadence.touch'].create({
            'run_id': run.id, 'segment_id': self.segment.id, 'tag_group_id': self.marketing.id, 'date': DAY,
            'company_id': self.env.company.id, 'state': 'deferred', 'reason': 'domain_cap'})
        self._collect_garbage('2026-09-04')
        self.assertTrue(waiting.exists())
        self._collect_garbage('2026-09-06')
        self.assertFalse(waiting.exists())

    def test_an_address_is_found_by_its_beginning_and_by_an_index_as_the_newest_are(self):
        partner = self._create_partners(3, batch=5)[0]
        self._queue(DAY)
        arch = self.env['cadence.touch'].get_view(view_type='search')['arch']
        question = re.search(r'name="email" filter_domain="([^"]+)"', arch).group(1)
        domain = safe_eval(question, {'self': partner.email.title()[:-5]})
        self.assertEqual(self.env['cadence.touch'].search(domain).partner_id, partner)
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        Touch = self.env['cadence.touch']
        found, newest = Touch._search(domain), Touch._search([], limit=80, order=Touch._order)
        for query, index in ((found, 'cadence_touch_email'), (newest, 'cadence_touch_newest')):
            plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            self.assertIn(index, ' '.join(line for line, in plan))

    def test_a_deleted_contact_leaves_its_address_in_the_ledger(self):
        partner = self._create_partners(1, batch=5)
        email = partner.email
        run = self._queue(DAY)['marketing']
        self._compose(DAY)
        partner.unlink()
        self.assertEqual((run.touch_ids.email, run.mailed_count), (email, 1))

    def test_the_promises_hold_for_each_company_of_its_own(self):
        other_company = self.env['res.company'].create({'name': 'Other company', 'cadence_domain_daily_cap': 1})
        other = self._create_segment(company_id=other_company.id)
        self._create_letter(segment=other)
        shared = self._create_partners(2, batch=5, domain='one.example')
        shared.category_id += other._get_batch_tags(self.marketing, [5])
        self._queue(DAY)
        outcomes = {
            (touch.company_id, touch.partner_id): touch.reason or touch.state
            for touch in self.env['cadence.touch'].search([('date', '=', DAY)])}
        self.assertEqual(outcomes, {
            (self.env.company, shared[0]): 'reserved', (self.env.company, shared[1]): 'reserved',
            (other_company, shared[0]): 'reserved', (other_company, shared[1]): 'domain_cap'})

    def test_a_group_with_another_rhythm_is_mailed_in_it(self):
        weekly = self.env['cadence.tag.group'].create({
            'name': 'Weekly', 'code': 'weekly', 'marker': 'Week', 'batch_count': 7, 'cycle_days': 7})
        self._create_letter(group=weekly)
        partner = self._create_partners(1, batch=2, group=weekly)
        days = [day for day in range(1, 29) if (run := self._queue(f'2026-07-{day:02}').get('weekly')) and run.waiting_count
                and self._compose(f'2026-07-{day:02}')]
        self.assertEqual(days, [2, 9, 16, 23])
        self.assertEqual(len(partner.cadence_touch_ids), 4)

    def test_the_caps_are_settings_of_the_company(self):
        settings = self.env['res.config.settings'].create({'cadence_domain_daily_cap': 3})
        settings.execute()
        self.assertEqual(self.env.company.cadence_domain_daily_cap, 3)
        self._create_partners(5, batch=5, domain='one.example')
        self.assertEqual(self._queue(DAY)['marketing'].waiting_count, 3)
