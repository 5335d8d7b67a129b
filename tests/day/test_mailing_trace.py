from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailingTrace(CadenceCase):

    def test_the_trace_of_a_mail_that_has_left_stays(self):
        marketer = new_test_user(self.env, 'marketer', groups='mass_mailing.group_mass_mailing_user')
        self._create_letter()
        self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            server.is_down = True
            self._send_queue(DAY, 9.5, server)
            server.is_down = False
            self._send_queue(DAY, 12, server)
        trace = run.touch_ids.trace_ids
        self.assertEqual(run.touch_ids.outcome, 'left')
        with self.assertRaisesRegex(UserError, 'replies and opt-outs'):
            trace.with_user(marketer).unlink()
        newsletter = self.env['mailing.trace'].create({'model': 'res.partner', 'res_id': trace.res_id})
        newsletter.with_user(marketer).unlink()
