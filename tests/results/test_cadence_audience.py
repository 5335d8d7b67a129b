from odoo.tests import tagged

from .test_cadence_test import LetterTestCase

DAY = '2026-07-09'


@tagged('post_install', '-at_install')
class TestAudienceOfATest(LetterTestCase):

    def test_the_preview_deals_as_the_run_does(self):
        self._create_partners(8, batch=9)
        self._start()
        with self.at(DAY):
            run = self.env['cadence.run']._plan_day(self.segment, self.env.cr.now()).filtered(
                lambda run: run.tag_group_id == self.marketing)
            letters = run._get_letters()
            self.assertEqual(self.env['cadence.audience']._preview(run, letters), [('reserved', None, None, 8)])

    def test_letters_of_other_steps_are_dealt_to_contacts_as_before(self):
        second = self._create_letter(step=2, subject='Second') + self._create_letter(step=2, subject='Second B')
        partners = self._create_partners(12, batch=9, domain='firm.example')
        self._start()
        self._mail(partners, DAY)
        self.assertEqual(len({self._touch(partner, DAY).letter_id for partner in partners}), 1)
        self._mail(partners, '2026-08-09')
        self.assertEqual({self._touch(partner, '2026-08-09').letter_id for partner in partners}, set(second))
