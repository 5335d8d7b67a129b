from collections import Counter
from datetime import timedelta

from odoo.tests import tagged

from ..senders.common import SenderCase
from ..server import ServerCase, seed_two_segments
from ..smtp import OfficeMixin

DAY = '2026-07-05'
PACE = 60  # mails an hour
SIZE, CONTACTS = 5, 40  # of a group, of each of two segments

SEED = """
sender.write({'profile': 'steady', 'hourly_pace': %s})
env['ir.cron'].search([]).write({'nextcall': fields.Datetime.add(fields.Datetime.now(), days=1)})
env['cadence.run']._plan_ahead(fields.Datetime.now())
env['cadence.run']._cron_queue_today()
env.cr.commit()
from unittest.mock import patch
from odoo.addons.mass_mailing_cadence.models.day import mailing_mailing
with patch.object(mailing_mailing, 'SENT_AT_ONCE', 0):  # they are composed, and wait for the queue
    env['mailing.mailing']._process_mass_mailing_queue()
env.cr.commit()
"""
SEND = """
for attempt in range(3):
    env['mail.mail'].process_email_queue()
    env.cr.commit()
"""


@tagged('post_install', '-at_install')
class TestSenderPace(OfficeMixin, SenderCase):
    """Through smtplib to a server that takes everything: how many mails it took in any hour."""

    def test_no_hour_of_a_day_gets_more_than_the_pace_whatever_wakes_the_queue(self):
        self.sender.write({'profile': 'steady', 'hourly_pace': 12})
        partners = self._create_partners(30, batch=5)
        self._queue(DAY)
        office, moments = self._make_office(), []
        for minute in range(9 * 60, 13 * 60, 2):
            before = len(self._get_left(office))
            self._send(office, hour=minute / 60)
            moments += [minute] * (len(self._get_left(office)) - before)
        self.assertEqual(self._get_left(office), sorted(partners.mapped('email')), "nobody twice, nobody lost")
        self.assertLessEqual(max(sum(start <= other < start + 60 for other in moments) for start in moments), 12)
        self.assertLessEqual(max(Counter(moments).values()), 1, "and not all at once")
        self.assertLessEqual(moments[-1] - moments[0], 60 * len(partners) / 12 * 1.25)


@tagged('post_install', '-at_install')
class TestConcurrentPace(ServerCase):
    """A sender's pace is one number for all its segments, however many workers send at the same moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._shell(seed_two_segments(CONTACTS) + SEED % PACE)

    def test_two_workers_send_no_more_than_the_pace_between_them(self):
        self.assertEqual(self._count('mail_mail', "state = 'outgoing' AND mailing_id IS NOT NULL"), 2 * CONTACTS)
        self._slow_down('cadence_sender_day', 0.3, 'UPDATE')  # so that they surely meet
        with self._workers(SEND, SEND) as go:
            go()
        self._speed_up('cadence_sender_day')
        counts = dict(self._sql("SELECT outcome, COUNT(*) FROM cadence_touch GROUP BY 1"))
        self.assertEqual(counts, {'left': SIZE, 'waiting': 2 * CONTACTS - SIZE}, "what two workers sent, and nobody is lost")
        turns = self._sql("SELECT pace_datetime, COUNT(*) FROM cadence_touch WHERE outcome = 'waiting' GROUP BY 1 ORDER BY 1")
        self.assertLessEqual(max(count for _turn, count in turns), SIZE)
        self.assertTrue(all(turn for turn, _count in turns), "each of the others has its turn")
        self.assertGreater(turns[-1][0] - turns[0][0], timedelta(hours=1))
