import os
import subprocess
from collections import Counter
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

from odoo.tests import tagged

from ..server import TIMEOUT, ServerCase, get_quiet_zone

CONTACTS = 200

SEED = """
from odoo import fields
env = env(context=dict(env.context, tracking_disable=True))
customers = env['cadence.customer.group'].create({'name': 'Crash test'})
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'customer_group_id': customers.id, 'tz': 'TIMEZONE', 'send_time': 0.0,
    'email_from': 'crash@me.example'})
group = env.ref('mass_mailing_cadence.tag_group_marketing')
letter = env['cadence.letter'].create({
    'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'Crash test', 'step': 1})
letter.mailing_id.body_html = (
    '<p>Dear <t t-out="object.name"/>, here is our letter.</p><a href="/unsubscribe_from_list">Unsubscribe</a>')
tag = segment._get_batch_tags(group, [segment._get_local_day().day])
env['res.partner'].create([
    {'name': f'C{n}', 'email': f'c{n}@crash{n}.example', 'category_id': [(4, tag.id)]} for n in range(CONTACTS)])
env['ir.config_parameter'].set_param('mail.batch_size', '20')
env['ir.cron'].search([]).write({'nextcall': fields.Datetime.add(fields.Datetime.now(), days=1)})
env.ref('mass_mailing_cadence.ir_cron_queue_today').nextcall = fields.Datetime.now()
env.cr.commit()
"""


@tagged('post_install', '-at_install')
class TestCrash(ServerCase):
    """`kill -9` of a real server: nobody is mailed twice, nobody is lost, and the next start finishes the day.

    A trigger in the database slows the inserts down, so that the kill surely lands in the middle of them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._shell(SEED.replace('CONTACTS', str(CONTACTS)).replace('TIMEZONE', get_quiet_zone()))

    def _get_caught(self):
        """How many mails each address got, by the mail catcher."""
        return Counter(
            address
            for path in Path(os.environ['CADENCE_SMTP_DIR']).glob('*.eml')
            if '@crash' in (address := parseaddr(message_from_bytes(path.read_bytes())['To'])[1]))

    def test_killed_while_reserving_and_while_composing_the_day_is_finished_by_the_next_start(self):
        self._slow_down('cadence_touch', 0.03)
        server = self._start_server()
        self._wait("the server reserves", self._is_slow, server)
        self._kill(server)
        self.assertEqual(self._count('cadence_touch'), 0, "half a reservation is none")
        self._speed_up('cadence_touch')

        self._slow_down('mailing_trace', 0.02)
        server = self._start_server()
        self._wait("the mailing is being composed", lambda: 40 <= self._count('mailing_trace') < CONTACTS, server)
        self._kill(server)
        composed = self._count('mailing_trace')
        self.assertTrue(0 < composed < CONTACTS, "the kill came in the middle")
        self.assertEqual(self._count('cadence_touch', "state = 'reserved'"), CONTACTS)
        self._speed_up('mailing_trace')

        server = self._start_server()
        self._wait("every mail has arrived", lambda: len(self._get_caught()) >= CONTACTS
                   and not self._count('mail_mail', "state = 'outgoing'"), server)
        self._kill(server)
        self.assertEqual(self._get_caught(), {f'c{n}@crash{n}.example': 1 for n in range(CONTACTS)})
        self.assertEqual(self._count('mailing_trace'), CONTACTS)
        self.assertEqual(self._count('cadence_run', "state = 'done' AND EXISTS ("
                                     "SELECT FROM cadence_touch WHERE run_id = cadence_run.id)"), 1)

    def test_two_workers_reserve_every_contact_once(self):
        self._sql("DELETE FROM cadence_touch; UPDATE cadence_run SET state = 'planned'")
        script = "env['cadence.run']._cron_queue_today()\nenv.cr.commit()\n"
        workers = [
            subprocess.Popen([*self._odoo('shell'), '--no-http'], stdin=subprocess.PIPE, text=True,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _number in range(2)
        ]
        for worker in workers:
            worker.stdin.write(script)
            worker.stdin.close()
        for worker in workers:
            worker.wait(TIMEOUT)
        self.assertEqual(self._count('cadence_touch', "state = 'reserved'"), CONTACTS)
        self.assertEqual(self._sql('SELECT COUNT(DISTINCT email) FROM cadence_touch')[0][0], CONTACTS)
