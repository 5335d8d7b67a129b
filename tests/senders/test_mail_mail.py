from unittest.mock import patch

from odoo.tests import tagged

from .common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestMailMail(SenderCase):

    def test_each_mail_of_a_run_says_what_its_complaints_are_counted_by(self):
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 12), self.mock_mail_gateway():
            run.mailing_ids.action_send_mail()
            headers = self._mails[0]['headers']
        self.assertRegex(headers['Feedback-ID'], rf'^letter{self.letter.id}:segment{self.segment.id}:marketing:[0-9a-f]{{12}}$')
        self.assertIn('List-Unsubscribe-Post', headers)

    def test_after_the_companys_midnight_no_more_leave_than_that_day_has_places(self):
        self.env.company.cadence_tz = 'Asia/Shanghai'  # its day begins at 16:00
        self.sender.target = 10
        self._create_partners(8, batch=5)
        china = self._create_segment('base.lang_fr', tz='Asia/Shanghai', send_time=1.0)
        self._create_letter(segment=china)
        self._create_partners(7, batch=6, segment=china, domain='china{}.example')
        run = self._queue(DAY, 2)['marketing']
        self.assertEqual(set(map(str, run.touch_ids.mapped('day'))), {DAY})
        self._queue(DAY, 16)
        self.assertEqual(self.env['cadence.touch'].search_count(
            [('segment_id', '=', china.id), ('day', '=', NEXT), ('state', '=', 'reserved')]), 7)
        with self._mail_server() as server:
            # The first mails leave late: in China it is the next day.
            self._send_queue(DAY, 18, server)
            left = [address for address in server.left if not address.endswith('@me.example')]
        self.assertEqual(len(left), 10)
        with self.at(DAY, 18):
            self.assertEqual(self.sender._get_taken(self.sender._get_today()), 10)
        waiting = run.touch_ids.filtered(lambda touch: touch.outcome == 'waiting')
        self.assertEqual((len(waiting), set(waiting.mapped('reason'))), (5, {'sender_cap'}))
        self._queue(NEXT, 2)
        self.assertEqual(set(waiting.mapped('state')), {'deferred'}, "nobody is lost")

    def test_a_pace_holds_where_another_module_sends_each_mail_alone(self):
        self.sender.hourly_pace = 6
        self._create_partners(4, batch=5)
        run = self._queue(DAY)['marketing']
        model = type(self.env['mail.mail'])
        with patch.object(model, '_cadence_leaves_singly', lambda self, **_kwargs: True), self._mail_server() as server:
            self.assertEqual([len(self._send_queue(DAY, 12 + minutes / 60, server)) for minutes in (0, 5, 11)], [1, 0, 1])
        self.assertEqual(self._count_reasons(run), {'reserved': 2, 'pace': 2})

    def test_two_senders_that_make_mails_wait_keep_each_their_own(self):
        self.sender.hourly_pace = 1
        other = self._create_segment('base.lang_fr', email_from='li@other.example')
        other.sender_id.hourly_pace = 1
        self._create_letter(segment=other)
        self._create_partners(3, batch=5)
        self._create_partners(3, batch=5, segment=other, domain='other{}.example')
        self._queue(DAY)
        with self._mail_server() as server:
            self.assertEqual(len(self._send_queue(DAY, 12, server)), 2)
        waiting = self.env['cadence.touch'].search([('date', '=', DAY), ('outcome', '=', 'waiting')])
        self.assertEqual((len(waiting), set(waiting.mapped('reason'))), (4, {'pace'}))
