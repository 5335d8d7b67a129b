"""Where in a letter its findings are: the elements get a number, so that a picture of it can outline them."""

from collections.abc import Iterable

import lxml.etree
import lxml.html

from . import letter_parts

ATTRIBUTE = 'data-cadence-finding'
IMAGES = {'no_alt', 'wide_image', 'data_image', 'http_image'}
LINKS = {'shortener', 'bare_ip', 'dead_link'}
LINK_TEXTS = {'other_domain', 'hidden_unsubscribe'}
TEXTS = {'placeholder', 'small_font'}
# What is wrong with the line in the list of mails, not with the letter.
SUBJECT = {
    'reply_prefix', 'no_subject', 'long_subject', 'capitals', 'exclamation', 'emoji', 'zero_width', 'no_preview', 'free_sender'}


def mark(html: str, findings: Iterable) -> tuple[str, set[int]]:
    """Return the letter with the numbers of the findings at their elements, and those numbers that have a place.

    A number is the finding's position; an element with several faults bears the first. Scripts are taken out: a picture runs
    nothing.
    """
    try:
        root = lxml.html.fragment_fromstring((html or '').replace('\x00', ''), create_parent='div')
    except (lxml.etree.ParserError, ValueError):
        return '', set()
    for element in list(root.iter('script', 'base', 'meta')):
        element.drop_tree()
    placed = set()
    for number, finding in enumerate(findings):
        for element in _find(root, finding):
            placed.add(number)
            if element.get(ATTRIBUTE) is None:
                element.set(ATTRIBUTE, str(number))
    return (root.text or '') + ''.join(lxml.html.tostring(child, encoding='unicode') for child in root), placed


def _find(root, finding):
    where = finding.where.strip()
    if finding.code in IMAGES:
        return [image for image in root.iter('img') if where and (image.get('src') or '').strip().startswith(where)]
    if finding.code in LINKS:
        return [link for link in root.iter('a') if where and (link.get('href') or '').strip().startswith(where)]
    if finding.code in LINK_TEXTS:
        return [link for link in root.iter('a')
                if _get_text(link).startswith(where)
                and (finding.code != 'hidden_unsubscribe' or letter_parts.UNSUBSCRIBE.search(link.get('href') or ''))]
    if finding.code in TEXTS and where:
        return list(_find_words(root, where))
    return []


def _find_words(root, where):
    """The innermost elements that hold the words."""
    for element in root.iter():
        if element is not root and isinstance(element.tag, str) and where in _get_text(element) and not any(
                isinstance(child.tag, str) and where in _get_text(child) for child in element):
            yield element


def _get_text(element):
    return ' '.join(element.text_content().split())
