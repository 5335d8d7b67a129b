import re
from unittest import TestCase

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ...tools.address.address_pattern import LikePattern, matches, split, to_like

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
        found = any(like(email[::-1] if reverse else email, text) for reverse, text in to_like(operator, pattern))
        self.assertEqual(found, matches(operator, pattern, email))

    @properties
    @given(st.text(max_size=30))
    def test_patterns_of_any_text_have_no_spaces_or_separators(self, text):
        for pattern in split(text):
            self.assertFalse(re.search(r'[\s;,]', pattern))
