from odoo.tests import tagged

from .common import SenderCase


@tagged('post_install', '-at_install')
class TestMailboxDomain(SenderCase):

    def test_a_letter_from_a_domain_that_turns_out_public_or_a_companys_is_checked_again(self):
        letter = self._create_letter()
        codes = [finding.code for finding in letter._check()]
        self.assertNotIn('free_sender', codes)
        row = self.env['cadence.mailbox.domain'].with_user(self.manager).create({'name': 'me.example'})
        self.assertIn('free_sender', [finding.code for finding in letter._check()])
        row.unlink()
        self.assertEqual([finding.code for finding in letter._check()], codes)

    def test_mailboxes_at_an_added_domain_are_each_a_sender(self):
        self.env['cadence.mailbox.domain'].create({'name': 'newbox.example'})
        one = self._create_segment('base.lang_fr', email_from='a@newbox.example').sender_id
        self.assertEqual(one.name, 'a@newbox.example')
