"""Tell an answer from the mail that it quotes, line by line: a stranger's mail must not cost more than its length."""

import re

_LINE = 400  # of a line that is looked at; what announces a quoted mail is shorter
_ANNOUNCED_OVER = 3  # lines over which "On Monday … wrote:" may be broken
_BLOCK_WITHIN = 5  # lines within which a header block names a second header

_WROTE = re.compile(
    r'(?:\b(?:wrote|writes|schrieb|a écrit|escribió|escreveu|ha scritto|scrisse|schreef|napisał\w{0,2}|skrev|napsal\w?'
    r'|kirjoitti|yazdı|пишет|писала?|написала?|написав|đã viết|menulis|έγραψε|a scris)'
    r'|写道|寫道|書きました|のメール|작성|님이 쓴 글|كتب|เขียนว่า)'
    r'.{0,60}[:：]$',
    re.IGNORECASE,
)
_WROTE_BEGIN = re.compile(
    r'[>*\s]{0,6}(?:on|am|le|el|il|em|op|den|på|w dniu|dnia|dne|at|pada|vào|в|在|于|於)\b.{0,200}\d', re.IGNORECASE)
_RULED = re.compile(
    r'[>\s]{0,6}[-_=*]{2,60}\s{0,9}(?:original(?: (?:message|mail|appointment))?|forwarded message|ursprüngliche nachricht'
    r'|weitergeleitete nachricht|message (?:d.origine|original)|mensaje original|mensagem original|messaggio originale'
    r'|oorspronkelijk bericht|original besked|ursprungligt meddelande|wiadomość oryginalna|původní zpráva|исходное сообщение'
    r'|пересылаемое сообщение|原始邮件|原始郵件|回复的原邮件|原邮件|转发(?:的)?邮件|元のメッセージ|원본 ?(?:메일|메시지))'
    r'\s{0,9}[-_=*]{2,60}$',
    re.IGNORECASE,
)
_SENDER_HEADER = re.compile(
    r'[>*|\s]{0,6}(?:from|von|de|da|od|från|fra|van|от|від|kimden|dari|từ|από|lähettäjä|feladó|发件人|寄件者|寄件人|差出人|送信者'
    r'|보낸 ?사람|من)[*\s]{0,4}[:：|]',
    re.IGNORECASE,
)
_OTHER_HEADER = re.compile(
    r'[>*|\s]{0,6}(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|assunto|data|inviato|a'
    r'|oggetto|verzonden|aan|onderwerp|sendt|skickat|til|till|emne|ämne|wysłano|do|temat|odesláno|komu|předmět|отправлено|дата|кому'
    r'|тема|gönderildi|tarih|kime|konu|发送时间|发送日期|日期|收件人|主题|寄件日期|收件者|主旨|送信日時|日時|宛先|件名|보낸 ?날짜'
    r'|날짜|받는 ?사람|제목|تاريخ|إلى|الموضوع)[*\s]{0,4}[:：|]',
    re.IGNORECASE,
)
_RULE_LETTERS = frozenset('-_=*─━—–·.~ ')


def split_quoted(text: str) -> tuple[str, str]:
    """Return an answer and what it quotes: '' and '' for none.

    An answer below the quoted lines, or between them, is taken out of them; what says nothing of its own is taken whole.

    >>> split_quoted('Yes\\n\\nOn 9 July Li wrote:\\n> Tea?')
    ('Yes', 'On 9 July Li wrote:\\n> Tea?')
    """
    lines = text.strip().split('\n')
    start = next((index for index in range(len(lines)) if _starts_quote(lines, index)), len(lines))
    answer = _join(lines[:start])
    if answer:
        return answer, '\n'.join(lines[start:]).strip()
    marked = [line.lstrip().startswith('>') for line in lines]
    if any(marked):
        last = max(index for index, is_marked in enumerate(marked) if is_marked)
        first = marked.index(True)
        below = _join(line for line, is_marked in zip(lines[first:], marked[first:], strict=True) if not is_marked)
        if below:
            return below, '\n'.join(lines[:last + 1]).strip()
    return text.strip(), ''


def _starts_quote(lines: list[str], index: int) -> bool:
    line = lines[index][:_LINE].strip()
    if not line:
        return False
    if line.startswith('>') or _RULED.match(line) or _WROTE.search(line):
        return True
    if line.endswith((':', '：')) and index + 1 < len(lines) and _next_line(lines, index).startswith('>'):
        return True  # whatever the language is in which it says who wrote
    if _WROTE_BEGIN.match(line) and not line.endswith(('.', '!', '?')):
        parts = [part[:_LINE].strip() for part in lines[index:index + _ANNOUNCED_OVER]]
        return any(_WROTE.search(' '.join(parts[:count])[:_LINE]) for count in range(2, len(parts) + 1))
    return bool(_SENDER_HEADER.match(line)) and any(
        _OTHER_HEADER.match(other[:_LINE]) for other in lines[index + 1:index + 1 + _BLOCK_WITHIN])


def _next_line(lines: list[str], index: int) -> str:
    return next((line.strip() for line in lines[index + 1:index + 3] if line.strip()), '')


def _join(lines) -> str:
    """The lines without the rule that Outlook and QQ draw above the mail that they quote."""
    lines = list(lines)
    while lines and _RULE_LETTERS.issuperset(lines[-1].strip()):
        lines.pop()
    return '\n'.join(lines).strip()
