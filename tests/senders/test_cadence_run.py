from odoo import fields
from odoo.tests import tagged

from .common import DAY, SenderCase


@tagged('post_install', '-at_install')
class TestRun(SenderCase):

    def _plan(self):
        self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        self.env['cadence.run']._count_coming(self.segment, fields.Datetime.now())
        return self._runs(DAY)['marketing']

    def test_a_card_says_how_many_of_a_new_sender_may_leave(self):
        self.sender.target = 5
        self._create_partners(8, batch=5)
        with self.at(DAY, 2):
            run = self._plan()
            self.assertEqual(run.sender_note, "5 mails of me.example may leave today: the others are next in line.")
            self.assertEqual(run.with_user(self.salesman).action_open_sender()['res_id'], self.sender.id)

    def test_a_card_says_that_its_sender_is_paused(self):
        self._create_partners(1, batch=5)
        with self.at(DAY, 2):
            run = self._plan()
            self.assertFalse(run.sender_note)
            self.sender._pause('hand')
            self.assertIn("Paused by hand", run.sender_note)

    def test_an_open_page_hears_of_a_senders_light_for_little(self):
        runs = self.env['cadence.run'].create([{
            'segment_id': self._create_segment(customer_group_id=self.env['cadence.customer.group'].create(
                {'name': f'Group {number}'}).id, email_from=f'li@me{number}.example').id,
            'tag_group_id': self.marketing.id, 'date': DAY, 'state': 'queued'} for number in range(10)])
        self.assertEqual(len(runs.segment_id.sender_id), 10)
        Run = self.env['cadence.run'].with_user(self.user)

        def ask(asked):
            return self._count_queries(lambda: Run.search_read([('id', 'in', asked.ids)], ['sender_light']))

        ask(runs[0])
        one, ten = ask(runs[0]), ask(runs)
        self.assertLessEqual(one, 4)
        self.assertEqual(ten, one)
