"""Tell an address that does not exist from a mail that could not be delivered just then, or not from us."""

import re
from email.message import Message

from .mail_text import get_body, get_report_field
from .refusal import find_dead_words, judge

_STATUS = re.compile(r'(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])|(?<![\d.-])5\d\d(?=[ -])')
_SEARCHED = 6_000  # letters of a notice without a report; below them stands our own mail
_AROUND = 300  # letters before and after the words, in which others may say that it is not the address


def hard_bounce(message: Message) -> str:
    """Return the status or the words that say that the address does not exist; '' for a soft bounce and for any other mail.

    The delivery report decides, by its ``Action``, ``Status`` and ``Diagnostic-Code`` (RFC 3464, see :mod:`.refusal`), where
    there is none the text.
    """
    action, status, diagnostic = (
        get_report_field(message, 'message/delivery-status', name) for name in ('Action', 'Status', 'Diagnostic-Code'))
    code = status.split()[0] if status else ''
    if code or action:
        is_dead = action.lower().startswith('failed') and judge(code, diagnostic) == 'dead'
        return (code or find_dead_words(diagnostic)) if is_dead else ''
    text = get_body(message, _SEARCHED)
    words = find_dead_words(text)
    if not words:
        return ''
    start = text.find(words)
    around = text[max(0, start - _AROUND):start + len(words) + _AROUND]
    found = _STATUS.search(around)
    return words if judge(found[0] if found else '', around) == 'dead' else ''
