from lxml import etree
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestDesigns(CadenceCase):

    def setUp(self):
        super().setUp()
        self.design = self._create_letter().mailing_id.with_user(self.user)
        self.mailing = self.env['mailing.mailing'].with_user(self.user).create({'subject': 'Newsletter', 'user_id': self.user.id})
        self.design.user_id = self.user

    def test_designs_are_found_also_those_of_archived_letters(self):
        self.design.sudo().cadence_letter_ids.active = False
        both = [('id', 'in', (self.design + self.mailing).ids)]
        Mailing = self.env['mailing.mailing'].with_user(self.marketer)
        self.assertEqual(Mailing.search(both + [('cadence_is_design', '=', True)]), self.design.with_user(self.marketer))
        self.assertEqual(Mailing.search(both + [('cadence_is_design', '=', False)]), self.mailing.with_user(self.marketer))
        self.assertEqual((self.design.cadence_is_design, self.mailing.cadence_is_design), (True, False))

    def test_my_mailings_are_those_that_one_writes_to_send(self):
        arch = etree.fromstring(self.env['mailing.mailing'].with_user(self.user).get_view(
            self.env.ref('mass_mailing.view_mail_mass_mailing_search').id, 'search')['arch'])
        domain = safe_eval(arch.find('.//filter[@name="assigned_to_me"]').get('domain'), {'uid': self.user.id})
        self.assertEqual(self.env['mailing.mailing'].with_user(self.user).search(domain), self.mailing)

    def test_the_screen_of_a_design_offers_no_sending_and_no_recipients(self):
        arch = etree.fromstring(self.env['mailing.mailing'].with_user(self.user).get_view(
            self.env.ref('mass_mailing.view_mail_mass_mailing_form').id, 'form')['arch'])
        for path in ('.//button[@name="action_launch"]', './/button[@name="action_schedule"]',
                     './/div[@name="mailing_model_id_container"]', './/page[@name="ab_testing"]'):
            with self.subTest(path=path):
                self.assertIn('cadence_is_design', arch.find(path).get('invisible'))
