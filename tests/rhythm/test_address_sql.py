from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...models.rhythm.address_sql import sql_is_plain
from ...tools.address.canonical import MAX_ADDRESS, MAX_LOCAL, canonical

PLAIN = (
    'a@b.cn', 'A@B.CN', 'first.last+tag@mail.acme.co.uk', '_x-1@xn--bcher-kva.example', 'a@b--c.example',
    'l' * MAX_LOCAL + '@b.example', 'a@' + 'b' * 63 + '.example', 'a@' + 'b.' * 122 + 'example')
OTHER = (
    '', 'a', 'a@b', '@b.example', 'a@.example', 'a@b.example.', 'a@b.1', 'a b@c.example', ' a@b.example', 'a@b.example\n',
    'a..b@c.example', '.a@b.example', 'a.@b.example', 'a@-b.example', 'a@b-.example', 'a@b.example, c@d.example',
    'Ann <a@b.example>', 'a@bücher.example', 'ä@b.example', 'a@b_c.example', 'a@b.example/c',
    'l' * (MAX_LOCAL + 1) + '@b.example', 'a@' + 'b' * 64 + '.example', 'a@' + 'b.' * 126 + 'example',
    'İ@b.example', '\u212a@b.example')


@tagged('post_install', '-at_install')
class TestAddressSql(TransactionCase):
    """What the database takes as canonical must be so for Python as well: nobody looks a second time."""

    def _ask(self, emails):
        """{email: whether the database takes it as it is}"""
        return dict(self.env.execute_query(SQL(
            "SELECT email, %s FROM UNNEST(%s::text[]) email", sql_is_plain(SQL.identifier('email')), list(emails))))

    def test_a_plain_address_is_what_python_makes_of_it(self):
        for email, is_plain in self._ask(PLAIN).items():
            with self.subTest(email=email):
                self.assertTrue(is_plain)
                self.assertEqual(canonical(email), email.lower())
        self.assertEqual(max(map(len, PLAIN)), MAX_ADDRESS - 1)

    def test_any_other_is_left_to_python(self):
        for email, is_plain in self._ask(OTHER).items():
            with self.subTest(email=email):
                self.assertFalse(is_plain)

    def test_no_address_is_none(self):
        self.assertEqual(self._ask([None]), {None: None})
