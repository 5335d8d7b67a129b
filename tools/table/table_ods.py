"""Stream the rows of an OpenDocument spreadsheet (.ods, OASIS ODF 1.3 part 3): own code, as odfpy builds a tree of it."""

import zipfile
from collections.abc import Iterator

from lxml import etree

from .table_cells import MAX_COLUMNS, MAX_ROWS, Rows, TableError, clean_cell
from .table_zip import Progress, iter_elements, told_as_damage

MIMETYPE = b'application/vnd.oasis.opendocument.spreadsheet'
CONTENT, MANIFEST = 'content.xml', 'META-INF/manifest.xml'
MAX_MANIFEST = 1 << 20  # bytes
_NAMESPACE = '{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}'
OFFICE, STYLE, TABLE, TEXT = (_NAMESPACE % name for name in ('office', 'style', 'table', 'text'))
SHEET, ROW, CELL, COVERED = (f'{TABLE}{name}' for name in ('table', 'table-row', 'table-cell', 'covered-table-cell'))
STYLE_TAG, PARAGRAPH = f'{STYLE}style', f'{TEXT}p'
VALUES = tuple(f'{OFFICE}{name}' for name in ('string-value', 'value', 'date-value', 'time-value', 'boolean-value'))
SPACES = (f'{TEXT}s', f'{TEXT}tab', f'{TEXT}line-break')
PHONETIC = f'{TEXT}ruby-text'


def is_ods(archive: zipfile.ZipFile) -> bool:
    """Return whether an archive says that it is a spreadsheet or a template of one.

    :raise TableError: ``encrypted``, ``damaged``
    """
    names = archive.namelist()
    with told_as_damage():
        if 'mimetype' not in names or not _head(archive, 'mimetype', 100).startswith(MIMETYPE):
            return False
        if MANIFEST in names and b'encryption-data' in _head(archive, MANIFEST, MAX_MANIFEST):
            raise TableError('encrypted')
    return True


def read_rows(archive: zipfile.ZipFile, progress: Progress) -> Rows:
    """Yield the rows of the first sheet that has any, a visible one if possible; formulas as what they show.

    :raise TableError: ``damaged``
    """
    with told_as_damage():
        is_empty = True
        for is_hidden in (False, True):
            for row in _read_sheets(archive, progress, is_hidden):
                is_empty = False
                yield row
            if not is_empty:
                return


def _head(archive: zipfile.ZipFile, part: str, size: int) -> bytes:
    with archive.open(part) as source:
        return source.read(size)


def _read_sheets(archive: zipfile.ZipFile, progress: Progress, is_hidden: bool) -> Rows:
    """Yield the rows of the first of the hidden or of the other sheets that has any."""
    hidden_styles: set[str | None] = set()
    is_wanted = is_empty = True
    number = 0
    for event, element in iter_elements(archive, CONTENT, [STYLE_TAG, SHEET, ROW], progress, ('start', 'end')):
        if element.tag == SHEET and event == 'start':
            is_wanted = (element.get(f'{TABLE}style-name') in hidden_styles) == is_hidden
            number = 0
        elif element.tag == SHEET and not is_empty:
            return
        elif element.tag == STYLE_TAG and event == 'end' and _hides(element):
            hidden_styles.add(element.get(f'{STYLE}name'))
        elif element.tag == ROW and event == 'end' and is_wanted:
            last = number + _repeated(element, 'rows')
            if cells := _read_cells(element):
                is_empty = False
                yield from _repeat(cells, number + 1, last)
            number = last


def _hides(style: etree._Element) -> bool:
    return any(child.get(f'{TABLE}display') == 'false' for child in style.iterchildren(f'{STYLE}table-properties'))


def _repeat(cells: tuple[str, ...], first: int, last: int) -> Rows:
    for number in range(first, last + 1):
        if number > MAX_ROWS:
            raise TableError('damaged')
        yield number, cells


def _repeated(element: etree._Element, what: str) -> int:
    return int(element.get(f'{TABLE}number-{what}-repeated') or 1)


def _read_cells(row: etree._Element) -> tuple[str, ...]:
    """Return the cells up to the last one with a text; what merged cells cover is empty."""
    cells: list[str] = []
    column = 0  # empty cells, of which there may be 16,384, are made when one with a text follows
    for cell in row.iterchildren(CELL, COVERED):
        if column >= MAX_COLUMNS:
            break
        repeated = min(_repeated(cell, 'columns'), MAX_COLUMNS - column)
        if text := clean_cell(_shown(cell)) if cell.tag == CELL else '':
            cells += [''] * (column - len(cells)) + [text] * repeated
        column += repeated
    return tuple(cells)


def _shown(cell: etree._Element) -> str:
    """Return the text that a cell shows, else its value. Comments have paragraphs of their own, further down."""
    if text := ' '.join(''.join(_texts(paragraph)) for paragraph in cell.iterchildren(PARAGRAPH)):
        return text
    return next((value for name in VALUES if (value := cell.get(name))), '')


def _texts(element: etree._Element) -> Iterator[str]:
    yield element.text or ''
    for child in element:
        if child.tag in SPACES:
            yield ' '
        elif child.tag != PHONETIC:
            yield from _texts(child)
        yield child.tail or ''
