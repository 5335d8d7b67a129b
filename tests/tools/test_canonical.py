import re
import unicodedata
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tools.mail import email_normalize_all

from ...tools.address import company_domain
from ...tools.address.address_finding import examine
from ...tools.address.canonical import PLAIN_ADDRESS, canonical, read

properties = settings(derandomize=True, max_examples=300, deadline=None, database=None)

# {canonical address: how people, files and mail programs write it}
SPELLINGS = {
    'kontakt@xn--mller-bau-q9a.example': (
        'kontakt@müller-bau.example', 'Kontakt@Müller-Bau.example', 'KONTAKT@MÜLLER-BAU.EXAMPLE',
        'kontakt@xn--mller-bau-q9a.example', 'kontakt@XN--MLLER-BAU-Q9A.Example', 'kontakt@mu\u0308ller-bau.example',
        ' kontakt@müller-bau.example\n', 'kontakt@müller-bau.example.', 'kontakt@müller-bau。example',
        'kontakt@müller-bau．example', 'kontakt＠müller-bau.example', 'ｋｏｎｔａｋｔ@müller-bau.example',
        'kontakt@ｍüller-bau.example', 'kontakt@mül\u00adler-bau.example', '\ufeffkontakt@müller-bau.example',
        'kontakt@müller\u200b-bau.example', 'kontakt\u200c@müller-bau.example\u200d',
        '\u202akontakt@müller-bau.example\u202c', '\u2066kontakt@müller-bau.example\u2069', '\xa0kontakt@müller-bau.example',
        '\u3000kontakt@müller-bau.example', 'kontakt @ müller-bau.example', 'kontakt@\tmüller-bau.example',
        '<kontakt@müller-bau.example>', '＜kontakt@müller-bau.example＞', '《kontakt@müller-bau.example》',
        '"kontakt@müller-bau.example"', "'kontakt@müller-bau.example'", '“kontakt@müller-bau.example”',
        '(kontakt@müller-bau.example)', '[kontakt@müller-bau.example]', '{kontakt@müller-bau.example}',
        '*kontakt@müller-bau.example*', 'mailto:kontakt@müller-bau.example', 'mailto:kontakt@müller-bau.example?subject=Hi',
        'E-Mail: kontakt@müller-bau.example', '邮箱：kontakt@müller-bau.example', 'Müller <kontakt@müller-bau.example>',
        '"Müller, Bau" <Kontakt@müller-bau.example>', '"info@rival.example" <kontakt@müller-bau.example>',
        'Frau Müller kontakt@müller-bau.example', 'kontakt@müller-bau.example (Büro)', 'kontakt@müller-bau.example,',
        'kontakt@müller-bau.example；', '、kontakt@müller-bau.example', 'kontakt@müller-bau.example / -',
        'kontakt@müller-bau.example, kontakt@xn--mller-bau-q9a.example', 'kontakt@müller-bau.example KONTAKT@müller-bau.example',
        'kontakt@müller-bau.example <kontakt@müller-bau.example>', '@kontakt kontakt@müller-bau.example',
        'kontakt@müller-bau.example, fax@',
    ),
    'b@xn--55qx5d.xn--fiqs8s': ('b@公司.中国', 'B@公司。中国', 'b@公司.xn--fiqs8s', 'b@xn--55qx5d.中国', '张三 <b@公司.中国>'),
    'a@xn--e1afmkfd.xn--p1ai': ('a@пример.рф', 'A@ПРИМЕР.РФ', 'a@xn--e1afmkfd.XN--P1AI'),
    'a@xn--gre-6ka8i.example': ('a@größe.example', 'a@GRÖẞE.example', 'A@Größe.Example'),
    'a@xn--mgba3gch31f060k.example': ('a@نامه\u200cای.example', 'a@xn--mgba3gch31f060k.example'),
    'jörg@acme.example': ('jörg@acme.example', 'JÖRG@Acme.example', 'jo\u0308rg@acme.example'),
    "o'brien@acme.example": ("o'brien@acme.example", "O'Brien@ACME.example"),
    'r&d@acme.example': ('r&d@acme.example', 'R&D <R&D@acme.example>'),
    'a..b@docomo.example': ('a..b@docomo.example', 'A..B@docomo.example'),
    'a+b_c-d@mail.acme.co.uk': ('a+b_c-d@mail.acme.co.uk', 'A+B_C-D@MAIL.ACME.CO.UK'),
}
SEVERAL = (
    'a@x.com b@y.com', 'a@x.com/b@y.com', 'a@x.com, b@y.com', 'a@x.com; b@y.com', 'a@x.com / b@y.com', 'a@x.com & b@y.com',
    'a@x.com&b@y.com', 'a@x.com ::: b@y.com', 'a@x.com:::b@y.com', 'a@x.com、b@y.com', 'a@x.com，b@y.com', 'a@x.com；b@y.com',
    'a@x.com\nb@y.com', 'a@x.com\r\nb@y.com', 'a@x.com\tb@y.com', 'a@x.com\u2028b@y.com', 'a@x.com\x0bb@y.com',
    'a@x.com\u3000b@y.com', 'a@x.com\xa0b@y.com', 'a@x.com|b@y.com', 'a@x.com\\b@y.com', 'a@x.com。b@y.com', 'a@x.com or b@y.com',
    'a@x.com und b@y.com', 'a@x.com -- b@y.com', 'a@x.com+b@y.com', '<a@x.com>;<b@y.com>', '<a@x.com><b@y.com>',
    '"A" <a@x.com>, "B" <b@y.com>', 'a@x.com <b@y.com>', 'A a@x.com <b@y.com>', '“a@x.com” <b@y.com>', 'a@x.com (b@y.com)',
    'a@x.com<b@y.com>', 'mailto:a@x.com?cc=b@y.com', 'mailto:a@x.com,b@y.com', 'list: a@x.com, b@y.com;', '"a@x.com", "b@y.com"',
    'a＠x.com，b＠y.com', "'a@x.com' 'b@y.com'", 'a@x.com,b@y.com,A@x.com', '[a@x.com][b@y.com]',
)  # fmt: skip
NONE = (
    None, '', ' ', '@', 'a@', '@x.com', 'Ann', 'acme.com', 'a@@x.com', 'a@localhost', 'a@x', 'a@[127.0.0.1]',
    'a@127.0.0.1', '"a b"@x.com', 'a@x..com', 'a@-x.com', 'a@x.com$y', 'a@' + 'x' * 300 + '.com',
    'a' * 65 + '@x.com', 'a@❤.example', '\u200b',
    'a(at)x.com', 'a@x .com', 'a@x.co…',
)  # fmt: skip


class TestCanonical(TestCase):

    def test_every_spelling_of_an_address_is_the_same_address(self):
        for expected, spellings in SPELLINGS.items():
            for text in spellings:
                with self.subTest(text=text):
                    self.assertEqual(read(text), (expected, (expected,)))
                    self.assertEqual(read(text).kind, 'one')
                    self.assertEqual(canonical(text), expected)

    def test_several_addresses_are_all_told_and_none_is_the_one(self):
        for text in SEVERAL:
            with self.subTest(text=text):
                reading = read(text)
                self.assertEqual((reading.kind, reading.email), ('several', None))
                self.assertEqual(set(reading.emails), {'a@x.com', 'b@y.com'})

    def test_what_no_mail_server_takes_is_no_address_and_makes_no_other_one(self):
        for text in NONE:
            with self.subTest(text=text):
                self.assertEqual((read(text).kind, read(text).email), ('none', None))

    def test_an_address_beside_one_that_cannot_be_mailed_is_not_alone(self):
        # Odoo tries both
        for text in ('a@x.com, b@localhost', 'a@x.com/b@y', 'a@x.comb@y.com', 'a@x.com b@-y.com', 'a@b@x.com'):
            with self.subTest(text=text):
                self.assertEqual(read(text).kind, 'several')
                self.assertEqual(len(read(text).emails), 2)

    def test_what_odoo_would_try_beside_the_address_makes_them_several(self):
        for text in (
            'B@y.de\ufeff\n%@、\nBob', 'a@x.com"(\u2028@;}', '@-、\n\nc@bücher.example{\u2028+', 'a@x.com+a@x.com]`=}',
            'c@bücher.example&。\r@…)\u3000', 'c@bücher.example；ﬁ\\"}c@bücher.example )',
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertGreater(len(email_normalize_all(text)), 1)
                self.assertEqual(read(text).kind, 'several')
        self.assertIsNotNone(read('(' * 1_900 + 'a@x.com@'))

    def test_a_whole_text_in_the_field_is_no_single_address(self):
        self.assertIsNone(canonical('a@x.com ' + 'word ' * 1_000))
        self.assertEqual(read('a@x.com b@y.com ' + 'word ' * 1_000).kind, 'several')

    def test_a_field_of_signs_is_read_in_one_scan(self):
        for sign in ('@', '"', '<', '。', 'a@', '@a.', '"<', ' @', '\u200c', "'@", 'a@b。', '?='):
            with self.subTest(sign=sign):
                self.assertIsNone(canonical(sign * 1_000_000))

    def test_wherever_odoo_mails_two_there_are_several(self):
        for text in (*SEVERAL, *NONE, *(text for spellings in SPELLINGS.values() for text in spellings)):
            with self.subTest(text=text):
                self._check_against_odoo(text)

    def _check_against_odoo(self, text):
        mailed = {canonical(email) or email for email in email_normalize_all(text)}
        if len(mailed) > 1:
            self.assertIsNone(canonical(text), mailed)

    @properties
    @given(st.lists(st.sampled_from([
        'a@x.com', 'B@y.de', 'c@bücher.example', '@', ' ', ',', ';', '/', '&', '<', '>', '"', "'", '(', ')', ':', '\n',
        '。', '、', '.', 'Bob', '\\', '|', '[', ']', 'é', '\u200b', '＠', '?cc=', '=', 'd@e',
    ]), max_size=9).map(''.join) | st.text(max_size=30))
    def test_whatever_odoo_mails_two_of_has_no_single_address(self, text):
        self._check_against_odoo(text)

    @properties
    @given(st.emails() | st.text(max_size=40) | st.from_regex(r'[\w.+-]{1,9}@[\w.-]{1,20}\.\w{2,5}', fullmatch=True))
    def test_canonical_is_canonical_already(self, text):
        reading = read(text)
        if reading.email:
            self.assertEqual(read(reading.email), reading)
            self.assertEqual(reading.email, reading.email.lower())
            self.assertTrue(reading.email.rpartition('@')[2].isascii())

    @properties
    @given(
        st.text('abzABZ019._+-', min_size=1, max_size=12),
        st.lists(st.text('abcäöüßéжбя公司の', min_size=1, max_size=8), min_size=1, max_size=3),
        st.sampled_from(['example', 'рф', '中国', 'com']))
    def test_all_forms_of_a_host_and_cases_are_equal(self, local, labels, suffix):
        host = '.'.join([*labels, suffix])
        email = canonical(f'{local}@{host}')
        ascii_host, _domain = company_domain.look_up(host)
        if not email or not ascii_host:
            return
        for text in (
            f'{local}@{ascii_host}', f'{local}@{ascii_host.upper()}', f'{local.upper()}@{host}', f' {local}@{host}. ',
            f'{local}@{unicodedata.normalize("NFD", host)}', f'"N. N." <{local}@{host}>', f'{local}@{host.replace(".", "。")}',
        ):
            self.assertEqual(canonical(text), email, text)

    @properties
    @given(st.text('aB1.@-_+x', max_size=20) | st.emails())
    def test_what_the_database_takes_as_plain_is_canonical_in_lower_case(self, text):
        if re.search(PLAIN_ADDRESS, text.lower()) and '\n' not in text and len(text) < 60:
            self.assertEqual(canonical(text), text.lower())

    @properties
    @given(st.emails() | st.from_regex(r'[\w.+{}|-]{1,9}@[\w-]{1,9}\.\w{2,5}', fullmatch=True))
    def test_the_intake_finds_the_canonical_address(self, text):
        if email := examine(text).email:
            self.assertEqual(canonical(email), email)
            self.assertEqual(canonical(text), email)
