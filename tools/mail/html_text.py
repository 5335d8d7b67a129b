"""Read a mail's HTML as the text that a person sees, with the quoted mail marked. Linear in the length of hostile input."""

import re
from html import unescape

from .phrases import any_of
from .quoted import MARK

MAX_LENGTH = 200_000
_BREAK = '\r\n'  # a line, even an empty one

_TOKEN = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})([^<>]{0,3000})>')
_UNSEEN = {'style', 'script', 'head', 'title', 'xml', 'template'}
_BLOCKS = {
    *('p', 'div', 'br', 'tr', 'table', 'tbody', 'thead', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'),
    *('pre', 'hr', 'section', 'article', 'header', 'footer', 'center', 'address', 'blockquote', 'body', 'fieldset', 'form'),
}
# What mail programs call the quoted mail: Gmail, Yahoo, Outlook on the web, QQ, NetEase, Apple, Zoho, Proton, Yandex, Mail.ru …
_QUOTE = any_of(r"""
    \b(?:class|id|name)\s*=\s*["']?[^"'<>]{0,80}?(?:gmail_quote(?!_attribution)|gmail_extra|yahoo_quoted
        |divrplyfwdmsg|appendonsend|ntes-mailmaster-quote|isreplycontent|zmail_extra|protonmail_quote|tutanota_quote
        |mail-quote|ya-quote|quote-mailru|mailru-blockquote|moz-cite-prefix|ms-outlook-mobile-reference
        |olk_src_body_section|replyforwardmessage|foxmail_quote|gmx_quote)
""")
# Outlook draws a line above the quoted mail's headers, in one of its colours.
_RULE = re.compile(r'border:\s{0,3}none;\s{0,3}border-top:\s{0,3}solid\s#?(?:e1e1e1|b5c4df|c4c4c4|d2d2d2)', re.IGNORECASE)
_DECLARATION = re.compile(r'<[?!][^<>]{0,2000}>')


def to_text(html: str) -> str:
    """Return the text, one line a block; the lines of a quoted mail begin with ``>``, or :data:`.quoted.MARK` stands above it."""
    html = _DECLARATION.sub(' ', _without_comments(html[:MAX_LENGTH]))
    pieces, depth, hidden, position, is_marked = [], 0, '', 0, False
    for found in _TOKEN.finditer(html):
        closing, tag, attributes = found[1], found[2].lower(), found[3]
        if hidden:
            if closing and tag == hidden:
                hidden, position = '', found.end()
            continue
        if position < found.start():
            pieces.append(_piece(depth, html[position:found.start()]))
        position = found.end()
        if tag in _UNSEEN and not closing and not attributes.endswith('/'):
            hidden = tag
        elif tag in _BLOCKS:
            pieces.append((depth, _BREAK if tag == 'br' else '\n' * (2 if tag == 'p' else 1), False, False))
            if tag == 'blockquote':
                depth = max(0, depth - 1) if closing else min(depth + 1, 9)
                pieces.append((depth, '\n', False, False))
            elif tag == 'hr':
                pieces.append((depth, '----------\n', False, False))
        if not closing and attributes and not is_marked and not depth and (_QUOTE.search(attributes) or _RULE.search(attributes)):
            pieces.append((0, f'\n{MARK}\n', False, False))
            is_marked = True
    if not hidden and position < len(html):
        pieces.append(_piece(depth, html[position:]))
    return _to_lines(pieces)


def _piece(depth, text):
    """A text with one blank where it has some; whether it begins and ends with one."""
    return depth, ' '.join(text.split()), text[0].isspace(), text[-1].isspace()


def _without_comments(html):
    parts, position = [], 0
    while (start := html.find('<!--', position)) >= 0:
        parts.append(html[position:start])
        end = html.find('-->', start)
        if end < 0:
            return ''.join(parts)
        position = end + 3
    return ''.join(parts) + html[position:]


def _to_lines(pieces):
    """Put the pieces of text together, with the depth of each line before it and not more than one blank line."""
    lines, line, line_depth = [], '', 0
    for depth, text, is_after_blank, is_before_blank in pieces:
        if text.startswith('\n') or text.endswith('\n') or MARK in text:
            lines += [(line_depth, line)] if line else []
            stripped = text.strip('\r\n')
            is_blank = text == _BREAK and not line or text == '\n\n'
            lines += [(depth, stripped)] if stripped else [(depth, '')] if is_blank else []
            line = ''
            continue
        text = unescape(text).replace('\xa0', ' ')
        if not line:
            line_depth = depth
        blank = ' ' if is_after_blank and line and not line.endswith(' ') else ''
        line += blank + text + (' ' if is_before_blank and text else '')
    lines += [(line_depth, line)] if line else []
    written = []
    for depth, text in lines:
        text = text.strip(' ')
        if text or written and written[-1].strip('> '):
            written.append('>' * depth + (' ' if depth and text else '') + text)
    return '\n'.join(written).strip('\n')
