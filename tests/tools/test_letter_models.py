import math
from unittest import TestCase

from ...tools.table.letter_models import get_pairs, rate_ideographs, rate_letters

LANGUAGES = ('de', 'fr', 'es', 'pl', 'cs', 'hu', 'tr', 'lt', 'nb', 'ru', 'uk', 'el', 'he', 'ar', 'th', 'vi')


class TestLetterModels(TestCase):

    def test_every_language_has_names_to_learn_from(self):
        for language in LANGUAGES:
            with self.subTest(language=language):
                pairs, strange = get_pairs(language)
                self.assertGreater(len(pairs), 400)
                self.assertLess(strange, min(pairs.values()))
                self.assertAlmostEqual(max(pairs.values()), min(0, max(pairs.values())))

    def test_a_word_is_likelier_in_its_own_language(self):
        for word, own, other in (
            ('Wiśniewski', 'pl', 'lt'), ('Größe', 'de', 'fr'), ('forêt', 'fr', 'pl'), ('Őrség', 'hu', 'de'),
            ('завод', 'ru', 'el'),
        ):
            with self.subTest(word=word):
                self.assertGreater(rate_letters(word, (own,)), rate_letters(word, (other,)))
                self.assertEqual(rate_letters(word, (own, other)), rate_letters(word, (own,)))

    def test_signs_and_capitals_within_a_word_are_unlikely(self):
        self.assertGreater(rate_letters('müller', ('de',)), rate_letters('mÜller', ('de',)))
        self.assertGreater(rate_letters('pfähle', ('de',)), rate_letters('pf¼hle', ('de',)))

    def test_usual_ideographs_are_likelier_than_rare_ones(self):
        for encoding, usual, rare in (
            ('gb18030', '公司', '鈥攢'), ('big5hkscs', '公司', '乂乜'), ('cp949', '한국', '뷁쮏'), ('cp932', '会社', '熙兪'),
        ):
            with self.subTest(encoding=encoding):
                self.assertGreater(rate_ideographs(usual, encoding), rate_ideographs(rare, encoding))
        self.assertTrue(math.isfinite(rate_ideographs('\ufffd\U00020000a', 'gb18030')))

    def test_an_unknown_language_makes_every_word_strange(self):
        self.assertEqual(get_pairs('zz')[0], {})
        self.assertLess(rate_letters('abc', ('zz',)), -20)
