import os
from collections import Counter
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

from odoo.tests import tagged

from ..server import ServerCase, get_quiet_zone

READERS = 200
OTHERS = 100
RECIPIENTS = 5

SEED = """
from datetime import timedelta
from odoo import fields
env = env(context=dict(env.context, tracking_disable=True))
# Also a small mailing goes through the mail queue.
env['ir.config_parameter'].set_param('mail.mail.force.send.limit', '0')
env['ir.cron'].search([]).write({'nextcall': fields.Datetime.add(fields.Datetime.now(), days=1)})
group = env.ref('mass_mailing_cadence.tag_group_marketing')
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'tz': 'TIMEZONE', 'send_time': 0.0, 'email_from': 'meet@me.example',
    'customer_group_id': env['cadence.customer.group'].create({'name': 'Meeting'}).id})
letter = env['cadence.letter'].create({'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'Meeting', 'step': 1})
letter.mailing_id.body_html = (
    '<p>Dear <t t-out="object.name"/>, here is our letter.</p><a href="/unsubscribe_from_list">Unsubscribe</a>')
today = segment._get_local_day()

def mailed(prefix, count, days, batch):
    '''The traces of a run of some days ago.'''
    day = today - timedelta(days=days)
    tag = segment._get_batch_tags(group, [batch])
    partners = env['res.partner'].create([
        {'name': f'{prefix}{n}', 'email': f'{prefix}{n}@meet{n}.example', 'category_id': [(4, tag.id)]} for n in range(count)])
    run = env['cadence.run'].create({
        'segment_id': segment.id, 'tag_group_id': group.id, 'date': day, 'state': 'done', 'tag_ids': tag.ids})
    mailing = run._create_mailing(letter).sudo()
    touches = env['cadence.touch'].create([{
        'run_id': run.id, 'segment_id': segment.id, 'tag_group_id': group.id, 'company_id': segment.company_id.id,
        'partner_id': partner.id, 'email': partner.email_normalized, 'date': day, 'state': 'reserved', 'mailing_id': mailing.id,
    } for partner in partners])
    return env['mailing.trace'].create([{
        'model': 'res.partner', 'res_id': touch.partner_id.id, 'mass_mailing_id': mailing.id, 'cadence_touch_id': touch.id,
        'message_id': f'<{touch.partner_id.name}@me.example>', 'trace_status': 'sent',
        'sent_datetime': fields.Datetime.now() - timedelta(days=days),
    } for touch in touches])

# The readers' batch is not due today; the writers' is.
mailed('reader', READERS + OTHERS, 14, (today.day + 4) % 30 + 1)[:READERS].write({
    'trace_status': 'open', 'open_datetime': fields.Datetime.now() - timedelta(days=13)})
mailed('writer', RECIPIENTS, 20, today.day)
mailed('doubler', 1, 21, (today.day + 4) % 30 + 1)
env.cr.commit()
"""
FOLLOW = "env['cadence.follow.up']._cron_follow_up()\nenv.cr.commit()\n"
SEND = """
env['cadence.run']._cron_queue_today()
env.cr.commit()
env['mailing.mailing']._process_mass_mailing_queue()
env.cr.commit()
env['mail.mail'].process_email_queue()
env.cr.commit()
"""
# An answer is heard at the end of a block, and each of these mails is one.
SHORT_BLOCKS = "type(env['mail.mail'])._cadence_get_block_size = lambda self: 1\n"
# A mail gateway tries once more what another one was faster with. Odoo answers with the contact, or False for a known message.
RECEIVE = """
from psycopg2 import IntegrityError, OperationalError
for attempt in (1, 2):
    try:
        taken = env['mail.thread'].message_process(None, RAW)
        env.cr.commit()
        break
    except (IntegrityError, OperationalError):
        env.cr.rollback()
        env.invalidate_all(flush=False)
env['ir.config_parameter'].set_param('test.gateway.taken' if taken else 'test.gateway.ignored', 'NAME')
env.cr.commit()
"""
MESSAGE = Path(__file__).parents[1] / 'messages' / 'gmail_person.eml'
# The names of the message itself and of the mail that it answers, as they stand in the file.
OWN_ID, ANSWERED_ID = b'<CAKx1+t0a9bQ=Xz@mail.gmail.com>', b'<1188.1795400000.1-openerp-7-mail@tea.example>'


@tagged('post_install', '-at_install')
class TestConcurrentFollowUp(ServerCase):
    """Processes that meet: a reader is tagged once, a reply counts once, and whom it stops gets no mail that had not left.

    A trigger in the database slows one of them down, so that they surely overlap.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        script = SEED.replace('READERS', str(READERS)).replace('OTHERS', str(OTHERS)).replace('RECIPIENTS', str(RECIPIENTS))
        cls._shell(script.replace('TIMEZONE', get_quiet_zone()))

    def _get_receive(self, name):
        """A gateway's script: an answer to the mail that the contact got some weeks ago."""
        raw = MESSAGE.read_bytes()
        self.assertEqual((raw.count(OWN_ID), raw.count(ANSWERED_ID)), (1, 2))
        raw = raw.replace(OWN_ID, self._get_answer_id(name).encode()).replace(ANSWERED_ID, f'<{name}@me.example>'.encode())
        return RECEIVE.replace('RAW', repr(raw)).replace('NAME', name)

    def _get_answer_id(self, name):
        return f'<answer.{name}@mail.example>'

    def _get_caught(self):
        """How many mails each address got, by the mail catcher."""
        return Counter(
            address
            for path in Path(os.environ['CADENCE_SMTP_DIR']).glob('*.eml')
            if '@meet' in (address := parseaddr(message_from_bytes(path.read_bytes())['To'])[1]))

    def _assert_taken_up_once(self, name):
        self.assertEqual(self._count('mail_message', f"message_id = '{self._get_answer_id(name)}'"), 1)
        self.assertEqual(self._count('cadence_reply', f"message_ref = '{self._get_answer_id(name)}'"), 1)
        self.assertEqual(self._count(
            'cadence_journal', f"reason = 'replied' AND partner_id = (SELECT id FROM res_partner WHERE name = '{name}')"), 1)

    def test_two_workers_tag_every_reader_once(self):
        self._slow_down('cadence_journal', 0.01)
        with self._workers(FOLLOW, FOLLOW) as go:
            go()
            self._wait("a worker writes the journal", self._is_slow)
        self._speed_up('cadence_journal')
        # What a worker that lost the race left over.
        self._shell(FOLLOW)
        self.assertEqual(self._sql("SELECT COUNT(*), COUNT(cadence_follow_up) FROM mailing_trace "
                                   "WHERE open_datetime IS NOT NULL AND message_id LIKE '<reader%'"), [(READERS, READERS)])
        self.assertEqual(self._count('mailing_trace', "cadence_follow_up = 'reader'"), READERS)
        self.assertEqual(self._sql("SELECT COUNT(*), COUNT(DISTINCT trace_id), COUNT(DISTINCT partner_id) "
                                   "FROM cadence_journal WHERE reason = 'opened'"), [(READERS, READERS, READERS)])
        self.assertEqual(self._sql("""
            SELECT COUNT(*), COUNT(DISTINCT rel.partner_id)
              FROM res_partner_res_partner_category_rel rel
              JOIN res_partner_category tag ON tag.id = rel.category_id
              JOIN cadence_tag_group tag_group ON tag_group.reader_group_id = tag.cadence_group_id"""), [(READERS, READERS)])

    def test_reply_that_comes_while_the_mailing_is_sent_stops_its_mail(self):
        last = f'writer{RECIPIENTS - 1}'
        with self._workers(self._get_receive(last)) as receive:
            self._slow_down('mail_mail', 1, 'UPDATE')
            with self._workers(SHORT_BLOCKS + SEND) as send:
                send()
                self._wait("the first mail has left", self._get_caught)
                self.assertLess(len(self._get_caught()), RECIPIENTS - 1, "the reply comes in the middle")
                receive()
        self._speed_up('mail_mail')
        self.assertEqual(self._get_caught(), {f'writer{n}@meet{n}.example': 1 for n in range(RECIPIENTS - 1)})
        self.assertEqual(self._sql(f"""
            SELECT touch.state, touch.reason, trace.trace_status
              FROM cadence_touch touch
              JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
             WHERE touch.email LIKE '{last}@%' AND touch.date = (SELECT MAX(date) FROM cadence_touch)"""),
            [('excluded', 'view', 'cancel')])
        self.assertFalse(self._count('mail_mail', "state IN ('outgoing', 'exception')"))
        self._assert_taken_up_once(last)

    def test_same_reply_by_two_gateways_at_once_is_one_reply(self):
        script = self._get_receive('doubler0')
        self._slow_down('cadence_reply', 1)
        with self._workers(script, script) as go:
            go()
            self._wait("a gateway takes the reply up", self._is_slow)
        self._speed_up('cadence_reply')
        self._assert_taken_up_once('doubler0')
        self.assertEqual(self._sql("SELECT key FROM ir_config_parameter WHERE value = 'doubler0' ORDER BY key"),
                         [('test.gateway.ignored',), ('test.gateway.taken',)])
