from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestPartnerGroups(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._create_partners(4, batch=5)
        cls.rival, cls.reader, cls.silent, cls.loose = cls.partners
        cls.rival.category_id += cls.env.ref('mass_mailing_cadence.tag_competitor')
        cls.reader.category_id += cls.segment._get_batch_tags(cls.reading, [5])
        cls.loose.category_id = False

    def _group(self, field, user=None):
        """{value: contacts} as a list that is grouped shows them, and opens each group."""
        Partner = self.env['res.partner'].with_user(user or self.salesman)
        self.env.invalidate_all()
        groups = Partner.web_read_group(
            [('id', 'in', self.partners.ids)], [field], aggregates=['__count'], auto_unfold=False)['groups']
        found = {}
        for group in groups:
            value = group[field]
            partners = Partner.search([('id', 'in', self.partners.ids), *group['__extra_domain']])
            self.assertEqual(len(partners), group['__count'], group)
            found[value[1] if isinstance(value, (list, tuple)) else value] = partners
        return found

    def test_contacts_are_grouped_by_the_stage_that_their_form_shows(self):
        groups = self._group('cadence_stage')
        self.assertEqual(groups, {
            'risk': self.rival, 'reading': self.reader, 'silent': self.silent, False: self.loose})
        for stage, partners in groups.items():
            self.assertEqual(set(partners.mapped('cadence_stage')), {stage})

    def test_contacts_are_grouped_by_their_batches_and_segments_and_no_other_tag(self):
        batch, reading = (self.segment._get_batch_tags(group, [5]) for group in (self.marketing, self.reading))
        self.assertEqual(self._group('cadence_batch_ids'), {
            batch.display_name: self.rival + self.reader + self.silent, reading.display_name: self.reader, False: self.loose})
        self.assertEqual(self._group('cadence_segment_ids'), {
            self.segment.name: self.rival + self.reader + self.silent, False: self.loose})

    def test_contacts_are_found_by_their_segment(self):
        Partner = self.env['res.partner']
        self.assertEqual(
            Partner.search([('cadence_segment_ids', 'in', self.segment.ids), ('id', 'in', self.partners.ids)]),
            self.partners - self.loose)
        self.assertIn(self.loose, Partner.search([('cadence_segment_ids', '=', False)]))

    def test_customers_who_log_in_group_nobody_by_stage(self):
        portal = self._create_user('cadence_portal', 'base.group_portal')
        with self.assertRaises(AccessError):
            self.env['res.partner'].with_user(portal)._read_group([], ['cadence_stage'])
