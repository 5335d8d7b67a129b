from unittest import TestCase

from ...tools.address.address_finding import Finding, examine


class TestAddressFinding(TestCase):

    def test_a_cell_is_found_to_be_an_address_or_why_not(self):
        for cell, finding in (
            ('a.b@mail.acme.co.uk', Finding('a.b@mail.acme.co.uk', 'acme.co.uk', None, None, False)),
            ('Sales@ACME.example', Finding('sales@acme.example', 'acme.example', None, None, True)),
            ('ann@gmail.com', Finding('ann@gmail.com', None, None, None, False)),
            ('ann@gmial.com', Finding('ann@gmial.com', 'gmial.com', 'typo', 'ann@gmail.com', False)),
            ('ann@www.gmail.com', Finding('ann@www.gmail.com', None, 'typo', 'ann@gmail.com', False)),
            ('ann@gmail,com', Finding(None, None, 'typo', 'ann@gmail.com', False)),
            ('ann@gmailcom', Finding(None, None, 'typo', 'ann@gmail.com', False)),
            ('ann@acme..com', Finding(None, None, 'typo', 'ann@acme.com', False)),
            ('ann@acme.zzz', Finding(None, None, 'no_top_level', None, False)),
            ('ann@acme.公司x', Finding(None, None, 'no_top_level', None, False)),
            ('ann@acme.公司', Finding('ann@acme.xn--55qx5d', 'acme.xn--55qx5d', None, None, False)),
            ('ann@legalmail.it', Finding('ann@legalmail.it', None, None, None, False)),
            ('ann@mailinator.com', Finding('ann@mailinator.com', None, 'disposable', None, False)),
            ('', Finding(None, None, 'empty', None, False)),
            ('Ann Smith', Finding(None, None, 'no_at', None, False)),
            ('ann@acme', Finding(None, None, 'syntax', None, False)),
            ('ann@-acme.example', Finding(None, None, 'syntax', None, False)),
            (f'{"a" * 65}@acme.example', Finding(None, None, 'too_long', None, False)),
            (f'a@{"b" * 300}.example', Finding(None, None, 'too_long', None, False)),
        ):
            with self.subTest(cell=cell):
                self.assertEqual(examine(cell), finding)

    def test_what_a_domain_is_the_caller_may_know_better(self):
        self.assertEqual(examine('ann@gmial.com', frozenset(('gmial.com',))), Finding('ann@gmial.com', None, None, None, False))
        self.assertEqual(examine('ann@usa.com', frozenset()), Finding('ann@usa.com', 'usa.com', None, None, False))
        self.assertEqual(examine('ann@usa.com'), Finding('ann@usa.com', None, None, None, False))
