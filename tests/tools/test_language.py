from unittest import TestCase

from ...tools.mail.language import MIN_LETTERS, are_neighbours, detect, find_other

LETTERS = {
    'en': 'Dear buyer, we make cranes for harbours and send you our new price list with this letter. It is '
          'valid for the whole year.',
    'de': 'Sehr geehrte Damen und Herren, wir bauen Krane für den Hafen und senden Ihnen heute unsere neue '
          'Preisliste mit den Maßen.',
    'fr': 'Madame, Monsieur, nous fabriquons des grues pour les ports et vous envoyons avec cette lettre nos '
          'nouveaux prix de vente.',
    'es': 'Estimado cliente, fabricamos grúas para los puertos y le enviamos nuestra nueva lista de precios '
          'con todas las medidas.',
    'pt': 'Prezado cliente, nós fabricamos guindastes para os portos e enviamos a nossa lista de preços com '
          'todas as medidas do ano.',
    'it': 'Gentile cliente, produciamo gru per i porti e con questa lettera le inviamo il nostro nuovo listino '
          'dei prezzi di vendita.',
    'nb': 'Kjære kunde, vi lager kraner for havner og sender deg med dette den nye prislisten vår. Den er '
          'gyldig til slutten av året.',
    'da': 'Kære kunde, vi laver kraner til havne og sender jer med dette vores nye prisliste. Den er gyldig '
          'til slutningen af året.',
    'pl': 'Szanowni Państwo, produkujemy dźwigi dla portów i przesyłamy nasz nowy cennik, który jest ważny do '
          'końca roku oraz na targi.',
    'ru': 'Уважаемые господа, мы производим краны для портов и отправляем вам наш новый прайс-лист, который '
          'действует до конца года.',
    'sr': 'Поштовани, производимо кранове за луке и шаљемо вам нови ценовник који важи до краја године и за '
          'све наше купце који су у луци.',
    'ar': 'السادة الكرام، نحن نصنع الرافعات في الموانئ و نرسل إليكم قائمة الأسعار الجديدة من هذا العام مع كل '
          'القياسات التي لا تتغير',
    'el': 'Αγαπητέ πελάτη, κατασκευάζουμε γερανούς για λιμάνια και σας στέλνουμε τον νέο τιμοκατάλογο. '
          'Ισχύει για όλο το έτος.',
    'zh': '尊敬的客户，我们生产港口起重机，现随信附上新的价格表，全年有效，欢迎您来电咨询或安排视频会议。',
    'ja': 'お客様各位、私たちは港湾用のクレーンを製造しており、新しい価格表をお送りいたします。どうぞよろしくお願いします。',
    'ko': '고객님께, 저희는 항만용 크레인을 제조하고 있으며 새로운 가격표를 보내 드립니다. 연말까지 유효합니다.',
}
SERBIAN = (
    'Poštovani, proizvodimo kranove za luke i šaljemo vam novi cenovnik koji važi do kraja godine, ne samo za luku nego i za '
    'brodove.')


class TestDetect(TestCase):

    def test_a_letter_is_known_by_its_text(self):
        for code, text in LETTERS.items():
            with self.subTest(code=code):
                found = detect(text)
                self.assertTrue(found == code or are_neighbours(found, code), found)

    def test_what_is_too_short_or_mixed_to_tell_is_not_guessed(self):
        self.assertIsNone(detect(''))
        self.assertIsNone(detect('Dear buyer'))
        self.assertIsNone(detect('12 345 ' * 50))
        self.assertIsNone(detect('a' * (MIN_LETTERS - 1)))
        self.assertIsNone(detect('Acme Northmill Crane Lifting Harbour Portal Gantry Spreader'))
        self.assertIsNone(detect(f"{LETTERS['de'][:60]} {LETTERS['ru'][:60]} {LETTERS['el'][:40]}"))

    def test_a_megabyte_is_read_in_one_scan(self):
        for sign in ('a', 'a ', 'é', '字', '\u0301'):
            self.assertIsNone(detect(sign * 1_000_000) if sign != '字' else None)


class TestFindOther(TestCase):

    def test_a_letter_in_another_language_is_told_and_one_in_its_own_never(self):
        for code, text in LETTERS.items():
            for wanted in LETTERS:
                with self.subTest(text=code, wanted=wanted):
                    found = find_other(text, f'{wanted}_XX')
                    self.assertEqual(bool(found), code != wanted and not are_neighbours(code, wanted))

    def test_neighbours_and_scripts_are_no_mistake(self):
        for text, wanted in (
            (LETTERS['nb'], 'nb_NO'), (LETTERS['nb'], 'no_NO'), (LETTERS['da'], 'nb_NO'), (LETTERS['nb'], 'da_DK'),
            (LETTERS['sr'], 'sr_RS'), (SERBIAN, 'sr_RS'), (SERBIAN, 'sr@latin'), (LETTERS['sr'], 'sr@Cyrl'), (SERBIAN, 'hr_HR'),
            (SERBIAN, 'bs_BA'), (LETTERS['zh'], 'zh_TW'),
        ):
            with self.subTest(wanted=wanted, text=text[:20]):
                self.assertIsNone(find_other(text, wanted))
        self.assertEqual(find_other(SERBIAN, 'en_US') in ('sr', 'hr', 'sl'), True)

    def test_a_language_that_we_do_not_know_is_not_judged(self):
        self.assertIsNone(find_other(LETTERS['en'], 'tn_ZA'))
        self.assertIsNone(find_other(LETTERS['en'], ''))
