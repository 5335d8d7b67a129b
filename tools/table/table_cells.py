"""What the tables of all kinds of files share: their errors, their limits and the text of a cell."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from ..address.address_text import INVISIBLE, MAX_TEXT

MAX_CELL = 32_767  # characters, Excel's own limit
MAX_COLUMNS = 256
MAX_ROWS = 1_048_576  # Excel's own limit; a damaged sheet can claim any row number
MAX_SHEETS = 50  # that are looked at
SEARCH_ROWS = 60  # of each sheet that are looked at for an address, to find the sheet that has them

ERRORS = {
    'unknown_type': "This is neither a CSV, a text, an Excel (.xlsx) nor an OpenDocument (.ods) file.",
    'old_excel': "This is a file of an old Excel (.xls). Save it as .xlsx or as CSV.",
    'encrypted': "The file is protected by a password.",
    'damaged': "The file is damaged.",
    'too_big': "The file is too big when it is unpacked.",
    'too_many_rows': "The file has too many rows.",
    'encoding': "The file's characters cannot be read. Save it as CSV UTF-8 or as .xlsx.",
    'utf7': "The file is written in UTF-7. Save it as CSV UTF-8 or as .xlsx.",
    'empty': "The file has no rows.",
}

# What a spreadsheet takes for a formula, at the start of a cell or behind what may part cells where another comma is used
_FORMULA = re.compile(r'(^|[;,\t\r\n|])(\s*)(?=[=+\-@＝＋－＠])|^(?=[\t\r\n])')
_PHONE = re.compile(r'[+-][\d ().\-/]*')

# (row number in the file, from 1, its cells): clean text, without blank rows
Rows = Iterator[tuple[int, tuple[str, ...]]]


class BrokenRow(tuple):
    """The cells of a row that could not be read for certain: a quotation mark in it is not closed, or characters are broken."""

    __slots__ = ()


class TableError(ValueError):
    """A file that cannot be read; ``code`` is a key of ``ERRORS``, the text says it in English."""

    def __init__(self, code: str):
        super().__init__(ERRORS[code])
        self.code = code


def clean_cell(value: object) -> str:
    """Return the text of a cell's value, without what cannot be seen; '' for None.

    A text longer than ``MAX_CELL`` comes as one word that ``address_text.check`` finds too long.
    """
    if value is None:
        return ''
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a phone number
    text = str(value).strip()
    if not text.isprintable():  # nothing of INVISIBLE is, and the look costs a tenth of the translation
        text = text.translate(INVISIBLE).strip()
    if len(text) > MAX_CELL:
        # One word, so that no part of it is read as an address
        return re.sub(r'[\s,;|<>"()\[\]{}:]', '_', text[:MAX_TEXT]) + '…'
    return text


def has_address(cells: Iterable[str]) -> bool:
    """Return whether a row may hold an e-mail address."""
    return any('@' in cell or '＠' in cell for cell in cells)


def choose_rows(sheets: Iterable[tuple[str, Callable[[], Rows]]], wanted: str | None = None) -> Rows:
    """Yield the rows of the first sheet with an address near its top (others are covers and notes), else of the first with any.

    :param sheets: the name of each, and what opens its rows
    :param wanted: the name of the one to take, whatever is in it
    """
    if wanted:
        yield from next((open_rows() for name, open_rows in sheets if name == wanted), ())
        return
    chosen = None
    for _name, open_rows in sheets:
        try:
            rows = open_rows()
            head = list(islice(rows, SEARCH_ROWS))
        except TableError:
            if not chosen:
                raise
            break  # of a sheet that nobody may want
        if any(has_address(cells) for _number, cells in head):
            chosen = head, rows
            break
        chosen = chosen or (head and (head, rows))
    if chosen:
        yield from chain(*chosen)


def as_text(cell: str) -> str:
    """Return a cell as a spreadsheet shows it and does not run it (OWASP, CSV injection); phone numbers stay as they are."""
    return cell if _PHONE.fullmatch(cell) else _FORMULA.sub(r"\1\2'", cell)
