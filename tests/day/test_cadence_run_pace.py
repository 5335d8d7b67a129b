import re
from pathlib import Path

from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'
ASKED = Path(__file__).parents[2] / 'static/src/day/fresh_runs/fresh_runs.js'


@tagged('post_install', '-at_install')
class TestRunPace(CadenceCase):

    def setUp(self):
        super().setUp()
        self._create_letter()
        self._create_partners(10, batch=5)
        self.run_ = self._queue(DAY)['marketing']
        self.touches = self.run_.touch_ids.sorted('id')

    def _move(self, touches, hour, outcome='_arrive', *args):
        with self.at(DAY, hour):
            touches._depart(self.env.cr.now(), sure=True)
            getattr(touches, outcome)(*args)
        self.env.invalidate_all()

    def _get_note(self, hour):
        self.env.invalidate_all()
        with self.at(DAY, hour):
            return self.run_.pace_note

    def test_what_has_not_begun_has_no_pace(self):
        self.assertFalse(self._get_note(12))

    def test_mails_a_minute_and_minutes_left(self):
        self._move(self.touches[:4], 12)
        self.assertEqual(self._get_note(12 + 2 / 60), '2 mails a minute · about 3 minutes left')
        self.assertEqual(self._get_note(13), '', "nothing has left for long")

    def test_what_went_wrong_is_told(self):
        self._move(self.touches[:6], 12)
        self._move(self.touches[6], 12, '_doubt')
        self._move(self.touches[7], 12, '_refuse', 'dead')
        self._move(self.touches[8], 12, '_hold_back', 'mail_server')
        self.assertEqual(
            self._get_note(12 + 1 / 60),
            '6 mails a minute · about 1 minutes left · 1 perhaps mailed · 2 not taken by the mail server')
        self._move(self.touches[8:], 12.1)
        with self.at(DAY, 12.1):
            self.run_.mailing_ids.write({'state': 'done'})
        self.assertFalse(self._get_note(12.1), "it is done")

    # What an open page asks for while mails leave

    def _get_asked(self):
        names = re.search(r'FRESH_FIELDS = new Set\(\[(.*?)\]\);', ASKED.read_text(), re.DOTALL).group(1)
        return re.findall(r'"(\w+)"', names)

    def test_the_page_asks_for_fields_of_its_views(self):
        arch = ''.join(
            self.env['cadence.run'].get_view(view_type=view_type)['arch'] for view_type in ('kanban', 'form'))
        for name in [*self._get_asked(), 'send_datetime']:
            self.assertIn(name, self.env['cadence.run']._fields)
        for name in ('word', 'is_draft', 'leaving_count', 'send_datetime', 'pace_note', 'mailed_count'):
            self.assertGreaterEqual(arch.count(f'name="{name}"'), 2, f"{name} is in one of the two only")

    def test_many_runs_cost_the_page_as_many_queries_as_one(self):
        runs = self.run_
        for number in range(9):
            runs += self.env['cadence.run'].create({
                'segment_id': self._create_segment(customer_group_id=self.env['cadence.customer.group'].create(
                    {'name': f'Group {number}'}).id).id,
                'tag_group_id': self.marketing.id, 'date': DAY, 'state': 'queued'})
        self._move(self.touches[:4], 12)
        names = [name for name in self._get_asked() if name not in ('story', 'deferred_count', 'excluded_count')]
        with self.at(DAY, 12.1):
            self._ask(self.run_, names)  # access rights and settings are in Odoo's caches
            one, ten, page = self._ask(self.run_, names), self._ask(runs, names), self._ask(self.run_, self._get_asked())
        self.assertLessEqual(one, 11)
        self.assertEqual(ten, one)
        self.assertLessEqual(page, 18)

    def _ask(self, runs, names):
        Run = self.env['cadence.run'].with_user(self.user)
        return self._count_queries(lambda: Run.search_read([('id', 'in', runs.ids)], names))
