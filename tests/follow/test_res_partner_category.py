from odoo.tests import tagged

from ..common import CadenceCase
from .test_cadence_reply import ReplyCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestResPartnerCategory(ReplyCase):

    def test_the_tag_given_on_its_own_form_counts_as_well(self):
        self.unsubscribed.partner_ids += self.anna
        self.anna.invalidate_recordset()
        self.assertTrue(self.anna.is_blacklisted)


class WaitingCase(CadenceCase):
    """Two mails that are composed and wait in the mail queue."""

    def setUp(self):
        super().setUp()
        self._create_letter()
        self.partners = self._create_partners(2, batch=5)
        self.run_ = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 9.5, server)

    def _get_states(self):
        return [touch.state for touch in self.run_.touch_ids.sorted('partner_id')]


@tagged('post_install', '-at_install')
class TestTagsOwnSide(WaitingCase):

    def test_contacts_given_to_a_tag_are_not_mailed_by_a_queue_that_is_at_work(self):
        with self.at(DAY, 10):
            self.env.ref('mass_mailing_cadence.tag_competitor').partner_ids += self.partners[0]
        self.assertEqual(self._get_states(), ['excluded', 'reserved'])

    def test_nor_are_the_contacts_of_a_tag_that_belongs_to_risk_from_now_on(self):
        tag = self.env['res.partner.category'].create({'name': 'Rivals', 'partner_ids': self.partners[0].ids})
        with self.at(DAY, 10):
            tag.cadence_group_id = self.env.ref('mass_mailing_cadence.tag_group_risk')
        self.assertEqual(self._get_states(), ['excluded', 'reserved'])
