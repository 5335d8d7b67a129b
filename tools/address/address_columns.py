"""Guess which column of a table of contacts holds what, from headers in English and Chinese and from the cells."""

import re
from collections.abc import Iterable, Sequence

# Field -> words of a header, the more telling field first: "Company e-mail" and 公司邮箱 are addresses.
# English ones are whole words ("hotel" is no "tel"), Chinese ones stand anywhere.
_HEADER_WORDS = {
    'email': 'email emails mail emailaddress 邮箱 郵箱 邮件 郵件 电邮 電郵 信箱 邮址',
    'website': 'website web url homepage domain site 网站 網站 官网 官網 网址 網址 域名 主页',
    'phone': 'phone telephone mobile tel cell whatsapp 电话 電話 手机 手機 联系方式 号码 號碼',
    'tags': 'tag tags label labels category categories 标签 標籤 类别 類別',
    'lang': 'language languages lang 语言 語言 语种 語種',
    'country': 'country nation region 国家 國家 国别',
    'company': 'company companyname organisation organization account employer firm customer'
    ' 公司 单位 單位 企业 企業 客户名称 客戶名稱 工厂',
    'name': 'name fullname contact person 姓名 联系人 聯絡人 联络人 名字 称呼 名称 名稱 收件人',
}
_FIELD_WORDS = {field: words.split() for field, words in _HEADER_WORDS.items()}


def guess_columns(headers: Sequence[str], sample_rows: Iterable[Sequence[str]]) -> dict[int, str]:
    """Return column index -> field: ``email``, ``name``, ``company``, ``phone``, ``website``, ``country``, ``lang``, ``tags``,
    each once.

    The addresses' column is one with such a header that has any, else one where most cells have an ``@``.
    """
    rows = list(sample_rows)
    columns = range(len(headers))
    fields = [_header_field(header) for header in headers]
    counts = [sum('@' in row[index] for row in rows if index < len(row)) for index in columns]
    emails = [index for index in columns if fields[index] == 'email']
    candidates = (
        [index for index in emails if counts[index]]
        or [index for index in columns if counts[index] * 2 > len(rows)]
        or emails
    )
    guesses = {max(candidates, key=counts.__getitem__): 'email'} if candidates else {}
    for index, field in enumerate(fields):
        if field not in (None, 'email') and index not in guesses and field not in guesses.values():
            guesses[index] = field
    return dict(sorted(guesses.items()))


def _header_field(header: str) -> str | None:
    header = re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', header).casefold()  # companyEmail
    english = set(re.findall(r'[a-z]+', header))
    found = (field for field, words in _FIELD_WORDS.items() if any(_has_word(word, header, english) for word in words))
    return next(found, None)


def _has_word(word: str, header: str, english: set[str]) -> bool:
    return word in english if word.isascii() else word in header
