from odoo.tests import tagged

from .common import SenderCase


@tagged('post_install', '-at_install')
class TestRisk(SenderCase):

    def test_what_is_heard_of_a_mail_of_nobody_changes_nothing(self):
        self.env['cadence.risk']._judge_sender(False)
        self.assertEqual(self.sender.light, 'green')
