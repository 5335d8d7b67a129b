from unittest.mock import patch

from odoo.tests import tagged

from ..common import CadenceCase
from ..simulation.smtp import Wire
from ..smtp import OfficeMixin

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailHandOver(OfficeMixin, CadenceCase):
    """While a server looks at a mail the next one is made; what it says at last is said of the right one."""

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(12, batch=5)
        self.server = self.env['ir.mail_server'].create({
            'name': 'Mails', 'smtp_host': 'sim', 'smtp_encryption': 'none', 'cadence_connections': 3})
        self.segment.sender_id.mail_server_id = self.server
        self.run_ = self._queue(DAY)['marketing']
        self.office = self._make_office()
        self.lines, self.heard = [], []  # the connections, and what happens on them
        connect = self.office.connect
        self.office.connect = lambda host: self._note(connect(host))

    def _note(self, line):
        self.lines.append(line)
        number, take, readline = len(self.lines), line.take, line.readline

        def note_take(body):
            if b'@acme' in body:  # and not what Odoo tells its users
                self.heard.append((number, 'mail'))
            take(body)

        def note_readline(*args):
            answer = readline(*args)
            if b'queued' in answer and (number, 'mail') in self.heard:
                self.heard.append((number, 'answer'))
            return answer

        line.take, line.readline = note_take, note_readline
        return line

    def _get_outcomes(self):
        return [(touch.outcome or touch.state, touch.reason) for touch in self.run_.touch_ids.sorted('id')]

    def test_mails_leave_on_three_connections_and_answers_are_heard_before_the_next_mail_on_theirs(self):
        self._send(self.office, DAY)
        self.assertEqual(self._get_left(self.office), sorted(self.partners.mapped('email')))
        self.assertEqual(self._get_outcomes(), [('left', False)] * 12)
        self.assertEqual(len({number for number, _what in self.heard}), 3)
        self.assertEqual([what for _number, what in self.heard[:5]], ['mail'] * 3 + ['answer', 'mail'])
        for number in {number for number, _what in self.heard}:
            own = [what for other, what in self.heard if other == number]
            self.assertEqual(own, ['mail', 'answer'] * (len(own) // 2))

    def test_what_a_server_says_late_is_said_of_the_mail_that_it_means(self):
        self.office.disliked = {self.partners[4].email, self.partners[11].email}
        self._send(self.office, DAY)
        left = self.partners - self.partners[4] - self.partners[11]
        self.assertEqual(self._get_left(self.office), sorted(left.mapped('email')))
        self.assertEqual(
            {partner for partner in self.partners if self._touch(partner, DAY).outcome == 'left'}, set(left))
        self.assertEqual({self._touch(partner, DAY).reason for partner in self.partners - left}, {'refused'})
        mail = self.env['mail.mail'].search([('mailing_id', 'in', self.run_.mailing_ids.ids)])
        self.assertEqual(set(mail.mapped('state')), {'exception'})
        self.assertIn('looks like spam', mail[0].failure_reason)

    def test_a_line_that_breaks_leaves_its_own_mail_in_doubt_and_no_other(self):
        take = Wire.take

        def break_second(line, body):
            take(line, body)
            if line.recipients == [] and self.partners[4].email.encode() in body:
                line.answers, line.closed = [], True

        with patch.object(Wire, 'take', break_second):
            self._send(self.office, DAY)
        doubtful = [partner for partner in self.partners if self._touch(partner, DAY).outcome == 'in_doubt']
        self.assertEqual(doubtful, [self.partners[4]])
        left = self._get_left(self.office)
        self.assertEqual(len(left), len(set(left)))
        self.assertEqual(
            {partner.email for partner in self.partners if self._touch(partner, DAY).outcome in ('left', 'in_doubt')}, set(left))
        self._send(self.office, DAY, 13)
        self.assertEqual(self._get_left(self.office), sorted(self.partners.mapped('email')), "the others left later, none twice")

    def test_somebody_elses_way_to_send_waits_for_each_answer(self):
        send = type(self.env['ir.mail_server']).send_email

        def count(server, message, *args, **options):
            result = send(server, message, *args, **options)
            self.heard += [(0, 'sent')] * ('@acme' in message['To'])
            return result

        with patch.object(type(self.env['ir.mail_server']), 'send_email', count):
            self._send(self.office, DAY)
        self.assertEqual([what for _number, what in self.heard][:6], ['mail', 'answer', 'sent'] * 2)
        self.assertEqual(len({number for number, what in self.heard if what == 'mail'}), 1)

    def test_a_server_that_lets_one_in_gets_them_all_on_that(self):
        connect, number = self.office.connect, []

        def refuse(host):
            number.append(host)
            if len(number) == 2:
                raise ConnectionRefusedError(111, "Too many connections")
            return connect(host)

        self.office.connect = refuse
        self._send(self.office, DAY)
        self.assertEqual(self._get_left(self.office), sorted(self.partners.mapped('email')))
