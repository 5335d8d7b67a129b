"""The links of a letter, as they stand in its design: before it is filled in for somebody."""
import re
from html import escape
from typing import NamedTuple

import lxml.html

# Odoo shortens none of these: no tracker, no click.
_UNTRACKED = re.compile(r'^(?:mailto:|tel:|sms:|#)|^(?:/unsubscribe_from_list|/view|/cards/)|/r/\w', re.IGNORECASE)
_HREFS = ('href', 't-attf-href', 't-att-href')  # written out, or filled in for each recipient
_LABEL_LENGTH = 40  # as Odoo's trackers have it
_FIELD = re.compile(r'\{\{.*?\}\}|#\{.*?\}')
_SCHEME = re.compile(r'^(?:https?|ftps?)://', re.IGNORECASE)
ATTRIBUTE = 'data-cadence-link'


class Link(NamedTuple):
    """What Odoo tells links apart by: those with the same address and words share a tracker."""
    url: str
    label: str


class Place(NamedTuple):
    """A link where it stands in the letter. `words`: what its reader sees; `pattern`: of the addresses that it is filled in with,
    None where it is always the same."""
    number: int
    link: Link
    words: str
    pattern: re.Pattern | None
    is_filled: bool


def find_links(html: str | None) -> list[Link]:
    """Return the links whose clicks are tracked, in their order; one that stands there twice, with the same words, is one.

    >>> find_links('<a href="https://a.example">Yes</a> <a href="https://a.example">No</a> <a href="tel:1">Call</a>')
    [Link(url='https://a.example', label='Yes'), Link(url='https://a.example', label='No')]
    """
    return [place.link for place in mark_links(html)[1]]


def mark_links(html: str | None) -> tuple[str, list[Place]]:
    """Return the letter with a number at each tracked link, and the links by their numbers.

    >>> mark_links('<a href="/a">Yes</a>')[0]
    '<a href="/a" data-cadence-link="0">Yes</a>'
    """
    if not html or '<a' not in html:
        return str(html or ''), []
    root = lxml.html.fragment_fromstring(str(html), create_parent='div')
    places = {}
    for node in root.iter('a'):
        name = next((name for name in _HREFS if (node.get(name) or '').strip()), None)
        url = node.get(name).strip() if name else ''
        if not url or _UNTRACKED.search(url):
            continue
        link = Link(url, _get_label(node))
        if link not in places:
            is_filled = next(node.iter('t'), None) is not None
            places[link] = Place(len(places), link, _get_words(node), _get_pattern(name, url), is_filled)
        node.set(ATTRIBUTE, str(places[link].number))
    marked = escape(root.text or '', quote=False) + ''.join(lxml.html.tostring(child, encoding='unicode') for child in root)
    return marked, list(places.values())


def find_place(places: list[Place], url: str, label: str, base_url: str = '') -> int | None:
    """Return the number of the link that a tracker with that address and label is of; None where the letter has it no more.

    >>> places = mark_links('<a href="/a">Yes</a><a href="/a">No</a><a t-attf-href="https://b.example/{{object.id}}">You</a>')[1]
    >>> find_place(places, 'https://me.example/a', 'No', 'https://me.example'), find_place(places, 'https://b.example/7', 'You')
    (1, 2)
    """
    same = [place for place in places if place.pattern is None and _get_absolute(place.link.url, base_url) == url]
    # Filled in: written out in parts before those of which nothing is known.
    same = same or sorted((place for place in places if place.pattern and place.pattern.fullmatch(url)),
                          key=lambda place: -len(place.pattern.pattern))
    named = [place for place in same if place.link.label == label]
    # The words may be filled in as well.
    named = named or [place for place in same if place.is_filled] or (same if len(same) == 1 else [])
    return named[0].number if named else None


def _get_absolute(url, base_url):
    if url.startswith(('/', '?', '#')):
        url = base_url + url
    return url if _SCHEME.match(url) else f'http://{url}'


def _get_pattern(name, url):
    if name == 't-att-href':
        return re.compile(r'.+')
    if name == 't-attf-href':
        return re.compile('.*?'.join(map(re.escape, _FIELD.split(url))))
    return None


def _get_label(node) -> str:
    """As Odoo's link_tracker makes it: the text before the first tag within, else the name of a picture."""
    text = (node.text or '').strip()
    if not text:
        image = next((child for child in node if child.tag == 'img'), None)
        text = '' if image is None else f"[media] {image.get('alt') or (image.get('src') or '').rpartition('/')[2]}"
    return text[:_LABEL_LENGTH]


def _get_words(node) -> str:
    words = ' '.join(node.text_content().split())
    image = next(node.iter('img'), None)
    if not words and image is not None:
        words = image.get('alt') or (image.get('src') or '').rpartition('/')[2]
    return words
