from datetime import date

from odoo.tests import tagged

from ...tools.sender.dmarc_report import Report, Row
from .common import SenderCase

ROWS = (Row('192.0.2.7', 40, 'none', True, False), Row('203.0.113.9', 7, 'none', False, False))


@tagged('post_install', '-at_install')
class TestSenderSource(SenderCase):

    def _take(self, domain='me.example', **changed):
        report = Report(domain, 'google.com', '17', date(2026, 7, 5), date(2026, 7, 5), 'none', ROWS)
        return self.env['cadence.sender.source']._take(report._replace(**changed))

    def _get_sources(self):
        sources = self.env['cadence.sender.source'].search([('sender_id', '=', self.sender.id)])
        return {source.source: (source.mail_count, source.standing) for source in sources}

    def test_who_sends_in_our_name(self):
        self.assertTrue(self._take())
        self.assertEqual(self._get_sources(), {'192.0.2.7': (40, 'ours'), '203.0.113.9': (7, 'unknown')})

    def test_a_report_that_comes_twice_counts_once(self):
        self._take()
        self._take()
        self.assertEqual(len(self._get_sources()), 2)
        self._take(id='18')
        self.assertEqual(self.env['cadence.sender.source'].search_count([('sender_id', '=', self.sender.id)]), 4)

    def test_another_domain_is_not_ours(self):
        self.assertFalse(self._take('other.example'))
        self.assertFalse(self._get_sources())

    def test_old_ones_are_forgotten(self):
        self._take(first=date(2020, 1, 1))
        self.env['cadence.sender.source']._gc_sources()
        self.assertFalse(self._get_sources())
