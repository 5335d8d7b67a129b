from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.mail.html_text import to_text
from ...tools.mail.quoted import MARK, split_answer
from .hostile import least_time


class TestHtmlText(TestCase):

    def test_a_line_a_block(self):
        for html, text in {
            '<p>Yes,</p><p>two&nbsp;sets &amp; a key</p>': 'Yes,\n\ntwo sets & a key', 'a<br>b<br><br>c': 'a\nb\n\nc',
            '<div>a</div><div><br></div><div>b</div>': 'a\n\nb', '<b>bo</b>ld <i>it</i>': 'bold it', 'a\n  b': 'a b',
            '<style>p { color: red }</style><script>x<y</script>Yes<!-- no -->': 'Yes',
            '<?xml version="1.0"?><!DOCTYPE html>Yes': 'Yes',
            '<blockquote>Tea?<blockquote>Milk?</blockquote></blockquote>Yes': '> Tea?\n>> Milk?\nYes', '1 < 2': '1 < 2',
            '': '', '<p>': '',
        }.items():
            with self.subTest(html=html):
                self.assertEqual(to_text(html), text)

    def test_each_program_s_mark_of_the_quoted_mail(self):
        for mark in (
            '<div class="gmail_quote">', '<div id="divRplyFwdMsg">', '<div id=appendonsend>',
            '<div class="yahoo_quoted" id=1>',
            '<div class="ntes-mailmaster-quote">', '<div id="isReplyContent">', '<div class="protonmail_quote">',
            '<div class="zmail_extra">',
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt">', '<div class="moz-cite-prefix">',
        ):
            with self.subTest(mark=mark):
                self.assertIn(MARK, to_text(f'Yes{mark}Li, yesterday: Tea?</div>'))
                self.assertEqual(split_answer(to_text(f'<p>Yes</p>{mark}Li: Tea?</div>')), ('Yes', '', 'Li: Tea?'))

    def test_what_is_hidden_without_an_end_hides_no_words_before_it(self):
        self.assertEqual(to_text('Yes<style>p {'), 'Yes')
        self.assertEqual(to_text('Yes<!-- never closed'), 'Yes')

    def test_hostile_html_takes_no_long_time(self):
        for piece in ('<', '<a ', '<!--', '<div class="', '<blockquote>', '&amp', '<p>', '<style>', '<div id=a',
        '<a b=">', '&#', '<br><br>', 'class=" '):
            html = piece * (1_000_000 // len(piece))
            with self.subTest(piece=piece):
                self.assertLess(least_time(lambda html=html: split_answer(to_text(html)[:20_000]), 0.8), 0.8)

    @settings(max_examples=150, deadline=None)
    @given(st.text(max_size=200))
    def test_nothing_raises(self, text):
        to_text(text)
        to_text(f'<div>{text}</div><blockquote>{text}')
