from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestIrCronProgress(CadenceCase):

    def _begin(self, cron, **values):
        progress = self.env['ir.cron.progress'].create({'cron_id': cron.id} | values)
        return progress.with_context(ir_cron_progress_id=progress.id)._cadence_get_current()

    def test_a_call_goes_on_where_the_one_before_it_ran_out_of_time(self):
        queue, other = (self.env.ref(f'mass_mailing_cadence.ir_cron_{name}') for name in ('queue_today', 'follow_up'))
        self.assertIsNone(self._begin(queue)._cadence_resume(), "the first call")
        self._begin(queue, remaining=3, cadence_place='b')
        self._begin(other, remaining=3, cadence_place='c')
        call = self._begin(queue)
        self.assertEqual(call._cadence_resume(), 'b')
        call.remaining = 3
        self.assertEqual(self._begin(queue, remaining=0)._cadence_resume(), 'b', "the one before did not come to its first run")
        self.assertIsNone(self._begin(queue)._cadence_resume(), "the one before came to the end")

    def test_a_method_that_is_called_by_hand_begins_at_the_beginning(self):
        self.assertIsNone(self.env['ir.cron.progress']._cadence_get_current()._cadence_resume())
