from unittest import TestCase

from ...tools.mail.phrases import any_of


class TestPhrases(TestCase):

    def test_lines_are_alternatives_and_may_go_on(self):
        pattern = any_of(r"""
            no such (?:user
                |box)
            gone <where>
        """, where='here|there')
        for text, is_found in (('No such BOX', True), ('no such user', True), ('gone there', True), ('gone', False), ('', False)):
            with self.subTest(text=text):
                self.assertEqual(bool(pattern.search(text)), is_found)
