from datetime import datetime

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestTouchMail(CadenceCase):
    """Composed mails of a run, which wait in Odoo's mail queue."""

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(3, batch=5)
        self.touches = self._queue(DAY)['marketing'].touch_ids.sorted('id')
        self.server = self.enterContext(self._mail_server())
        self.server.is_down = True
        self._send_queue(DAY, 9.5, self.server)
        self.server.is_down = False
        self.assertEqual(set(self.touches.trace_ids.mapped('trace_status')), {'outgoing'})

    def test_cancelled_ones_never_leave_and_their_traces_say_so(self):
        self.touches[0]._cancel_mails()
        self.assertEqual(self._send_queue(DAY, 11, self.server), sorted(self.touches[1:].mapped('email')))
        self.assertEqual(self.touches[0].trace_ids.trace_status, 'cancel')

    def test_postponed_ones_wait_until_they_are_released(self):
        self.touches._postpone_mails()
        self.assertEqual(self._send_queue(DAY, 11, self.server), [])
        self.touches[2]._release_mails()
        self.assertEqual(self._send_queue(DAY, 12, self.server), [self.touches[2].email])

    def test_the_contact_of_a_touch_is_the_survivor_of_a_merge_and_nobody_after_a_deletion(self):
        kept, merged, deleted = self.touches.partner_id.sorted('id')
        self.env['base.partner.merge.automatic.wizard']._merge((merged + kept).ids, kept)
        deleted.unlink()
        self.assertEqual([touch._get_contact() for touch in self.touches], [kept, kept, self.env['res.partner']])
        self.assertFalse(self.touches.browse()._get_contact())

    def test_those_with_a_moment_of_their_own_leave_at_it_and_not_before(self):
        run, first, later = self.touches.run_id, self.touches[0], datetime(2026, 7, 5, 15)
        with self.at(DAY, 10):
            self.env['cadence.touch']._reschedule(run, SQL("CASE WHEN touch.id <> %s THEN %s END", first.id, later))
            self.assertEqual(self.env['cadence.touch']._find_early(run), {run: {later: 2}})
            self.assertEqual([touch._is_early() for touch in self.touches], [False, True, True])
            self.assertFalse(self.touches[1:]._depart(datetime(2026, 7, 5, 10)), "the ledger itself says no")
        self.assertEqual(self._send_queue(DAY, 11, self.server), [first.email])
        self.touches._postpone_mails()
        self.touches._release_mails()
        self.assertEqual(self._send_queue(DAY, 14.9, self.server), [])
        self.assertEqual(self._send_queue(DAY, 15, self.server), sorted(self.touches[1:].mapped('email')))
        with self.at(DAY, 16):
            self.assertEqual(self.env['cadence.touch']._find_early(run), {})
