from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...tools.sender.link_checks import Answer
from ..common import UNSUBSCRIBE
from .common import DAY, NEXT, SenderCase

BODY = '<p>See <a href="https://shop.example/new?x=1">new</a> and <a href="https://shop.example/old">old</a>.</p>' + UNSUBSCRIBE


@tagged('post_install', '-at_install')
class TestLetterLinks(SenderCase):

    def setUp(self):
        super().setUp()
        self.letter.mailing_id.body_html = BODY
        self.asked = []

    def _ask(self, _method, url):
        self.asked.append(url)
        return Answer(404 if url.endswith('/old') else 200)

    def _check_links(self, day):
        with self.at(day):
            self.env['cadence.letter']._check_links(self._ask)

    def _get_dead(self):
        return [finding['where'] for finding in self.letter.findings if finding['code'] == 'dead_link']

    def test_a_link_that_leads_nowhere_is_told_until_it_is_mended(self):
        self._check_links(DAY)
        self.assertEqual(self._get_dead(), ['https://shop.example/old'])
        self.assertEqual(self.letter.light, 'amber')
        self.assertIn('data-cadence-finding', self.letter.check_page['html'])
        self.letter.mailing_id.body_html = BODY.replace('/old', '/newer')
        self.assertEqual(self._get_dead(), [])

    def test_each_letter_is_asked_once_a_day_and_its_unsubscribe_link_never(self):
        self._check_links(DAY)
        self.assertEqual(set(self.asked), {'https://shop.example/new?x=1', 'https://shop.example/old'})
        self.asked.clear()
        self._check_links(DAY)
        self.assertEqual(self.asked, [])
        self._check_links(NEXT)
        self.assertTrue(self.asked)

    def test_a_dead_link_stops_no_run_and_nobody_writes_it(self):
        self._create_partners(1, batch=5)
        self._check_links(DAY)
        self.assertEqual(self._queue(DAY)['marketing'].state, 'queued')
        with self.assertRaises(AccessError):
            self.letter.with_user(self.manager).dead_links = []
