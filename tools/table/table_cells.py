"""What the tables of all kinds of files share: their errors, their limits and the text of a cell."""

import re
from collections.abc import Iterator

from ..address.address_text import INVISIBLE, MAX_TEXT

MAX_CELL = 32_767  # characters, Excel's own limit
MAX_COLUMNS = 256
MAX_ROWS = 1_048_576  # Excel's own limit; a damaged sheet can claim any row number

ERRORS = {
    'unknown_type': "This is neither a CSV, a text, an Excel (.xlsx) nor an OpenDocument (.ods) file.",
    'old_excel': "This is a file of an old Excel (.xls). Save it as .xlsx or as CSV.",
    'encrypted': "The file is protected by a password.",
    'damaged': "The file is damaged.",
    'too_big': "The file is too big when it is unpacked.",
    'too_many_rows': "The file has too many rows.",
    'encoding': "The file's characters cannot be read. Save it as CSV UTF-8 or as .xlsx.",
    'quotes': "A quotation mark in the file is opened and never closed.",
    'empty': "The file has no rows.",
}

# (row number in the file, from 1, its cells): clean text, without blank rows
Rows = Iterator[tuple[int, tuple[str, ...]]]


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
