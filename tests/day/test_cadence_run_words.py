from datetime import date

from lxml import etree
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestRunWords(CadenceCase):

    def _name(self, run):
        self.env.invalidate_all()
        return run.with_context(cadence_calendar=True).display_name

    def test_a_run_is_planned_queued_leaving_and_mailed(self):
        self._create_letter()
        partners = self._create_partners(2, batch=5)
        with self.at(DAY, 1):
            run = self.env['cadence.run']._plan_day(self.segment, self.env.cr.now()).filtered(
                lambda run: run.tag_group_id == self.marketing)
            run._refresh_expected(self.segment, self.env.cr.now())
        self.assertEqual((run.word, run.count_note), ('planned', '2 expected'))
        self.assertEqual(self._name(run), '2 · English-Equipment dealers · Marketing 05')
        self._queue(DAY)
        self.assertEqual((run.word, run.waiting_count, run.mailed_count), ('queued', 2, 0))
        self.assertEqual(run.count_note, '0 mailed, 2 queued of 2')
        self.assertEqual([(step['label'], step['count']) for step in run.story], [('In the batches', 2), ('Queued', 2)])
        with self.at(DAY, 10):
            run.touch_ids[0]._depart(self.env.cr.now(), sure=True)
        self.env.invalidate_all()
        self.assertEqual((run.word, run.waiting_count, run.leaving_count, run.mailed_count), ('leaving', 1, 1, 0))
        steps = [(step['label'], step['kind']) for step in run.story[1:]]
        self.assertEqual(steps, [('Queued', 'deferred'), ('Leaving', 'reserved')])
        run.touch_ids[0]._arrive()
        self._compose(DAY)
        self.env.invalidate_all()
        self.assertEqual((run.word, run.mailed_count, run.audience_count), ('mailed', 2, len(partners)))
        self.assertEqual(run.count_note, '2 mailed of 2')
        self.assertEqual(self._name(run), '2 mailed, 0 opened, 0 replied · English-Equipment dealers · Marketing 05')

    def test_a_run_that_mails_nobody_does_not_say_mailed(self):
        self._create_letter()
        run = self._queue(DAY)['marketing']
        self.assertEqual((run.state, run.word), ('done', 'nobody'))
        self.assertEqual(self._name(run), 'Nobody Mailed · English-Equipment dealers · Marketing 05')

    def test_what_is_in_doubt_is_not_called_mailed(self):
        self._create_letter()
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 10):
            run.touch_ids._depart(self.env.cr.now(), sure=True)
            run.touch_ids._doubt()
        self.env.invalidate_all()
        self.assertEqual((run.mailed_count, run.doubt_count, run.audience_count), (0, 1, 1))
        self.assertIn(('Perhaps Mailed', 1), [(step['label'], step['count']) for step in run.story])

    def test_a_stopped_run_says_so(self):
        self._create_letter()
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        run.action_stop()
        self.assertEqual(run.word, 'stopped')
        run.action_cancel()
        self.assertEqual(run.word, 'cancelled')

    def _run_now(self, hour):
        with self.at(DAY, hour):
            self.env['cadence.run']._plan_day(self.segment, self.env.cr.now())
            run = self._runs(DAY)['marketing']
            return run.with_user(self.user).action_run_now()['params']['message']

    def test_run_now_says_when_the_mails_leave(self):
        self.assertIn('nobody is left to be mailed', self._run_now(1))
        self._create_letter()
        self._create_partners(2, batch=5)
        self.assertIn('2 mails are queued and leave at 09:00', self._run_now(1))
        self.assertIn('2 mails are queued and leave within minutes', self._run_now(10))
        self._runs(DAY)['marketing'].action_stop()
        self.assertIn('held until the run is resumed', self._run_now(10))

    def test_run_now_says_what_is_missing(self):
        self._create_partners(1, batch=5)
        self.assertIn('has no letter for Marketing', self._run_now(1))

    def test_a_segments_runs_open_at_today(self):
        action = self.segment.action_open_runs()
        self.assertEqual(action['views'][0][1], 'list')
        [domain] = [node.get('domain') for node in etree.fromstring(
            self.env['cadence.run'].get_view(view_type='search')['arch']).iter('filter') if node.get('name') == 'until_today']
        self._create_partners(1, batch=5)
        with self.at(DAY, 9):
            self.env['cadence.run']._plan_ahead(self.env.cr.now())
            found = self.env['cadence.run'].search(
                safe_eval(domain, {'context_today': lambda: date.fromisoformat(DAY)}) + action['domain'])
        self.assertEqual(set(map(str, found.mapped('date'))), {DAY})
        self.assertIn('search_default_until_today', action['context'])

    def test_what_a_cron_writes_is_in_the_language_of_whom_it_tells(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.manager.lang = 'zh_CN'
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertIn('开发信', run.blocked_reason)
        self.assertIn('开发信', run.activity_ids.note)
        self._create_letter()
        self._queue(DAY, 2)
        self.assertFalse(run.blocked_reason)
