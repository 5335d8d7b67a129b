"""Stream the rows of a CSV, TSV or text file, whatever its encoding, delimiter and line ends are."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from . import text_encoding
from .table_cells import MAX_CELL, Rows, TableError, clean_cell

BLOCK = 1 << 18  # bytes that are decoded at a time
MAX_ROW = 1 << 22  # characters; more are a quotation mark that is not closed, or no table
SAMPLE_ROWS, SAMPLE_CHARACTERS = 50, 1 << 16  # that the delimiter is guessed from
DELIMITERS = ',;\t|，；'
END = '\x1a'  # DOS's end of file: no text of ours has it


def read_rows(file: BinaryIO, is_tsv: bool = False, limit: int | None = None) -> Rows:
    """Return the rows of a text file; a formula comes as what it shows. Blocks of the file are read as rows are taken.

    :param is_tsv: tabs separate the cells if there are any
    :param limit: the encoding is told from so many bytes, for who takes the first rows only; None: from all
    :raise TableError: ``unknown_type`` or ``encoding`` at once, the others while the rows are taken
    """
    file.seek(0)
    if not text_encoding.is_text(file.read(text_encoding.SAMPLE)):
        raise TableError('unknown_type')
    try:
        encoding = text_encoding.detect(file, limit)
    except UnicodeError as error:
        raise TableError('encoding') from error
    return _read_blocks(_decode_blocks(file, encoding), is_tsv)


def _decode_blocks(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the text in blocks of whole lines, without NULs and ends of file."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    data, text = b' ', ''
    while data:
        data = file.read(BLOCK)
        try:
            text += decoder.decode(data, final=not data).replace('\0', '').replace(END, '')
        except UnicodeError as error:
            raise TableError('encoding') from error
        # A carriage return at the end may be half of a line end
        cut = max(text.rfind('\n'), text.rfind('\r', 0, -1)) + 1 if data else len(text)
        if len(text) - cut > MAX_ROW:
            raise TableError('damaged')
        if cut:
            yield text[:cut]
            text = text[cut:]


def _read_blocks(blocks: Iterator[str], is_tsv: bool) -> Rows:
    # The csv module's own limit (131,072) makes an error of a long cell; this fits a C long on every platform
    csv.field_size_limit(max(csv.field_size_limit(), (1 << 31) - 1))
    first = next(blocks, '')
    declared = re.match(r'sep=([^\w\s"]|\t)\r?\n', first)  # the first line that Excel reads and writes
    delimiter = declared[1] if declared else '\t' if is_tsv and '\t' in first else _delimiter(first)
    number = 0  # a spreadsheet counts rows, however many lines one has

    def take_blocks() -> Iterator[Iterator[str]]:
        """Yield the lines of each block, as long as rows come out of them."""
        seen, size = 0, 0
        for block in chain([first], blocks):
            size = size + len(block) if number == seen else 0
            if size > MAX_ROW:
                raise TableError('quotes')
            seen = number
            yield io.StringIO(block, newline='')

    # An open quotation mark swallows what follows; then the last row is not END alone
    values: list[str] = []
    for values in csv.reader(chain(chain.from_iterable(take_blocks()), [END]), delimiter=delimiter):
        number += 1
        cells = _clean_row(values)
        if any(cells) and not (declared and number == 1):
            yield number, cells
    if values != [END]:
        raise TableError('quotes')


def _clean_row(values: list[str]) -> tuple[str, ...]:
    # One look at the row costs a fifth of one at each cell. Printable is neither a control nor any space but ' '
    text = f'|{"|".join(values)}|'
    if '| ' in text or ' |' in text or '|=' in text or not text.isprintable() or len(text) > MAX_CELL:
        return tuple(_formula_text(clean_cell(value)) for value in values)
    return tuple(values)


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
