from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CadenceCase


@tagged('post_install', '-at_install')
class TestLetterPreview(CadenceCase):

    def setUp(self):
        super().setUp()
        self.letter = self._create_letter()
        self.partners = self._create_partners(2, batch=5)

    def _open(self, user):
        action = self.letter.with_user(user).action_preview()
        return Form(self.env[action['res_model']].with_user(user).with_context(**action['context']))

    def test_a_letter_is_shown_as_a_contact_of_the_segment_gets_it(self):
        form = self._open(self.salesman)
        self.assertEqual(form.partner_id, self.partners[0])
        self.assertIn(self.partners[0].name, form.body_html)
        form.partner_id = self.partners[1]
        self.assertIn(self.partners[1].name, form.body_html)
        self.assertEqual(form.subject, 'Letter 1')

    def test_a_placeholder_that_fails_is_said_instead(self):
        self.letter.mailing_id.body_html = '<p><t t-out="object.no_such_field"/></p>'
        self.assertIn('cannot be filled in', self._open(self.user).problem)

    def test_a_contact_of_another_company_is_not_shown_to_who_may_not_read_it(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        self.partners[1].company_id = other
        preview = self._open(self.user).save()
        preview.sudo().partner_id = self.partners[1]
        with self.assertRaises(AccessError):
            preview.read(['body_html'])

    def test_the_test_mail_is_of_the_contact_that_is_shown(self):
        form = self._open(self.user)
        form.partner_id = self.partners[1]
        with self.mock_mail_gateway():
            form.save().action_send_test()
        self.assertIn(self.partners[1].name, self._mails[0]['body'])
