from odoo.tests import tagged

from .common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestSenderRefusal(SenderCase):

    def test_a_mail_that_is_refused_again_and_again_is_one(self):
        partners = self._create_partners(3, batch=5)
        self._queue(DAY)
        with self.at(DAY, 12) as now:
            for _attempt in range(6):
                partners.cadence_touch_ids[:2]._note_policy("busy")
            self.env.flush_all()
            [row] = self.env.execute_query(self.env['cadence.sender.refusal']._query_row(self.sender, now.replace(hour=0)))
        self.assertEqual(row, (2, 2, 'busy'))
        self.assertEqual(self.sender.state, 'new')

    def test_old_ones_are_no_row_and_go(self):
        touches = self._create_partners(12, batch=5) and self._queue(DAY)['marketing'].touch_ids
        self.env['cadence.sender.refusal']._note(touches, "no", f'{DAY} 09:00:00')
        with self.at('2026-07-09', 12):
            self.sender._judge()
        self.assertEqual(self.sender.state, 'new')
        with self.at(NEXT, 8):
            self.sender._judge()
        self.assertEqual(self.sender.state, 'paused')
        self.env.cr.execute("UPDATE cadence_sender_refusal SET moment = moment - INTERVAL '400 days'")
        self.env['cadence.sender.refusal']._gc_refusals()
        self.assertFalse(self.env['cadence.sender.refusal'].search([]))
