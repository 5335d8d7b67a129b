from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestRunStory(CadenceCase):

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(4, batch=5)
        self._tag(self.partners[0], 'tag_competitor')
        self.run_ = self._queue(DAY)['marketing']

    def _counts(self):
        self.run_.invalidate_recordset(['story'])
        return [(step['kind'], step['count']) for step in self.run_.story]

    def test_what_waits_is_never_called_mailed(self):
        self.assertEqual([step['label'] for step in self.run_.story][-1], 'Queued')
        self.run_.is_stopped = True
        self.run_.invalidate_recordset(['story'])
        self.assertEqual([step['label'] for step in self.run_.story][-1], 'Held: nothing leaves')

    def test_touches_that_were_removed_are_told_as_before(self):
        with self._mail_server() as server:
            self._send_queue(DAY, server=server)
        before = self._counts()
        self.env['cadence.run']._add_to_summary([
            (self.run_.id, touch.outcome or touch.state, touch.reason or None, touch.view_id.id or None, 1)
            for touch in self.run_.touch_ids])
        self.env.cr.execute("DELETE FROM cadence_touch WHERE run_id = %s", self.run_.ids)
        self.env.invalidate_all()
        self.assertEqual(self._counts(), before)

    def test_each_number_leads_to_its_contacts(self):
        with self._mail_server() as server:
            self._send_queue(DAY, server=server)
        for step in self.run_.story:
            action = self.run_.with_user(self.user).action_open_outcome(step['key'])
            found = self.env['res.partner'].with_context(active_test=False).search_count(action['domain'])
            self.assertEqual(found, step['count'])
