"""Stream the rows of an Excel workbook (.xlsx, ECMA-376, also in its strict form): own code, as openpyxl builds objects of all
styles and strings. It knows the dates.
"""

import contextlib
import posixpath
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.escape import unescape

from .table_cells import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Rows, TableError, choose_rows, clean_cell
from .table_zip import Archive, Progress, iter_elements, told_as_damage

RELATIONS = '_rels/.rels'
WORKBOOK = 'xl/workbook.xml'  # where nothing else is said
NAMESPACES = ('http://schemas.openxmlformats.org/spreadsheetml/2006/main', 'http://purl.oclc.org/ooxml/spreadsheetml/main')
RELATION = '{http://schemas.openxmlformats.org/package/2006/relationships}Relationship'
MAX_STYLES = 1 << 16  # Excel's own limit is 65,490
STRINGS_BLOCK, STRINGS_CACHE = 32, 128  # strings that are read at a time, blocks that are kept
STRINGS_AHEAD = 64  # blocks that are taken beyond the one that is asked for: reading and writing in turns is slow
column_index = lru_cache(MAX_COLUMNS)(column_index_from_string)


class SharedStrings:
    """The texts that cells refer to by number, on disk: a million rows may have millions. To be closed.

    They are taken as far as they are asked for: the first rows mostly refer to the first ones.
    """

    def __init__(self, texts: Iterable[str]):
        """:param texts: without NUL"""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._offsets = array('Q', [0])
        self._texts = iter(texts)
        self._get_block = lru_cache(STRINGS_CACHE)(self._read_block)

    def __getitem__(self, index: int) -> str:
        if index < 0:
            raise IndexError(index)
        return self._get_block(index // STRINGS_BLOCK)[index % STRINGS_BLOCK]

    def close(self) -> None:
        self._file.close()

    def _read_block(self, block: int) -> list[str]:
        if len(self._offsets) < block + 2:
            self._take(block + STRINGS_AHEAD)
        start, end = self._offsets[block], self._offsets[block + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode().split('\0')

    def _take(self, last_block: int) -> None:
        self._file.seek(self._offsets[-1])
        while len(self._offsets) < last_block + 2 and (texts := list(islice(self._texts, STRINGS_BLOCK))):
            self._offsets.append(self._offsets[-1] + self._file.write('\0'.join(texts).encode()))


class Workbook(NamedTuple):
    """What a workbook says of itself: its parts by name; of the sheets (title, part), the visible ones first."""

    namespace: str
    sheets: list[tuple[str, str]]
    strings: str | None
    styles: str | None
    is_1904: bool


class Styles(NamedTuple):
    """The numbers of the cell styles that show dates, and of those among them that show durations."""

    dates: frozenset[int]
    durations: frozenset[int]


def read_workbook(archive: Archive) -> Workbook | None:
    """Return what a workbook says of itself, None for an archive that is none.

    :raise TableError: ``damaged``
    """
    with told_as_damage():
        part = _find_workbook(archive)
        return part and _read_workbook(archive, part)


def read_rows(archive: Archive, book: Workbook, progress: Progress, sheet: str | None = None) -> Rows:
    """Yield the rows of the sheet with a title, else of the first with an address near its top, else of the first with any row.

    Visible sheets come before hidden ones; formulas come as their saved results.

    :raise TableError: ``damaged``, ``too_big``
    """
    with told_as_damage():
        styles = _read_styles(archive, book, progress)
        strings = SharedStrings(_read_strings(archive, book, progress))
        try:
            yield from choose_rows([
                (name, lambda part=part: _Sheet(book, styles, strings).read_rows(archive, part, progress))
                for name, part in book.sheets], sheet)
        finally:
            strings.close()


def _find_workbook(archive: Archive) -> str | None:
    found = next((
        target for kind, target in _read_relations(archive, '', RELATIONS).values() if kind == 'officeDocument'), WORKBOOK)
    return found if found in archive and not found.endswith('.bin') else None


def _read_relations(archive: Archive, folder: str, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> (the last word of the kind, the part that is meant)."""
    if part not in archive:
        return {}
    return {
        relation.get('Id'): (relation.get('Type', '').rpartition('/')[2],
                             posixpath.join('/', folder, relation.get('Target', '')))
        for _event, relation in iter_elements(archive, part, [RELATION], _brief())
    }


def _brief() -> Progress:
    return Progress(limit=1 << 22)  # what says how a workbook is built has kilobytes


def _read_workbook(archive: Archive, part: str) -> Workbook | None:
    folder, name = posixpath.split(part)
    relations = _read_relations(archive, folder, f'{folder}/_rels/{name}.rels')
    namespace, sheets, is_1904 = None, [], False
    tags = [f'{{{namespace}}}{name}' for namespace in NAMESPACES for name in ('workbook', 'workbookPr', 'sheet')]
    for event, element in iter_elements(archive, part, tags, _brief(), ('start', 'end')):
        tag = etree.QName(element)
        if event == 'start':
            namespace = namespace or tag.namespace
        elif tag.localname == 'workbookPr':
            is_1904 = element.get('date1904') in ('1', 'true', 'on')
        elif tag.localname == 'sheet':
            number = next((value for key, value in element.items() if key.endswith('}id')), None)
            kind, target = relations.get(number, (None, None))
            if kind == 'worksheet' and target in archive:
                sheets.append((element.get('state', 'visible') != 'visible', clean_cell(element.get('name')), target))
    if namespace is None:
        return None
    parts = {kind: target for kind, target in relations.values() if target in archive}
    sheets = [(title, target) for _is_hidden, title, target in sorted(sheets, key=lambda sheet: sheet[0])]
    return Workbook(namespace, sheets[:MAX_SHEETS], parts.get('sharedStrings'), parts.get('styles'), is_1904)


def _read_styles(archive: Archive, book: Workbook, progress: Progress) -> Styles:
    if not book.styles:
        return Styles(frozenset(), frozenset())
    number_format, cell_styles, style = (f'{{{book.namespace}}}{name}' for name in ('numFmt', 'cellXfs', 'xf'))
    own: dict[int, str] = {}
    formats: list[str] = []
    is_cells = False
    for event, element in iter_elements(
            archive, book.styles, [number_format, cell_styles, style], progress, ('start', 'end')):
        if element.tag == cell_styles:
            if event == 'end':
                break
            is_cells = True
        elif event == 'end' and element.tag == number_format:
            own[int(element.get('numFmtId'))] = element.get('formatCode', '')
        elif event == 'end' and is_cells:
            number = int(element.get('numFmtId', 0))
            formats.append(own.get(number) or BUILTIN_FORMATS.get(number) or '')
            if len(formats) > MAX_STYLES:
                raise TableError('damaged')
    durations = frozenset(index for index, format_code in enumerate(formats) if is_timedelta_format(format_code))
    return Styles(durations | {index for index, code in enumerate(formats) if is_date_format(code)}, durations)


def _read_strings(archive: Archive, book: Workbook, progress: Progress) -> Iterator[str]:
    if book.strings:
        names = _text_names(book.namespace)
        for _event, element in iter_elements(archive, book.strings, [f'{{{book.namespace}}}si'], progress):
            yield _text(_rich_text(element, *names))


def _text_names(namespace: str) -> tuple[str, str]:
    return f'{{{namespace}}}t', f'{{{namespace}}}r'


def _text(value: str) -> str:
    # openpyxl's unescape compiles its pattern before it looks for what it replaces
    return clean_cell(unescape(value) if '_x' in value else value)


def _rich_text(element: etree._Element, text: str, run: str) -> str:
    """Return the text of a string, without the phonetic runs (``rPh``) that Japanese ones have."""
    if len(element) == 1 and element[0].tag == text:
        return element[0].text or ''
    return ''.join(child.findtext(text) or '' if child.tag == run else child.text or ''
                   for child in element.iterchildren(text, run))


class _Sheet:
    def __init__(self, book: Workbook, styles: Styles, strings: SharedStrings):
        self._strings, self._styles, self._text_names = strings, styles, _text_names(book.namespace)
        self._epoch = CALENDAR_MAC_1904 if book.is_1904 else CALENDAR_WINDOWS_1900
        self._row, self._value, self._inline, self._end = (
            f'{{{book.namespace}}}{name}' for name in ('row', 'v', 'is', 'sheetData'))

    def read_rows(self, archive: Archive, part: str, progress: Progress) -> Rows:
        number = 0
        for _event, element in iter_elements(archive, part, [self._row, self._end], progress):
            if element.tag == self._end:
                return
            number = int(float(element.get('r') or number + 1))
            if number > MAX_ROWS:
                raise TableError('damaged')
            cells = self._read_cells(element)
            if any(cells):
                yield number, tuple(cells)

    def _read_cells(self, row: etree._Element) -> list[str]:
        cells: list[str] = []
        for cell in row:
            place = cell.get('r')  # may be left out: then it is the next one
            index = column_index(place.rstrip('0123456789')) - 1 if place else len(cells)
            if index >= MAX_COLUMNS:
                break
            cells += [''] * (index + 1 - len(cells))
            cells[index] = self._cell_text(cell)
        return cells

    def _cell_text(self, cell: etree._Element) -> str:
        kind = cell.get('t', 'n')
        if kind == 'inlineStr':
            inline = cell.find(self._inline)
            return '' if inline is None else _text(_rich_text(inline, *self._text_names))
        value = cell.findtext(self._value)
        if not value:
            return ''
        if kind == 's':
            return self._strings[int(value)]
        if kind == 'n':
            return clean_cell(self._number(value, int(cell.get('s', 0))))
        return str(value == '1') if kind == 'b' else _text(value)

    def _number(self, value: str, style: int) -> object:
        number = int(value) if value.isdigit() else float(value)
        if style in self._styles.dates:
            with contextlib.suppress(OverflowError, ValueError):  # outside of Excel's calendar
                return from_excel(number, self._epoch, timedelta=style in self._styles.durations)
        return number
