from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestSegmentSender(CadenceCase):

    def _create_without_sender(self, **values):
        return self.env['cadence.segment'].create({
            'lang_id': self.env.ref('base.lang_fr').id, 'customer_group_id': self.dealers.id} | values)

    def test_the_sender_is_the_responsible_until_somebody_types_another(self):
        segment = self._create_without_sender(user_id=self.manager.id)
        self.assertEqual(segment.email_from, self.manager.email_formatted)
        segment.email_from = 'Sales <sales@me.example>'
        segment.user_id = self.user
        self.assertEqual(segment.email_from, 'Sales <sales@me.example>')

    def test_a_responsible_without_an_address_sends_from_the_companys(self):
        mute = new_test_user(self.env, login='mute', groups='mass_mailing_cadence.group_manager', email=False)
        self.env.company.email = 'office@me.example'
        segment = self._create_without_sender(user_id=mute.id)
        self.assertIn('office@me.example', segment.email_from)
        mute.email = 'not an address'
        self.assertIn('office@me.example', segment._get_default_sender())

    def test_a_segment_without_any_sender_is_refused_with_a_sentence(self):
        mute = new_test_user(self.env, login='mute', groups='mass_mailing_cadence.group_manager', email=False)
        self.env.company.email = False
        with self.assertRaisesRegex(ValidationError, 'no sender: enter an address in Send From'):
            self.env['cadence.segment'].with_user(mute).create({
                'lang_id': self.env.ref('base.lang_fr').id, 'customer_group_id': self.dealers.id})

    def test_what_is_no_address_is_refused(self):
        for address in (False, '', 'Wang Li', 'li@', 'a@me.example, b@me.example'):
            with self.subTest(address=address), self.assertRaises(ValidationError):
                self.segment.email_from = address
        with self.assertRaisesRegex(ValidationError, 'Answers Go To'):
            self.segment.reply_to = 'nobody'

    def test_the_form_of_a_new_segment_has_the_sender_in_it(self):
        form = Form(self.env['cadence.segment'].with_user(self.manager))
        self.assertEqual(form.email_from, self.manager.email_formatted)

    def test_a_letter_names_the_sender_and_the_company_with_its_address(self):
        self.env.company.partner_id.write({'street': '8 Invented Road', 'city': 'Changfeng'})
        words = self.segment._get_letter_words()
        self.assertEqual(words['sender'], 'Wang Li')
        self.assertRegex(words['imprint'], rf'^{self.env.company.name}, 8 Invented Road, .*Changfeng')
