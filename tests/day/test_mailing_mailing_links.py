from odoo.tests import tagged

from ..common import UNSUBSCRIBE, CadenceCase


@tagged('post_install', '-at_install')
class TestMailingLinks(CadenceCase):

    def test_the_mailing_of_a_run_knows_how_many_links_its_letter_has(self):
        letter = self._create_letter()
        letter.mailing_id.body_html = (
            '<a href="https://a.example">A</a><a href="https://b.example">B</a><a href="mailto:x@y">C</a>' + UNSUBSCRIBE)
        self._create_partners(1, batch=5)
        run = self._queue('2026-07-05')['marketing']
        self.assertEqual(run.mailing_ids.cadence_link_count, 2)
        run.mailing_ids.body_html = '<a href="https://a.example">A</a>'
        self.assertEqual(run.mailing_ids.cadence_link_count, 1)
        self.assertEqual(letter.mailing_id.cadence_link_count, 0, "of other mailings nobody asks")
