from smtplib import SMTPServerDisconnected

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestLetterTest(CadenceCase):

    def setUp(self):
        super().setUp()
        self.letter = self._create_letter()

    def test_the_only_segment_is_chosen(self):
        self.assertEqual(Form(self.env['cadence.letter']).segment_id, self.segment)
        self._create_segment('base.lang_fr')
        self.assertFalse(Form(self.env['cadence.letter']).segment_id)

    def test_another_template_brings_its_subject_but_never_over_a_typed_one(self):
        first, second = self.env['cadence.letter.template'].search([('lang', '=', 'en')], limit=2)
        form = Form(self.env['cadence.letter'].with_context(default_segment_id=self.segment.id))
        form.template_id = first
        self.assertEqual(form.subject, first.subject)
        form.template_id = second
        self.assertEqual(form.subject, second.subject)
        form.subject = 'Cranes'
        form.template_id = first
        letter = form.save()
        self.assertEqual(letter.subject, 'Cranes')
        self.assertIn('What do you buy regularly', letter.body_html)

    def test_a_letter_made_without_a_template_is_as_empty_as_before(self):
        letter = self.env['cadence.letter'].create({'segment_id': self.segment.id, 'tag_group_id': self.marketing.id})
        self.assertTrue(letter.problem)
        form = Form(self.env['cadence.letter'].with_context(default_segment_id=self.segment.id))
        form.template_id = self.env['cadence.letter.template']
        self.assertTrue(form.save().problem)

    def test_the_test_mail_reaches_who_asks_as_the_first_contact_gets_it(self):
        partner = self._create_partners(2, batch=5)[0]
        with self.mock_mail_gateway(mail_unlink_sent=True):
            action = self.letter.with_user(self.user).action_send_test()
        [mail] = self._mails
        self.assertEqual(mail['email_to'], [self.user.email_formatted])
        self.assertIn('li@me.example', mail['email_from'])
        self.assertEqual(mail['subject'], '[TEST] Letter 1')
        self.assertIn(partner.name, mail['body'])
        self.assertIn(self.user.email, action['params']['message'])
        self.assertFalse(self.env['cadence.touch'].search([]), "it has no place in the ledger")
        self.assertFalse(self.env['mail.mail'].search([('mailing_id', '=', self.letter.mailing_id.id)]))

    def test_without_contacts_it_is_written_to_oneself(self):
        with self.mock_mail_gateway():
            self.letter.with_user(self.user).action_send_test()
        self.assertIn(self.user.name, self._mails[0]['body'])

    def test_who_has_no_address_gets_it_where_the_mails_come_from(self):
        self.user.email = False
        with self.mock_mail_gateway():
            self.letter.with_user(self.user).action_send_test()
        self.assertIn('li@me.example', self._mails[0]['email_to'][0])

    def test_what_cannot_be_tested_says_why(self):
        with self.assertRaises(AccessError):
            self.letter.with_user(self.salesman).action_send_test()
        self.letter.mailing_id.body_html = '<p><t t-out="object.no_such_field"/></p>'
        with self.assertRaisesRegex(UserError, 'cannot be filled in'):
            self.letter.with_user(self.manager).action_send_test()

    def test_a_mail_server_that_hangs_up_is_said(self):
        recipient = self.manager.email
        with self._mail_server() as server, self.assertRaisesRegex(UserError, 'could not be sent: hung up'):
            server.answers[recipient] = SMTPServerDisconnected('hung up')
            self.letter.with_user(self.manager).action_send_test()

    def test_a_mail_server_that_is_down_is_said(self):
        with self._mail_server() as server, self.assertRaisesRegex(UserError, 'could not be sent'):
            server.is_down = True
            self.letter.with_user(self.user).action_send_test()
