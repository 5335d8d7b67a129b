from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.address.address_columns import guess_columns

FIELDS = {'email', 'name', 'company', 'phone', 'website', 'country', 'lang', 'tags'}
HEADERS = st.sampled_from(['', 'A', 'Name', 'E-mail', '邮箱', '公司', 'Phone', '国家', 'Website', '备注']) | st.text(
    max_size=8
)
properties = settings(max_examples=100, deadline=None, database=None)


class TestGuessColumns(TestCase):
    def _guess(self, headers, *rows):
        return {headers[index]: field for index, field in guess_columns(headers, rows).items()}

    def test_english_headers_are_understood(self):
        self.assertEqual(self._guess(['Full Name', 'E-mail', 'Company', 'Phone Number', 'Website', 'Country/Region']), {
            'Full Name': 'name', 'E-mail': 'email', 'Company': 'company', 'Phone Number': 'phone', 'Website': 'website',
            'Country/Region': 'country',
        })  # fmt: skip

    def test_chinese_headers_are_understood(self):
        for email, name, company, phone, website, country in (
            ('邮箱', '姓名', '公司', '电话', '网站', '国家'), ('电子邮件', '联系人', '公司名称', '手机', '官网',
            '国家/地区'),
            ('邮件地址', '联系人姓名', '单位', '手机号码', '网址', '所在国家'), ('電子郵件', '聯絡人', '公司名稱',
            '電話', '網站', '國家'),
        ):  # fmt: skip
            headers = [name, company, email, phone, website, country]
            self.assertEqual(
                list(guess_columns(headers, []).values()), ['name', 'company', 'email', 'phone', 'website', 'country']
            )

    def test_more_telling_word_of_a_header_decides(self):
        self.assertEqual(self._guess(['公司名称', '公司邮箱', '公司电话', 'Company Website', 'Country Name',
        'Contact']), {
            '公司名称': 'company', '公司邮箱': 'email', '公司电话': 'phone', 'Company Website': 'website',
            'Country Name': 'country',
            'Contact': 'name',
        })  # fmt: skip

    def test_english_words_count_as_whole_words(self):
        self.assertEqual(self._guess(['Hotel', 'Mailing address', 'Designation', 'workEmail', 'COMPANY_NAME']), {
            'workEmail': 'email', 'COMPANY_NAME': 'company',
        })  # fmt: skip

    def test_addresses_are_found_without_headers(self):
        self.assertEqual(
            guess_columns(['A', 'B', 'C'], [('1', 'a@b.com', ''), ('2', 'c@d.com', '@bob'), ('3',)]), {1: 'email'}
        )

    def test_column_with_addresses_wins_over_an_empty_one(self):
        self.assertEqual(
            guess_columns(['E-mail status', 'E-mail 1', 'E-mail 2'], [('ok', 'a@b.com', '')]), {1: 'email'}
        )
        self.assertEqual(guess_columns(['邮箱', '备注'], [('', 'a@b.com')] * 3), {1: 'email'})

    def test_no_columns_have_no_guess(self):
        self.assertEqual(guess_columns([], []), {})
        self.assertEqual(guess_columns(['A', 'B'], [('x', 'y')]), {})

    @properties
    @given(
        st.lists(HEADERS, max_size=8), st.lists(st.lists(st.sampled_from(['', 'x', 'a@b.com']), max_size=9), max_size=5)
    )
    def test_every_field_is_guessed_at_most_once(self, headers, rows):
        guesses = guess_columns(headers, rows)
        self.assertLessEqual(set(guesses.values()), FIELDS)
        self.assertEqual(len(set(guesses.values())), len(guesses))
        self.assertLessEqual(set(guesses), set(range(len(headers))))
