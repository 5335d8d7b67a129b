"""Stream the rows of a CSV, TSV or text file, whatever its encoding, delimiter and line ends are."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO

from . import text_encoding
from .table_cells import MAX_CELL, BrokenRow, Rows, TableError, clean_cell

BLOCK = 1 << 18  # bytes that are decoded at a time
MAX_ROW = 1 << 22  # characters; more are a quotation mark that is not closed
SAMPLE_ROWS, SAMPLE_CHARACTERS = 50, 1 << 16  # that the delimiter is guessed from
DELIMITERS = ',;\t|，；'
END = '\x1a'  # DOS's end of file
BROKEN = '\ufdd0'  # a code point that no text has (Unicode 23.7)
BROKEN_ERRORS = 'cadence_broken'
codecs.register_error(BROKEN_ERRORS, lambda error: (BROKEN, error.end))


def guess_encoding(file: BinaryIO, limit: int | None = None) -> text_encoding.Guess:
    """Return the encoding of a text file as `text_encoding.guess` does.

    :param limit: it is told from so many bytes, for who takes the first rows only; None: from all
    :raise TableError: ``unknown_type``, ``encoding``, ``utf7``
    """
    file.seek(0)
    if not text_encoding.is_text(file.read(text_encoding.SAMPLE)):
        raise TableError('unknown_type')
    try:
        return text_encoding.guess(file, limit)
    except UnicodeError as error:
        raise TableError('utf7' if str(error) == 'utf-7' else 'encoding') from error


def read_rows(file: BinaryIO, encoding: str, is_tsv: bool = False) -> Rows:
    """Return the rows of a text file; a formula comes as what it shows. Blocks of the file are read as rows are taken.

    A row with bytes that its encoding does not have, or with a quotation mark that is opened and not closed, is a `BrokenRow`;
    those around it are as they were.

    :param is_tsv: tabs separate the cells if there are any
    :raise TableError: while the rows are taken
    """
    return _read_blocks(_decode_blocks(file, encoding), is_tsv)


def _decode_blocks(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the text in blocks of whole lines, without NULs and ends of file, and with `BROKEN` for what cannot be decoded."""
    decoder = codecs.getincrementaldecoder(encoding)(BROKEN_ERRORS)
    file.seek(0)
    data, text = b' ', ''
    while data:
        data = file.read(BLOCK)
        try:
            text += decoder.decode(data, final=not data).replace('\0', '').replace(END, '')
        except UnicodeError as error:  # not even that: a byte order mark of UTF-16 where none should be
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
    records = Records(chain([first], blocks), delimiter)
    # A spreadsheet counts rows, however many lines one has
    for number, values in enumerate(csv.reader(records, delimiter=delimiter), 1):
        cells = _clean_row(values)
        if any(cells) and not (declared and number == 1):
            yield number, BrokenRow(cells) if records.is_broken else cells


class Records:
    """The records of a text, one or several lines each, for csv's reader; ``is_broken`` tells of the last one that was taken.

    A quoted cell that never ends, or ends in the middle of another row, is none: then the line stands for itself, its quotation
    marks being text, and what follows is read as if nothing had happened.
    """

    def __init__(self, blocks: Iterable[str], delimiter: str):
        self._blocks, self._delimiter = iter(blocks), delimiter
        self._lines: deque[str] = deque()
        self.is_broken = False
        cell, quoted = f'[^"{re.escape(delimiter)}\r\n]*', '"[^"]*(?:""[^"]*)*"'
        self._whole = re.compile(f'(?:{quoted}|{cell})(?:{re.escape(delimiter)}(?:{quoted}|{cell}))*[\r\n]*').fullmatch

    def __iter__(self) -> Iterator[str]:
        while self._fill():
            line = self._lines.popleft()
            self.is_broken = False
            if '"' in line and not self._whole(line) and _is_open(line, self._delimiter):
                line = self._take_record(line)
            yield line

    def _fill(self) -> bool:
        """Have a line at hand, unless there is none."""
        while not self._lines and (block := next(self._blocks, None)) is not None:
            self._lines.extend(io.StringIO(block, newline=''))
        return bool(self._lines)

    def _take_record(self, line: str) -> str:
        """Return the record that begins with a line in which a quoted cell is not closed."""
        lines, size, is_open, is_sound = [line], len(line), True, True
        while is_open and is_sound and size <= MAX_ROW and self._fill():
            lines.append(self._lines.popleft())
            size += len(lines[-1])
            is_open, is_sound = _goes_on(lines[-1], self._delimiter)
        if not is_open and is_sound:
            return ''.join(lines)
        self._lines.extendleft(reversed(lines[1:]))
        self.is_broken = True
        cells = line.rstrip('\r\n').replace('"', '""').split(self._delimiter)
        return self._delimiter.join(f'"{cell}"' for cell in cells)


def _is_open(line: str, delimiter: str) -> bool:
    """Return whether a quoted cell of a line goes on in the next one."""
    return _close_cells(line, 0, delimiter)[0]


def _goes_on(line: str, delimiter: str) -> tuple[bool, bool]:
    """Return whether a quoted cell is still open at the end of a line, and whether the one it goes on with ended as it should."""
    end = _find_end(line, 0)
    if end < 0:
        return True, True
    rest = line[end:].lstrip(' ')
    is_sound = not rest.strip('\r\n') or rest.startswith(delimiter)
    is_open, _start = _close_cells(line, line.find(delimiter, end) + 1, delimiter) if delimiter in line[end:] else (False, 0)
    return is_open, is_sound


def _close_cells(line: str, start: int, delimiter: str) -> tuple[bool, int]:
    """Go through the cells of a line from one's start; return whether the last one is quoted and open, and where it starts."""
    while start >= 0:
        if line.startswith('"', start):
            end = _find_end(line, start + 1)
            if end < 0:
                return True, start
        else:
            end = start
        at = line.find(delimiter, end)
        start = at + 1 if at >= 0 else -1
    return False, -1


def _find_end(line: str, start: int) -> int:
    """Return where the text behind a quoted cell begins, -1 if the cell has no end in the line."""
    while (at := line.find('"', start)) >= 0:
        if not line.startswith('"', at + 1):
            return at + 1
        start = at + 2
    return -1


def _clean_row(values: list[str]) -> tuple[str, ...]:
    # One look at the row costs a fifth of one at each cell. Printable is neither a control nor any space but ' '
    text = f'|{"|".join(values)}|'
    if BROKEN in text:
        return BrokenRow(clean_cell(value.replace(BROKEN, '\ufffd')) for value in values)
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
