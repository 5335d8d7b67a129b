from odoo.tests import tagged

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
        self.assertEqual(run.word, 'planned')
        self.assertEqual(self._name(run), '2 · English-Equipment dealers · Marketing 05')
        self._queue(DAY)
        self.assertEqual((run.word, run.waiting_count, run.mailed_count), ('queued', 2, 0))
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
