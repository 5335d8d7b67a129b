import io
import struct
import tracemalloc
import zipfile
from unittest import TestCase

from ...tools.table.table_cells import TableError
from ...tools.table.table_zip import MAX_DIRECTORY, MAX_ELEMENT, MAX_TAG, Archive, Progress, iter_elements

MEGABYTE = 1 << 20


def pack(*parts, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, 'w', compression) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    stream.seek(0)
    return stream


class TestTableZip(TestCase):
    """What a stranger may put into a zip: it is told, before it costs memory or time."""

    def _assert_error(self, code, act):
        with self.assertRaises(TableError) as caught:
            act()
        self.assertEqual(caught.exception.code, code)

    def _read(self, xml, tags=('row',), limit=None):
        archive = Archive(pack(('a.xml', xml)))
        return [element.get('r') for _event, element in iter_elements(archive, 'a.xml', tags, Progress(limit))]

    def _get_peak(self, act):
        tracemalloc.start()
        try:
            act()
        except TableError:  # pylint: disable=except-pass; the memory is what is looked at
            pass
        finally:
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return peak

    def test_parts_are_found_however_a_program_wrote_their_names(self):
        archive = Archive(pack(('xl\\workbook.xml', b'x'), ('XL/SharedStrings.xml', b'y'), ('/xl/./a/../b.xml', b'z')))
        for name, content in (('xl/workbook.xml', b'x'), ('/xl/sharedStrings.xml', b'y'), ('xl/b.xml', b'z')):
            self.assertIn(name, archive)
            self.assertEqual((archive.head(name, 9), archive.size(name)), (content, 1))
        self.assertNotIn('xl/c.xml', archive)

    def test_what_is_no_zip_is_damaged(self):
        for content in (b'', b'PK', b'PK\3\4' + b'x' * 500, b'PK\5\6', b'PK\5\6' + b'\xff' * 30):
            with self.subTest(content=content):
                self._assert_error('damaged', lambda content=content: Archive(io.BytesIO(content)))

    def test_only_what_spreadsheets_are_packed_with_is_unpacked(self):
        """LZMA may ask for gigabytes in its head."""
        self._assert_error('damaged', lambda: Archive(pack(('a', b'x' * 99), compression=zipfile.ZIP_LZMA)))
        Archive(pack(('a', b'x' * 99), compression=zipfile.ZIP_STORED))

    def test_an_archive_that_unpacks_to_very_much_is_not_unpacked(self):
        self._assert_error('too_big', lambda: Archive(pack(('a', bytes(20 * MEGABYTE)))))
        self._assert_error('too_big', lambda: Archive(pack(*((f'{number}', bytes(2 * MEGABYTE)) for number in range(10)))))
        self.assertEqual(Archive(pack(('a', bytes(8 * MEGABYTE)))).unpacked, 8 * MEGABYTE)

    def test_a_list_of_very_many_parts_is_not_read(self):
        many = pack(*((f'{number:060}', b'') for number in range(MAX_DIRECTORY // 106 + 1)))
        self._assert_error('too_big', lambda: Archive(many))
        self.assertLess(self._get_peak(lambda: Archive(many)), MEGABYTE)
        end = struct.pack('<4s4H2LH', b'PK\5\6', 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        large = struct.pack('<4sQ2H2L4Q', b'PK\6\6', 44, 45, 45, 0, 0, 1, 1, 1 << 40, 0)
        self._assert_error('too_big', lambda: Archive(io.BytesIO(bytes(5 * MEGABYTE) + large + end)))

    def test_elements_come_one_after_the_other_and_are_forgotten(self):
        rows = b'<s>' + b'<row r="1"><c>x</c></row>' * 50_000 + b'</s>'
        self.assertEqual(len(self._read(rows)), 50_000)
        self.assertLess(self._get_peak(lambda: sum(1 for _row in self._read(rows))), 4 * MEGABYTE + len(rows))

    def test_who_waits_does_not_wait_for_all_of_it(self):
        rows = b'<s>' + b'<row r="1"/>' * 50_000 + b'</s>'
        self._assert_error('too_big', lambda: self._read(rows, limit=MEGABYTE // 4))

    def test_document_types_are_damage_in_every_encoding(self):
        laughs = '<!DOCTYPE s [<!ENTITY a "ha">]><s><row r="&a;"/></s>'
        external = '<!DOCTYPE s SYSTEM "file:///etc/hostname"><s><row/></s>'
        late = f'<!--{"x" * 100_000}--><!doctype s []><s><row/></s>'
        for text in (laughs, external, late):
            for xml in (text.encode(), ('<?xml version="1.0" encoding="utf-16"?>' + text).encode('utf-16')):
                with self.subTest(xml=xml[:40]), self.assertRaises(Exception) as caught:
                    self._read(xml)
                if isinstance(caught.exception, TableError):
                    self.assertEqual(caught.exception.code, 'damaged')
        self.assertEqual(self._read(b'<s><row r="!DOCTYPE"/></s>'), ['!DOCTYPE'])

    def test_elements_and_tags_of_megabytes_are_damage(self):
        """In memory, an element of four bytes is more than a hundred."""
        self._assert_error('damaged', lambda: self._read(b'<s><row>' + b'<r/>' * (MAX_ELEMENT // 4) + b'</row></s>'))
        self._assert_error('damaged', lambda: self._read(b'<s><x>' + b'<r/>' * (MAX_ELEMENT // 4) + b'</x><row/></s>'))
        attributes = b''.join(b' a%d=""' % number for number in range(MAX_TAG))
        self._assert_error('damaged', lambda: self._read(b'<s><row' + attributes + b'/></s>'))
        self.assertEqual(self._read(b'<s><row r="1">' + b'x' * 3 * MAX_TAG + b'</row></s>'), ['1'])

    def test_deep_nesting_is_refused_by_the_parser(self):
        with self.assertRaises(Exception):  # noqa: B017 whatever libxml2 calls it; the tables tell it as damage
            self._read(b'<s>' + b'<a>' * 10_000 + b'</a>' * 10_000 + b'</s>')
