from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailMailRecipient(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        letter = cls._create_letter()
        letter.mailing_id.subject = 'For {{ object.name }}'

    def test_a_name_with_a_line_break_is_one_line_in_the_headers_and_stays_as_it_is(self):
        names = ['Ann\nSmith', 'Bob \r\n Jones', '李\n四', 'Carl\x0bCo\u2028Ltd']
        for name in names:
            self._create_partners(1, batch=5, name=name)
        self._queue(DAY)
        self._compose(DAY)
        self.assertEqual({mail['subject'] for mail in self._mails}, {
            'For Ann Smith', 'For Bob Jones', 'For 李 四', 'For Carl Co Ltd'})
        self.assertIn('"Ann Smith" <contact', ' '.join(mail['email_to'][0] for mail in self._mails))
        self.assertFalse(self.env['mail.mail'].search([('state', '=', 'exception')]))
        self.assertEqual(self.env['res.partner'].search_count([('name', 'in', names)]), 4)

    def test_the_mail_goes_to_the_canonical_address_of_the_ledger(self):
        partner = self._create_partners(1, batch=5, name='Ann', email='Ann@Bücher.example.')
        self._queue(DAY)
        self.assertEqual(self._compose(DAY), ['"Ann" <ann@xn--bcher-kva.example>'])
        self.assertEqual(self._touch(partner, DAY).email, 'ann@xn--bcher-kva.example')
        self.assertEqual(partner.email, 'Ann@Bücher.example.')

    def test_other_mailings_go_where_they_went(self):
        partner = self._create_partners(1, name='Ann', email='ann@one.example, bob@two.example')
        with self.mock_mail_gateway():
            self.env['mail.mail'].create({'subject': 'x', 'body_html': 'x', 'recipient_ids': [(4, partner.id)]}).send()
        self.assertEqual(self._get_mailed(), ['"Ann" <ann@one.example>', '"Ann" <bob@two.example>'])
