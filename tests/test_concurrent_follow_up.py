import os
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

from odoo.tests import tagged

from .server import ServerCase, get_quiet_zone

READERS = 100
RECIPIENTS = 6

SEED = """
from datetime import timedelta
from odoo import fields
env = env(context=dict(env.context, tracking_disable=True))
env['ir.cron'].search([]).write({'nextcall': fields.Datetime.add(fields.Datetime.now(), days=1)})
group = env.ref('mass_mailing_cadence.tag_group_marketing')
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'tz': 'TIMEZONE', 'send_time': 0.0, 'email_from': 'meet@me.example',
    'customer_group_id': env['cadence.customer.group'].create({'name': 'Meeting'}).id})
letter = env['cadence.letter'].create({'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'Meeting', 'step': 1})
letter.mailing_id.body_html = '<p>Dear <t t-out="object.name"/>, here is our letter.</p>'
today = segment._get_local_day()
tag = segment._get_batch_tags(group, [today.day])

def mailed(prefix, count, days):
    '''A run of some days ago and its traces.'''
    day = today - timedelta(days=days)
    sent = fields.Datetime.now() - timedelta(days=days)
    partners = env['res.partner'].create([
        {'name': f'{prefix}{n}', 'email': f'{prefix}{n}@meet{n}.example', 'category_id': [(4, tag.id)]} for n in range(count)])
    run = env['cadence.run'].create({'segment_id': segment.id, 'tag_group_id': group.id, 'date': day, 'state': 'done'})
    mailing = run._create_mailing(letter).sudo()
    touches = env['cadence.touch'].create([{
        'run_id': run.id, 'segment_id': segment.id, 'tag_group_id': group.id, 'company_id': segment.company_id.id,
        'partner_id': partner.id, 'email': partner.email_normalized, 'date': day, 'state': 'reserved', 'mailing_id': mailing.id,
    } for partner in partners])
    return env['mailing.trace'].create([{
        'model': 'res.partner', 'res_id': touch.partner_id.id, 'mass_mailing_id': mailing.id, 'cadence_touch_id': touch.id,
        'message_id': f'<{touch.partner_id.name}@me.example>', 'sent_datetime': sent, 'trace_status': 'sent',
    } for touch in touches])

mailed('reader', READERS, 14).write({
    'trace_status': 'open', 'open_datetime': fields.Datetime.now() - timedelta(days=13)})
mailed('writer', RECIPIENTS, 20)
readers = env['res.partner'].search([('name', '=like', 'reader%')])
readers.category_id -= tag
readers.category_id += segment._get_batch_tags(group, [(today.day + 4) % 30 + 1])
env.cr.commit()
"""
FOLLOW = "env['cadence.followup']._cron_follow_up()\nenv.cr.commit()\n"
SEND = """
env['cadence.run']._cron_queue_today()
env.cr.commit()
env['mailing.mailing']._process_mass_mailing_queue()
env.cr.commit()
env['mail.mail'].process_email_queue()
env.cr.commit()
"""
# As a mail server hands a mail to Odoo: what another worker was faster with is tried again.
RECEIVE = """
from psycopg2 import OperationalError
raw = (b'From: {name}@meet.example\\r\\nTo: meet@me.example\\r\\nSubject: Re: Meeting\\r\\n'
       b'Message-ID: <answer.{name}@meet.example>\\r\\nIn-Reply-To: <{name}@me.example>\\r\\n'
       b'References: <{name}@me.example>\\r\\n\\r\\nPlease call me.\\r\\n')
for attempt in range(2):
    try:
        env['mail.thread'].message_process(None, raw)
        env.cr.commit()
        break
    except OperationalError:
        env.cr.rollback()
        env.invalidate_all()
"""


@tagged('post_install', '-at_install')
class TestConcurrentFollowUp(ServerCase):
    """Processes that meet: each reader is tagged once, and who answers gets no mail that had not left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        script = SEED.replace('READERS', str(READERS)).replace('RECIPIENTS', str(RECIPIENTS))
        cls._shell(script.replace('TIMEZONE', get_quiet_zone()))

    def _get_caught(self):
        return sorted(
            address for path in Path(os.environ['CADENCE_SMTP_DIR']).glob('*.eml')
            if '@meet' in (address := parseaddr(message_from_bytes(path.read_bytes())['To'])[1]))

    def test_1_two_workers_tag_the_same_readers_once(self):
        self._slow_down('cadence_journal', 0.01)
        with self._workers(FOLLOW, FOLLOW) as go:
            go()
        self._speed_up('cadence_journal')
        self.assertEqual(self._count('mailing_trace', "cadence_follow_up = 'reader'"), READERS)
        self.assertEqual(self._count('cadence_journal', "reason = 'opened'"), READERS)
        self.assertEqual(self._sql("""
            SELECT COUNT(*), COUNT(DISTINCT rel.partner_id)
              FROM res_partner_res_partner_category_rel rel
              JOIN res_partner_category tag ON tag.id = rel.category_id
              JOIN cadence_tag_group tag_group ON tag_group.id = tag.cadence_group_id
             WHERE tag_group.code = 'reading'"""), [(READERS, READERS)])

    def test_2_an_answer_that_comes_while_the_mailing_is_sent_stops_its_mail(self):
        last = f'writer{RECIPIENTS - 1}'
        with self._workers(RECEIVE.format(name=last)) as receive:
            self._slow_down('mail_mail', 1, 'UPDATE')
            with self._workers(SEND) as send:
                send()
                self._wait("the first mail is leaving", self._is_slow)
                receive()
        self._speed_up('mail_mail')
        self.assertEqual(self._get_caught(), [f'writer{number}@meet{number}.example' for number in range(RECIPIENTS - 1)])
        self.assertEqual(self._sql(f"""
            SELECT touch.state, touch.reason
              FROM cadence_touch touch
              JOIN cadence_run run ON run.id = touch.run_id AND run.decision_count > 0
             WHERE touch.email LIKE '{last}@%'"""), [('excluded', 'view')])

    def test_3_the_same_answer_by_two_ways_is_one_reply(self):
        self._slow_down('cadence_reply', 1)
        with self._workers(*[RECEIVE.format(name='writer0')] * 2) as go:
            go()
        self._speed_up('cadence_reply')
        self.assertEqual(self._count('cadence_reply', "message_ref = '<answer.writer0@meet.example>'"), 1)
        self.assertEqual(self._sql("""
            SELECT COUNT(*)
              FROM cadence_journal
              JOIN res_partner ON res_partner.id = cadence_journal.partner_id AND res_partner.name = 'writer0'
             WHERE reason = 'replied'"""), [(1,)])
