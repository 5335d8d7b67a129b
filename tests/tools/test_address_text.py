from unittest import TestCase

from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tools import email_normalize

from ...tools.address.address_text import check, clean_name, parse

PIECES = st.sampled_from([
    'a@b.com', 'C@D.DE', 'x@y', '@', 'Bob', 'Zhang San', '张三', '"Li, Si"', '<', '>', '<e@f.cn>', ',', ';', '；', '，',
    ' ',
    '\t', '"', 'mailto:', '\x00', '\u200b', '。', '.', '|', '(', ')', "'", 'acme.com', '<b>', '&amp;', ':', '邮箱：',
    '\ud800',
])  # fmt: skip
MESSY = st.lists(PIECES, max_size=15).map(''.join) | st.text(max_size=40)
properties = settings(max_examples=150, deadline=None, database=None)


def pairs(text):
    return [(entry.email, entry.name) for entry in parse(text)]


class TestParse(TestCase):
    def _check(self, cases):
        for text, expected in cases.items():
            with self.subTest(text=text):
                self.assertEqual(pairs(text), expected)
                self.assertFalse([entry for entry in parse(text) if entry.problem])

    def test_addresses_may_stand_one_or_many_a_line(self):
        expected = [('a@b.com', ''), ('c@d.com', ''), ('e@f.com', '')]
        for text in (
            'a@b.com\nc@d.com\n\ne@f.com\n', 'a@b.com,c@d.com;e@f.com', 'a@b.com c@d.com\te@f.com',
            'a@b.com\r\nc@d.com\re@f.com',
            'a@b.com，c@d.com；e@f.com', 'a@b.com、c@d.com | e@f.com', '<a@b.com>, <c@d.com>; (e@f.com)',
            ';;a@b.com;;,c@d.com;e@f.com;', 'a@b.com/c@d.com/e@f.com', 'a@b.com & c@d.com&e@f.com', 'a@b.com\\c@d.com / e@f.com',
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(pairs(text), expected)

    def test_name_may_stand_before_the_address(self):
        self._check(
            {
                'Zhang San <a@b.com>': [('a@b.com', 'Zhang San')],
                '"Zhang, San" <a@b.com>, Li Si <c@d.com>': [('a@b.com', 'Zhang, San'), ('c@d.com', 'Li Si')],
                'Zhang, San <a@b.com>; Li, Si <c@d.com>': [('a@b.com', 'Zhang, San'), ('c@d.com', 'Li, Si')],
                '张三 a@b.com 李四 c@d.com': [('a@b.com', '张三'), ('c@d.com', '李四')],
                '张三，a@b.com；李四，c@d.com': [('a@b.com', '张三'), ('c@d.com', '李四')],
                'ACME Inc., a@b.com': [('a@b.com', 'ACME Inc.')],
                "Bob O’Brien <o'brien@b.ie>": [("o'brien@b.ie", 'Bob O’Brien')],
                'Royal Mail <a@b.com>': [('a@b.com', 'Royal Mail')],
            }
        )

    def test_name_may_stand_after_the_address(self):
        self._check(
            {
                'a@b.com, Zhang San': [('a@b.com', 'Zhang San')],
                'a@b.com 张三': [('a@b.com', '张三')],
                'a@b.com (Zhang San)': [('a@b.com', 'Zhang San')],
                'a@b.com, Zhang San, ACME Ltd, c@d.com, Li Si': [('a@b.com', 'Zhang San'), ('c@d.com', 'Li Si')],
                'a@b.com|Bob|ACME': [('a@b.com', 'Bob')],
            }
        )

    def test_row_of_a_pasted_sheet_has_a_name_among_other_cells(self):
        self._check(
            {
                '张三\ta@b.com\t上海公司\t+86 123': [('a@b.com', '张三')],
                '1\tZhang San\ta@b.com\twww.acme.com\tacme.com': [('a@b.com', 'Zhang San')],
                'a@b.com\t+86 123\tZhang San': [('a@b.com', 'Zhang San')],
            }
        )

    def test_labels_are_not_names(self):
        self._check(
            {
                'Email: a@b.com': [('a@b.com', '')],
                'mailto:a@b.com?subject=Hello': [('a@b.com', '')],
                '邮箱：a@b.com 电话：123': [('a@b.com', '')],
                '姓名：张三 邮箱：a@b.com': [('a@b.com', '张三')],
                'To: Bob <a@b.com>; cc: c@d.com': [('a@b.com', 'Bob'), ('c@d.com', '')],
            }
        )

    def test_chinese_typing_is_understood(self):
        self._check(
            {
                '张三＜ａ＠ｂ．ｃｏｍ＞、李四《c@d.com》': [('a@b.com', '张三'), ('c@d.com', '李四')],
                '“张三” ａ１＠ｂ．ｃｏｍ': [('a1@b.com', '张三')],
                'a@b.com。': [('a@b.com', '')],
                'a@b。com': [('a@b.com', '')],
                '张三\u3000a@b.com': [('a@b.com', '张三')],
                '张三a@b.com电话123': [('a@b.com', '张三')],
                '请联系【a@b.com】': [('a@b.com', '请联系')],
            }
        )

    def test_leftovers_of_other_programs_are_taken_off(self):
        self._check(
            {
                'a\x00@b\u200b.com\ufeff': [('a@b.com', '')],
                'Bob\xa0<a@b.com>.': [('a@b.com', 'Bob')],
                "'a@b.com'": [('a@b.com', '')],
                '**a@b.com**': [('a@b.com', '')],
                'a@b.com <A@B.com>': [('a@b.com', '')],
                '"a@b.com" <a@b.com>': [('a@b.com', '')],
                '<b>Bob</b> <a@b.com>': [('a@b.com', 'Bob')],
                '<a href="mailto:a@b.com">Bob</a>': [('a@b.com', 'Bob')],
            }
        )

    def test_internationalised_addresses_are_addresses(self):
        self._check(
            {
                '用户@例子.广告': [('用户@例子.广告', '')],
                'élodie@société.fr': [('élodie@société.fr', '')],
                'INFO@MÜNCHEN.de': [('info@münchen.de', '')],
                'a@mail.公司.cn': [('a@mail.公司.cn', '')],
            }
        )

    def test_broken_entries_keep_their_row_text_and_problem(self):
        text = '\n'.join([
            'a@b.com', '', 'hello world', 'john @ acme.com', 'a@@b.com', 'x@y.com, not-an-address.com, z@w.com',
            '"john doe"@b.com',
            'a' * 300 + '@b.com', 'x' * 300,
        ])  # fmt: skip
        found = [(entry.row, entry.text[:20], entry.problem) for entry in parse(text)]
        self.assertEqual(found, [
            (1, 'a@b.com', None), (3, 'hello world', 'no_at'), (4, 'john @ acme.com', 'syntax'), (5, 'a@@b.com',
            'syntax'),
            (6, 'x@y.com', None), (6, 'not-an-address.com', 'no_at'), (6, 'z@w.com', None), (7, '"john doe"@b.com',
            'syntax'),
            (8, 'a' * 20, 'too_long'), (9, 'x' * 20, 'too_long'),
        ])  # fmt: skip

    def test_duplicates_are_kept(self):
        self.assertEqual(pairs('a@b.com\nA@b.com'), [('a@b.com', ''), ('a@b.com', '')])

    def test_nothing_has_no_entries(self):
        for text in (None, '', ' \n\t\n', ';;;\n,', '\u200b\n\x00'):
            self.assertEqual(parse(text), [])

    def test_ten_thousand_addresses_on_a_line_are_ten_thousand_entries(self):
        entries = parse('; '.join(f'Person {number} <p{number}@acme.com>' for number in range(10_000)))
        self.assertEqual(len(entries), 10_000)
        self.assertEqual(entries[-1][2:], ('p9999@acme.com', 'Person 9999', None))

    def test_megabyte_on_one_line_is_read_in_one_scan(self):
        # Quadratic work on any of them would take hours
        for piece in (
            'a',
            '@',
            ' ',
            '<',
            '"',
            "'",
            'a ',
            '<a',
            '张a',
            'a.',
            '@a.',
            "'@",
            '：',
            '<script>',
            '@a.cc张',
            '张!',
            '@a/',
            'a@/&',
        ):
            with self.subTest(piece=piece):
                self.assertLess(len(parse(piece * (1_000_000 // len(piece)))), 2)

    @properties
    @given(MESSY)
    def test_every_line_with_text_has_an_entry_and_every_entry_an_address_or_a_problem(self, text):
        entries = parse(text)
        for entry in entries:
            self.assertNotEqual(entry.email is None, entry.problem is None)
            self.assertLessEqual(len(entry.text), 300)
            self.assertEqual(entry.name, clean_name(entry.name))
            if entry.email:
                self.assertEqual(check(entry.email), (entry.email, None))
        lines = (
            text.replace('\r\n', '\n').replace('\r', '\n').replace('\u2028', '\n').replace('\u2029', '\n').split('\n')
        )
        self.assertLessEqual(
            {row for row, line in enumerate(lines, 1) if '@' in line}, {entry.row for entry in entries}
        )

    @properties
    @given(
        st.lists(
            st.tuples(st.sampled_from(['a@b.com', 'c.d@e-f.de']), st.sampled_from(['', 'Bob', 'Li, Si', '张三'])),
            max_size=6,
        )
    )
    def test_list_written_by_a_mail_program_is_read_back(self, expected):
        text = ', '.join(f'"{name}" <{email}>' if name else email for email, name in expected)
        self.assertEqual(pairs(text), expected)
        self.assertEqual(pairs(text.replace(', ', '\n').replace('Li\nSi', 'Li, Si')), expected)


class TestCheck(TestCase):
    def test_address_is_normalised_as_odoo_does(self):
        for address in (
            'A.B+c@D.com',
            ' a@b.com ',
            'INFO@MÜNCHEN.DE',
            'Élodie@B.fr',
            "o'Brien@b.ie",
            'a@XN--MNCHEN-3YA.de',
        ):
            with self.subTest(address=address):
                self.assertEqual(check(address), (email_normalize(address), None))

    def test_reserved_domains_of_tests_and_examples_are_valid(self):
        for address in ('a@example.com', 'a@mail.example.org', 'a@acme.test'):
            self.assertEqual(check(address), (address, None))

    def test_problem_says_what_is_wrong(self):
        problems = {
            None: 'empty', '': 'empty', ' ': 'empty', 'acme.com': 'no_at', 'a@': 'syntax', '@b.com': 'syntax',
            'a@b': 'syntax',
            'a b@c.com': 'syntax', 'a..b@c.com': 'syntax', 'a@b..com': 'syntax', 'a@-b.com': 'syntax',
            'a@[1.2.3.4]': 'syntax',
            'a@1.2.3.4': 'syntax', 'Bob <a@b.com>': 'syntax', 'a@b.com, c@d.com': 'syntax', 'a@b_c.com': 'syntax',
            'a@acme.local': 'syntax', 'a' * 65 + '@b.com': 'too_long', 'a@' + 'b.' * 130 + 'com': 'too_long',
            'a\x00@b.com': 'syntax',
        }  # fmt: skip
        for address, problem in problems.items():
            with self.subTest(address=address):
                self.assertEqual(check(address), (None, problem))

    @properties
    @given(st.emails() | st.text('aB.@-_+\'é张1', max_size=15))
    def test_answer_is_that_of_email_validator_and_odoo(self, address):
        email, problem = check(address)
        try:
            validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            self.assertTrue(problem)
        else:
            self.assertEqual((email, problem), (email_normalize(address), None))
            self.assertEqual(check(email), (email, None))


class TestCleanName(TestCase):
    def test_markup_and_scripts_are_taken_out(self):
        names = {
            '<b>Bob</b>': 'Bob', 'Bob<script>alert(1)</script> Smith': 'Bob Smith', '<script>alert(1)': '',
            '<img src=x onerror=alert(1)>Bob': 'Bob', '&lt;b&gt;Bob&lt;/b&gt;': 'Bob', 'Tom &amp; Co': 'Tom & Co',
            '<scr<b>ipt>Bob': 'scr ipt Bob', 'A < B > C': 'A B C', '<style>p {}</style>Bob': 'Bob',
            '<td>Li</td><td>Si</td>': 'Li Si',
        }  # fmt: skip
        for text, name in names.items():
            with self.subTest(text=text):
                self.assertEqual(clean_name(text), name)

    def test_controls_and_surplus_spaces_are_taken_out(self):
        self.assertEqual(clean_name(' Zhang\x00\u200b \t\n San\xa0\u202e'), 'Zhang San')
        self.assertEqual(clean_name('\ud800Bob'), 'Bob')

    def test_long_name_is_cut(self):
        self.assertEqual(clean_name('x' * 1_000_000), 'x' * 127 + '…')
        self.assertEqual(clean_name('Zhang San', limit=6), 'Zhang…')
        self.assertEqual(clean_name(None), '')

    @properties
    @given(
        st.text(max_size=60)
        | st.lists(st.sampled_from(['<', '>', 'b', '/', 'script', '&lt;', '&', ' ']), max_size=15).map(''.join)
    )
    def test_clean_name_is_one_short_line_without_brackets(self, text):
        name = clean_name(text, limit=20)
        self.assertLessEqual(len(name), 20)
        self.assertFalse(set('<>\n\0') & set(name))
        self.assertEqual(name, ' '.join(name.split()))
