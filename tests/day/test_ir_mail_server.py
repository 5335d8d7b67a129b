from email.generator import BytesGenerator
from io import BytesIO
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server as OdooServer
from odoo.tests import tagged

from ...tools.mail import outgoing
from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailServer(CadenceCase):
    """The mail as its bytes leave: with an unsubscribe button, and built by whoever has a hand in it."""

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(3, batch=5)
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://a-long-name-of-an-exporter.example.com')
        self.built = self._count('build')

    def _count(self, name):
        """The calls of one of the functions of `outgoing`, which go on to it."""
        return self.enterContext(patch.object(outgoing, name, side_effect=getattr(outgoing, name)))

    def _send(self):
        """The mails of a day, as bytes."""
        written, addresses = [], self.partners.mapped('email')
        self._queue(DAY)
        with self._mail_server() as server:
            def send_message(message, _sender, recipients):
                buffer = BytesIO()
                BytesGenerator(buffer).flatten(message, linesep='\r\n')
                if recipients[0] in addresses:  # and not what Odoo tells its users
                    written.append(buffer.getvalue())

            server.send_message = send_message
            self._send_queue(DAY, 12, server)
        self.assertEqual(len(written), 3)
        return written

    def _check_links(self, written):
        for mail in written:
            self.assertRegex(mail, rb'\r\nList-Unsubscribe: <https://a-long[^\s<>]+/unsubscribe_oneclick\?[^\s<>]+>\r\n')
            self.assertIn(b'\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n', mail)

    def test_mail_programs_find_the_unsubscribe_link_of_a_runs_mail(self):
        self._check_links(self._send())
        self.assertEqual(self.built.call_count, 3)

    def test_they_find_it_where_another_module_has_a_hand_in_the_mail(self):
        build = OdooServer._build_email__

        def change(server, *args, **options):
            return build(server, *args, **options | {'subject': 'Changed'})

        with patch.object(OdooServer, '_build_email__', change):
            written = self._send()
        self._check_links(written)
        self.assertTrue(all(b'\r\nSubject: Changed\r\n' in mail for mail in written))
        self.assertEqual(self.built.call_count, 0)

    def test_an_attachment_leaves_with_its_mail(self):
        attachment = self.env['ir.attachment'].create({'name': 'Prices.txt', 'raw': b'1, 2, 3', 'mimetype': 'text/plain'})
        self.segment.letter_ids.mailing_id.attachment_ids = attachment
        written = self._send()
        self._check_links(written)
        self.assertTrue(all(b'filename="Prices.txt"' in mail for mail in written))

    def test_they_find_it_in_any_mail_of_odoo(self):
        message = self.env['ir.mail_server']._build_email__(
            'li@me.example', ['ann@buyer.example'], 'News', 'Hello',
            headers={'List-Unsubscribe': f'<https://me.example/{"u" * 90}>'})
        self.assertIn(f'List-Unsubscribe: <https://me.example/{"u" * 90}>\r\n'.encode(), bytes(message))
