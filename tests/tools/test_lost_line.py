from smtplib import SMTPServerDisconnected
from unittest import TestCase

from odoo.addons.mass_mailing_cadence.tools.mail.lost_line import is_within_data


class TestLostLine(TestCase):

    def _lose(self, where):
        def data():
            raise SMTPServerDisconnected("Connection unexpectedly closed")

        def rcpt():
            raise SMTPServerDisconnected("please run connect() first")

        try:
            {'data': data, 'rcpt': rcpt}[where]()
        except SMTPServerDisconnected as error:
            return error

    def test_a_line_that_broke_with_the_mail_on_it_is_told_from_one_that_was_broken_before(self):
        self.assertTrue(is_within_data(self._lose('data')))
        self.assertFalse(is_within_data(self._lose('rcpt')))
        self.assertFalse(is_within_data(SMTPServerDisconnected("never raised")))
