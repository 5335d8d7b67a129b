from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestDeparture(CadenceCase):
    """What a worker that died had begun, and what it had not."""

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(3, batch=5)
        self.run_ = self._queue(DAY)['marketing']
        self.server = self.enterContext(self._mail_server())
        self.server.is_down = True
        self._send_queue(DAY, 9.5, self.server)
        self.server.is_down = False
        self.touches = self.run_.touch_ids.sorted('id')
        self.Departure = self.env['cadence.departure']
        with self.at(DAY, 12):
            self.touches._depart(self.env.cr.now(), sure=True)
        self.block = self.Departure._open(self.touches.ids)

    def _get_outcomes(self):
        return self.touches.mapped('outcome')

    def test_a_dead_worker_leaves_in_doubt_what_it_had_begun_and_the_rest_is_sent_on_the_same_day(self):
        self.assertTrue(self.Departure._begin(self.block, self.touches[0].id))
        self.assertEqual(self._send_queue(DAY, 12.2, self.server), [], "it may still be at it")
        self.assertEqual(self._send_queue(DAY, 12.5, self.server), sorted(self.touches[1:].mapped('email')))
        self.assertEqual(self._get_outcomes(), ['in_doubt', 'left', 'left'])
        self.assertEqual(self.touches[0].trace_ids.trace_status, 'process')
        self.assertFalse(self.Departure.search([]), "nothing is left of the notes")

    def test_what_the_server_had_accepted_has_left_though_its_worker_died(self):
        self.assertTrue(self.Departure._begin(self.block, self.touches[0].id))
        self.assertTrue(self.Departure._begin(self.block, self.touches[1].id, self.touches[:1].ids))
        self.assertEqual(self._send_queue(DAY, 12.5, self.server), [self.touches[2].email])
        self.assertEqual(self._get_outcomes(), ['left', 'in_doubt', 'left'])
        self.assertEqual(self.touches.trace_ids.sorted('id').mapped('trace_status'), ['sent', 'process', 'sent'])

    def test_notes_that_went_with_the_database_leave_all_in_doubt(self):
        self.env.cr.execute("TRUNCATE cadence_departure")
        self.assertEqual(self._send_queue(DAY, 12.5, self.server), [])
        self.assertEqual(self._get_outcomes(), ['in_doubt'] * 3)

    def test_a_worker_that_comes_late_begins_nothing_that_was_taken_from_it(self):
        taken = self.Departure._take_unbegun(self.touches[:2])
        self.assertEqual(taken, self.touches[:2])
        self.Departure._open(self.touches[:1].ids)
        self.assertEqual([self.Departure._begin(self.block, touch.id) for touch in self.touches], [False, False, True])
        self.assertFalse(self.Departure._take_unbegun(self.touches[2]), "it is begun")

    def test_nothing_is_begun_after_a_stop(self):
        self.run_.action_stop()
        self.env.flush_all()
        self.assertFalse(self.Departure._begin(self.block, self.touches[0].id))
        self.run_.action_resume()
        self.env.flush_all()
        self.assertTrue(self.Departure._begin(self.block, self.touches[0].id))

    def test_nothing_is_begun_that_was_settled_meanwhile(self):
        self.touches[0]._doubt()
        self.assertFalse(self.Departure._begin(self.block, self.touches[0].id))

    def test_old_notes_are_swept(self):
        self.touches[:2]._doubt()
        self.Departure._gc_departures()
        self.assertEqual(self.Departure.search([]).mapped('touch_id'), self.touches[2].ids)

    def test_the_notes_are_unlogged_after_each_update(self):
        self.Departure.init()
        self.assertEqual(self.env.execute_query(SQL(
            "SELECT relpersistence FROM pg_class WHERE oid = 'cadence_departure'::regclass")), [('u',)])
