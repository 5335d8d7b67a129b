from unittest import TestCase

from odoo.addons.mass_mailing_cadence.tools.mail.letter_links import Link, find_links


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
        html = '<a href="/a"><img alt="Crane" src="/b.png"/></a><a href="/c"><b><img src="/x/d.png"/></b></a>'
        self.assertEqual([link.label for link in find_links(html)], ['[media] Crane', '[media] d.png'])

    def test_anything_can_be_asked(self):
        for html in (None, '', '<p/>', 'plain', '<a', '<a>no address</a>', '<<a href="x">', '<a href="https://a.example"'):
            with self.subTest(html=html):
                self.assertIsInstance(find_links(html), list)
