import re
from unittest import TestCase

import lxml.html
from odoo.addons.link_tracker.tools.html import find_links_with_urls_and_labels
from odoo.addons.mass_mailing_cadence.tools.mail.letter_links import Link, find_links, find_place, mark_links


class TestLetterLinks(TestCase):

    def test_two_buttons_to_one_page_are_two_and_the_same_twice_is_one(self):
        html = '<p><a href="https://a.example">Catalogue</a> <a href="https://a.example">Prices</a></p>' * 2
        self.assertEqual(find_links(html), [Link('https://a.example', 'Catalogue'), Link('https://a.example', 'Prices')])

    def test_what_has_no_tracker_is_no_link(self):
        for url in ('mailto:a@b.example', 'tel:+49', 'sms:1', '#top', '/unsubscribe_from_list', '/view', '/view?x=1', ''):
            with self.subTest(url=url):
                self.assertEqual(find_links(f'<a href="{url}">x</a>'), [])

    def test_a_link_that_is_filled_in_for_each_contact_is_one(self):
        html = '<a t-attf-href="https://a.example/{{object.id}}">Yours</a><a t-att-href="object.website">Site</a>'
        self.assertEqual([link.label for link in find_links(html)], ['Yours', 'Site'])

    def test_a_picture_is_called_by_its_words_or_its_file(self):
        html = '<a href="/a"><img alt="Crane" src="/b.png"/></a><a href="/c"><img src="/x/d.png"/></a>'
        self.assertEqual([link.label for link in find_links(html)], ['[media] Crane', '[media] d.png'])
        self.assertEqual([place.words for place in mark_links(html)[1]], ['Crane', 'd.png'])

    def test_links_are_told_apart_as_odoo_s_trackers_are(self):
        html = (
            '<a href="/a">Yes <b>now</b></a><a href="/a"><b>Yes</b></a><a href="/a"><i>No</i></a><a href="/a"> Yes </a>'
            '<a href="/a"><span><img src="/c.png"/></span></a><a href="https://b.example/?a=1&amp;b=2">'
            'A very long text of a button that goes on and on and on</a><a href="/p"><img src="/q.png" alt=""/></a>')
        root = lxml.html.fragment_fromstring(html, create_parent='div')
        _nodes, expected = find_links_with_urls_and_labels(root, '')
        self.assertEqual(find_links(html), list(dict.fromkeys(Link(each['url'], each['label']) for each in expected)))

    def test_the_words_are_what_the_reader_sees(self):
        html = '<a href="/a"><b>Yes</b> please</a><a href="/b"><img src="/c.png" alt="Crane"/></a>'
        self.assertEqual([place.words for place in mark_links(html)[1]], ['Yes please', 'Crane'])

    def test_each_link_has_its_number_and_those_of_one_tracker_the_same(self):
        html, places = mark_links(
            '<p>Hello</p><a href="/a">Yes</a><a href="tel:1">Call</a><a href="/a">No</a><a href="/a">Yes</a>')
        self.assertEqual([place.number for place in places], [0, 1])
        self.assertEqual(re.findall(r'data-cadence-link="(\d)"', html), ['0', '1', '0'])
        self.assertIn('<p>Hello</p>', html)

    def test_a_tracker_finds_its_link(self):
        _html, places = mark_links(
            '<a href="/a">Yes</a><a href="/a">No</a><a href="www.b.example">B</a><a href="/hi">Dear <t t-out="object.name"/></a>'
            '<a t-attf-href="https://c.example/{{object.id}}/x">You</a><a t-att-href="object.website">Site</a>'
            '<a href="/n"><t t-out="object.name"/></a>')
        for url, label, number in (
                ('https://me.example/a', 'No', 1), ('http://www.b.example', 'B', 2), ('https://me.example/hi', 'Dear', 3),
                ('https://c.example/77/x', 'You', 4), ('https://their.example', 'Site', 5), ('https://me.example/n', 'Anna', 6),
                ('https://me.example/a', 'Perhaps', None), ('https://me.example/b', 'B', None)):
            with self.subTest(url=url, label=label):
                some = places[:5] + places[6:] if number is None else places  # without the one that may be anything
                self.assertEqual(find_place(some, url, label, 'https://me.example'), number)

    def test_anything_can_be_asked(self):
        for html in (None, '', '<p/>', 'plain', '<a', '<a>no address</a>', '<<a href="x">', '<a href="https://a.example"'):
            with self.subTest(html=html):
                self.assertIsInstance(find_links(html), list)
