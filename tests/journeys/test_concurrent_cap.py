from odoo.tests import tagged

from ..server import ServerCase, get_quiet_zone

CAP = 25
CONTACTS = 40  # of each of two segments

SEED = """
from odoo import fields
env = env(context=dict(env.context, tracking_disable=True))
group = env.ref('mass_mailing_cadence.tag_group_marketing')
env.company.write({'cadence_tz': 'TIMEZONE', 'cadence_canary_count': 0})
for name in ('one', 'two'):
    customers = env['cadence.customer.group'].create({'name': name})
    segment = env['cadence.segment'].create({
        'lang_id': env.ref('base.lang_en').id, 'customer_group_id': customers.id, 'tz': 'TIMEZONE', 'send_time': 0.0,
        'email_from': f'{name}@cap.example'})
    letter = env['cadence.letter'].create({
        'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'Cap', 'step': 1})
    letter.mailing_id.body_html = (
        '<p>Dear <t t-out="object.name"/>, here is our letter.</p><a href="/unsubscribe_from_list">Unsubscribe</a>')
    tag = segment._get_batch_tags(group, [segment._get_local_day().day])
    env['res.partner'].create([
        {'name': f'C{n}', 'email': f'c{n}@{name}{n}.example', 'category_id': [(4, tag.id)]} for n in range(CONTACTS)])
sender = segment.sender_id
assert len(sender.segment_ids) == 2
sender.write({'profile': 'normal', 'target': CAP})
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
        seed = SEED.replace('CONTACTS', str(CONTACTS)).replace('CAP', str(CAP)).replace('TIMEZONE', get_quiet_zone())
        cls._shell(seed)

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
