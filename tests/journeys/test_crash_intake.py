import subprocess
from collections import Counter

from odoo.tests import tagged

from ..server import TIMEOUT, ServerCase

CONTACTS = 4_000

SEED = """
from odoo import fields
env['ir.cron'].search([]).write({'nextcall': fields.Datetime.add(fields.Datetime.now(), days=1)})
for name in ('one', 'two'):
    # The same addresses in both, in another order: two workers on two intakes meet each other.
    numbers = range(CONTACTS) if name == 'one' else range(CONTACTS - 1, -1, -1)
    segment = env['cadence.segment'].create({
        'lang_id': env.ref('base.lang_en').id, 'email_from': 'crash@me.example', 'tz': 'UTC',
        'customer_group_id': env['cadence.customer.group'].create({'name': name}).id})
    intake = env['cadence.intake'].create({
        'segment_id': segment.id, 'start_date': '2026-07-05',
        'pasted_text': '\\n'.join(f'p{n}@crash{n // 4}.example' for n in numbers)})
    intake.action_preview()
    if name == 'one':
        intake.action_save()
env.cr.commit()
"""
SAVE_BOTH = "env['cadence.intake'].search([('state', '=', 'preview')]).action_save()\nenv.cr.commit()\n"


@tagged('post_install', '-at_install')
class TestCrashIntake(ServerCase):
    """`kill -9` of a real server in the middle of saving, and workers that meet: each address becomes one contact."""

    def _get_contacts(self):
        return Counter(email for email, in self._sql(
            "SELECT email_normalized FROM res_partner WHERE email LIKE '%@crash%.example'"))

    def test_killed_while_saving_the_next_start_goes_on_and_then_two_workers_meet(self):
        self._shell(SEED.replace('CONTACTS', str(CONTACTS)))
        self._slow_down('cadence_intake_claim', 0.0005)
        server = self._start_server()
        self._wait("a chunk is saved and another one begun",
                   lambda: self._count('cadence_intake_chunk', "kind = 'save' AND state = 'done'") and self._is_slow(), server)
        self._kill(server)
        saved = self._count('cadence_intake_line', "state = 'saved'")
        self.assertTrue(0 < saved < CONTACTS, "the kill came in the middle")
        self.assertEqual(saved % 1000, 0, "half a chunk is none")
        self.assertEqual(len(self._get_contacts()), saved)
        self._speed_up('cadence_intake_claim')

        self._shell(SAVE_BOTH)
        workers = [
            subprocess.Popen([*self._odoo('shell'), '--no-http'], stdin=subprocess.PIPE, text=True,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _number in range(2)
        ]
        for worker in workers:
            worker.stdin.write("env['cadence.intake']._cron_save()\nenv.cr.commit()\n")
            worker.stdin.close()
        for worker in workers:
            worker.wait(TIMEOUT)
        self.assertEqual(self._get_contacts(), {f'p{n}@crash{n // 4}.example': 1 for n in range(CONTACTS)})
        self.assertEqual(Counter(dict(self._sql("SELECT state, COUNT(*) FROM cadence_intake_line GROUP BY state"))),
                         {'saved': CONTACTS, 'known': CONTACTS})
        self.assertEqual(self._count('cadence_intake', "state = 'done'"), 2)
        self.assertFalse(self._count('cadence_intake_chunk', "state = 'waiting'"))
