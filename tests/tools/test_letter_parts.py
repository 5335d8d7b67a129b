from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.sender import letter_parts
from ...tools.sender.letter_parts import read

properties = settings(max_examples=200, deadline=None, database=None)


class TestRead(TestCase):

    def test_what_is_seen(self):
        parts = read('<style>p{}</style><p>Dear <b>Ann</b>,</p><p style="display:none">no</p><!-- no --><a href="/x">link</a>')
        self.assertEqual(parts.text, 'Dear\nAnn\n,\nlink')
        self.assertEqual(parts.prose, 'Dear\nAnn\n,')

    def test_an_unsubscribe_link_that_nobody_sees(self):
        for style in ('display:none', 'visibility: hidden', 'font-size:1px', 'font-size: 5pt', 'color:#ffffff', 'color: white',
                      'color:rgb(255, 255, 255)', 'opacity:0', 'max-height:0'):
            with self.subTest(style=style):
                link = '<a href="/unsubscribe_from_list" style="%s">Unsubscribe</a>'
                self.assertFalse(read(link % style).links[0].is_visible)
                self.assertFalse(read(f'<p style="{style}">{link % ""}</p>').links[0].is_visible)
        inner = '<a href="/unsubscribe_from_list"><span style="font-size:2px">Unsubscribe</span></a>'
        self.assertFalse(read(inner).links[0].is_visible)
        self.assertFalse(read('<a href="/unsubscribe_from_list"></a>').links[0].is_visible)

    def test_an_unsubscribe_link_that_is_seen(self):
        for html in (
            '<a href="/unsubscribe_from_list">Unsubscribe</a>',
            '<div style="background:#000"><a href="/unsubscribe_from_list" style="color:#fff">Unsubscribe</a></div>',
            '<p style="font-size:10px"><a href="/unsubscribe_from_list" style="color:#999">x</a></p>',
            '<a href="/unsubscribe_from_list"><img src="x.png" alt="Unsubscribe"></a>',
            '<a href="/unsubscribe_from_list"><span style="font-size:9pt">Unsubscribe</span></a>',
        ):
            with self.subTest(html=html):
                self.assertTrue(read(html).links[0].is_visible)

    def test_a_link_that_looks_like_an_address(self):
        self.assertEqual(letter_parts.find_shown_host('https://www.acme.com/shop?x=1'), 'acme.com')
        self.assertIsNone(letter_parts.find_shown_host('Read on at acme.com now'))

    def test_what_the_list_of_mails_shows(self):
        self.assertTrue(read('<div style="display:none">Prices inside</div><p>Dear Ann</p>').has_preheader)
        self.assertFalse(read('<p>Dear Ann</p><div style="display:none">Prices inside</div>').has_preheader)

    def test_a_letter_nested_deeper_than_python_recurses(self):
        self.assertEqual(read('<div>' * 5000 + 'x' + '</div>' * 5000).images, ())

    @properties
    @given(st.text(alphabet='<>/ap ="\'divstyle:;0\x00é%', max_size=200))
    def test_never_fails(self, html):
        read(html)
