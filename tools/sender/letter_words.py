"""What a subject must not begin with, and what a letter looks like that was not filled in."""

import re

# Mail programs of the world write these in front of an answer or of what is handed on. A first letter that begins with one lies
# about itself. Those that are words in front of a colon as well (Per:, Ref:) are not among them.
REPLIES = re.compile(r"""
    ((?:re|fw|fwd|aw|wg|sv|vs|vb|rv|enc|tr|r|odp|ynt|ilt|antw|отв|回复|回覆|答复|答覆|转发|轉寄|返信|転送|답장|회신|전달|رد|תשובה)
    (?:\s?[\[(]\d{1,3}[\])])?\s?[:：]\s*)
    """, re.IGNORECASE | re.VERBOSE)
# Our own and other programs' placeholders that nothing has replaced: {{ name }}, t-out, %FIRSTNAME%, [First Name], ${object.name}
_PLACEHOLDERS = re.compile(r"""
    \{\{[^{}]{0,80}\}?\}?
    | \$\{[^{}]{1,80}\}
    | <t\s+t-(?:out|esc)\b
    | \bt-(?:out|esc)\s?=
    | %{1,2}(?:first|last|full|user|company|contact)?_?name%{1,2}
    | \*\|[A-Z_:]{2,30}\|\*
    | \[\s?(?:(?:first|last|full|your|company|contact)[\s_-]?name
        |name|firma|vorname|nachname|nombre|empresa|prénom|姓名|公司)\s?\]
    | \b(?:dear|hello|hi|hola|bonjour|hallo|ciao|olá)\s+(?:undefined|nan|false|none|null)\b
    """, re.IGNORECASE | re.VERBOSE)


def has_placeholder(text: str) -> str | None:
    """Return the first place that nothing has filled in, or None.

    >>> has_placeholder('Dear {{ object.name }}, hello')
    '{{ object.name }}'
    """
    match = _PLACEHOLDERS.search(text or '')
    return match[0] if match else None


_FIELD = re.compile(r"""\bobject\.([a-z]\w*(?:\.name)?)\b(?![.(\w])""")


def find_fields(design: str) -> list[str]:
    """Return the plain fields of the contact that a design fills in, in their order; what stands in `or` beside another is safe.

    >>> find_fields('Dear <t t-out="object.name"/> of <t t-out="object.parent_id.name or object.city"/>')
    ['name']
    """
    expressions = re.findall(r'''(?:t-out|t-esc)\s*=\s*(?:"([^"]*)"|'([^']*)')''', design or '')
    plain = [double or single for double, single in expressions]
    return list(dict.fromkeys(
        match[1] for text in plain if ' or ' not in text and ' if ' not in text and (match := _FIELD.search(text))))
