from unittest.mock import Mock, patch

from odoo.addons.mass_mailing_cadence.models.follow import mailing_trace
from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestMailingTrace(ReplyCase):

    def _request(self, method='GET', agent=''):
        request = Mock()
        request.httprequest.method = method
        request.httprequest.user_agent.string = agent
        patch.object(mailing_trace, 'request', request).start()
        self.addCleanup(patch.stopall)

    def test_the_last_open_is_kept_beside_the_first_and_what_opened(self):
        trace = self._trace(self.anna)
        for hour, agent in ((13, 'Thunderbird'), (15, '')):
            self._request(agent=agent)
            with self.at('2026-07-09', hour):
                trace.set_opened()
        self.assertEqual((trace.open_datetime.hour, trace.cadence_last_open.hour), (13, 15))
        self.assertEqual(trace.cadence_open_agent, '-', "who says no name")

    def test_to_ask_for_the_head_of_a_page_is_no_open_and_no_click(self):
        trace = self._trace(self.anna)
        self._request('HEAD', 'Thunderbird')
        trace.set_opened()
        trace.set_clicked()
        self.assertFalse(trace.open_datetime or trace.links_click_datetime)

    def test_other_mailings_are_marked_as_without_us(self):
        trace = self.env['mailing.trace'].create({
            'model': 'res.partner', 'res_id': self.anna.id, 'trace_type': 'mail', 'trace_status': 'sent',
            'mass_mailing_id': self.env['mailing.mailing'].create({'subject': 'News'}).id})
        self._request('HEAD')
        trace.with_context(cadence_automatic=True).set_opened()
        self.assertTrue(trace.open_datetime)

    def test_a_mail_is_found_by_the_first_ids_that_are_ours(self):
        find, id_ = self.env['mailing.trace']._cadence_find, self._trace(self.anna).message_id
        trace = self._trace(self.anna)
        for mail in (find(['<x@y>', id_]), find([], lambda: [id_]), find([id_], lambda: self.fail("not asked"))):
            self.assertEqual((mail.trace_id, mail.partner_id, mail.address), (trace.id, self.anna.id, trace.email))
            self.assertEqual((mail.touch_id, mail.run_id), (trace.cadence_touch_id.id, trace.cadence_touch_id.run_id.id))
        self.assertFalse(find([], None, ['<x@y>']))


@tagged('post_install', '-at_install')
class TestPixel(ReplyCase, HttpCase):

    def test_a_head_request_for_the_pixel_is_no_open(self):
        trace = self._trace(self.anna)
        mail_id = trace.mail_mail_id_int
        token = self.env['mail.mail']._generate_mail_recipient_token(mail_id)
        url = f'/mail/track/{mail_id}/{token}/blank.gif'
        self.opener.head(self.base_url() + url)
        self.env.invalidate_all()
        self.assertFalse(trace.open_datetime)
        self.url_open(url)
        self.env.invalidate_all()
        self.assertTrue(trace.open_datetime)
