from odoo.tests import tagged

from .test_cadence_test import LetterTestCase

DAY = '2026-07-09'


@tagged('post_install', '-at_install')
class TestTouchOfATest(LetterTestCase):

    def test_what_a_run_decides_is_kept_and_nothing_without_a_test(self):
        Unit = self.env['cadence.test.unit']
        partners = self._create_partners(3, batch=8)
        self._mail(partners, '2026-07-08')
        self.assertFalse(Unit.search([]))
        self._start()
        partners = self._create_partners(3, batch=9)
        self._mail(partners, DAY)
        units = Unit.search([('test_id', '=', self.test.id)])
        self.assertEqual(
            {unit.name: unit.letter_id for unit in units},
            {partner.cadence_company_domain: self._touch(partner, DAY).letter_id for partner in partners})
