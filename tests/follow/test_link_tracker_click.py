from unittest.mock import Mock, patch

from odoo.addons.mass_mailing_cadence.models.follow import link_tracker_click, mailing_trace
from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestClick(ReplyCase):

    def _click(self, method='GET', agent='Firefox'):
        trace = self._trace(self.anna)
        link = self.env['link.tracker'].search_or_create([{'url': 'https://me.example/a'}])
        request = Mock()
        request.httprequest.method = method
        request.httprequest.user_agent.string = agent
        with patch.object(mailing_trace, 'request', request), patch.object(link_tracker_click, 'request', request):
            return trace, self.env['link.tracker.click'].add_click(link.code, ip='1.2.3.4', mailing_trace_id=trace.id)

    def test_a_click_keeps_what_it_came_from(self):
        trace, click = self._click()
        self.assertEqual((click.cadence_agent, click.cadence_is_machine), ('Firefox', False))
        self.assertTrue(trace.links_click_datetime and trace.open_datetime)

    def test_to_ask_for_the_head_is_no_click(self):
        trace, click = self._click('HEAD')
        self.assertFalse(click or trace.links_click_datetime)
        self.assertFalse(self.env['link.tracker.click'].search([('mailing_trace_id', '=', trace.id)]))

    def test_a_scanner_s_click_is_marked_and_opens_and_clicks_no_mail(self):
        trace, click = self._click(agent='BarracudaCentral/5')
        self.assertTrue(click.cadence_is_machine)
        self.assertFalse(trace.links_click_datetime or trace.open_datetime)

    def test_outside_of_a_request_nothing_is_known_of_the_agent(self):
        link = self.env['link.tracker'].search_or_create([{'url': 'https://me.example/a'}])
        click = self.env['link.tracker.click'].add_click(link.code, mailing_trace_id=self._trace(self.anna).id)
        self.assertFalse(click.cadence_agent or click.cadence_is_machine)


@tagged('post_install', '-at_install')
class TestClickPage(ReplyCase, HttpCase):

    def test_a_head_request_leads_to_the_page_and_counts_no_click(self):
        trace = self._trace(self.anna)
        link = self.env['link.tracker'].search_or_create([{'url': f'{self.base_url()}/web/login'}])
        url = f'{self.base_url()}/r/{link.code}/m/{trace.id}'
        response = self.opener.head(url, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual((response.status_code, link.count, trace.links_click_datetime), (301, 0, False))
        self.opener.get(url, allow_redirects=False, headers={'User-Agent': 'Mozilla/5.0 Firefox/140'})
        self.env.invalidate_all()
        self.assertTrue(trace.links_click_datetime)
        self.assertEqual(trace.links_click_ids.cadence_agent, 'Mozilla/5.0 Firefox/140')
