from odoo.tests import tagged

from .test_cadence_cost import CostCase


@tagged('post_install', '-at_install')
class TestCostShare(CostCase):

    def test_a_row_that_is_counted_otherwise_takes_no_cost_with_it(self):
        runs = self._mail_days()
        self._cost(150.0)
        self.env['cadence.mail.provider'].create({'name': 'New', 'hosts': '; '.join(
            touch.email.rpartition('@')[2] for touch in runs[0].touch_ids)})
        self.env['cadence.result']._recount(runs)
        self.assertEqual(sum(self._get_costs(runs)), 150.0)
