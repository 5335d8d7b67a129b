from odoo.tests import tagged

from ..server import ServerCase

CONTACTS = 4_500

SEED = """
from odoo import fields
env['ir.cron'].search([]).write({'nextcall': fields.Datetime.add(fields.Datetime.now(), days=1)})
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'email_from': 'two@me.example', 'tz': 'UTC',
    'customer_group_id': env['cadence.customer.group'].create({'name': 'one'}).id})
for name, count in (('large', CONTACTS), ('small', 300)):
    intake = env['cadence.intake'].create({
        'segment_id': segment.id, 'start_date': '2026-07-05',
        'pasted_text': '\\n'.join(f'{name}{n}@{name}{n // 4}.example' for n in range(count))})
    intake.action_preview()
    if name == 'small':
        intake.action_save()
env.cr.commit()
"""
# As the web client calls it: Odoo begins a request anew that met another one.
PRESS = """
from odoo.exceptions import UserError
from odoo.service.model import retrying
intake = env['cadence.intake'].search([('pasted_text', 'like', '{name}%')])
try:
    retrying(intake.{button}, env)
    env.cr.commit()
    print('PRESSED')
except UserError as error:
    print('REFUSED', error)
"""
WAIT = """
import time
while not env['cadence.intake.chunk'].search_count(
        [('intake_id.pasted_text', 'like', 'large%'), ('kind', '=', 'save'), ('state', '=', 'done')]):
    env.cr.rollback()
    time.sleep(0.1)
time.sleep(0.5)
env.cr.rollback()
"""
WORK = "env['cadence.intake']._cron_save()\nenv.cr.commit()\n"


@tagged('post_install', '-at_install')
class TestConcurrentIntake(ServerCase):
    """Two people at one intake, and somebody who takes it back while a worker is at it: what is taken back stays so."""

    def _get_state(self, name):
        return self._sql(f"SELECT state FROM cadence_intake WHERE pasted_text LIKE '{name}%'")[0][0]

    def test_two_undo_the_same_and_one_undoes_what_is_being_saved(self):
        self._shell(SEED.replace('CONTACTS', str(CONTACTS)))

        self._slow_down('cadence_intake', 0.5, event='UPDATE')  # both are at it before one has written
        undo = PRESS.format(name='small', button='action_undo')
        with self._workers(undo, undo) as start:
            start()
        self._speed_up('cadence_intake')
        self.assertEqual(self._get_state('small'), 'undone')
        self.assertFalse(self._count('res_partner', "email LIKE 'small%'"))
        self.assertFalse(self._count('cadence_intake_line', "state = 'saved'"))

        self._shell(PRESS.format(name='large', button='action_save'))
        self._slow_down('cadence_intake_claim', 0.002)
        with self._workers(WORK, WAIT + PRESS.format(name='large', button='action_undo')) as start:
            start()
        done = "kind = 'save' AND state = 'done' AND line_count = 2000"
        self.assertEqual(self._count('cadence_intake_chunk', done), 1, "the undo came in the middle of the second chunk")
        self._speed_up('cadence_intake_claim')
        self._shell(WORK)
        self.assertEqual(self._get_state('large'), 'undone')
        self.assertFalse(self._count('res_partner', "email LIKE 'large%'"), "nothing was saved after the undo began")
        self.assertEqual(self._count('cadence_intake_line', "state = 'undone'"), 2_300)
