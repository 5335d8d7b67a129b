import gzip
from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.test_dmarc_report import REPORT
from .common import SenderCase


@tagged('post_install', '-at_install')
class TestMailThread(SenderCase):

    def _receive(self, xml):
        mail = EmailMessage()
        mail['From'], mail['To'] = 'noreply-dmarc@google.com', 'dmarc@me.example'
        mail['Subject'], mail['Message-Id'] = 'Report domain: me.example', '<report17@google.com>'
        mail.set_content('This is a report.')
        mail.add_attachment(gzip.compress(xml), maintype='application', subtype='gzip', filename='google.com!me.example.xml.gz')
        return self.env['mail.thread'].message_process(None, mail.as_bytes())

    def test_a_report_that_comes_in_is_read_and_delivered_to_nobody(self):
        partners = self.env['res.partner'].search_count([])
        self.assertFalse(self._receive(REPORT.replace(b'A.example', b'me.example')))
        sources = self.env['cadence.sender.source'].search([('sender_id', '=', self.sender.id)])
        self.assertEqual(sum(sources.mapped('mail_count')), 54)
        self.assertEqual(self.env['res.partner'].search_count([]), partners)

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_a_report_on_somebody_else_goes_its_way(self):
        with self.assertRaises(ValueError):
            self._receive(REPORT)
