import re
from unittest import TestCase

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ...tools.address.address_pattern import LikePattern, matches, normalise, read, split, to_like
from ...tools.address.canonical import canonical

OPERATORS = st.sampled_from(['starts', 'ends', 'contains'])
# Few labels and characters, so that patterns often hold
LABELS = st.sampled_from(['a', 'b', 'qq', 'cn', 'edu', 'com', 'a_b', '%', 'myqq', '\\']) | st.text(
    'ab', min_size=1, max_size=2
)
DOMAINS = st.lists(LABELS, min_size=1, max_size=4).map('.'.join)
EMAILS = st.tuples(st.lists(LABELS, min_size=1, max_size=2).map('.'.join), DOMAINS).map('@'.join)
PATTERNS = st.tuples(
    st.sampled_from(['', '.', '@', 'a@', '.a@', '..']), DOMAINS, st.sampled_from(['', '', '.', '@'])
).map(''.join) | st.text('aqcn.@%_\\', max_size=5)
properties = settings(max_examples=200, deadline=None, database=None)


def like(text, pattern):
    """PostgreSQL's LIKE."""
    parts = re.findall(r'\\.|.', pattern, re.DOTALL)
    regex = ''.join({'%': '.*', '_': '.'}.get(part) or re.escape(part[-1]) for part in parts)
    return bool(re.fullmatch(regex, text, re.DOTALL))


class TestSplit(TestCase):
    def test_pasted_list_is_split_at_any_separator(self):
        text = ' hr@ ;noreply@；marketing@,jobs@\ncustomerservice@，support@、ticket@ ;; '
        expected = ('hr@', 'noreply@', 'marketing@', 'jobs@', 'customerservice@', 'support@', 'ticket@')
        self.assertEqual(split(text), expected)

    def test_patterns_are_lower_case_and_come_once(self):
        self.assertEqual(split('QQ.com; qq.COM; .CN;ｑｑ．ｃｏｍ'), ('qq.com', '.cn'))

    def test_no_text_has_no_patterns(self):
        self.assertEqual(split(None), ())
        self.assertEqual(split(' ; \n'), ())


SNIPPETS = st.sampled_from([
    '*', '*.', '*@', '%', '@', '.', 'www.', 'https://', 'mailto:', '<', '>', '"', "'", '/', '|', '-', 'hr', 'rival', '.example',
    'rival.example', 'bücher', '.рф', 'xn--p1ai', 'ｑｑ．ｃｏｍ', '163', ':8080', '\u200b', '。', '\t', '?', '_', '{',
])  # fmt: skip
WRITTEN = st.lists(SNIPPETS, min_size=1, max_size=5).map(''.join) | st.text(max_size=12)


def complete(operator, pattern):
    """An address for which the pattern must hold."""
    local, at, host = pattern.partition('@')
    if operator == 'ends':
        return pattern if local and at else f'a{pattern}' if at else f"a@b{'' if pattern.startswith('.') else '.'}{pattern}"
    if not at:
        return f'a@b{pattern}.example' if pattern.startswith('.') else f'{pattern}@b.example'
    before = 'a' if not local or local.startswith('.') else ''
    return f"{before}{local}@{host}{'b' if not host or host.endswith(('-', '.')) else ''}.example"


class TestRead(TestCase):
    def _check(self, operator, lists):
        for text, patterns in lists.items():
            with self.subTest(operator=operator, text=text):
                self.assertEqual(read(operator, text), (tuple(patterns.split()), ()))

    def _refuse(self, operator, pieces):
        for piece, reason in pieces.items():
            with self.subTest(operator=operator, piece=piece):
                self.assertEqual(read(operator, piece), ((), ((piece, reason),)))

    def test_what_people_write_for_a_domain_is_the_domain(self):
        written = [
            '*.rival.example', 'www.rival.example', 'https://www.rival.example/x', 'http://me:pw@rival.example:80/?a=b#c',
            'rival.example.', 'rival.example/', '"rival.example"', '“rival.example”', '<rival.example>', '(rival.example)',
            'RIVAL.example:8080', 'ｒｉｖａｌ．ｅｘａｍｐｌｅ', 'rival。example。', 'rival\u200b.example', '* rival.example',
            '1. rival.example', 'www.www.rival.example',
        ]  # fmt: skip
        self._check('ends', dict.fromkeys(written, 'rival.example'))

    def test_what_people_write_for_an_address_is_the_address(self):
        written = [
            'mailto:a@b.example', 'mailto:A@b.example?subject=x', '<a@b.example>', 'Ann Lee <a@b.example>',
            '"Lee, Ann" <a@b.example>', 'a@b.example.', '“a＠b。example”', "'a@b.example'",
        ]  # fmt: skip
        for operator in ('starts', 'ends', 'contains'):
            self._check(operator, dict.fromkeys(written, 'a@b.example'))

    def test_a_star_that_only_says_and_anything_is_left_out(self):
        self._check('starts', {'hr*': 'hr', 'hr@*': 'hr@'})
        self._check('ends', {'*@rival.example': '@rival.example', '%@rival.example': '@rival.example'})
        self._check(
            'contains', {'*rival*': 'rival', '*@rival.example': '@rival.example', '*.edu': '.edu', 'hr*': 'hr'}
        )

    def test_lists_are_taken_apart_at_any_separator(self):
        self._check('ends', {
            'a.example|b.example': 'a.example b.example',
            'a.example/b.example / c.example': 'a.example b.example c.example',
            '.cn/.tw/.hk': '.cn .tw .hk',
            'cn/tw': 'cn tw',
            'a.example\tb.example\r\nc.example，d.example、e.example；f.example\u3000g.example':
                'a.example b.example c.example d.example e.example f.example g.example',
            '• a.example\n- b.example\n3) c.example': 'a.example b.example c.example',
            'Ann <a@a.example>; "B, C" <b@b.example>, c@c.example': 'a@a.example b@b.example c@c.example',
        })  # fmt: skip

    def test_hosts_are_as_dns_has_them(self):
        self._check('ends', {
            'bücher.example': 'xn--bcher-kva.example', '@GRÖSSE.example': '@xn--grsse-kua.example',
            '.рф;.中国': '.xn--p1ai .xn--fiqs8s', 'xn--bcher-kva.example': 'xn--bcher-kva.example',
            'info@größe.example': 'info@xn--gre-6ka8i.example'})  # fmt: skip
        self._check('starts', {'info@größe.example': 'info@xn--gre-6ka8i.example'})
        self._check('contains', {'.рф': '.xn--p1ai', 'bücher.example': 'xn--bcher-kva.example'})

    def test_what_can_never_hold_is_refused_with_its_reason(self):
        self._refuse('starts', {
            '@rival.example': 'starts_at_host', '.cn': 'starts_at_host', '*@rival.example': 'star', 'h*r@': 'star',
            'https://rival.example': 'slash', 'hr@größe': 'letters', 'hr@-x': 'host', '^hr@': 'characters',
            'a@b@c': 'two_ats', 'x' * 65: 'long'})  # fmt: skip
        self._refuse('ends', {
            'hr@': 'ends_at_local', '@': 'ends_at_local', 'hr*': 'star', '*rival.example': 'star',
            'rival.example/contact': 'slash', '@cn': 'host', 'a@b': 'host', '192.168.1.1': 'host', '.': 'host',
            'a&b': 'host', '-': 'host', 'a@b@c.example': 'two_ats',
            r'rival\.example$': 'host', 'b.' * 130 + 'example': 'long'})  # fmt: skip
        self._refuse('contains', {
            'a*b': 'star', 'müller': 'letters', '..': 'host', 'rival.example/x': 'slash', '.a^b': 'host'})  # fmt: skip

    def test_what_would_hold_for_everybody_is_refused(self):
        for operator in ('starts', 'ends', 'contains'):
            self._refuse(operator, {'*': 'everybody'})
        self._refuse('contains', {'@': 'everybody', '*@*': 'everybody'})

    def test_the_good_pieces_of_a_list_are_read_beside_the_bad(self):
        reading = read('ends', 'qq.com; hr@; 163.com; qq.com')
        self.assertEqual(reading, (('qq.com', '163.com'), (('hr@', 'ends_at_local'),)))

    def test_an_unknown_operator_is_refused(self):
        with self.assertRaises(ValueError):
            read('like', 'a')

    @properties
    @given(OPERATORS, WRITTEN)
    @example('contains', '*%@x')
    @example('ends', 'www.www.x.example')
    @example('contains', "*'x'*")
    def test_an_accepted_pattern_holds_for_a_possible_address(self, operator, text):
        for pattern in read(operator, text).patterns:
            address = complete(operator, pattern)
            self.assertTrue(canonical(address) == address or len(address) > 254, address)
            self.assertTrue(matches(operator, pattern, address), (pattern, address))

    @properties
    @given(OPERATORS, WRITTEN)
    @example('contains', '*%@x')
    @example('ends', 'www.www.x.example')
    @example('contains', "*'x'*")
    def test_reading_again_changes_nothing(self, operator, text):
        patterns = read(operator, text).patterns
        for pattern in patterns:
            self.assertEqual(normalise(operator, pattern), (pattern, None))
        self.assertEqual(read(operator, '; '.join(patterns)), (patterns, ()))

    @properties
    @given(OPERATORS, WRITTEN)
    def test_nothing_that_was_written_is_dropped_without_a_word(self, operator, text):
        reading = read(operator, text)
        self.assertTrue(reading.patterns or reading.faults or not re.search(r'(?i)[a-z@]', text), text)


class TestMatches(TestCase):
    def _check(self, operator, pattern, holds, fails):
        for email in holds:
            self.assertTrue(matches(operator, pattern, email), (operator, pattern, email))
        for email in fails:
            self.assertFalse(matches(operator, pattern, email), (operator, pattern, email))

    def test_starts_is_the_beginning_of_the_address(self):
        self._check('starts', 'hr@', ['hr@b.com'], ['thr@b.com', 'hr.a@b.com', 'a@hr.com'])

    def test_ends_is_a_domain_or_suffix_at_the_border_of_a_label(self):
        self._check('ends', 'qq.com', ['a@qq.com', 'a@vip.qq.com'], ['a@myqq.com', 'a@qq.com.cn', 'qq.com@b.com'])
        self._check('ends', '.cn', ['a@b.com.cn', 'a@b.cn'], ['a@b.com', 'a@bcn', 'a@cn.com'])
        self._check('ends', '@qq.com', ['a@qq.com'], ['a@vip.qq.com'])
        self._check('ends', 'info@qq.com', ['info@qq.com'], ['myinfo@qq.com'])

    def test_contains_is_plain_text(self):
        self._check('contains', 'sale', ['sales@b.com', 'a@wholesale.com'], ['a@b.com'])
        self._check('contains', '50%', ['50%@b.com'], ['50a@b.com'])

    def test_contains_with_a_dot_is_a_whole_label_of_the_domain(self):
        self._check('contains', '.edu', ['a@b.edu.au', 'a@b.edu', 'a@edu.cn', 'a@x.edu'], [
            'education@b.com', 'a@b.education.com', 'a.edu@b.com', 'a@myedu.com',
        ])  # fmt: skip
        self._check('contains', '.edu.au', ['a@b.edu.au', 'a@b.edu.au.com'], ['a@b.edu.aus', 'a@b.edu'])

    def test_shipped_list_keeps_info_and_sales(self):
        starts = split('hr@ noreply@ marketing@ jobs@ customerservice@ support@ ticket@')
        for email in ('info@acme.com', 'sales@acme.com', 'support.team@acme.com'):
            self.assertFalse(any(matches('starts', pattern, email) for pattern in starts))

    def test_pattern_of_dots_never_holds(self):
        for operator in ('ends', 'contains'):
            self._check(operator, '.', [], ['a@b.com'])
            self.assertEqual(to_like(operator, '.'), ())

    def test_unknown_operator_is_refused(self):
        with self.assertRaises(ValueError):
            matches('like', 'a', 'a@b.com')
        with self.assertRaises(ValueError):
            to_like('like', 'a')


class TestToLike(TestCase):
    def test_starts_and_ends_can_use_an_index(self):
        self.assertEqual(to_like('starts', 'hr@'), (LikePattern(False, 'hr@%'),))
        self.assertEqual(to_like('ends', 'qq.com'), (LikePattern(True, 'moc.qq@%'), LikePattern(True, 'moc.qq.%')))
        self.assertEqual(to_like('ends', '.cn'), (LikePattern(True, 'nc.%'),))

    def test_wildcards_in_a_pattern_are_plain_characters(self):
        self.assertEqual(to_like('starts', 'a_b%\\'), (LikePattern(False, 'a\\_b\\%\\\\%'),))

    @properties
    @given(OPERATORS, PATTERNS, EMAILS)
    @example('ends', 'qq.com', 'a@vip.qq.com')
    @example('contains', '.edu', 'a@b.edu.au')
    @example('contains', 'a_b', 'acb@b.com')
    def test_any_like_holds_exactly_when_the_pattern_does(self, operator, pattern, email):
        """Whatever stands in the database, also what read() refuses today."""
        found = any(like(email[::-1] if reverse else email, text) for reverse, text in to_like(operator, pattern))
        self.assertEqual(found, matches(operator, pattern, email))

    @properties
    @given(st.text(max_size=30))
    def test_patterns_of_any_text_have_no_spaces_or_separators(self, text):
        for pattern in split(text):
            self.assertFalse(re.search(r'[\s;,]', pattern))
