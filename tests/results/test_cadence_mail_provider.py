from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestMailProvider(CadenceCase):

    def test_the_rules_come_in_the_order_of_the_list(self):
        first = self.env['cadence.mail.provider'].create({'name': 'First', 'sequence': 0, 'hosts': 'Gmail.com'})
        rules = self.env['cadence.mail.provider']._get_rules()
        self.assertEqual((rules[0].provider, rules[0].hosts), (first.id, ('gmail.com',)))
        self.assertGreater(len(rules), 10)
