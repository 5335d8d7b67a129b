"""Stream the rows of an OpenDocument spreadsheet (.ods, OASIS ODF 1.3 part 3): own code, as odfpy builds a tree of it."""

from collections.abc import Iterator

from lxml import etree

from .table_cells import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Rows, TableError, choose_rows, clean_cell
from .table_zip import Archive, Progress, iter_elements, told_as_damage

MIMETYPE = b'application/vnd.oasis.opendocument.spreadsheet'
CONTENT, MANIFEST = 'content.xml', 'META-INF/manifest.xml'
MAX_MANIFEST = 1 << 20  # bytes
MAX_REPEATED = 1_000  # times that a row with a text may say it comes: a few bytes can claim a million
_NAMESPACE = '{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}'
OFFICE, STYLE, TABLE, TEXT = (_NAMESPACE % name for name in ('office', 'style', 'table', 'text'))
SHEET, ROW, CELL, COVERED = (f'{TABLE}{name}' for name in ('table', 'table-row', 'table-cell', 'covered-table-cell'))
STYLE_TAG, PARAGRAPH = f'{STYLE}style', f'{TEXT}p'
VALUES = tuple(f'{OFFICE}{name}' for name in ('string-value', 'value', 'date-value', 'time-value', 'boolean-value'))
SPACES = (f'{TEXT}s', f'{TEXT}tab', f'{TEXT}line-break')
PHONETIC = f'{TEXT}ruby-text'


def is_ods(archive: Archive) -> bool:
    """Return whether an archive says that it is a spreadsheet or a template of one.

    :raise TableError: ``encrypted``, ``damaged``
    """
    with told_as_damage():
        if 'mimetype' not in archive or not archive.head('mimetype', 100).startswith(MIMETYPE):
            return False
        if MANIFEST in archive and b'encryption-data' in archive.head(MANIFEST, MAX_MANIFEST):
            raise TableError('encrypted')
    return True


def read_rows(archive: Archive, progress: Progress, sheet: str | None = None) -> Rows:
    """Yield the rows of the sheet with a title, else of the first with an address near its top, else of the first with any row.

    Visible sheets come before hidden ones; formulas come as what they show.

    :raise TableError: ``damaged``, ``too_big``, ``too_many_rows``
    """
    with told_as_damage():
        sheets = _list_sheets(archive, Progress(progress.limit))
        yield from choose_rows(
            ((title, lambda index=index: _read_sheet(archive, progress, index)) for title, index in sheets), sheet)


def list_titles(archive: Archive, progress: Progress) -> list[str]:
    """Return the titles of the sheets, of the visible ones first, as far as ``progress`` allows to look.

    :raise TableError: ``damaged``
    """
    titles: list[str] = []
    try:
        with told_as_damage():
            for title, _index in _list_sheets(archive, progress):
                titles.append(title)
    except TableError as error:
        if error.code != 'too_big':
            raise
    return titles


def _list_sheets(archive: Archive, progress: Progress) -> Iterator[tuple[str, int]]:
    """Yield the titles and numbers of the sheets, of the visible ones as they come, then of the hidden ones."""
    hidden_styles: set[str | None] = set()
    hidden: list[tuple[str, int]] = []
    index = 0
    for event, element in iter_elements(archive, CONTENT, [STYLE_TAG, SHEET, ROW], progress, ('start', 'end')):
        if element.tag == SHEET and event == 'start':
            if index == MAX_SHEETS:
                break
            sheet = clean_cell(element.get(f'{TABLE}name')), index
            if element.get(f'{TABLE}style-name') in hidden_styles:
                hidden.append(sheet)
            else:
                yield sheet
            index += 1
        elif element.tag == STYLE_TAG and event == 'end' and _hides(element):
            hidden_styles.add(element.get(f'{STYLE}name'))
    yield from hidden


def _read_sheet(archive: Archive, progress: Progress, wanted: int) -> Rows:
    index, number = -1, 0
    for event, element in iter_elements(archive, CONTENT, [SHEET, ROW], progress, ('start', 'end')):
        if element.tag == SHEET:
            index += event == 'start'
            if event == 'end' and index == wanted:
                return
        elif event == 'end' and index == wanted:
            last = number + _repeated(element, 'rows')
            if cells := _read_cells(element):
                yield from _repeat(cells, number + 1, last)
            number = last


def _hides(style: etree._Element) -> bool:
    return any(child.get(f'{TABLE}display') == 'false' for child in style.iterchildren(f'{STYLE}table-properties'))


def _repeat(cells: tuple[str, ...], first: int, last: int) -> Rows:
    if last - first >= MAX_REPEATED:
        raise TableError('too_many_rows')
    for number in range(first, last + 1):
        if number > MAX_ROWS:
            raise TableError('damaged')
        yield number, cells


def _repeated(element: etree._Element, what: str) -> int:
    return max(1, int(element.get(f'{TABLE}number-{what}-repeated') or 1))


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
