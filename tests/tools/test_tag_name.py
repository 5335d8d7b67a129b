from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.tag_name import TagName, fold, join, split

WORDS = st.text(st.characters(exclude_categories=['C', 'Z', 'N']), min_size=1, max_size=8)
properties = settings(max_examples=150, deadline=None, database=None)


class TestTagName(TestCase):
    def test_name_has_language_customer_group_marker_and_two_digits(self):
        self.assertEqual(join('英语', '工程设备经销商', '营销', 1), '英语-工程设备经销商-营销01')
        self.assertEqual(join('English', 'Equipment dealers', 'Marketing', 30), 'English-Equipment dealers-Marketing30')

    def test_name_is_taken_apart_again(self):
        self.assertEqual(split('英语-工程设备经销商-营销01'), TagName('英语', '工程设备经销商', '营销', 1))

    def test_customer_group_may_have_dashes_and_digits(self):
        self.assertEqual(split('English-B2B - top-50-Reading09'), TagName('English', 'B2B - top-50', 'Reading', 9))

    def test_spaces_around_the_parts_do_not_count(self):
        self.assertEqual(split(' English - Dealers - Marketing01 '), TagName('English', 'Dealers', 'Marketing', 1))

    def test_hyphens_as_people_write_them_separate_the_parts(self):
        for name in ('英语－工程设备经销商－营销01', '英语 – 工程设备经销商 – 营销 01', '英语-工程设备经销商—营销01'):
            with self.subTest(name=name):
                self.assertEqual(split(name), TagName('英语', '工程设备经销商', '营销', 1))

    def test_the_number_is_read_as_people_write_it(self):
        for name in ('英语-工程设备经销商-营销3', '英语-工程设备经销商-营销 ３', '英语－工程设备经销商－营销０３'):
            with self.subTest(name=name):
                self.assertEqual(split(name).number, 3)

    def test_two_spellings_of_a_name_are_one(self):
        name = split('English-Equipment dealers-Marketing01').get_key()
        for other in (' english – EQUIPMENT  dealers-Marketing 01', 'Ｅnglish－Equipment\u00a0dealers-Marketing01'):
            self.assertEqual(split(other).get_key(), name)
        self.assertNotEqual(split('English-Equipment dealer-Marketing01').get_key(), name)
        self.assertEqual(fold('A - b'), 'a-b')

    def test_other_names_are_not_batches(self):
        for name in (
            None, '', 'VIP', 'Deal', 'English-Dealers', 'English-Marketing01', 'English-Dealers-Marketing0',
            'English-Dealers-Marketing001', 'English-Dealers-01', 'English-Dealers-Marketing00', '-Dealers-Marketing01',
            'English--Marketing01', 'English- -Marketing01', 'English-Dealers-Marketing01b',
        ):  # fmt: skip
            with self.subTest(name=name):
                self.assertIsNone(split(name))

    def test_parts_that_a_name_could_not_tell_apart_are_refused(self):
        for parts in (
            ('Serbo-Croatian', 'Dealers', 'Marketing', 1), ('English', 'Dealers', 'Top3', 1), ('English', '',
            'Marketing', 1),
            ('English', 'Dealers', 'Marketing', 100), ('English', 'Dealers', 'Marketing', 0), ('English', 'Dealers',
            'A-B', 1),
            ('English', 'Dealers', '', 1), ('English ', 'Dealers', 'Marketing', 1), ('English', 'Dealers', 'Marketing',
            -1),
        ):  # fmt: skip
            with self.subTest(parts=parts), self.assertRaises(ValueError):
                join(*parts)

    @properties
    @given(
        WORDS.filter(lambda text: '-' not in text),
        st.lists(WORDS, min_size=1, max_size=3).map('-'.join),
        WORDS.filter(lambda text: '-' not in text),
        st.integers(1, 99),
    )
    def test_every_name_is_taken_apart_into_its_parts(self, language, customers, marker, number):
        self.assertEqual(split(join(language, customers, marker, number)), (language, customers, marker, number))

    @properties
    @given(st.text('ab-1 2营', max_size=20))
    def test_name_that_is_taken_apart_can_be_joined(self, name):
        if parts := split(name):
            self.assertEqual(split(join(*parts)), parts)
