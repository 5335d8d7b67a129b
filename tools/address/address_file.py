"""Read a table of addresses out of a CSV, TSV, text, Excel (.xlsx) or OpenDocument (.ods) file, whatever wrote it.

However long the file is, no more than a few megabytes of it are in memory.
"""

import io
from collections.abc import Callable, Sequence
from itertools import chain, dropwhile, islice
from typing import BinaryIO, NamedTuple

from openpyxl.utils import get_column_letter

from ..table import table_ods, table_text, table_xlsx, text_encoding
from ..table.table_cells import ERRORS, MAX_COLUMNS, BrokenRow, Rows, TableError, has_address
from ..table.table_zip import Archive, Progress
from ..table.text_encoding import Guess
from .address_columns import guess_columns
from .address_text import clean_name

__all__ = ['ERRORS', 'BrokenRow', 'Choices', 'Table', 'TableError', 'guess_columns', 'measure', 'read']

SAMPLE_ROWS = 50  # that the header and the width are told from
SAMPLE_LENGTH = 120  # characters of a line that is shown
BLOCK = 1 << 20
BRIEF = 1 << 22  # bytes of text or XML: at most about two seconds' work
XML_TO_TEXT = 8  # bytes of a spreadsheet's XML that are as much work as one of a text file
# Characters that rows may have: a shared or repeated text of a few bytes can come in every cell. Real files grow twentyfold.
FREE, MAX_GROWTH = 1 << 24, 100
ROW_SIZE = 64  # characters that a row costs beside its own, and one for each of its cells
ZIP, OLE = b'PK\x03\x04', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
ENCRYPTED = 'EncryptedPackage'.encode('utf-16-le')


class Table(NamedTuple):
    """``headers`` of the columns ('A', 'B', ... where the file has none) and ``rows``: (row number in the file, cells).

    Blank rows are left out; every row has at least one cell per header. The rows are read while they are taken, once:
    the file must stay open and belongs to them. ``position()`` is the share of the file, 0 to 1, that is read so far.
    ``encoding`` is what a text's was taken to be, ``sheets`` are the titles of a spreadsheet's.
    """

    headers: tuple[str, ...]
    rows: Rows
    position: Callable[[], float]
    encoding: Guess | None = None
    sheets: tuple[str, ...] = ()


class Choices(NamedTuple):
    """What a person chose of a file, None where it is left to us: the ``encoding`` of a text, the ``sheet`` of a spreadsheet."""

    encoding: str | None = None
    sheet: str | None = None


NO_CHOICES = Choices()


def read(
    name: str, file: BinaryIO, max_rows: int | None = None, is_brief: bool = False, choices: Choices = NO_CHOICES
) -> Table:
    """Return the table in a file. Its content decides what it is; of its name only ``.tsv`` counts.

    A cell longer than Excel allows comes as one word that ``address_text.check`` finds too long; a formula as what it
    shows. A title above the table is left out.

    :param file: a seekable binary file; it is read from its start and not closed
    :param max_rows: more rows than that (without the header) are an error
    :param is_brief: somebody waits for its first rows: what needs more than `BRIEF` of the file for them is too big
    :raise TableError: the file cannot be read; what is wrong further on is raised while the rows are taken
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(len(OLE))
    limit = BRIEF if is_brief else None
    if head == OLE:  # an .xls, or the package of an encrypted .xlsx
        raise TableError('encrypted' if _contains(file, ENCRYPTED) else 'old_excel')
    if head.startswith(ZIP):
        progress = Progress(limit)
        rows, sheets = _archive_rows(file, progress, choices.sheet)
        table = _table(_limit(rows, FREE + size * MAX_GROWTH), size, max_rows, progress.share)
        return table._replace(sheets=sheets)
    encoding = table_text.guess_encoding(file, limit)
    if choices.encoding:
        encoding = Guess(choices.encoding, True, encoding.candidates)
    rows = table_text.read_rows(file, encoding.encoding, name.lower().endswith(('.tsv', '.tab')))
    return _table(rows, size, max_rows, lambda: file.tell() / size)._replace(encoding=encoding)


def sample_text(file: BinaryIO, encoding: str, count: int = 3) -> list[str]:
    """Return the first lines with other than ASCII as an encoding has them, for somebody to say whether that reads right."""
    lines = islice(text_encoding.foreign_lines(file), count)
    return [clean_name(line.decode(encoding, 'replace'), SAMPLE_LENGTH) for line in lines]


def measure(file: BinaryIO) -> int:
    """Return roughly how many bytes of text there are to be read in a file; its size where it cannot be read at all."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if file.read(len(ZIP)) == ZIP:
        try:
            return max(size, Archive(file).unpacked // XML_TO_TEXT)
        except TableError:
            return size
    return size


def _archive_rows(file: BinaryIO, progress: Progress, sheet: str | None) -> tuple[Rows, tuple[str, ...]]:
    archive = Archive(file)
    if table_ods.is_ods(archive):
        titles = table_ods.list_titles(archive, Progress(BRIEF))
        return table_ods.read_rows(archive, progress, sheet), tuple(titles)
    if book := table_xlsx.read_workbook(archive):
        return table_xlsx.read_rows(archive, book, progress, sheet), tuple(title for title, _part in book.sheets)
    raise TableError('unknown_type')


def _contains(file: BinaryIO, text: bytes) -> bool:
    rest = b''
    while block := file.read(BLOCK):
        if text in rest + block:
            return True
        rest = block[-len(text) :]
    return False


def _table(rows: Rows, size: int, max_rows: int | None, position: Callable[[], float]) -> Table:
    first = [(number, _fit(cells, 0)) for number, cells in islice(rows, SAMPLE_ROWS)]
    width = max((len(cells) for _number, cells in first), default=0)
    if width > 1:
        first = list(dropwhile(lambda row: _is_title(row[1]), first)) or first
    header = () if not first or has_address(first[0][1]) else first.pop(0)[1]
    if not first:
        raise TableError('empty')
    names = map(clean_name, _fit(header, width))
    headers = tuple(name or get_column_letter(index) for index, name in enumerate(names, 1))
    return Table(headers, _data(chain(first, rows), width, max_rows, FREE + size * MAX_GROWTH), position)


def _data(rows: Rows, width: int, max_rows: int | None, room: int) -> Rows:
    """Yield the rows with at least ``width`` cells, as long as they take no more than ``room`` characters beside their own."""
    for count, row in enumerate(rows, 1):
        if max_rows is not None and count > max_rows:
            raise TableError('too_many_rows')
        room -= ROW_SIZE + width
        if room < 0:
            raise TableError('too_big')
        yield row if len(row[1]) == width else (row[0], _fit(row[1], width))


def _limit(rows: Rows, room: int) -> Rows:
    """Yield the rows as long as their cells have no more than ``room`` characters: those of a text file are in the file."""
    for row in rows:
        room -= sum(map(len, row[1]))
        if room < 0:
            raise TableError('too_big')
        yield row


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Return the cells without empty ones at the end, but at least ``width`` of them."""
    size = min(len(cells), MAX_COLUMNS)
    while size > width and not cells[size - 1]:
        size -= 1
    return type(cells)(cells[:size] + ('',) * (width - size))


def _is_title(cells: Sequence[str]) -> bool:
    return sum(map(bool, cells)) == 1 and not has_address(cells)
