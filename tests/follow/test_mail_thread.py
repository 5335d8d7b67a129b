from odoo.tests import tagged

from .test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestMailThread(ReplyCase):
    """What comes in through Odoo's gateway, and what other modules' callers hand over."""

    def test_a_bounce_may_come_without_its_mail(self):
        """Odoo's own tests and other modules give False or a record, and not all the keys."""
        values = {
            'bounced_email': self.anna.email, 'bounced_partner': self.anna, 'bounced_message': self.env['mail.message'],
            'bounced_msg_ids': [self._trace(self.anna).message_id], 'email_from': 'x@mx.example',
            'to': 'bounce@me.example', 'message_id': '<x@mx.example>', 'body': 'Returned'}
        for message in (False, None, self.env['mail.message'], self.anna, 'text'):
            with self.subTest(message=message):
                self.env['mail.thread']._routing_handle_bounce(message, dict(values))
        self.assertEqual(self._trace(self.anna).trace_status, 'bounce', "Odoo itself does with it what it does without us")
        self.assertNotIn(self.bounced, self.anna.category_id)
        self.env['mail.thread']._routing_handle_bounce(False, values | {'bounced_msg_ids': False, 'bounced_email': False})
