from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.day import mail_mail
from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailBlock(CadenceCase):
    """Mails leave a block at a time, and what happens to one of them happens to no other."""

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(6, batch=5)
        self.run_ = self._queue(DAY)['marketing']
        self.server = self.enterContext(self._mail_server())
        self.messages = []
        take = self.server.send_message

        def send_message(message, *args, **options):
            take(message, *args, **options)
            self.messages.append(message)
            self._after_mail(len(self.messages))

        self.server.send_message = send_message
        self._after_mail = lambda count: None

    def _get_outcomes(self):
        return [(touch.outcome or touch.state, touch.reason) for touch in self.run_.touch_ids.sorted('id')]

    def _send(self, hour=12):
        return self._send_queue(DAY, hour, self.server)

    def test_a_mail_more_costs_the_note_that_it_is_begun_and_no_other_query(self):
        self._create_partners(20, batch=5)
        self._queue(DAY)
        self.server.is_down = True
        self._send(9.5)
        self.server.is_down = False
        mails = self.env['mail.mail'].search([('mailing_id', 'in', self.run_.mailing_ids.ids)])
        self.assertEqual(len(mails), 26)
        counts = []
        for some in (mails[:2], mails[2:6], mails[6:22]):  # the first one warms up, some are left for the run to wait for
            with self.at(DAY, 12):
                counts.append(self._count_queries(some.send))
        self.assertEqual(len(self.messages), 22)
        self.assertLessEqual(counts[2] - counts[1], 12)

    def test_the_fault_of_one_mail_is_its_own(self):
        prepare = type(self.env['mail.mail'])._prepare_outgoing_list
        bad = self.partners[2]

        def fail(mail, *args, **options):
            if mail.recipient_ids == bad:
                raise ValueError("no such picture")
            return prepare(mail, *args, **options)

        with patch.object(type(self.env['mail.mail']), '_prepare_outgoing_list', fail):
            self.assertEqual(self._send(), sorted((self.partners - bad).mapped('email')))
        self.assertEqual(self._get_outcomes().count(('deferred', 'letter_failed')), 1)
        self.assertEqual(self._touch(bad, DAY).reason, 'letter_failed')

    def test_a_refused_recipient_a_busy_server_and_a_dead_line_keep_nobody_else_from_the_mail(self):
        emails = self.partners.mapped('email')
        self.server.answers = {
            emails[0]: SMTPRecipientsRefused({emails[0]: (550, b'5.1.1 User unknown')}),
            emails[1]: SMTPRecipientsRefused({emails[1]: (421, b'4.3.2 too busy')}),
            emails[2]: SMTPServerDisconnected("please run connect() first"),
        }
        self.assertEqual(self._send(), sorted(emails[3:]), "the others go on at once, on a new line")
        self.assertEqual(self._get_outcomes(), [
            ('refused', 'dead'), ('waiting', 'mail_server'), ('waiting', 'mail_server'), *[('left', False)] * 3])
        self.server.answers = {}
        self.assertEqual(self._send(12.1), [], "not at once again")
        self.assertEqual(self._send(12.5), sorted(emails[1:3]))

    def test_a_server_that_ends_the_line_after_so_many_mails_gets_the_others_on_the_next(self):
        def end_line(count):
            if count == 3:
                self.server.answers = {
                    partner.email: SMTPServerDisconnected("please run connect() first") for partner in self.partners}
        self._after_mail = end_line
        self.assertEqual(len(self._send()), 3)
        self.server.answers = {}
        self.assertEqual(len(self._send(12.5)), 3)
        self.assertEqual(self._get_outcomes(), [('left', False)] * 6)

    def test_a_stop_holds_from_the_next_mail_on(self):
        def stop(count):
            if count == 2:
                self.run_.action_stop()
                self.env.flush_all()
        self._after_mail = stop
        self.assertEqual(len(self._send()), 2)
        self.assertEqual(self._get_outcomes().count(('waiting', False)), 4)
        with self.at(DAY, 12.5):
            self.run_.action_resume()
        self.assertEqual(len(self._send(13)), 4)
        self.assertFalse(self.env['cadence.departure'].search([]))

    def test_mails_that_are_stopped_at_the_last_moment_time_and_again_do_not_keep_the_queue(self):
        with patch.object(type(self.env['cadence.departure']), '_begin', lambda *_args: False):
            self.assertEqual(self._send(), [])
        self.assertEqual(self._get_outcomes(), [('waiting', False)] * 6)
        self.assertEqual(len(self._send(12.5)), 6)

    def test_a_slow_server_gets_as_many_as_it_takes_in_some_seconds_and_the_rest_is_asked_about_again(self):
        self.partners[5].email  # noqa: B018 read before the clock is taken away
        now = [fields.Datetime.to_datetime(f'{DAY} 12:00:00')]

        def take_time(count):
            now[0] += timedelta(seconds=3)
            if count == 2:
                self._tag(self.partners[5], 'tag_replied')
                self.env.flush_all()

        self._after_mail = take_time
        with patch.object(fields.Datetime, 'now', lambda: now[0]):
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue')  # in the cache
            left = self._send()
        self.assertEqual(left, sorted(self.partners[:5].mapped('email')), "who replied while the first ones left is not mailed")
        self.assertEqual(self._touch(self.partners[5], DAY).reason, 'view')

    def test_a_module_that_sends_in_its_own_way_gets_each_mail_alone(self):
        asked = []
        take = type(self.env['mail.mail'])._cadence_depart

        def depart(mail, auto_commit):
            asked.append(mail.id)
            return take(mail, auto_commit)

        with patch.object(mail_mail, 'SENDING_MODULES', set()), \
                patch.object(type(self.env['mail.mail']), '_cadence_depart', depart):
            self.assertEqual(self._send(), sorted(self.partners.mapped('email')))
        self.assertEqual(len(asked), 6)
        self.assertEqual(self._get_outcomes(), [('left', False)] * 6)

    def test_headers_of_other_modules_and_their_way_to_build_a_mail_are_asked(self):
        prepare, build = type(self.env['mail.mail'])._prepare_outgoing_list, type(self.env['ir.mail_server'])._build_email__

        def add_header(mail, *args, **options):
            return [values | {'headers': values['headers'] | {'X-Mine': str(mail.id)}}
                    for values in prepare(mail, *args, **options)]

        def change_subject(server, *args, **options):
            return build(server, *args, **options | {'subject': 'Changed'})

        with patch.object(type(self.env['mail.mail']), '_prepare_outgoing_list', add_header), \
                patch.object(type(self.env['ir.mail_server']), '_build_email__', change_subject):
            self._send()
        mine = {message['X-Mine'] for message in self.messages if '@acme' in message['To']}
        self.assertEqual((len(mine), None in mine), (6, False))
        self.assertEqual({message['Subject'] for message in self.messages}, {'Changed'})

    def test_a_module_that_fails_when_it_is_told_denies_no_mail(self):
        sent = type(self.env['mailing.trace']).set_sent

        def fail(traces, *args, **options):
            if self._touch(self.partners[1], DAY).trace_ids in traces:
                raise ValueError("my counter is broken")
            return sent(traces, *args, **options)

        with patch.object(type(self.env['mailing.trace']), 'set_sent', fail), \
                self.assertLogs('odoo.addons.mass_mailing_cadence.models.day.mail_mail_block', 'ERROR'):
            self._send()
        self.assertEqual(len(self._send(13)), 0)
        self.assertEqual(self._get_outcomes(), [('left', False)] * 6)

    def test_mails_that_a_limit_delays_wait_until_then_and_say_why(self):
        model = type(self.env['mail.mail'])
        later = fields.Datetime.to_datetime(f'{DAY} 15:00:00')

        def find_delayed(mails):
            full = mails.filtered(lambda mail: fields.Datetime.now() < later and mail.recipient_ids in self.partners[:2])
            return {('mail_server', later): full} if full else {}

        with patch.object(model, '_cadence_find_delayed', find_delayed):
            self.assertEqual(self._send(), sorted(self.partners[2:].mapped('email')))
            self.assertEqual(self._get_outcomes()[:2], [('waiting', 'mail_server')] * 2)
            self.assertEqual(self._send(14), [])
            self.assertEqual(self._send(15.1), sorted(self.partners[:2].mapped('email')))

    def test_other_mails_leave_before_those_of_runs_and_a_turn_is_short(self):
        self.server.is_down = True
        self._send(9.5)
        self.server.is_down = False
        with self.at(DAY, 12):
            other = self.env['mail.mail'].create({
                'subject': 'Order', 'body_html': 'x', 'email_from': 'a@me.example', 'email_to': 'buyer@other.example'})
            self.env['mail.mail'].process_email_queue(batch_size=2)
        self.assertEqual(self.server.left[0], 'buyer@other.example')
        self.assertEqual(len(self.server.left), 3, "two of the run's six in this turn")
        self.assertEqual(other.exists().state, 'sent')

    def test_a_helper_sends_the_mails_of_runs_and_no_others(self):
        self.server.is_down = True
        self._send(9.5)
        self.server.is_down = False
        with self.at(DAY, 12), self.enter_registry_test_mode():
            other = self.env['mail.mail'].create({
                'subject': 'Order', 'body_html': 'x', 'email_from': 'a@me.example', 'email_to': 'buyer@other.example'})
            helper = self.env.ref('mass_mailing_cadence.ir_cron_send_helper')
            self.assertFalse(helper.active, "who wants it activates it")
            helper.active = True
            helper.method_direct_trigger()
        self.assertEqual(sorted(self.server.left), sorted(self.partners.mapped('email')))
        self.assertEqual(other.state, 'outgoing')

    def test_a_worker_leaves_those_alone_that_another_has_taken(self):
        self.server.is_down = True
        self._send(9.5)
        mails = self.env['mail.mail'].search([('mailing_id', 'in', self.run_.mailing_ids.ids)], order='id')
        locked = []
        lock = type(mails)._cadence_lock

        def note(mails):
            locked.append(mails.ids)
            return lock(mails)

        with self.at(DAY, 12), patch.object(type(mails), '_cadence_lock', note):
            _block, taken = mails[:4]._cadence_take()
            self.assertEqual(list(taken), mails[:4].ids)
            _block, others = mails._cadence_take()
        self.assertEqual(list(others), mails[4:].ids)
        self.assertEqual(locked, [mails[:4].ids, mails[4:].ids])
