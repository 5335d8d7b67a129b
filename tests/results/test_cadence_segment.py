from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ResultCase


@tagged('post_install', '-at_install')
class TestSegmentTest(ResultCase):

    def test_its_sending_times_are_tested_from_its_form(self):
        action = self.segment.with_user(self.user).action_test_hours()
        test = self.env['cadence.test'].with_user(self.user).with_context(**action['context']).create({})
        self.assertEqual((test.kind, test.arm_ids.mapped('hour')), ('hour', [self.segment.send_time]))
        self.assertEqual(self.segment.with_user(self.user).action_test_hours()['res_id'], test.id)
        with self.assertRaises(AccessError):
            self.segment.with_user(self.nobody).action_test_hours()
