"""The links of a letter, as they stand in its design: before it is filled in for somebody."""
import re
from typing import NamedTuple

import lxml.html

# Odoo shortens none of these: no tracker, no click.
_UNTRACKED = re.compile(r'^(?:mailto:|tel:|sms:|#)|^(?:/unsubscribe_from_list|/view|/cards/)|/r/\w', re.IGNORECASE)
_HREFS = ('href', 't-att-href', 't-attf-href')  # written out, or filled in for each recipient
_LABEL_LENGTH = 40  # as Odoo's trackers have it


class Link(NamedTuple):
    url: str
    label: str


def find_links(html: str | None) -> list[Link]:
    """Return the links whose clicks are tracked, in their order; one that stands there twice, with the same words, is one.

    >>> find_links('<a href="https://a.example">Yes</a> <a href="https://a.example">No</a> <a href="tel:1">Call</a>')
    [Link(url='https://a.example', label='Yes'), Link(url='https://a.example', label='No')]
    """
    if not html or '<a' not in html:
        return []
    found = {}
    for node in lxml.html.fragment_fromstring(str(html), create_parent='div').iter('a'):
        url = next((node.get(name).strip() for name in _HREFS if node.get(name)), '')
        if url and not _UNTRACKED.search(url):
            found[Link(url, _get_label(node))] = None
    return list(found)


def _get_label(node) -> str:
    text = ' '.join(node.text_content().split())
    if not text:
        image = next(node.iter('img'), None)
        text = '' if image is None else f"[media] {image.get('alt') or (image.get('src') or '').rpartition('/')[2]}"
    return text[:_LABEL_LENGTH]
