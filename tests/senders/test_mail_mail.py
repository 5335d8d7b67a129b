from odoo.tests import tagged

from .common import DAY, SenderCase


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
