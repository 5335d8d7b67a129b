from odoo.tests import tagged

from .common import DAY, SenderCase


@tagged('post_install', '-at_install')
class TestMailComposeMessage(SenderCase):

    def test_a_mail_comes_from_the_sender_that_the_ledger_has(self):
        self.segment.further_sender_ids = [(0, 0, {'email_from': 'Zhou <zhou@me.example>', 'reply_to': 'in@me.example'})]
        self._create_partners(12, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 12, server)
        senders = {}
        for touch in run.touch_ids:
            mail = touch.trace_ids.mail_mail_id
            senders.setdefault(touch.sender_id.name, set()).add((mail.email_from, mail.reply_to))
        self.assertEqual(senders, {
            'me.example': {('Wang Li <li@me.example>', 'Wang Li <li@me.example>')},
            'zhou@me.example': {('Zhou <zhou@me.example>', 'in@me.example')}})
