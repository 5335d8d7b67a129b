import io
from contextlib import suppress
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.table.text_encoding import detect, is_text

CHINESE = '公司名称,联系人,邮箱\n上海工程设备有限公司,张三丰,zhang@acme.cn\n'
properties = settings(max_examples=100, deadline=None, database=None)


def decode(content):
    return content.decode(detect(io.BytesIO(content)))


class TestDecode(TestCase):
    def test_text_is_read_in_every_encoding_that_spreadsheets_write(self):
        texts = {
            CHINESE: ('utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'gb18030', 'gbk', 'gb2312'),
            '公司名稱,聯絡人,電子郵件\n台灣機械股份有限公司,李四,li@acme.tw\n': ('utf-8', 'utf-16', 'big5'),
            'Firma;E-Mail\nMüller Maschinenbau;m@x.de\nÉlodie Lefèvre;e@x.fr\n': ('utf-8', 'utf-16-le', 'cp1252'),
            'Name,E-mail\nJosé García,j@x.es\n': ('utf-8', 'cp1252'),
            'Компания;E-mail\nООО Ромашка;r@x.ru\n': ('utf-8', 'cp1251'),
            'email\na@b.com\n': ('ascii', 'utf-16', 'utf-16-be'),
        }
        for text, encodings in texts.items():
            for encoding in encodings:
                with self.subTest(encoding=encoding, text=text):
                    content = text.encode(encoding)
                    self.assertTrue(is_text(content))
                    self.assertEqual(decode(content), text)

    def test_chinese_far_down_in_a_file_is_found(self):
        text = 'a@b.com,Bob\n' * 200_000 + '张三丰,上海工程设备有限公司\n'
        self.assertEqual(decode(text.encode('gb18030')), text)

    def test_long_chinese_file_is_read(self):
        text = CHINESE * 5_000
        self.assertEqual(decode(text.encode('gb18030')), text)

    def test_damaged_text_is_refused_rather_than_garbled(self):
        for content in (
            CHINESE.encode()[:-30] + b'\xff\xfe\xe5' + b'a@b.com\n', b'\xef\xbb\xbf' + CHINESE.encode('gb18030'),
            CHINESE.encode('utf-16') + b'x', CHINESE.encode('utf-16-le')[:-1],
        ):  # fmt: skip
            with self.subTest(content=content[:10]), self.assertRaises(UnicodeError):
                decode(content)

    @properties
    @given(st.text(st.characters(codec='utf-8', exclude_characters='\0'), max_size=50))
    def test_utf8_is_always_read_as_such(self, text):
        self.assertEqual(decode(text.encode('utf-8-sig')), text)
        if not text.startswith('\ufeff'):
            self.assertEqual(decode(text.encode()), text)

    @properties
    @given(st.binary(max_size=200))
    def test_any_bytes_are_text_or_refused(self, content):
        is_text(content)
        with suppress(UnicodeError):
            decode(content)


class TestIsText(TestCase):
    def test_other_files_are_not_text(self):
        for content in (
            b'%PDF-1.7\n', b'\x89PNG\r\n\x1a\n' + bytes(range(32)) * 9, b'<html><table>', b' <!DOCTYPE html>',
            b'<?xml version="1.0"?>',
            b'{\\rtf1', bytes(1000), bytes(range(256)) * 4,
        ):  # fmt: skip
            with self.subTest(content=content[:10]):
                self.assertFalse(is_text(content))

    def test_some_nulls_and_controls_do_not_make_a_text_another_file(self):
        self.assertTrue(is_text(b'a@b.com\x00,Bob\x01 Smith and his long name\n'))
        self.assertTrue(is_text(b''))
        self.assertTrue(is_text(b'<a@b.com>'))
