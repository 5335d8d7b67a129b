from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.address.address_columns import guess_columns, join_name

FIELDS = {
    'email', 'email_2', 'name', 'first_name', 'last_name', 'company', 'phone', 'website', 'country', 'lang', 'tags', 'function',
    'comment'}
TABLES = (
    ('E-Mail-Adresse;Vorname;Nachname;Firma;Telefon;Land;Sprache;Position;Bemerkungen',
     'email first_name last_name company phone country lang function comment'),
    ('Name;Vorname;Firmenname;Mobil;E-Mail', 'last_name first_name company phone email'),
    ('Nom;Prénom;Société;Téléphone;Pays;Courriel;Fonction;Remarques',
     'last_name first_name company phone country email function comment'),
    ('Nombre;Apellidos;Empresa;Teléfono;País;Correo electrónico;Cargo;Observaciones;Idioma',
     'first_name last_name company phone country email function comment lang'),
    ('Nome;Sobrenome;Empresa;Celular;País;E-mail;Função;Observações',
     'first_name last_name company phone country email function comment'),
    ('Nome;Cognome;Azienda;Cellulare;Paese;Posta elettronica;Ruolo;Note',
     'first_name last_name company phone country email function comment'),
    ('Фамилия;Имя;Компания;Телефон;Страна;Электронная почта;Должность;Примечание',
     'last_name first_name company phone country email function comment'),
    ('ФИО;Организация;Эл. почта;Сайт', 'name company email website'),
    ('姓;名;会社名;電話番号;国;メールアドレス;役職;備考', 'last_name first_name company phone country email function comment'),
    ('氏名;企業;Eメール;ウェブサイト;言語', 'name company email website lang'),
    ('姓名;公司名称;邮箱;手机;国家;职位;备注;语言', 'name company email phone country function comment lang'),
    ('聯絡人;公司;電郵;電話;職務;備註', 'name company email phone function comment'),
    ('First Name;Last Name;Company;E-mail;Job Title;Notes', 'first_name last_name company email function comment'),
    ('Last Name;First Name;Organization;Email Address', 'last_name first_name company email'),
    ('Imię;Nazwisko;Firma;Telefon;Kraj;E-mail;Stanowisko;Uwagi',
     'first_name last_name company phone country email function comment'),
    ('이름;회사;이메일;전화;국가;직책;비고', 'name company email phone country function comment'),
)
HEADERS = st.sampled_from(['', 'A', 'Name', 'E-mail', '邮箱', '公司', 'Phone', '国家', 'Website', '备注']) | st.text(
    max_size=8
)
properties = settings(max_examples=100, deadline=None, database=None)


class TestGuessColumns(TestCase):
    def _guess(self, headers, *rows):
        return {headers[index]: field for index, field in guess_columns(headers, rows).items()}

    def test_english_headers_are_understood(self):
        self.assertEqual(self._guess(['Full Name', 'E-mail', 'Company', 'Phone Number', 'Website', 'Country/Region']), {
            'Full Name': 'name', 'E-mail': 'email', 'Company': 'company', 'Phone Number': 'phone', 'Website': 'website',
            'Country/Region': 'country',
        })  # fmt: skip

    def test_chinese_headers_are_understood(self):
        for email, name, company, phone, website, country in (
            ('邮箱', '姓名', '公司', '电话', '网站', '国家'), ('电子邮件', '联系人', '公司名称', '手机', '官网',
            '国家/地区'),
            ('邮件地址', '联系人姓名', '单位', '手机号码', '网址', '所在国家'), ('電子郵件', '聯絡人', '公司名稱',
            '電話', '網站', '國家'),
        ):  # fmt: skip
            headers = [name, company, email, phone, website, country]
            self.assertEqual(
                list(guess_columns(headers, []).values()), ['name', 'company', 'email', 'phone', 'website', 'country']
            )

    def test_more_telling_word_of_a_header_decides(self):
        self.assertEqual(self._guess(['公司名称', '公司邮箱', '公司电话', 'Company Website', 'Country Name',
        'Contact']), {
            '公司名称': 'company', '公司邮箱': 'email', '公司电话': 'phone', 'Company Website': 'website',
            'Country Name': 'country',
            'Contact': 'name',
        })  # fmt: skip

    def test_english_words_count_as_whole_words(self):
        self.assertEqual(self._guess(['Hotel', 'Mailing address', 'Designation', 'workEmail', 'COMPANY_NAME']), {
            'workEmail': 'email', 'COMPANY_NAME': 'company', 'Designation': 'function',
        })  # fmt: skip

    def test_addresses_are_found_without_headers(self):
        self.assertEqual(
            guess_columns(['A', 'B', 'C'], [('1', 'a@b.com', ''), ('2', 'c@d.com', '@bob'), ('3',)]), {1: 'email'}
        )

    def test_column_with_addresses_wins_over_an_empty_one(self):
        self.assertEqual(
            guess_columns(['E-mail status', 'E-mail 1', 'E-mail 2'], [('ok', 'a@b.com', '')]), {1: 'email'}
        )
        self.assertEqual(guess_columns(['邮箱', '备注'], [('', 'a@b.com')] * 3), {1: 'email'})

    def test_headers_of_many_languages_are_understood(self):
        for headers, fields in TABLES:
            for variant in (headers, headers.upper(), headers.lower(), f'{headers};X1'):
                with self.subTest(headers=variant):
                    self.assertEqual(list(guess_columns(variant.split(';'), []).values()), fields.split())

    def test_two_address_columns_are_both_told(self):
        rows = [('x', 'a@b.com', ''), ('y', 'c@d.com', 'e@f.com')]
        self.assertEqual(guess_columns(['Name', 'E-mail', 'E-mail 2 Address'], rows), {0: 'name', 1: 'email', 2: 'email_2'})
        self.assertEqual(guess_columns(['E-mail 1', 'E-mail 2'], [('', 'a@b.com')]), {1: 'email'})

    def test_a_table_without_headers_is_known_by_its_cells(self):
        rows = [('Ann Smith', 'a@b.com', 'Acme Ltd.', '+49 30 123456', 'www.acme.example'),
                ('Bob Roe', 'c@d.com', 'Northmill GmbH', '030-998877', 'https://n.example/x')] * 3
        self.assertEqual(guess_columns(['A', 'B', 'C', 'D', 'E'], rows), {
            0: 'name', 1: 'email', 2: 'company', 3: 'phone', 4: 'website'})

    def test_full_name_beside_its_parts_stays_the_name(self):
        self.assertEqual(self._guess(['Name', 'First Name', 'Last Name']), {
            'Name': 'name', 'First Name': 'first_name', 'Last Name': 'last_name'})

    def test_the_parts_of_a_name_are_joined_as_people_write_them(self):
        for first, last, name in (
            ('Ann', 'Smith', 'Ann Smith'), ('', 'Smith', 'Smith'), ('三丰', '张', '张三丰'), ('太郎', '山田', '山田太郎'),
        ):  # fmt: skip
            self.assertEqual(join_name(first, last), name)

    def test_a_header_of_any_length_is_read_in_one_scan(self):
        for sign in ('a', 'A', 'aA', ' mail', '\u0301', '邮', '_'):
            self.assertIn(guess_columns([sign * 100_000, sign * 50_000], []).get(0), (None, 'email'))

    def test_no_columns_have_no_guess(self):
        self.assertEqual(guess_columns([], []), {})
        self.assertEqual(guess_columns(['A', 'B'], [('x', 'y')]), {})

    @properties
    @given(
        st.lists(HEADERS, max_size=8), st.lists(st.lists(st.sampled_from(['', 'x', 'a@b.com']), max_size=9), max_size=5)
    )
    def test_every_field_is_guessed_at_most_once(self, headers, rows):
        guesses = guess_columns(headers, rows)
        self.assertLessEqual(set(guesses.values()), FIELDS)
        self.assertEqual(len(set(guesses.values())), len(guesses))
        self.assertLessEqual(set(guesses), set(range(len(headers))))

    def test_headers_of_more_countries_and_programs(self):
        for headers in (
            ('Emailadresse', 'Rufname', 'Nachname', 'Firmenname', 'Rufnummer'),
            ('Correo', 'Nombres', 'Apellido paterno', 'Razón social', 'Móvil'),
            ('Email', 'Nome próprio', 'Apelido', 'Nome da empresa', 'Telemóvel'),
            ('E-mailadres', 'Voornaam', 'Achternaam', 'Bedrijf', 'Telefoonnummer'),
            ('E-posta', 'Ad', 'Soyad', 'Şirket', 'Telefon'),
            ('E-post', 'Förnamn', 'Efternamn', 'Företag', 'Telefon'),
            ('이메일', '이름', '성', '회사명', '전화번호'),
            ('E-mail cím', 'Keresztnév', 'Vezetéknév', 'Cég', 'Telefonszám'),
            ('E-mail', 'Jméno', 'Příjmení', 'Společnost', 'Telefon'),
            ('Work Email', 'First', 'Last', 'Company Name', 'Direct Phone'),
            ('EMAIL_ADDRESS', 'FNAME', 'LNAME', 'COMPANY', 'PHONE'),
            ('contact_email', 'contact_first', 'contact_last', 'account name', 'phone number'),
            ('email1', 'forename', 'family name', 'business name', 'cell'),
            ('Ηλεκτρονική διεύθυνση', 'Όνομα', 'Επώνυμο', 'Εταιρεία', 'Τηλέφωνο'),
            ('Електронна пошта', 'Імʼя', 'Прізвище', 'Компанія', 'Телефон'),
            ('البريد الإلكتروني', 'الاسم الأول', 'اسم العائلة', 'الشركة', 'الهاتف'),
            ('Epost', 'Fornavn', 'Etternavn', 'Selskap', 'Mobil'),
            ('Sähköposti', 'Etunimi', 'Sukunimi', 'Yritys', 'Puhelin'),
            ('Thư điện tử', 'Tên', 'Họ', 'Công ty', 'Điện thoại'),
            ('Adresă de e-mail', 'Prenume', 'Nume', 'Companie', 'Telefon'),
        ):
            with self.subTest(headers=headers):
                self.assertEqual(
                    guess_columns(headers, [['ann@acme.example', 'Ann', 'Smith', 'Acme', 'x']] * 3),
                    dict(enumerate(('email', 'first_name', 'last_name', 'company', 'phone'))))
        self.assertEqual(guess_columns(['Navn', 'Epost', 'Selskap'], []), {0: 'name', 1: 'email', 2: 'company'})
