from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestMailingContact(CadenceCase):

    def test_a_subscriber_has_the_canonical_address_and_of_several_all(self):
        for typed, canonical in (
            ('Ann <Ann@Bücher.example>', 'ann@xn--bcher-kva.example'),
            ('a@one.example; b@one.example', 'a@one.example b@one.example'),
            ('nobody', False),
            (False, False),
        ):
            contact = self.env['mailing.contact'].create({'name': 'Ann', 'email': typed})
            self.assertEqual(contact.cadence_email, canonical)
