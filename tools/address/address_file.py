"""Read a table of addresses out of a CSV, TSV, text, Excel (.xlsx) or OpenDocument (.ods) file, whatever wrote it.

However long the file is, no more than a few megabytes of it are in memory.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, dropwhile, islice
from typing import BinaryIO, NamedTuple

from openpyxl.utils import get_column_letter

from ..table import table_ods, table_text, table_xlsx
from ..table.table_cells import ERRORS, MAX_COLUMNS, Rows, TableError
from ..table.table_zip import Progress, open_archive
from .address_columns import guess_columns
from .address_text import clean_name

__all__ = ['ERRORS', 'Table', 'TableError', 'guess_columns', 'read']

SAMPLE_ROWS = 50  # that the header and the width are told from
BLOCK = 1 << 20
ZIP, OLE = b'PK\x03\x04', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
ENCRYPTED = 'EncryptedPackage'.encode('utf-16-le')


class Table(NamedTuple):
    """``headers`` of the columns ('A', 'B', ... where the file has none) and ``rows``: (row number in the file, cells).

    Blank rows are left out; every row has at least one cell per header. The rows are read while they are taken, once:
    the file must stay open and belongs to them. ``position()`` is the share of the file, 0 to 1, that is read so far.
    """

    headers: tuple[str, ...]
    rows: Rows
    position: Callable[[], float]


def read(name: str, file: BinaryIO, max_rows: int | None = None) -> Table:
    """Return the table in a file. Its content decides what it is; of its name only ``.tsv`` counts.

    A cell longer than Excel allows comes as one word that ``address_text.check`` finds too long; a formula as what it
    shows. A title above the table is left out.

    :param file: a seekable binary file; it is read from its start and not closed
    :param max_rows: more rows than that (without the header) are an error
    :raise TableError: the file cannot be read; what is wrong further on is raised while the rows are taken
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(len(OLE))
    if head == OLE:  # an .xls, or the package of an encrypted .xlsx
        raise TableError('encrypted' if _contains(file, ENCRYPTED) else 'old_excel')
    if head.startswith(ZIP):
        progress = Progress()
        return _table(_archive_rows(file, progress), max_rows, progress.share)
    rows = table_text.read_rows(file, is_tsv=name.lower().endswith(('.tsv', '.tab')))
    return _table(rows, max_rows, lambda: file.tell() / size)


def _archive_rows(file: BinaryIO, progress: Progress) -> Rows:
    archive = open_archive(file)
    if table_xlsx.WORKBOOK in archive.namelist():
        return table_xlsx.read_rows(archive, progress)
    if table_ods.is_ods(archive):
        return table_ods.read_rows(archive, progress)
    raise TableError('unknown_type')


def _contains(file: BinaryIO, text: bytes) -> bool:
    rest = b''
    while block := file.read(BLOCK):
        if text in rest + block:
            return True
        rest = block[-len(text) :]
    return False


def _table(rows: Rows, max_rows: int | None, position: Callable[[], float]) -> Table:
    first = [(number, _fit(cells, 0)) for number, cells in islice(rows, SAMPLE_ROWS)]
    width = max((len(cells) for _number, cells in first), default=0)
    if width > 1:
        first = list(dropwhile(lambda row: _is_title(row[1]), first)) or first
    header = () if not first or _has_address(first[0][1]) else first.pop(0)[1]
    if not first:
        raise TableError('empty')
    names = map(clean_name, _fit(header, width))
    headers = tuple(name or get_column_letter(index) for index, name in enumerate(names, 1))
    return Table(headers, _data(chain(first, rows), width, max_rows), position)


def _data(rows: Rows, width: int, max_rows: int | None) -> Rows:
    for count, row in enumerate(rows, 1):
        if max_rows is not None and count > max_rows:
            raise TableError('too_many_rows')
        yield row if len(row[1]) == width else (row[0], _fit(row[1], width))


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Return the cells without empty ones at the end, but at least ``width`` of them."""
    size = min(len(cells), MAX_COLUMNS)
    while size > width and not cells[size - 1]:
        size -= 1
    return cells[:size] + ('',) * (width - size)


def _is_title(cells: Sequence[str]) -> bool:
    return sum(map(bool, cells)) == 1 and not _has_address(cells)


def _has_address(cells: Iterable[str]) -> bool:
    return any('@' in cell or '＠' in cell for cell in cells)
