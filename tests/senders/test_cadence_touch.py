from odoo.tests import tagged

from .common import DAY, SenderCase


@tagged('post_install', '-at_install')
class TestTouch(SenderCase):

    def test_a_touch_knows_its_sender(self):
        self._create_partners(2, batch=5)
        self.assertEqual(self._queue(DAY)['marketing'].touch_ids.sender_id, self.sender)

    def test_a_pause_is_seen_at_the_next_mail(self):
        self._create_partners(4, batch=5)
        run = self._queue(DAY)['marketing']
        touch, *_others = run.touch_ids
        # Nothing was heard of the contacts since the run decided.
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01' WHERE id = ANY(%s)", [run.touch_ids.partner_id.ids])
        self.env.cr.execute("UPDATE cadence_view SET write_date = '2020-01-01'")
        with self.at(DAY, 10) as now:
            self.assertTrue(touch._depart(now))
            self.sender._pause('hand')
            self.env.flush_all()
            self.assertFalse(any(other._depart(now) for other in run.touch_ids - touch))
