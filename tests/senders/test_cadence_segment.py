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
