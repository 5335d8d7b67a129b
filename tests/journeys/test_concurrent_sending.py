import os
import subprocess
from collections import Counter
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.tests import tagged

from ..server import ServerCase, get_quiet_zone
from .test_crash import SEED

CONTACTS = 160  # more than leave while a mailing is composed

COMPOSE = """
env['cadence.run']._cron_queue_today()
env.cr.commit()
env['mailing.mailing']._process_mass_mailing_queue()
env.cr.commit()
"""
# A mail takes its time, and a block few mails; everything else is as in production.
SEND = """
import time
from odoo.addons.mass_mailing_cadence.models.day import mail_mail_block
from odoo.addons.mass_mailing_cadence.tools.mail.connections import Connections
mail_mail_block.BLOCK_MAILS = 25
take = Connections.take
Connections.take = lambda connections: (time.sleep(.05), take(connections))[1]
env['mail.mail'].process_email_queue()
env.cr.commit()
"""
STOP = """
env['cadence.run'].search([('touch_ids', '!=', False)]).action_stop()
env.cr.commit()
"""
RESUME = """
env['cadence.run'].search([('touch_ids', '!=', False)]).action_resume()
env.cr.commit()
"""


class SendingCase(ServerCase):
    """A day whose mails wait in the queue; a database for each class, for a sender's mails of the day are soon used up."""

    def setUp(self):
        super().setUp()
        self.host = f'{self._testMethodName[5:9]}'
        seed = SEED.replace('CONTACTS', str(CONTACTS)).replace('TIMEZONE', get_quiet_zone()).replace('@crash', f'@{self.host}')
        self._shell(seed.replace("'Crash test'", f"'{self.host}'"))
        self._shell(COMPOSE)
        self.waiting = self._count('mail_mail', "state = 'outgoing'")

    def _get_caught(self):
        """How many mails each address got, by the mail catcher."""
        return Counter(
            address
            for path in Path(os.environ['CADENCE_SMTP_DIR']).glob('*.eml')
            if f'@{self.host}' in (address := parseaddr(message_from_bytes(path.read_bytes())['To'])[1]))

    def _count_outcomes(self):
        return Counter(dict(self._sql(
            f"SELECT outcome, COUNT(*) FROM cadence_touch WHERE email LIKE '%@{self.host}%' GROUP BY 1")))


@tagged('post_install', '-at_install')
class TestConcurrentSending(SendingCase):
    """Two workers at one queue, and a stop meanwhile."""

    def test_stop_that_comes_while_two_workers_send_holds_from_their_next_mail_on(self):
        self.assertEqual(self.waiting, CONTACTS)
        with self._workers(STOP) as stop, self._workers(SEND, SEND) as send:
            send()
            self._wait("some mails have left", lambda: len(self._get_caught()) >= 20)
            stop()
        caught = self._get_caught()
        self.assertEqual(set(caught.values()), {1}, "nobody twice")
        self.assertLess(len(caught), CONTACTS, "the stop came in the middle")
        self.assertEqual(self._count_outcomes(), Counter(left=len(caught), waiting=CONTACTS - len(caught)))
        self._shell(RESUME)
        with self._workers(SEND, SEND) as send:
            send()
        self.assertEqual(self._get_caught(), {f'c{n}@{self.host}{n}.example': 1 for n in range(CONTACTS)})
        self.assertEqual(self._count_outcomes(), Counter(left=CONTACTS))


@tagged('post_install', '-at_install')
class TestKilledBlock(SendingCase):
    """Servers on hosts of their own that share a day, of which one dies in the middle of its block."""

    def _start(self, folder):
        server = subprocess.Popen(
            [*self._odoo('shell'), '--no-http', f'--data-dir={folder}'], stdin=subprocess.PIPE, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server.stdin.write(SEND)
        server.stdin.close()
        return server

    def test_kill_of_one_of_three_servers_leaves_one_in_doubt_and_mails_nobody_twice(self):
        with TemporaryDirectory() as folder:
            servers = [self._start(Path(folder) / str(number)) for number in range(3)]
            self._wait("all three are at it", lambda: self._count_outcomes()['leaving'] > 50)
            servers[0].kill()
            for server in servers:
                server.wait(timeout=300)
        before, outcomes = self._get_caught(), self._count_outcomes()
        self.assertGreater(outcomes['leaving'], len(before) - outcomes['left'], "a part of the block was not begun")
        self.assertGreaterEqual(outcomes['left'], CONTACTS - 25, "the others had the rest")
        self._shell(SEND)
        self.assertEqual(set(self._get_caught().values()), {1})
        # Nobody is at it any more.
        self._sql("UPDATE cadence_touch SET outcome_date = outcome_date - INTERVAL '20 minutes' WHERE outcome = 'leaving'")
        self._shell(SEND)
        self.assertEqual(set(self._get_caught().values()), {1})
        outcomes = self._count_outcomes()
        self.assertEqual(outcomes['left'] + outcomes['in_doubt'], CONTACTS)
        self.assertLessEqual(outcomes['in_doubt'], 1, "the one that it was at")
        self.assertLessEqual(CONTACTS - len(self._get_caught()), 1)
