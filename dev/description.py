"""description.py: write static/description/index.html, which Odoo's app list shows, from the README and the Chinese page.

Odoo takes a module's README as reStructuredText where there is no such file, and then shows neither its pictures nor its tables.
"""
import re
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / 'static' / 'description'
PAGE = FOLDER / 'index.html'
LEFT_OUT = re.compile(r'<!-- not in the app list -->.*?<!-- /not in the app list -->\n*', re.DOTALL)
# Odoo's own styles, as its sanitiser takes a page's away.
CLASSES = {
    'table_open': 'table table-sm table-bordered',
    'image': 'img img-fluid border rounded my-3',
    'h2_open': 'mt-5 mb-3',
    'fence': 'bg-light p-2',
}


def render():
    """The page for the app list, as HTML."""
    parts = [_render(LEFT_OUT.sub('', path.read_text())) for path in (ROOT / 'README.md', FOLDER / 'zh_CN.md')]
    sections = ''.join(f'<section class="container py-3" lang="{lang}">\n{part}</section>\n'
                       for lang, part in zip(('en', 'zh'), parts, strict=True))
    # Odoo has one page for all languages.
    parts[0] = parts[0].replace('</h1>', '</h1>\n<p>中文说明见本页末尾。</p>', 1)
    return f'<!-- Made by `make description` from README.md and zh_CN.md -->\n<div>\n{sections}</div>\n'


def _render(text):
    markdown = MarkdownIt().enable('table')
    tokens = markdown.parse(text)
    for token in tokens:
        _adapt(token)
        token.children = _adapt_inline(token.children or []) or token.children
    return markdown.renderer.render(tokens, markdown.options, {})


def _adapt(token):
    name = f'{token.tag}_open' if token.type == 'heading_open' else token.type
    if name in CLASSES:
        token.attrSet('class', CLASSES[name])


def _adapt_inline(tokens):
    """Pictures beside the page; links to files of the repository lead nowhere in the app list, so their texts stay alone."""
    kept, opened = [], []
    for token in tokens:
        _adapt(token)
        if token.type == 'image':
            token.attrSet('src', token.attrGet('src').removeprefix('static/description/'))
        if token.type == 'link_open':
            opened.append(re.match(r'https?:', token.attrGet('href')) is not None)
            if not opened[-1]:
                continue
        elif token.type == 'link_close' and not opened.pop():
            continue
        kept.append(token)
    return kept


if __name__ == '__main__':
    PAGE.write_text(render())
