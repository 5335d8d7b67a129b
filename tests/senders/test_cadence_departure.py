from odoo.tests import tagged

from .common import DAY, SenderCase


@tagged('post_install', '-at_install')
class TestDeparture(SenderCase):

    def test_a_pause_while_a_block_leaves_holds_from_the_next_mail_on(self):
        partners = self._create_partners(5, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            take = server.send_message

            def send_message(*args, **options):
                take(*args, **options)
                if len(server.left) == 2:
                    self.sender._pause('hand')
                    self.env.flush_all()

            server.send_message = send_message
            left = self._send_queue(DAY, 12, server)
        self.assertEqual(len(left), 2)
        self.assertLess(set(left), set(partners.mapped('email')))
        self.assertEqual(self._count_reasons(run), {'reserved': 2, 'sender_paused': 3})
