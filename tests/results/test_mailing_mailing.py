from odoo.tests import tagged

from .common import DAY, ResultCase


@tagged('post_install', '-at_install')
class TestMailingOfALetter(ResultCase):

    def test_a_mailing_knows_what_its_letter_said(self):
        self._create_partners(1, batch=9)
        mailing = self._queue(DAY)['marketing'].mailing_ids
        self.assertEqual(mailing.cadence_fingerprint, self.letter._get_fingerprint())
        self.assertFalse(mailing.copy().cadence_fingerprint)
