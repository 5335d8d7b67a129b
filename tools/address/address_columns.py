"""Guess which column of a table of contacts holds what, from headers in twenty-seven languages and from the cells."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Field -> words of a header, the more telling field first: "Company e-mail" and 公司邮箱 are addresses.
# Those of alphabets are whole words without accents ("hotel" is no "tel"), _ parts the words of one; others stand anywhere.
_HEADER_WORDS = {
    'email': """
        email emails mail mails emailaddress mailadresse emailadresse courriel correo correio posta_elettronica mel eposta epost
        sahkoposti ηλεκτρονικη_διευθυνση
        почта имейл 邮箱 郵箱 邮件 郵件 电邮 電郵 信箱 邮址 メール Eメール 이메일 메일
    """,
    'website': """
        website web url homepage domain site webseite internetseite internet sito pagina_web strona сайт вебсайт 网站 網站
        官网 官網 网址 網址 域名 主页 ウェブ サイト ホームページ 홈페이지 웹사이트
    """,
    'phone': """
        phone telephone mobile tel cell whatsapp telefon telefonnummer mobiltelefon mobil handy telefono cellulare celular
        movil telefone telemovel portable telefoon телефон тел моб мобильный 电话 電話 手机 手機 联系方式 号码 號碼 携帯 전화
        휴대폰 rufnummer telefoonnummer telefonszam puhelin matkapuhelin τηλεφωνο κινητο الهاتف هاتف الجوال טלפון נייד đien_thoai
        dien_thoai
    """,
    'tags': """
        tag tags label labels category categories schlagwort schlagworte kategorie etiquette etiquettes etiqueta etiquetas
        categoria categorias categorie etichette метки категория теги 标签 標籤 类别 類別 カテゴリ タグ 분류
    """,
    'lang': """
        language languages lang sprache langue idioma lingua taal jezyk dil язык 语言 語言 语种 語種 言語 언어
    """,
    'country': """
        country nation region land pays pais paese nazione kraj ulke страна 国家 國家 国别 国名 국가
    """,
    'function': """
        job_title jobtitle job_position job position function role designation funktion stellung fonction poste cargo puesto
        funcao ruolo qualifica mansione functie stanowisko gorev должность 职位 職位 职务 職務 岗位 役職 肩書 직책 직위
    """,
    'comment': """
        note notes remark remarks comment comments memo bemerkung bemerkungen notiz notizen anmerkung kommentar remarque
        remarques commentaire commentaires observations notas observaciones comentario comentarios observacoes annotazioni
        opmerkingen uwagi примечание примечания комментарий заметки 备注 備註 備考 附注 说明 メモ 비고 메모
    """,
    'company': """
        company companyname organisation organization account employer firm customer firma firmenname unternehmen kunde
        kundenname societe entreprise raison_sociale empresa compania razon_social razao_social azienda ditta ragione_sociale
        bedrijf sirket компания организация фирма предприятие 公司 单位 單位 企业 企業 客户名称 客戶名稱 工厂 会社 회사 업체
        business_name foretag bolag virksomhed selskap bedrift bedrijfsnaam organisatie yritys ceg cegnev spolecnost spolocnost
        companie εταιρεια εταιρια компанія організація підприємство الشركة شركة חברה cong_ty
    """,
    'first_name': """
        first_name firstname given_name givenname forename vorname prenom primer_nombre primeiro_nome voornaam imie ad 名字
        nome_proprio rufname fname contact_first fornamn fornavn etunimi keresztnev krestni_jmeno prenume الاسم_الأول שם_פרטי
    """,
    'last_name': """
        last_name lastname surname family_name familyname nachname familienname nom_de_famille apellido apellidos sobrenome
        cognome achternaam nazwisko soyad фамилия 姓氏 苗字
        apelido apelidos lname contact_last efternamn etternavn efternavn sukunimi vezeteknev prijmeni priezvisko επωνυμο прізвище
        اسم_العائلة שם_משפחה
    """,
    'name': """
        name fullname contact person ansprechpartner kontakt nom nombre contacto nome contato referente imie_i_nazwisko имя
        фио контакт контактное_лицо 姓名 联系人 聯絡人 联络人 称呼 名称 名稱 收件人 氏名 名前 担当者 이름 성명 담당자
        nombres navn namn nimi nev jmeno meno nume ονομα імʼя ім_я الاسم שם ho_ten ho_va_ten tên
    """,
}
_FIELD_WORDS = {field: [word.replace('_', ' ') for word in words.split()] for field, words in _HEADER_WORDS.items()}
_WHOLE = {
    'first': 'first_name', 'last': 'last_name', '성': 'last_name', 'họ': 'last_name',
    '姓': 'last_name', '名': 'first_name', '国': 'country', 'せい': 'last_name', 'めい': 'first_name', 'セイ': 'last_name',
}
# What is the one beside a first name, and the other one beside a last name: "Nom, Prénom", "Nome, Cognome"
_EITHER_NAME = frozenset((
    'name', 'nom', 'nome', 'nombre', 'nombres', 'имя', '名前', '이름', 'jméno', 'meno', 'nume', 'όνομα', 'імʼя', "ім'я",
    'ім\u2019я', 'tên'))
_LETTER_HEADER = re.compile(r'[A-Z]{1,2}')
_WEB = re.compile(r'(?i)(?:https?://|www\.)\S+')
_PHONE = re.compile(r'\+?[\d\s().\-/]{6,25}')
_FIRM = re.compile(
    r'(?i)\b(?:ltd|llc|inc|corp|gmbh|ag|kg|s\.?r\.?l|s\.?a|s\.?p\.?a|s\.?l|b\.?v|oy|ab|a/s|plc|pty|sarl|ltda|co)\b\.?|公司|株式会社|厂$|ООО')
_PERSON = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+){0,3}\.?")
_IDEOGRAPHS = re.compile('[぀-ヿ㐀-鿿가-힣]')
_MOST = .6  # of the cells that are filled


def guess_columns(headers: Sequence[str], sample_rows: Iterable[Sequence[str]]) -> dict[int, str]:
    """Return column index -> field, each once: ``email`` and ``email_2``, ``name`` or ``first_name`` and ``last_name``,
    ``company``, ``phone``, ``website``, ``country``, ``lang``, ``tags``, ``function``, ``comment``.

    The addresses' column is one with such a header that has any, else one where most cells have an ``@``. Columns without a
    header are known by their cells.
    """
    rows = list(sample_rows)
    columns = range(len(headers))
    fields = _settle_names([_header_field(header) for header in headers], headers)
    counts = [sum('@' in row[index] for row in rows if index < len(row)) for index in columns]
    emails = [index for index in columns if fields[index] == 'email']
    candidates = (
        [index for index in emails if counts[index]]
        or [index for index in columns if counts[index] * 2 > len(rows)]
        or emails
    )
    guesses: dict[int, str] = {}
    # The first one is the main one, unless it is nearly empty
    most = max((counts[index] for index in candidates), default=0)
    candidates.sort(key=lambda index: counts[index] * 2 < most)
    for field, index in zip(('email', 'email_2'), candidates, strict=False):
        if field == 'email' or counts[index]:
            guesses[index] = field
    for index, field in enumerate(fields):
        if field not in (None, 'email') and index not in guesses and field not in guesses.values():
            guesses[index] = field
    if guesses and not any(fields) and all(_LETTER_HEADER.fullmatch(header) for header in headers):
        guesses |= _guess_from_cells(columns, rows, guesses)
    return dict(sorted(guesses.items())) if len(guesses) > 1 else guesses


def join_name(first: str, last: str) -> str:
    """Return a person's name of its two parts, as it is written where they come from: ``Ann Smith``, ``张三丰``."""
    if _IDEOGRAPHS.search(first + last):
        return f'{last}{first}'
    return ' '.join(filter(None, (first, last)))


def _header_field(header: str) -> str | None:
    header = re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', header).casefold()  # companyEmail
    if header.strip() in _WHOLE:
        return _WHOLE[header.strip()]
    plain = ''.join(char for char in unicodedata.normalize('NFKD', header) if not unicodedata.combining(char))
    words = ' '.join(re.findall(r'[^\W\d_]+', f'{plain} {header}' if plain != header else plain))
    found = (field for field, known in _FIELD_WORDS.items() if any(_has_word(word, header, f' {words} ') for word in known))
    return next(found, None)


def _has_word(word: str, header: str, words: str) -> bool:
    return f' {word} ' in words if word[0] < '\u2e80' else word.casefold() in header


def _settle_names(fields: list[str | None], headers: Sequence[str]) -> list[str | None]:
    for known, other in (('first_name', 'last_name'), ('last_name', 'first_name')):
        if known in fields and other not in fields:
            for index, field in enumerate(fields):
                if field == 'name' and headers[index].strip().casefold() in _EITHER_NAME:
                    return [*fields[:index], other, *fields[index + 1:]]
    return fields


def _guess_from_cells(columns: Iterable[int], rows: list[Sequence[str]], guesses: dict[int, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    tests = {
        'website': _WEB.fullmatch, 'phone': _PHONE.fullmatch, 'company': _FIRM.search, 'name': _PERSON.fullmatch}
    for field, test in tests.items():
        for index in columns:
            cells = [row[index] for row in rows if index < len(row) and row[index]]
            is_free = index not in guesses and index not in found
            if cells and is_free and sum(bool(test(cell[:100])) for cell in cells) > _MOST * len(cells):
                found[index] = field
                break
    return found
