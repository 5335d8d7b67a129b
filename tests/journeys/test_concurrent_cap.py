from odoo.tests import tagged

from ..server import ServerCase, seed_two_segments

CAP = 25
CONTACTS = 40  # of each of two segments

SEED = """
sender.write({'profile': 'normal', 'target': %s})
env['ir.cron'].search([]).write({'nextcall': fields.Datetime.add(fields.Datetime.now(), days=1)})
env['cadence.run']._plan_ahead(fields.Datetime.now())
env.cr.commit()
"""
QUEUE = """
for attempt in range(3):
    env['cadence.run']._cron_queue_today()
    env.cr.commit()
    env.invalidate_all()
"""


@tagged('post_install', '-at_install')
class TestConcurrentCap(ServerCase):
    """What a sender may send on a day is one number for all segments, however many workers decide at the same moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._shell(seed_two_segments(CONTACTS) + SEED % CAP)

    def test_two_workers_never_exceed_what_a_sender_may_send(self):
        self._slow_down('cadence_touch', 0.01)  # so that they surely meet
        with self._workers(QUEUE, QUEUE) as go:
            go()
        self._speed_up('cadence_touch')
        counts = dict(self._sql("SELECT COALESCE(reason, state), COUNT(*) FROM cadence_touch GROUP BY 1"))
        self.assertLessEqual(counts.get('reserved', 0), CAP)
        # Whom the meeting left undecided the next hour decides about.
        self._shell(QUEUE)
        counts = dict(self._sql("SELECT COALESCE(reason, state), COUNT(*) FROM cadence_touch GROUP BY 1"))
        self.assertEqual(counts, {'reserved': CAP, 'sender_cap': 2 * CONTACTS - CAP}, "nobody is lost")
        self.assertEqual(self._count('cadence_sender_day', f'cap = {CAP}'), 1)
