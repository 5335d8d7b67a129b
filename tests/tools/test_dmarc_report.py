import gzip
import io
import zipfile
from datetime import date
from email.message import EmailMessage
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.sender import dmarc_report
from ...tools.sender.dmarc_report import Row, find, read, unpack

RECORD = """<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated><disposition>none</disposition>
    <dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row><identifiers><header_from>a.example</header_from></identifiers></record>"""
XML = """<?xml version="1.0" encoding="UTF-8" ?>
<feedback{namespace}><version>1.0</version><report_metadata><org_name>google.com</org_name><report_id>17</report_id>
<date_range><begin>1783209600</begin><end>1783295999</end></date_range></report_metadata>
<policy_published><domain>A.example</domain><adkim>r</adkim><p>none</p></policy_published>{records}</feedback>"""
RECORDS = ''.join((
    RECORD.format(ip='192.0.2.7', count=40, dkim='pass', spf='fail'),
    RECORD.format(ip='192.0.2.7', count=2, dkim='pass', spf='fail'),
    RECORD.format(ip='2001:DB8::1', count=5, dkim='fail', spf='pass'),
    RECORD.format(ip='203.0.113.9', count=7, dkim='fail', spf='fail'),
))
REPORT = XML.format(namespace='', records=RECORDS).encode()


def zipped(data, name='a.xml'):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


class TestRead(TestCase):

    def test_who_sent_in_our_name(self):
        report = read(REPORT)
        self.assertEqual(report[:6], ('a.example', 'google.com', '17', date(2026, 7, 5), date(2026, 7, 5), 'none'))
        self.assertEqual(report.rows, (
            Row('192.0.2.7', 42, 'none', True, False), Row('203.0.113.9', 7, 'none', False, False),
            Row('2001:db8::1', 5, 'none', False, True)))
        self.assertEqual([row.is_ours for row in report.rows], [True, False, True])

    def test_the_newer_standard_has_a_namespace(self):
        xml = XML.format(namespace=' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"', records=RECORDS).encode()
        self.assertEqual(read(xml).rows, read(REPORT).rows)

    def test_broken_xml_is_read_as_far_as_it_goes(self):
        self.assertEqual(read(REPORT[:-60]).rows, read(REPORT).rows)
        self.assertEqual(read(REPORT.replace(b'google.com', b'a & b')).domain, 'a.example')

    def test_what_is_no_report(self):
        for xml in (b'<html/>', b'<feedback/>', b'', b'<feedback>', b'x'):
            with self.subTest(xml=xml):
                self.assertIsNone(read(xml))

    def test_rows_that_are_none_are_left_out(self):
        records = ''.join(RECORD.format(ip=ip, count=count, dkim='pass', spf='pass') for ip, count in (
            ('no address', 1), ('192.0.2.1', 'x'), ('192.0.2.1', -5), ('192.0.2.1', 3)))
        self.assertEqual([row.count for row in read(XML.format(namespace='', records=records).encode()).rows], [3])


class TestUnpack(TestCase):

    def test_zip_gzip_and_neither(self):
        for data in (REPORT, gzip.compress(REPORT), zipped(REPORT), b'\xef\xbb\xbf' + REPORT, b'\n ' + REPORT):
            with self.subTest(data=data[:4]):
                self.assertEqual(read(unpack(data)).domain, 'a.example')

    def test_a_bomb_is_not_unpacked(self):
        bomb = b'<?xml version="1.0"?><feedback>' + b' ' * (dmarc_report.MAX_UNPACKED + 10)
        self.assertIsNone(unpack(gzip.compress(bomb)))
        self.assertIsNone(unpack(zipped(bomb)))

    def test_entities_are_not_resolved(self):
        laughs = b'<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">' \
                 b'<!ENTITY x SYSTEM "file:///etc/passwd">]>' + REPORT.partition(b'?>')[2].replace(b'google.com', b'&b;&x;')
        self.assertNotIn('root', read(laughs).reporter)

    def test_other_files(self):
        for data in (b'', b'PK', b'PK\x03\x04x', b'\x1f\x8bx', zipped(REPORT, 'a.txt'), b'%PDF-1.4', gzip.compress(REPORT)[:50]):
            with self.subTest(data=data[:4]):
                self.assertIsNone(unpack(data))

    @settings(max_examples=100, deadline=None, database=None)
    @given(st.binary(max_size=200), st.sampled_from([b'', b'PK\x03\x04', b'\x1f\x8b\x08', b'<?xml']))
    def test_never_fails(self, data, start):
        xml = unpack(start + data)
        if xml:
            read(xml)


class TestFind(TestCase):

    def test_in_a_mail_with_any_name(self):
        for name, data in (('x.xml.gz', gzip.compress(REPORT)), ('noname.dat', zipped(REPORT)), ('a.xml', REPORT)):
            mail = EmailMessage()
            mail.set_content('This is an aggregate report.')
            mail.add_attachment(data, maintype='application', subtype='octet-stream', filename=name)
            with self.subTest(name=name):
                self.assertEqual(find(mail).reporter, 'google.com')

    def test_the_report_is_all_of_the_mail(self):
        mail = EmailMessage()
        mail.set_content(gzip.compress(REPORT), maintype='application', subtype='gzip')
        self.assertEqual(find(mail).domain, 'a.example')

    def test_other_mails_carry_none(self):
        mail = EmailMessage()
        mail.set_content('Hello <feedback>')
        self.assertIsNone(find(mail))
