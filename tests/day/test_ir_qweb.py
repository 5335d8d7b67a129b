from lxml import etree
from odoo.addons.mass_mailing_cadence.models.constants import COMPILED
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestIrQweb(CadenceCase):

    def _render(self, qweb, text, **values):
        return str(qweb._render(etree.fromstring(text), values))

    def test_the_same_template_is_compiled_once_and_filled_in_anew(self):
        compiled = {}
        qweb = self.env['ir.qweb'].with_context(**{COMPILED: compiled})
        template = '<p><t t-foreach="[1, 2]" t-as="n"><t t-out="n"/> <t t-out="name"/>, </t></p>'
        self.assertEqual(self._render(qweb, template, name='Ann'), '<p>1 Ann, 2 Ann, </p>')
        self.assertEqual(len(compiled), 1)
        [functions] = compiled.values()
        self.assertEqual(self._render(qweb, template, name='Bob'), '<p>1 Bob, 2 Bob, </p>')
        self.assertIs(next(iter(compiled.values())), functions)
        self.assertEqual(self._render(qweb, '<b t-out="name"/>', name='Ann'), '<b>Ann</b>', "another one is not mistaken for it")

    def test_elsewhere_nothing_is_remembered(self):
        self.assertEqual(self._render(self.env['ir.qweb'], '<b t-out="name"/>', name='Ann'), '<b>Ann</b>')
