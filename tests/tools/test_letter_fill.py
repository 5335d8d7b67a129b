from unittest import TestCase

from odoo.addons.mass_mailing_cadence.tools.mail.letter_fill import Piece, cut


class TestLetterFill(TestCase):

    def test_a_letter_without_placeholders_is_one_piece(self):
        self.assertEqual(cut('<p>Dear all</p>'), [Piece('<p>Dear all</p>', '', '', '')])

    def test_words_for_those_who_have_no_value_are_without_the_blanks_around_them(self):
        self.assertEqual(cut('Hi <t t-out="object.name">\n friend </t>!'), [
            Piece('Hi ', 't', 'object.name', 'friend'), Piece('!', '', '', '')])

    def test_another_element_is_kept_around_the_value(self):
        self.assertEqual(cut('<b t-out="object.name"/>'), [Piece('', 'b', 'object.name', ''), Piece('', '', '', '')])

    def test_two_in_a_row_have_nothing_between_them(self):
        self.assertEqual([piece.text for piece in cut('<t t-out="object.name"></t><t t-out="object.email"></t>')], ['', '', ''])

    def test_what_is_written_in_another_way_is_left_to_odoo(self):
        for letter in ('<t t-if="object.name">x</t>', "<t t-out='object.name'></t>", '<t t-out="object.name"><b>x</b></t>',
                       '<t class="a" t-out="object.name"></t>', '<t t-out="object.name or 1"></t>'):
            with self.subTest(letter=letter):
                self.assertIsNone(cut(letter))
