"""Open the zip archive that a spreadsheet is, and stream the XML in it, without trusting either."""

import io
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from lxml import etree

from .table_cells import TableError

BLOCK = 1 << 16  # bytes of XML that are parsed at a time
MAX_UNPACKED = 1 << 31  # bytes: a million rows of ten cells are about half of it
MAX_RATIO, RATIO_FROM = 200, 1 << 24  # real ones unpack to about 10 times their size; a small one may be what it likes


class Progress:
    """How much of the parts that are to be read has been: bytes, unpacked."""

    def __init__(self):
        self.done = self.total = 0

    def share(self) -> float:
        return self.done / self.total if self.total else 0.0


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """Return the archive in a file, of which no part unpacks to more than the archive says.

    :raise TableError: ``damaged``, ``encrypted`` (by a password of the zip format), ``too_big``
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise TableError('damaged') from error
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise TableError('encrypted')
    unpacked = sum(part.file_size for part in parts)  # zipfile reads no further than that, whatever a part holds
    if unpacked > MAX_UNPACKED or unpacked > max(RATIO_FROM, file.seek(0, io.SEEK_END) * MAX_RATIO):
        raise TableError('too_big')
    return archive


@contextmanager
def told_as_damage() -> Iterator[None]:
    """Make a ``TableError`` of every error: zipfile, lxml and openpyxl promise nothing of what a broken file raises."""
    try:
        yield
    except TableError:
        raise
    except Exception as error:
        raise TableError('damaged') from error


def iter_elements(
    archive: zipfile.ZipFile, part: str, tags: Collection[str], progress: Progress, events: Collection[str] = ('end',)
) -> Iterator[tuple[str, etree._Element]]:
    """Yield (event, element) for the elements with these tags of an XML part; one that has ended is gone with the next.

    What stands between them, and the text after one, stays in memory until the end.

    :raise TableError: ``damaged`` for a document type: no spreadsheet has one, and entities are what bombs are made of
    :raise etree.XMLSyntaxError: the XML is broken; told at the place
    """
    progress.total += archive.getinfo(part).file_size
    parser = etree.XMLPullParser(
        events, tag=tags, resolve_entities=False, no_network=True, huge_tree=False, collect_ids=False, remove_comments=True,
        remove_pis=True)
    is_checked = False
    with archive.open(part) as source:
        while block := source.read(BLOCK):
            progress.done += len(block)
            parser.feed(block)
            for event, element in parser.read_events():
                is_checked = is_checked or _check_document(element)
                yield event, element
                if event == 'end':
                    _forget(element)
    _check_document(parser.close())


def _check_document(element: etree._Element) -> bool:
    if element.getroottree().docinfo.internalDTD is not None:
        raise TableError('damaged')
    return True


def _forget(element: etree._Element) -> None:
    """Free what an element holds and those before it. The parser may still add to the last one: it must stay."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
