from odoo.tests import tagged

from .common import SenderCase


@tagged('post_install', '-at_install')
class TestSegment(SenderCase):

    def test_a_segment_follows_its_address(self):
        self.segment.email_from = 'x@other.example'
        self.assertEqual(self.segment.sender_id.name, 'other.example')
        self.segment.email_from = 'Li <li@me.example>'
        self.assertEqual(self.segment.sender_id, self.sender)
        self.assertEqual(self.segment.sender_light, 'green')

    def test_the_light_is_the_worst_of_sender_and_letters_and_opens_it(self):
        letter = self.letter
        letter.mailing_id.preview = 'x'
        self.assertIn(self.segment.light, ('green', 'amber'))
        letter.mailing_id.subject = 'Re: our offer'
        self.assertEqual(self.segment.light, 'red')
        self.assertIn("as if it were an answer", self.segment.light_note)
        self.assertEqual(self.segment.action_open_trouble()['res_model'], 'cadence.letter')
        self.sender._pause('hand')
        self.segment.invalidate_recordset()
        self.assertIn("Paused by hand", self.segment.light_note)
        self.assertEqual(self.segment.action_open_trouble()['res_id'], self.sender.id)
