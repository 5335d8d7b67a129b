from odoo.addons.mass_mailing_cadence.models.constants import LINKS
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestLinkTracker(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Link = cls.env['link.tracker']

    def _values(self, label, url='https://a.example/list'):
        return {'url': url, 'label': label, 'title': 'List'}

    def test_links_are_the_same_as_without_the_memory_in_their_order(self):
        asked = [self._values('List'), self._values('Prices'), self._values('List')]
        plain = self.Link.search_or_create([dict(values) for values in asked])
        known = {}
        links = self.Link.with_context(**{LINKS: known}).search_or_create([dict(values) for values in asked])
        self.assertEqual(links.ids, plain.ids)
        self.assertEqual(links[0], links[2])
        self.assertNotEqual(links[0], links[1], "equal in address, different in label")
        self.assertEqual(len(known), 2)

    def test_a_known_link_costs_no_query(self):
        Link = self.Link.with_context(**{LINKS: {}})
        first = Link.search_or_create([self._values('List')])
        with self.assertQueryCount(0):
            self.assertEqual(Link.search_or_create([self._values('List')]), first)
