import io
import unicodedata
from contextlib import suppress
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.table.text_encoding import Guess, guess, is_text, rate

CHINESE = '公司名称,联系人,邮箱\n上海工程设备有限公司,张三丰,zhang@acme.cn\n'
properties = settings(max_examples=100, deadline=None, database=None)


# Language -> names and words of companies as they may stand in a table
WORDS = {
    'pl': 'Łukasz Wiśniewski;Małgorzata Żółtek;Zakład Dźwigowy;Spółdzielnia Mleczarska;Przedsiębiorstwo;Świętokrzyskie',
    'cs': 'Jiří Dvořák;Růžena Šťastná;Strojírny Třinec;Výroba jeřábů;Zařízení pro průmysl;Plzeňský závod',
    'hu': 'Szűcs Győző;Tőkés Ágnes;Gépgyártó és Kereskedő;Műszaki fejlesztés;Építőipari vállalat;Győr',
    'ro': 'Ştefan Ionaşcu;Ruxandra Bălan;Uzina de maşini;Întreprindere mecanică;Construcţii şi instalaţii;Timişoara',
    'hr': 'Željko Šarić;Đurđica Čović;Tvornica građevinskih strojeva;Održavanje uređaja;Poduzeće za vožnju;Požega',
    'ru': 'Алексей Щербаков;Ольга Журавлёва;Завод подъёмных машин;Строительная компания;Торговый дом Восток;Екатеринбург',
    'uk': 'Тарас Їжакевич;Оксана Гнатюк;Машинобудівний завод;Підприємство Єдність;Будівельна спілка;Чернівці',
    'bg': 'Георги Желязков;Цветелина Пъшева;Завод за подемни машини;Търговско дружество;Строителна фирма;Велико Търново',
    'de': 'Jürgen Größl;Käthe Schönfeld;Müller Förderanlagen;Gesellschaft für Prüfgeräte;Straßenbau Süd;Lübeck',
    'fr': 'Gérard Lefèvre;Hélène Garçon;Société générale de levage;Matériel léger à façon;Équipements forêt;Besançon',
    'es': 'Íñigo Muñoz;Begoña Peña;Fabricación de grúas;Compañía española de máquinas;Diseño y energía;Logroño',
    'pt': 'João Gonçalves;Conceição Magalhães;Fabricação de máquinas;Construções metálicas;Comércio e importação;São Luís',
    'sv': 'Åsa Sjöström;Göran Öberg;Verktyg för träindustrin;Kraftaggregat på Åland;Försäljning av kranar;Malmö',
    'el': 'Γιώργος Παπαδόπουλος;Ελένη Ξανθάκη;Εταιρεία μηχανημάτων;Βιομηχανία ανελκυστήρων;Εμπορική Ένωση;Θεσσαλονίκη',
    'tr': 'İsmail Şahin;Gülşah Yılmazoğlu;Vinç Sanayi ve Dış Ticaret;İnşaat Makineleri Çağrı;Doğuş Ağır Ürünler;Eskişehir',
    'he': 'יוסי כהן;שרה לוי;מפעלי מנופים בע"מ;חברה לציוד הנדסי;תעשיות פלדה;באר שבע',
    'ar': 'محمد الشريف;فاطمة الزهراء;شركة الرافعات المتحدة;مؤسسة المعدات الثقيلة;مصنع الحديد والصلب;الإسكندرية',
    'lv': 'Jānis Bērziņš;Līga Kļaviņa;Celtņu rūpnīca;Būvniecības uzņēmums;Tirdzniecības apvienība;Liepāja',
    'lt': 'Žygimantas Šapoka;Rūta Čepaitė;Kėlimo įrengimų gamykla;Statybos įmonė;Prekybos ryšių bendrovė;Šiauliai',
    'et': 'Tõnu Rätsep;Külli Pärn;Tõstukite tehas;Ehitusettevõte Võru;Masinatööstuse ühing;Jõhvi',
    'th': 'สมชาย วงศ์สวัสดิ์;มาลี ศรีสุข;บริษัทเครื่องจักรกล;โรงงานผลิตรถยก;การค้าและอุตสาหกรรม;เชียงใหม่',
    'vi': 'Nguyễn Văn Bình;Trần Thị Hường;Công ty Cơ khí;Nhà máy Thiết bị nâng;Xây dựng và Thương mại;Đà Nẵng',
    'ko': '김철수;박영희;대한기계공업;서울중공업주식회사;동양건설장비;부산광역시',
    'ja': '山田太郎;鈴木花子;株式会社東京クレーン;関西機械工業;建設機器サービス;名古屋市',
    'zh': '张三丰;李晓明;上海工程设备有限公司;江苏机械制造厂;国际贸易公司;广州市',
    'zh_Hant': '陳志豪;林淑芬;台灣機械股份有限公司;重型設備工廠;國際貿易公司;高雄市',
}
ENCODINGS = {
    'cp1250': ('pl', 'cs', 'hu', 'ro', 'hr'), 'cp1251': ('ru', 'uk', 'bg'), 'cp1252': ('de', 'fr', 'es', 'pt', 'sv'),
    'cp1253': ('el',),
    'cp1254': ('tr',), 'cp1255': ('he',), 'cp1256': ('ar',), 'cp1257': ('lv', 'lt', 'et'), 'cp1258': ('vi',), 'cp874': ('th',),
    'cp949': ('ko',), 'cp932': ('ja',), 'cp950': ('zh_Hant',), 'cp936': ('zh',), 'mac_roman': ('de', 'fr', 'es', 'pt', 'sv'),
    'mac_latin2': ('pl', 'cs', 'hu'), 'mac_cyrillic': ('ru', 'uk', 'bg'), 'koi8_r': ('ru', 'bg'), 'cp852': ('pl', 'cs'),
    'cp850': ('de', 'fr'),
    'cp866': ('ru',), 'iso8859_2': ('pl', 'hu'), 'euc_jp': ('ja',), 'mac_greek': ('el',), 'mac_turkish': ('tr',),
}


def make_table(language, encoding, size, delimiter):
    """Return a table of so many rows, as text and as bytes of an encoding."""
    words = WORDS[language].split(';')
    rows = [('Name', 'E-mail', 'Company')]
    for number in range(size):
        name, company = words[number * 5 % 6], words[(number * 5 + number // 6 + 2) % 6]
        rows.append((name.replace('"', ''), f'user{number}@firm{number}.example', company.replace('"', '')))
    text = '\r\n'.join(delimiter.join(row) for row in rows)
    if encoding == 'cp1258':  # has the tones as marks of their own
        text = ''.join(_part_tone(char) for char in text)
    return text, text.encode(encoding)


def _part_tone(char):
    marks = unicodedata.normalize('NFD', char)[1:]
    tone = next((mark for mark in marks if mark in '\u0300\u0301\u0303\u0309\u0323'), None)
    try:
        return char if char.encode('cp1258') else ''
    except UnicodeEncodeError:
        return unicodedata.normalize('NFC', unicodedata.normalize('NFD', char).replace(tone, '')) + tone


def decode(content):
    return content.decode(guess(io.BytesIO(content)).encoding)


class TestTables(TestCase):
    """Tables of one row to forty, in the encodings that spreadsheets write, in 26 languages."""

    def _iterate(self, sizes):
        for encoding, languages in ENCODINGS.items():
            for language in languages:
                for size in sizes:
                    yield language, *make_table(language, encoding, size, ';' if size % 2 else ',')

    def test_no_table_is_garbled_without_a_question(self):
        count = 0
        for language, text, content in self._iterate((1, 2, 3, 6, 40)):
            found = guess(io.BytesIO(content))
            with self.subTest(language=language, encoding=found.encoding, size=len(content)):
                if found.is_sure:
                    self.assertEqual(content.decode(found.encoding), text)
                else:
                    self.assertIn(text, [content.decode(candidate, 'replace') for candidate in found.candidates])
            count += 1
        self.assertGreater(count, 200)

    def test_nothing_is_asked_about_most_tables_of_some_rows(self):
        sure = [guess(io.BytesIO(content)).is_sure for _language, _text, content in self._iterate((12, 40))]
        self.assertGreater(sum(sure), .8 * len(sure))

    def test_two_encodings_that_read_the_same_are_no_question(self):
        _text, content = make_table('de', 'cp1252', 12, ';')
        found = guess(io.BytesIO(content))
        self.assertTrue(found.is_sure)
        ratings = rate(content)
        self.assertLess(ratings['cp1252'] - ratings['cp1250'], 9)

    def test_a_name_that_two_encodings_have_is_asked_for(self):
        found = guess(io.BytesIO('Name;E-mail\nAndrè;a@x.example\n'.encode('cp1252')))
        self.assertFalse(found.is_sure)
        self.assertTrue({'cp1252', 'cp1250'} <= set(found.candidates))

    def test_utf7_is_refused(self):
        for text in ('Müller;m@x.example\nGroß;g@x.example\n', '张三丰,z@x.example\n李四,l@x.example\n'):
            with self.assertRaisesRegex(UnicodeError, 'utf-7'):
                guess(io.BytesIO(text.encode('utf-7')))
        for text in ('Tel;+86-138-0000\n+49301234567-12;a+news-letter@x.example', '+1-2,+ABC-,a+b-c@x.example\n'):
            self.assertEqual(guess(io.BytesIO(text.encode())).encoding, 'utf-8')

    def test_japanese_and_korean_with_escapes_are_read(self):
        for language, encoding in (('ja', 'iso2022_jp'), ('ko', 'iso2022_kr')):
            text, content = make_table(language, encoding, 6, ',')
            self.assertEqual((decode(content), guess(io.BytesIO(content)).is_sure), (text, True))


class TestDecode(TestCase):
    def test_text_is_read_in_every_encoding_that_spreadsheets_write(self):
        texts = {
            CHINESE: ('utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'gb18030', 'gbk'),
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

    def test_damaged_text_is_asked_about_or_refused(self):
        for content in (
            CHINESE.encode()[:-30] + b'\xff\xfe\xe5' + b'a@b.com\n', b'\xef\xbb\xbf' + CHINESE.encode('gb18030'),
        ):  # fmt: skip
            with self.subTest(content=content[:10]):
                self.assertFalse(guess(io.BytesIO(content)).is_sure)
        for content in (CHINESE.encode('utf-16') + b'x', CHINESE.encode('utf-16-le')[:-1]):
            with self.subTest(content=content[:10]), self.assertRaises(UnicodeError):
                guess(io.BytesIO(content))

    @properties
    @given(st.text(st.characters(codec='utf-8', exclude_characters='\0'), max_size=50))
    def test_utf8_is_always_read_as_such(self, text):
        self.assertEqual(decode(text.encode('utf-8-sig')), text)
        if not text.startswith('\ufeff') and not text.isascii():
            self.assertEqual(guess(io.BytesIO(text.encode())), Guess('utf-8', True, ('utf-8',)))

    @properties
    @given(st.binary(max_size=200))
    def test_any_bytes_are_text_or_refused(self, content):
        is_text(content)
        with suppress(UnicodeError):
            content.decode(guess(io.BytesIO(content)).encoding, 'replace')


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
