"""What keeps a letter out of the inbox, or its sender in trouble: seen before anybody gets it.

Facts and where they are from: CAN-SPAM 15 USC 7704 (a subject that misleads, a postal address, an unsubscribe link that is
seen), Gmail's clipping of HTML beyond 102 KB, SpamAssassin's rules HTML_IMAGE_ONLY_* and HTML_IMAGE_RATIO_*, RFC 8058.
Pure: no clock, no network, no database; a letter of 100 KB takes some hundredths of a second.
"""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

import lxml.html

from ..address.company_domain import PUBLIC_PROVIDERS, company_domain
from . import letter_parts
from .letter_words import REPLIES, has_placeholder

MAX_BYTES = 102 * 1024  # Gmail shows no more, and the unsubscribe link is at the end
MIN_WORDS = 400  # bytes of text beside images (HTML_IMAGE_ONLY_04)
HARDLY_WORDS = 160  # of them: no letter any more. At 400 three themes of Email Marketing itself would not leave
MIN_RATIO = 0.008  # bytes of text to pixels of images (HTML_IMAGE_RATIO_08)
MAX_SUBJECT = 60
MAX_LINKS = 10
MAX_WIDTH = 600
MIN_FONT = 13  # pixels, on a phone

SHORTENERS = frozenset((
    'bit.ly', 'bitly.com', 'buff.ly', 'cutt.ly', 'dwz.cn', 'goo.gl', 'is.gd', 'lnkd.in', 'ow.ly', 'rb.gy', 'rebrand.ly', 's.id',
    'shorturl.at', 'suo.im', 't.cn', 't.co', 't.ly', 'tiny.cc', 'tinyurl.com', 'url.cn', 'v.gd'))


class Finding(NamedTuple):
    """``code`` names what is wrong; ``severity`` is block, warn or info; ``where`` is the place, an excerpt of at most 80
    letters; ``values`` fill its sentence; ``fix`` says that the module can mend it: footer or subject."""

    code: str
    severity: str
    where: str = ''
    values: tuple[tuple[str, str], ...] = ()
    fix: str = ''


class Letter(NamedTuple):
    """``html`` and ``subject`` as somebody gets them; ``street`` and ``zip`` of the company that mails; ``host`` of our own
    base URL. ``is_first`` when nothing was mailed before it, ``is_answer`` when it is threaded below a mail of before.
    ``wrapping`` are the bytes that are put around it. ``others`` are the texts of the other steps, as `get_prose` has them;
    ``public`` are the domains of public mailboxes."""

    html: str
    subject: str = ''
    preview: str = ''
    email_from: str = ''
    street: str = ''
    zip: str = ''
    host: str = ''
    is_first: bool = True
    is_answer: bool = False
    wrapping: int = 0
    attachments: int = 0
    others: tuple[str, ...] = ()
    public: frozenset[str] = PUBLIC_PROVIDERS


def check(letter: Letter) -> list[Finding]:
    """Return what is wrong with a letter, the worst first; [] for one that is fine. Never raises, whatever the HTML is."""
    parts = letter_parts.read(letter.html or '')
    if not parts.text.strip() and not parts.images:
        return [Finding('empty', 'block')]
    found = [finding for look in _LOOKS for finding in look(letter, parts)]
    order = {'block': 0, 'warn': 1, 'info': 2}
    return sorted(dict.fromkeys(found), key=lambda finding: order[finding.severity])


# The subject


def _look_at_prefix(letter, _parts):
    if not letter.is_answer and (match := REPLIES.match(letter.subject.strip())):
        yield Finding('reply_prefix', 'block', letter.subject[:80], (('prefix', match[1].strip()),), 'subject')


def _look_at_subject(letter, _parts):
    subject = letter.subject.strip()
    if not subject:
        yield Finding('no_subject', 'block')
        return
    if len(subject) > MAX_SUBJECT:
        yield Finding('long_subject', 'warn', subject[:80], (('length', str(len(subject))),))
    letters = [char for char in subject if char.isalpha() and char.upper() != char.lower()]
    if len(letters) >= 8 and all(char.isupper() for char in letters):
        yield Finding('capitals', 'warn', subject[:80])
    if re.search(r'[!！]{2,}|[?？]{3,}', subject):
        yield Finding('exclamation', 'warn', subject[:80])
    if len(letter_parts.EMOJI.findall(subject)) > 1:
        yield Finding('emoji', 'warn', subject[:80])
    if letter_parts.ZERO_WIDTH.search(subject):
        yield Finding('zero_width', 'warn', subject[:80])


def _look_at_placeholders(letter, parts):
    for text in (letter.subject, parts.text):
        if place := has_placeholder(text):
            yield Finding('placeholder', 'block', place[:80])


# The sender


def _look_at_sender(letter, _parts):
    host = letter.email_from.rpartition('@')[2].strip('> ').lower()
    if host and host in letter.public:
        yield Finding('free_sender', 'block', letter.email_from[:80], (('host', host),))


# The text


def _look_at_unsubscribe(_letter, parts):
    links = [link for link in parts.links if letter_parts.UNSUBSCRIBE.search(link.url)]
    if not links:
        yield Finding('no_unsubscribe', 'block', fix='footer')
    elif not any(link.is_visible for link in links):
        yield Finding('hidden_unsubscribe', 'block', links[0].text[:80], fix='footer')


def _look_at_size(letter, _parts):
    size = len(letter.html.encode('utf-8', 'replace')) + letter.wrapping
    if size > MAX_BYTES:
        yield Finding('too_large', 'block', values=(('size', str(size // 1024)),))


def _look_at_images(_letter, parts):
    images = [image for image in parts.images if not image.is_tiny]
    area = sum(image.area for image in images)
    words = len(parts.text.encode('utf-8', 'replace'))
    if images and words < HARDLY_WORDS:
        yield Finding('only_images', 'block', values=(('words', str(words)),))
    elif images and (words < MIN_WORDS or area and words / area <= MIN_RATIO):
        yield Finding('little_text', 'warn')
    for image in images:
        if not image.alt:
            yield Finding('no_alt', 'warn', image.src[:80])
        if image.width > MAX_WIDTH:
            yield Finding('wide_image', 'warn', image.src[:80], (('width', str(image.width)),))
        if image.src.startswith('data:'):
            yield Finding('data_image', 'warn', image.src[:40])
        elif image.src.startswith('http:'):
            yield Finding('http_image', 'warn', image.src[:80])


def _look_at_links(letter, parts):
    links = [link for link in parts.links if link.url.lower().startswith(('http:', 'https:'))]
    if len({link.url for link in links}) > MAX_LINKS:
        yield Finding('many_links', 'warn', values=(('count', str(len({link.url for link in links}))),))
    for link in links:
        try:
            host = (urlsplit(link.url).hostname or '').lower()
        except ValueError:
            continue
        if host.removeprefix('www.') in SHORTENERS:
            yield Finding('shortener', 'warn', link.url[:80], (('host', host),))
        if re.fullmatch(r'[\d.]+|\[?[0-9a-f:]+\]?', host) and ('.' in host or ':' in host):
            yield Finding('bare_ip', 'warn', link.url[:80])
        if (shown := letter_parts.find_shown_host(link.text)) and not _is_same_company(shown, host, letter.host):
            yield Finding('other_domain', 'warn', link.text[:80], (('shown', shown), ('host', host)))


def _is_same_company(shown, host, own):
    if own and host == own.lower():
        return True  # our own tracker leads there
    return (company_domain(f'x@{shown}') or shown) == (company_domain(f'x@{host}') or host)


def _look_at_address(letter, parts):
    if not letter.street and not letter.zip:
        yield Finding('no_company_address', 'warn')
        return
    text = ' '.join(parts.text.lower().split())
    known = [' '.join(part.lower().split()) for part in (letter.street, letter.zip) if part]
    if not all(part in text for part in known):
        yield Finding('no_address', 'warn', fix='footer')


def _look_at_rest(letter, parts):
    if not letter.preview.strip() and not parts.has_preheader:
        yield Finding('no_preview', 'warn')
    if letter.is_first and letter.attachments:
        yield Finding('attachment', 'warn', values=(('count', str(letter.attachments)),))
    if parts.small_font and parts.small_font.size < MIN_FONT:
        yield Finding('small_font', 'warn', parts.small_font.text[:80], (('size', f'{parts.small_font.size:g}'),))
    prose = ' '.join(parts.prose.split())
    if len(prose) > 80 and prose in letter.others:
        yield Finding('same_as_other', 'warn')


_LOOKS: tuple[Callable, ...] = (
    _look_at_prefix, _look_at_subject, _look_at_placeholders, _look_at_sender, _look_at_unsubscribe, _look_at_size,
    _look_at_images, _look_at_links, _look_at_address, _look_at_rest)


def get_prose(html: str) -> str:
    """Return the text of a letter in one line, as `Letter.others` has it."""
    return ' '.join(letter_parts.read(html or '').prose.split())


def cut_prefixes(subject: str) -> str:
    """Return the subject without ``Re:`` and its like in front of it.

    >>> cut_prefixes('Re: FW: 回复：New cranes')
    'New cranes'
    """
    while match := REPLIES.match(subject.strip()):
        subject = subject.strip()[match.end():]
    return subject.strip()


def add_footer(html: str, line: str, label: str) -> str:
    """Return the letter with a line at its end, such as the company's address, and an unsubscribe link with a label."""
    root = lxml.html.fragment_fromstring(html or '', create_parent='div')
    footer = lxml.html.fragment_fromstring(
        '<p style="margin-top:24px;font-size:13px;color:#666666;"></p>')
    footer.text = line
    if line and label:
        footer.append(lxml.html.fragment_fromstring('<br>'))
    if label:
        link = lxml.html.fragment_fromstring('<a href="/unsubscribe_from_list" style="color:#666666;"></a>')
        link.text = label
        footer.append(link)
    root.append(footer)
    inner = lxml.html.tostring(root, encoding='unicode')
    return inner[len('<div>'):-len('</div>')]
