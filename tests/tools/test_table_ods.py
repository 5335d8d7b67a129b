import io
import zipfile
from xml.sax.saxutils import escape

from hypothesis import given

from .test_address_file import ROWS, TestErrors, file_table, properties, table

MIMETYPE = 'application/vnd.oasis.opendocument.spreadsheet'
NAMESPACES = ''.join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ('office', 'style', 'table', 'text'))
STYLES = '<style:style style:name="off"><style:table-properties table:display="false"/></style:style>'


def ods(*sheets, prolog='', **parts):
    """Return an .ods of sheets, each the XML of its rows or of all of it."""
    body = ''.join(xml if xml.startswith('<table:table ') else f'<table:table>{xml}</table:table>' for xml in sheets)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('mimetype', parts.get('mimetype', MIMETYPE), zipfile.ZIP_STORED)
        archive.writestr('content.xml', f'''<?xml version="1.0"?>{prolog}<office:document-content{NAMESPACES}>
            <office:automatic-styles>{STYLES}</office:automatic-styles>
            <office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>''')
        archive.writestr('META-INF/manifest.xml', parts.get('manifest', ''))
    return stream.getvalue()


def row(*cells, **repeated):
    attribute = f' table:number-rows-repeated="{repeated["times"]}"' if repeated else ''
    return f'<table:table-row{attribute}>{"".join(map(cell, cells))}</table:table-row>'


def cell(text):
    return text if text.startswith('<table') else f'<table:table-cell><text:p>{text}</text:p></table:table-cell>'


class TestOpenDocument(TestErrors):
    def test_file_of_libreoffice_is_read(self):
        headers, rows = file_table('libreoffice.ods')
        self.assertEqual(headers, ['公司', '姓名', '邮箱', '电话', '备注'])
        self.assertEqual(rows, [
            (4, ['上海工程设备有限公司', '张三丰', 'zhang@acme.cn', '13800138000', '第一行 第二行']),
            (5, ['Müller Maschinenbau', 'Jörg Müller', 'j.mueller@mueller.example', '1.5', 'TRUE']),
            (6, ['"Quoted", Inc.', "O'Brien  double", 'ob@quoted.example', '+1 555 0100', 'x@y.example']),
            (8, ['Last <b>', 'Anna', 'anna@last.example', '', '2025-03-14']),
        ])

    def test_repeated_cells_and_rows_are_counted(self):
        empty, twice = (f'<table:table-cell table:number-columns-repeated="{times}"' for times in (16_384, 2))
        content = ods(
            row('email', 'b', 'c', f'{empty}/>') + row('', times=3) + row('a@b.com', f'{twice}/>', 'x')
            + row(f'{twice}><text:p>c@d.com</text:p></table:table-cell>', f'{empty}/>', times=2) + row('', times=1_048_000)
        )
        self.assertEqual(table(content), (['email', 'b', 'c', 'D'], [
            (5, ['a@b.com', '', '', 'x']), (6, ['c@d.com', 'c@d.com', '', '']), (7, ['c@d.com', 'c@d.com', '', ''])]))

    def test_row_that_is_repeated_without_end_is_not_read(self):
        self.assertEqual(len(table(ods(row('a@b.com', times=1_000)))[1]), 1_000)
        for times in (1_001, 10**12, '9' * 400):
            self._assert_error('too_many_rows', ods(row('a@b.com', times=times)))
        self._assert_error('damaged', ods(row('a@b.com', times='9' * 5_000)))

    def test_repeated_texts_do_not_fill_the_memory(self):
        """500 bytes of which each row would have 8 MB."""
        cell = f'<table:table-cell table:number-columns-repeated="256"><text:p>a@b.com{"x" * 30_000}</text:p></table:table-cell>'
        self._assert_error('too_big', ods(row(cell, times=1_000)))
        self._assert_error('too_big', ods(''.join([row(cell)] * 100)))

    def test_the_sheet_with_addresses_is_read(self):
        cover, notes = row('Price list 2026'), row('a') * 70
        hidden = f'<table:table table:style-name="off">{row("Hidden") + row("h@b.com")}</table:table>'
        for sheets in ((cover, row('E-mail') + row('a@b.com')), (notes, cover, row('E-mail') + row('a@b.com')),
                       (hidden, row('E-mail') + row('a@b.com'))):
            self.assertEqual(table(ods(*sheets)), (['E-mail'], [(2, ['a@b.com'])]))
        self.assertEqual(table(ods(cover, hidden))[1], [(2, ['h@b.com'])])
        self.assertEqual(len(table(ods(notes, cover))[1]), 69, "without any, the first one")

    def test_cell_comes_as_what_it_shows(self):
        note = '<office:annotation><text:p>not@this.com</text:p></office:annotation>'
        cells = {
            f'<table:table-cell>{note}<text:p>a</text:p><text:p>b</text:p></table:table-cell>': 'a b',
            '<text:a href="mailto:x@y.com">a<text:span>@b</text:span>.com</text:a>': 'a@b.com',
            'a<text:s text:c="3"/>b<text:line-break/>c<text:tab/>d': 'a b c d',
            '<text:ruby><text:ruby-base>a</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby>': 'a',
            '<table:table-cell office:value="13800138000"/>': '13800138000',
            '<table:table-cell office:value="5"><text:p>5 €</text:p></table:table-cell>': '5 €',
            '<table:covered-table-cell><text:p>x</text:p></table:covered-table-cell>': '',
            'last': 'last',
        }
        self.assertEqual(table(ods(row('a@b.com', *cells)))[1], [(1, ['a@b.com', *cells.values()])])

    def test_hidden_sheet_is_read_only_if_no_other_has_rows(self):
        hidden = f'<table:table table:style-name="off">{row("hidden@b.com")}</table:table>'
        self.assertEqual(table(ods(hidden, row(''), row('') + row('a@b.com'), row('c@d.com')))[1], [(2, ['a@b.com'])])
        self.assertEqual(table(ods(row(''), hidden))[1], [(1, ['hidden@b.com'])])

    def test_rows_in_groups_and_headers_are_read(self):
        grouped = f'<table:table-header-rows>{row("email")}</table:table-header-rows>'
        grouped += f'<table:table-row-group>{row("a@b.com")}{row("c@d.com")}</table:table-row-group>'
        self.assertEqual(table(ods(grouped)), (['email'], [(2, ['a@b.com']), (3, ['c@d.com'])]))

    def test_other_documents_are_told(self):
        self._assert_error('unknown_type', ods(row('a@b.com'), mimetype='application/vnd.oasis.opendocument.text'))
        self._assert_error('encrypted', ods(row('a@b.com'), manifest='<manifest:encryption-data/>'))
        self._assert_error('empty', ods(row('')))
        self._assert_error('damaged', ods(row('a@b.com') + '<table:table-row>'))

    def test_entities_are_refused(self):
        bomb = '<!DOCTYPE x [<!ENTITY a "a@b.com"><!ENTITY b "&a;&a;&a;&a;">]>'
        self._assert_error('damaged', ods(row('&b;'), prolog=bomb))
        self._assert_error('damaged', ods(row('&a;'), prolog='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'))

    @properties
    @given(ROWS)
    def test_table_written_by_a_program_is_read_back(self, rows):
        headers, found = table(ods(''.join(row(*map(escape, cells)) for cells in [['E', 'N', 'C'], *rows])))
        self.assertEqual(headers, ['E', 'N', 'C'])
        self.assertEqual([cells for _number, cells in found], rows)
