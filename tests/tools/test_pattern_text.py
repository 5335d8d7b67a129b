from unittest import TestCase

from ...tools.address import pattern_text
from ...tools.address.pattern_text import FAULTS, MAX_HOST, MAX_LABEL, MAX_LOCAL, Refusal, pieces


class TestPieces(TestCase):
    """How a list is taken apart, whatever its pieces are good for."""

    def _check(self, texts, **options):
        for text, expected in texts.items():
            with self.subTest(text=text):
                self.assertEqual(list(pieces(text, **options)), expected.split())

    def test_separators_of_any_script_and_bullets_part_the_pieces(self):
        self._check({
            'a;b；c,d，e、f|g h\ti\nj': 'a b c d e f g h i j', '': '', ' ;\n、': '', '- a\n2) b\n• c': 'a b c',
            'a-b': 'a-b', '1.5': '1.5'})

    def test_what_only_wraps_a_piece_is_taken_off(self):
        self._check({
            '"A.example"': 'a.example', '《b.example》': 'b.example', 'mailto:a@b.example?subject=x': 'a@b.example',
            'Ann Lee <a@b.example>, (c.example)': 'a@b.example c.example', 'ａ＠ｂ．example': 'a@b.example',
            'a\u200b.ex\u00adample': 'a.example', 'b.example:8080': 'b.example'})

    def test_of_a_page_the_host_is_left_unless_it_is_to_be_refused(self):
        url = 'https://me:pw@www.rival.example:80/x?a=b#c'
        self._check({url: 'rival.example', 'www.rival.example/contact': 'rival.example'})
        self._check({url: url}, pages=False)

    def test_a_stroke_parts_two_of_a_kind_and_no_path(self):
        self._check({
            'a.example/b.example': 'a.example b.example', 'cn/tw/hk': 'cn tw hk',
            'rival.example/contact': 'rival.example/contact'})


class TestParts(TestCase):
    """The parts of a pattern: what has one clear meaning becomes it, what could never hold is refused with its reason."""

    def _check(self, name, good=None, bad=None, **options):
        part = getattr(pattern_text, name)
        for text, expected in (good or {}).items():
            with self.subTest(part=name, text=text):
                self.assertEqual(part(text, **options), expected)
        for text, reason in (bad or {}).items():
            with self.subTest(part=name, text=text):
                self.assertIn(reason, FAULTS)
                with self.assertRaises(Refusal) as caught:
                    part(text, **options)
                self.assertEqual(caught.exception.reason, reason)

    def test_stars_are_left_out_where_the_operator_says_them_itself(self):
        self._check('without_stars', {'hr*': 'hr', '"hr*"': 'hr'}, {'*hr': 'star', 'h*r': 'star', '*': 'everybody'}, end=True)
        self._check('without_stars', {'*.cn': '.cn'}, {'.cn*': 'star'}, start=True)
        self._check('without_stars', {'*hr*': 'hr'}, {'': 'everybody'}, start=True, end=True)

    def test_mail_goes_to_the_host_of_the_web_pages(self):
        self._check('without_www', {
            'www.rival.example': 'rival.example', 'www.www.rival.example': 'rival.example', 'www.example': 'www.example',
            'wwww.rival.example': 'wwww.rival.example'})

    def test_what_stands_before_the_at(self):
        longest = 'x' * MAX_LOCAL
        self._check('local_text', {'first.last+tag': 'first.last+tag', longest: longest}, {
            longest + 'x': 'long', 'a/b': 'slash', 'a b': 'characters', 'a(b': 'characters', 'a$b': 'characters'})

    def test_a_whole_host_has_a_dot_and_no_number_at_its_end(self):
        self._check('whole_host', {'rival.example.': 'rival.example', 'bücher.example': 'xn--bcher-kva.example'}, {
            'rival': 'host', '192.168.1.1': 'host', 'a@b.example': 'two_ats', 'a.example/x': 'slash', 'a..example': 'host',
            '-a.example': 'host'})

    def test_the_last_labels_may_be_one(self):
        self._check('last_labels', {'cn': 'cn', 'рф': 'xn--p1ai', 'co.uk': 'co.uk'}, {'1': 'host', '': 'host', 'c_n': 'host'})

    def test_labels_have_the_lengths_of_dns(self):
        longest = 'b' * MAX_LABEL
        self._check('labels', {longest: longest, '1': '1', 'a_b': 'a_b'}, {
            longest + 'b': 'host', 'b.' * (MAX_HOST // 2) + 'bc': 'long'})

    def test_what_a_host_begins_with_may_be_nothing_and_is_complete_in_other_letters(self):
        self._check('host_beginning', {'': '', 'riv': 'riv', 'mail.riv': 'mail.riv', 'mail.': 'mail.', 'a.b.': 'a.b',
                                       'bücher.example': 'xn--bcher-kva.example'}, {
            'büch': 'letters', '-x': 'host', 'a@b': 'two_ats', 'a/b': 'slash', 'b.' * MAX_HOST: 'long', 'b' * 64: 'host'})

    def test_text_anywhere_in_an_address_is_encoded_as_a_whole_or_refused(self):
        self._check('plain_text', {'sale': 'sale', 'sale.': 'sale.', 'a.b.': 'a.b', 'bücher.example': 'xn--bcher-kva.example'}, {
            'müller': 'letters', 'a/b': 'slash', 'a b': 'characters', 'x' * (MAX_LOCAL + 1): 'long'})
