from unittest import TestCase

from ...tools.mail.language import MIN_CHARACTERS, detect


class TestDetect(TestCase):

    def test_a_letter_is_known_by_its_text(self):
        for code, text in {
            'en': 'Dear buyer, we make cranes for harbours and send you our new price list with this letter.',
            'de': 'Sehr geehrte Damen und Herren, wir bauen Krane und senden Ihnen heute unsere neue Preisliste.',
            'es': 'Estimado cliente, fabricamos grúas para puertos y le enviamos nuestra nueva lista de precios.',
            'ru': 'Уважаемые господа, мы производим краны для портов и отправляем вам наш новый прайс-лист.',
        }.items():
            with self.subTest(code=code):
                self.assertEqual(detect(text), code)

    def test_what_is_too_short_to_tell_is_not_guessed(self):
        self.assertIsNone(detect(''))
        self.assertIsNone(detect('Dear buyer'))
        self.assertIsNone(detect('12 345 ' * 50))
        self.assertIsNone(detect('a' * (MIN_CHARACTERS - 1)))
