"""The parts of a letter that matter for where it arrives: what is read, what is linked, what is only drawn."""

import re
from contextlib import suppress
from typing import NamedTuple

import lxml.etree
import lxml.html

UNSUBSCRIBE = re.compile(r'/unsubscribe_from_list|/mailing/\d+/(?:unsubscribe|confirm_unsubscribe)', re.IGNORECASE)
EMOJI = re.compile('[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]')
ZERO_WIDTH = re.compile('[\u200b\u200c\u200d\u2060\ufeff\u00ad]')
MIN_SEEN = 9  # pixels: smaller text is there for machines
_HOST = re.compile(r'(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?:[/?#:]\S*)?', re.IGNORECASE)
_UNREAD = {'style', 'script', 'head', 'title', 'template'}
_FONT = re.compile(r'font-size:\s*([\d.]+)\s*(px|pt|em|rem|%)', re.IGNORECASE)
_COLOR = re.compile(r'(?<![-\w])color:\s*([^;!]+)', re.IGNORECASE)
_BACKGROUND = re.compile(r'background(?:-color)?:\s*([^;!]+)', re.IGNORECASE)
_HIDDEN = re.compile(
    r'display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0+)?(?:[;\s]|$)|mso-hide:\s*all|'
    r'(?:max-)?height:\s*0(?:px)?\s*(?:;|$)', re.IGNORECASE)
_SCALES = {'px': 1.0, 'pt': 96 / 72, 'em': 16.0, 'rem': 16.0, '%': 0.16}
_NAMES = {'white': 'ffffff', 'black': '000000', 'transparent': ''}


class Link(NamedTuple):
    url: str
    text: str
    is_visible: bool


class Image(NamedTuple):
    src: str
    alt: str
    width: int
    height: int

    @property
    def area(self) -> int:
        """Pixels, as far as the letter says how large the image is; one whose height is unknown is taken for half as high."""
        return self.width * (self.height or self.width // 2)

    @property
    def is_tiny(self) -> bool:
        """Whether it is a line, a pixel or an icon, of which nobody reads anything."""
        return bool(self.width) and self.width <= 40 or bool(self.height) and self.height <= 40


class Small(NamedTuple):
    size: float
    text: str


class Parts(NamedTuple):
    """``text`` is all that is seen; ``prose`` the same without what is linked or small print after the unsubscribe link."""

    text: str
    prose: str
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    small_font: Small | None
    has_preheader: bool


class _State(NamedTuple):
    """What an element inherits."""

    is_visible: bool = True
    size: float = 16.0
    color: str = ''
    background: str = 'ffffff'


def read(html: str) -> Parts:
    """Return the parts of a letter; of HTML that nobody could read there are none."""
    try:
        root = lxml.html.fragment_fromstring(html.replace('\x00', ''), create_parent='div')
    except (lxml.etree.ParserError, ValueError):
        return Parts('', '', (), (), None, False)
    reader = _Reader()
    reader.walk(root)
    return reader.get_parts()


def find_shown_host(text: str) -> str | None:
    """Return the host that a link's text shows as if it were its address, or None for words.

    >>> find_shown_host('www.acme.com/shop'), find_shown_host('our shop'), find_shown_host('Acme Inc. offers')
    ('acme.com', None, None)
    """
    match = _HOST.fullmatch(text.strip())
    return match[1].lower() if match else None


class _Reader:
    def __init__(self):
        self.seen, self.prose, self.links, self.images = [], [], [], []
        self.small, self.has_preheader = None, False

    def walk(self, root):
        # A stack of our own: hostile letters are nested deeper than Python recurses.
        stack = [(root, _State(), False)]
        while stack:
            node, state, is_linked = stack.pop()
            if isinstance(node, str):
                self._add_text(node, state, is_linked)
                continue
            if not isinstance(node.tag, str) or node.tag in _UNREAD:
                continue
            inner = _get_state(node, state)
            if node.tag == 'img' and inner.is_visible:
                self.images.append(_get_image(node))
            if node.tag == 'a' and node.get('href'):
                self.links.append(_get_link(node, inner))
            is_linked = is_linked or node.tag == 'a'
            following = []
            if node.text:
                following.append((node.text, inner, is_linked))
            for child in node:
                following.append((child, inner, is_linked))
                if child.tail:
                    following.append((child.tail, inner, is_linked))
            stack.extend(reversed(following))

    def _add_text(self, text, state, is_linked):
        text = text.strip()
        if not text:
            return
        if not state.is_visible:
            # Ours and Odoo's: what the list of mails shows beside the subject.
            self.has_preheader |= not self.seen
            return
        self.seen.append(text)
        if not is_linked:
            self.prose.append(text)
        if len(text) > 1 and (not self.small or state.size < self.small.size):
            self.small = Small(state.size, text)

    def get_parts(self):
        return Parts('\n'.join(self.seen), '\n'.join(self.prose), tuple(self.links), tuple(self.images), self.small,
                     self.has_preheader)


def _get_state(node, state):
    style = node.get('style') or ''
    if node.get('hidden') is not None or _HIDDEN.search(style):
        state = state._replace(is_visible=False)
    if match := _FONT.search(style):
        scale = state.size if match[2].lower() == 'em' else state.size / 100 if match[2] == '%' else _SCALES[match[2].lower()]
        with suppress(ValueError):  # 1.2.3px
            state = state._replace(size=float(match[1]) * scale)
    if node.tag == 'small':
        state = state._replace(size=state.size * 0.8)
    color = _COLOR.search(style)
    background = _BACKGROUND.search(style)
    if background or node.get('bgcolor'):
        state = state._replace(background=_get_color(background[1] if background else node.get('bgcolor')) or state.background)
    if color or node.get('color'):
        state = state._replace(color=_get_color(color[1] if color else node.get('color')))
    return state


def _get_color(text):
    """Six hexadecimal digits; '' for what is not a plain color."""
    text = text.strip().lower()
    text = _NAMES.get(text, text).lstrip('#')
    if match := re.fullmatch(r'rgba?\((\d+)[,\s]+(\d+)[,\s]+(\d+).*\)', text):
        return ''.join(f'{min(int(part), 255):02x}' for part in match.groups())
    if re.fullmatch(r'[0-9a-f]{3}', text):
        return ''.join(char * 2 for char in text)
    return text if re.fullmatch(r'[0-9a-f]{6}', text) else ''


def _get_link(node, state):
    text = ' '.join(node.text_content().split())
    # The text may stand in elements of their own, with styles of their own.
    states = [state]
    for child in node.iterdescendants():
        if isinstance(child.tag, str) and (child.text or '').strip():
            states.append(_get_state_within(node, child, state))
    if not (node.text or '').strip() and len(states) > 1:
        states = states[1:]
    has_words = bool(text) or any(image.get('alt') or image.get('src') for image in node.iter('img'))
    is_visible = has_words and any(
        one.is_visible and one.size >= MIN_SEEN and (not one.color or one.color != one.background) for one in states)
    return Link((node.get('href') or '').strip(), text, is_visible)


def _get_state_within(node, child, state):
    chain = [child]
    while (parent := chain[-1].getparent()) is not node:
        chain.append(parent)
    for element in reversed(chain):
        state = _get_state(element, state)
    return state


def _get_image(node):
    style = node.get('style') or ''
    return Image((node.get('src') or '').strip(), (node.get('alt') or '').strip(),
                 _get_length(node.get('width'), style, 'width'), _get_length(node.get('height'), style, 'height'))


def _get_length(attribute, style, name):
    """Pixels, 0 where the letter does not say."""
    match = re.search(rf'(?<![-\w]){name}:\s*(\d+)(?:\.\d+)?px', style) or re.fullmatch(r'\s*(\d+)(?:px)?\s*', attribute or '')
    return min(int(match[1]), 100_000) if match else 0
