"""Open the zip archive that a spreadsheet is, and stream the XML in it, without trusting either."""

import io
import posixpath
import struct
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from lxml import etree

from .table_cells import TableError

BLOCK = 1 << 16  # bytes of XML that are parsed at a time
MAX_UNPACKED = 1 << 31  # bytes: a million rows of ten cells are about half of it
MAX_RATIO, RATIO_FROM = 200, 1 << 24  # real ones unpack to about 10 times their size; a small one may be what it likes
MAX_DIRECTORY = 1 << 22  # bytes of an archive's list of parts, each of which takes ten times as much in memory
MAX_ELEMENT = 1 << 22  # bytes of XML from one element that is asked for to the next: in memory they are thirty times as much
MAX_TAG = 1 << 16  # bytes: a tag of a million attributes takes libxml2 minutes
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Progress:
    """How much of the parts that are to be read has been: bytes, unpacked; at most ``limit``, unless that is None."""

    def __init__(self, limit: int | None = None):
        self.done = self.total = 0
        self.limit = limit

    def share(self) -> float:
        return self.done / self.total if self.total else 0.0

    def add(self, size: int) -> None:
        """:raise TableError: ``too_big``"""
        self.done += size
        if self.limit is not None and self.done > self.limit:
            raise TableError('too_big')


class Archive:
    """The parts of an archive by their names as they should be: some programs write ``xl\\workbook.xml`` or other cases."""

    def __init__(self, file: BinaryIO):
        """:raise TableError: ``damaged``, ``encrypted`` (by a password of the zip format), ``too_big``"""
        size = file.seek(0, io.SEEK_END)
        if _directory_size(file, size) > MAX_DIRECTORY:
            raise TableError('too_big')
        try:
            self._archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise TableError('damaged') from error
        parts = self._archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise TableError('encrypted')
        if any(part.compress_type not in METHODS for part in parts):
            raise TableError('damaged')
        self.unpacked = sum(part.file_size for part in parts)  # zipfile reads no further than that, whatever a part holds
        if self.unpacked > min(MAX_UNPACKED, max(RATIO_FROM, size * MAX_RATIO)):
            raise TableError('too_big')
        self._parts = {_key(part.filename): part for part in reversed(parts)}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def size(self, name: str) -> int:
        """:raise KeyError: no such part"""
        return self._parts[_key(name)].file_size

    def open(self, name: str) -> BinaryIO:
        return self._archive.open(self._parts[_key(name)])

    def head(self, name: str, size: int) -> bytes:
        with self.open(name) as source:
            return source.read(size)


def _key(name: str) -> str:
    return posixpath.normpath('/' + name.replace('\\', '/').lstrip('/')).casefold()


def _directory_size(file: BinaryIO, size: int) -> int:
    """Return how long an archive says that its list of parts is, 0 where it is none."""
    file.seek(max(0, size - (1 << 16) - 256))
    tail = file.read()
    end = tail.rfind(b'PK\5\6')
    if end < 0 or len(tail) < end + 22:
        return 0
    [length] = struct.unpack_from('<L', tail, end + 12)
    large = tail.rfind(b'PK\6\6', 0, end)
    if length == 0xFFFFFFFF and large >= 0 and len(tail) >= large + 48:
        [length] = struct.unpack_from('<Q', tail, large + 40)
    return min(length, size)


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
    archive: Archive, part: str, tags: Collection[str], progress: Progress, events: Collection[str] = ('end',)
) -> Iterator[tuple[str, etree._Element]]:
    """Yield (event, element) for the elements with these tags of an XML part; one that has ended is gone with the next.

    What stands between them, and the text after one, stays in memory until the end.

    :raise TableError: ``damaged`` for a document type (no spreadsheet has one, and entities are what bombs are made of) and for
        what only a bomb has: tags and elements of megabytes
    :raise etree.XMLSyntaxError: the XML is broken; told at the place
    """
    progress.total += archive.size(part)
    parser = etree.XMLPullParser(
        events, tag=tags, resolve_entities=False, no_network=True, huge_tree=False, collect_ids=False, remove_comments=True,
        remove_pis=True)
    begun = since = 0  # bytes of the tag that the last block ended in, bytes since the last element
    is_prolog = True
    with archive.open(part) as source:
        while block := source.read(BLOCK):
            if is_prolog and b'<!DOCTYPE' in block.replace(b'\0', b'').upper():
                raise TableError('damaged')
            begun = _measure_tag(block, begun)
            progress.add(len(block))
            since += len(block)
            if since > MAX_ELEMENT or begun > MAX_TAG:
                raise TableError('damaged')
            parser.feed(block)
            for event, element in parser.read_events():
                since, is_prolog = 0, False
                yield event, element
                if event == 'end':
                    _forget(element)
    if (root := parser.close()) is not None and root.getroottree().docinfo.internalDTD is not None:
        raise TableError('damaged')


def _measure_tag(block: bytes, begun: int) -> int:
    """Return how many bytes of a tag there are at the end of a block, ``begun`` those that there were before it."""
    opened, closed = block.rfind(b'<'), block.rfind(b'>')
    if opened > closed:
        return len(block) - opened
    return begun + len(block) if begun and closed < 0 else 0


def _forget(element: etree._Element) -> None:
    """Free what an element holds and those before it. The parser may still add to the last one: it must stay."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
