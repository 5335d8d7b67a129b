from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestCadenceCustomerGroup(CadenceCase):

    def test_each_group_counts_its_own_segments(self):
        group = self.segment.customer_group_id
        other, empty = self.env['cadence.customer.group'].create([{'name': 'Builders'}, {'name': 'Nobody'}])
        before = group.segment_count
        self._create_segment(lang='base.lang_fr', customer_group_id=group.id)
        self._create_segment(lang='base.lang_es', customer_group_id=other.id)
        self.env.invalidate_all()
        self.assertEqual([each.segment_count for each in group + other + empty], [before + 1, 1, 0])
