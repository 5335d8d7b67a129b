"""Read a table of addresses out of an uploaded CSV, TSV, text or Excel (.xlsx) file, whatever program wrote it."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, dropwhile, islice
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from . import text_encoding
from .address_columns import guess_columns
from .address_text import INVISIBLE, MAX_TEXT, clean_name

__all__ = ['ERRORS', 'Table', 'TableError', 'guess_columns', 'read']

MAX_CELL = 32_767  # characters, Excel's own limit
MAX_COLUMNS = 256
MAX_ROWS = 1_048_576  # Excel's own limit; a damaged sheet can claim any row number
MAX_UNPACKED = 1 << 30  # bytes of an .xlsx
MAX_RATIO, RATIO_FROM = 200, 1 << 24  # real ones unpack to about 10 times their size; a small one may be what it likes
SAMPLE_ROWS, SAMPLE_CHARACTERS = 50, 1 << 16  # that the guesses look at
DELIMITERS = ',;\t|，；'
END = '\x1a'  # DOS's end of file: no text of ours has it

ERRORS = {
    'unknown_type': "This is neither a CSV, a text nor an Excel (.xlsx) file.",
    'old_excel': "This is a file of an old Excel (.xls). Save it as .xlsx or as CSV.",
    'encrypted': "The file is protected by a password.",
    'damaged': "The file is damaged.",
    'too_big': "The file is too big when it is unpacked.",
    'too_many_rows': "The file has too many rows.",
    'encoding': "The file's characters cannot be read. Save it as CSV UTF-8 or as .xlsx.",
    'quotes': "A quotation mark in the file is opened and never closed.",
    'empty': "The file has no rows.",
}

Rows = Iterator[tuple[int, tuple[str, ...]]]


class TableError(ValueError):
    """A file that cannot be read; ``code`` is a key of ``ERRORS``, the text says it in English."""

    def __init__(self, code: str):
        super().__init__(ERRORS[code])
        self.code = code


class Table(NamedTuple):
    """``headers`` of the columns ('A', 'B', ... where the file has none) and ``rows``: (row number in the file, cells).

    Blank rows are left out; every row has at least one cell per header. The rows are read while they are taken, once.
    """

    headers: tuple[str, ...]
    rows: Rows


def read(name: str, content: bytes, max_rows: int | None = None) -> Table:
    """Return the table in a file. Its content decides what it is; of its name only ``.tsv`` counts.

    A cell longer than Excel allows comes as one word that ``address_text.check`` finds too long; a formula as what it
    shows. A title above the table is left out.

    :param max_rows: more rows than that (without the header) are an error
    :raise TableError: the file cannot be read; what is wrong further on is raised while the rows are taken
    """
    if content.startswith(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'):  # OLE: an .xls, or the package of an encrypted .xlsx
        raise TableError('encrypted' if 'EncryptedPackage'.encode('utf-16-le') in content else 'old_excel')
    if content.startswith(b'PK\x03\x04'):
        rows = _read_xlsx(content)
    else:
        rows = _read_text(_decode(content), is_tsv=name.lower().endswith(('.tsv', '.tab')))
    return _table(((number, cells) for number, cells in rows if any(cells)), max_rows)


def _table(rows: Rows, max_rows: int | None) -> Table:
    first = list(islice(rows, SAMPLE_ROWS))
    width = max((len(cells) for _number, cells in first), default=0)
    if width > 1:
        first = list(dropwhile(lambda row: _is_title(row[1]), first)) or first
    header = () if not first or _has_address(first[0][1]) else first.pop(0)[1]
    if not first:
        raise TableError('empty')
    names = map(clean_name, _pad(header, width))
    headers = tuple(name or get_column_letter(index) for index, name in enumerate(names, 1))
    data = _limited(chain(first, rows), max_rows)
    return Table(headers, ((number, _pad(cells, width)) for number, cells in data))


def _limited(rows: Rows, max_rows: int | None) -> Rows:
    for count, row in enumerate(rows, 1):
        if max_rows is not None and count > max_rows:
            raise TableError('too_many_rows')
        yield row


def _is_title(cells: Sequence[str]) -> bool:
    return sum(map(bool, cells)) == 1 and not _has_address(cells)


def _has_address(cells: Iterable[str]) -> bool:
    return any('@' in cell or '＠' in cell for cell in cells)


def _pad(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ('',) * (width - len(cells))


def _clean(values: Sequence[object]) -> tuple[str, ...]:
    """Return the text of a row's cells, up to the last one that has any."""
    if values.count(None) == len(values):  # a sheet's empty rows can be a million
        return ()
    size = min(len(values), MAX_COLUMNS)
    while size and values[size - 1] in (None, ''):
        size -= 1
    return tuple(map(_cell, values[:size]))


def _cell(value: object) -> str:
    if value is None:
        return ''
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a phone number
    text = str(value).translate(INVISIBLE).strip()
    if len(text) > MAX_CELL:
        # One word, so that no part of it is read as an address
        return re.sub(r'[\s,;|<>"()\[\]{}:]', '_', text[:MAX_TEXT]) + '…'
    return text


def _read_xlsx(content: bytes) -> Rows:
    _check_archive(content)
    try:
        with closing(openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
            for sheet in sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != 'visible'):
                is_empty = True
                sheet.reset_dimensions()  # what a file says of its size is often wrong, and openpyxl believes it
                for number, values in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):
                    if number > MAX_ROWS:
                        raise TableError('damaged')
                    # _x000D_ is a carriage return
                    if cells := tuple(_cell(unescape(cell)) for cell in _clean(values)):
                        is_empty = False
                        yield number, cells
                if not is_empty:
                    return
    except TableError:
        raise
    except Exception as error:  # zipfile, expat and openpyxl promise nothing: a broken file can raise anything
        raise TableError('damaged') from error


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise TableError('damaged') from error
    if any(part.flag_bits & 1 for part in parts):
        raise TableError('encrypted')
    if not any(part.filename == 'xl/workbook.xml' for part in parts):
        raise TableError('unknown_type')
    size = sum(part.file_size for part in parts)  # zipfile reads no further than that, whatever a part holds
    if size > MAX_UNPACKED or size > max(RATIO_FROM, len(content) * MAX_RATIO):
        raise TableError('too_big')


def _decode(content: bytes) -> str:
    if not text_encoding.is_text(content):
        raise TableError('unknown_type')
    try:
        text = text_encoding.decode(content)
    except UnicodeError as error:
        raise TableError('encoding') from error
    return text.replace('\0', '').replace(END, '')


def _read_text(text: str, is_tsv: bool) -> Rows:
    # The csv module's own limit (131,072) makes an error of a long cell; this fits a C long on every platform
    csv.field_size_limit(max(csv.field_size_limit(), (1 << 31) - 1))
    declared = re.match(r'sep=([^\w\s"]|\t)\r?\n', text)  # the first line that Excel reads and writes
    delimiter = declared[1] if declared else '\t' if is_tsv and '\t' in text else _delimiter(text)
    # An open quotation mark would swallow the rest of the file; then the last row is not END alone
    reader = csv.reader(chain(io.StringIO(text, newline=''), [END]), delimiter=delimiter)
    values: list[str] = []
    for number, values in enumerate(reader, 1):  # a spreadsheet counts rows, however many lines one has
        if values != [END] and not (declared and number == 1):
            yield number, tuple(map(_formula_text, _clean(values)))
    if values != [END]:
        raise TableError('quotes')


def _delimiter(text: str) -> str:
    """Return the character that splits most of the first rows into the same number of cells, and into most cells."""
    sample = text[:SAMPLE_CHARACTERS]

    def score(delimiter: str) -> tuple[float, int]:
        rows = islice(csv.reader(io.StringIO(sample, newline=''), delimiter=delimiter), SAMPLE_ROWS)
        widths = [len(row) for row in rows if any(row)]
        width = max(widths, key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(width) / len(widths), width) if width > 1 else (0, 1)

    return max(DELIMITERS, key=score)  # the first of the best


def _formula_text(cell: str) -> str:
    """Return what a formula shows: ``="x"`` is x, ``=HYPERLINK("mailto:a@b.c","Bob")`` the last of its texts."""
    if re.match(r'=\s*(?:"|HYPERLINK\s*\()', cell, re.IGNORECASE) and (texts := re.findall(r'"([^"]*)"', cell)):
        return texts[-1].removeprefix('mailto:').strip()
    return cell
