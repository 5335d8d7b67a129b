from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestTagGroup(CadenceCase):

    def test_an_archived_group_holds_its_runs_and_lets_them_go_when_it_is_back(self):
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            with self.at(DAY, 8):
                self.marketing.active = False
                self.assertEqual(run.word, 'stopped')
            self.assertEqual(self._send_queue(DAY, 10, server), [])
            with self.at(DAY, 11):
                self.marketing.active = True
            self.assertEqual(self._send_queue(DAY, 11, server), [partner.email])

    def test_a_view_that_it_excludes_from_now_on_holds_for_mails_on_their_way(self):
        self._create_letter()
        view = self.env['cadence.view'].create({'name': 'Dealers', 'condition_ids': [
            (0, 0, {'field': 'email', 'operator': 'ends', 'value': 'dealer.example'})]})
        self._create_partners(1, batch=5, domain='dealer.example')
        other = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 9.5, server)
            server.is_down = False
            with self.at(DAY, 10):
                self.marketing.exclude_view_ids += view
            self.assertEqual(run.touch_ids.filtered('view_id').view_id, view)
            self.assertEqual(self._send_queue(DAY, 11, server), [other.email])
