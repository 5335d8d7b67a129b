"""Stream the rows of an Excel workbook (.xlsx, ECMA-376). openpyxl reads its structure, dates and styles.

Not its rows: it keeps all shared strings and an element for each row in memory.
"""

import tempfile
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from .table_cells import MAX_COLUMNS, MAX_ROWS, Rows, TableError, clean_cell
from .table_zip import Progress, iter_elements, told_as_damage

WORKBOOK = 'xl/workbook.xml'
ROW, VALUE, INLINE, SHARED, RUN, TEXT, MERGED, LINK = (
    f'{{{SHEET_MAIN_NS}}}{name}' for name in ('row', 'v', 'is', 'si', 'r', 't', 'mergeCell', 'hyperlink'))
STRINGS_BLOCK, STRINGS_CACHE = 32, 128  # strings that are read at a time, blocks that are kept
column_index = lru_cache(MAX_COLUMNS)(column_index_from_string)


class SharedStrings:
    """The texts that cells refer to by number, on disk: a million rows may have millions. To be closed."""

    def __init__(self, texts: Iterable[str]):
        """:param texts: without NUL"""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._offsets = array('Q', [0])
        texts = iter(texts)
        while block := list(islice(texts, STRINGS_BLOCK)):
            self._file.write('\0'.join(block).encode())
            self._offsets.append(self._file.tell())
        self._get_block = lru_cache(STRINGS_CACHE)(self._read_block)

    def __getitem__(self, index: int) -> str:
        if index < 0:
            raise IndexError(index)
        return self._get_block(index // STRINGS_BLOCK)[index % STRINGS_BLOCK]

    def close(self) -> None:
        self._file.close()

    def _read_block(self, block: int) -> list[str]:
        start, end = self._offsets[block], self._offsets[block + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode().split('\0')


class _Workbook(ExcelReader):
    """What openpyxl knows of a workbook before it comes to strings and sheets."""

    def __init__(self, archive: zipfile.ZipFile):
        super().__init__(archive.fp, read_only=True, data_only=True, keep_links=False)
        self.read_manifest()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)

    def sheet_parts(self) -> list[str]:
        """The parts of the sheets, visible ones first."""
        sheets = [(sheet, rel) for sheet, rel in self.parser.find_sheets() if rel.Type.endswith('/worksheet')]
        return [rel.target for _sheet, rel in sorted(sheets, key=lambda pair: pair[0].state != 'visible')]

    def strings_part(self) -> str | None:
        found = self.package.find(SHARED_STRINGS)
        return found and found.PartName[1:]


def read_rows(archive: zipfile.ZipFile, progress: Progress) -> Rows:
    """Yield the rows of the first sheet that has any, a visible one if possible; formulas as their saved results.

    :raise TableError: ``damaged``
    """
    with told_as_damage():
        book = _Workbook(archive)
        strings = SharedStrings(_read_strings(archive, book.strings_part(), progress))
        try:
            for part in book.sheet_parts():
                is_empty = True
                for row in _Sheet(book.wb, strings).read_rows(archive, part, progress):
                    is_empty = False
                    yield row
                if not is_empty:
                    return
        finally:
            strings.close()


def _read_strings(archive: zipfile.ZipFile, part: str | None, progress: Progress) -> Iterator[str]:
    if part:
        for _event, element in iter_elements(archive, part, [SHARED], progress):
            yield _text(_rich_text(element))


def _text(value: str) -> str:
    # openpyxl's unescape compiles its pattern before it looks for what it replaces
    return clean_cell(unescape(value) if '_x' in value else value)


def _rich_text(element: etree._Element) -> str:
    """Return the text of a string, without the phonetic runs (``rPh``) that Japanese ones have."""
    if len(element) == 1 and element[0].tag == TEXT:
        return element[0].text or ''
    return ''.join(child.findtext(TEXT) or '' if child.tag == RUN else child.text or ''
                   for child in element.iterchildren(TEXT, RUN))


class _Sheet:
    def __init__(self, book, strings: SharedStrings):
        self._strings, self._epoch = strings, book.epoch
        self._dates, self._durations = book._date_formats, book._timedelta_formats

    def read_rows(self, archive: zipfile.ZipFile, part: str, progress: Progress) -> Rows:
        number = 0
        # The many links and merged cells that a sheet may have are asked for to be forgotten
        for _event, element in iter_elements(archive, part, [ROW, MERGED, LINK], progress):
            if element.tag != ROW:
                continue
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
            inline = cell.find(INLINE)
            return '' if inline is None else _text(_rich_text(inline))
        value = cell.findtext(VALUE)
        if not value:
            return ''
        if kind == 's':
            return self._strings[int(value)]
        if kind == 'n':
            return clean_cell(self._number(value, int(cell.get('s', 0))))
        return str(value == '1') if kind == 'b' else _text(value)

    def _number(self, value: str, style: int) -> object:
        number = int(value) if value.isdigit() else float(value)
        if style in self._dates:
            with suppress(OverflowError, ValueError):  # outside of Excel's calendar it stays a number
                return from_excel(number, self._epoch, timedelta=style in self._durations)
        return number
