from odoo.tests import tagged

from .test_cadence_test_hour import DAY, HourTestCase


@tagged('post_install', '-at_install')
class TestOutlookOfATest(HourTestCase):

    def _foresee(self, partner, hour=1):
        with self.at(DAY, hour):
            [answer] = self.env['cadence.outlook']._foresee(partner)[partner]
        return answer.text

    def test_before_the_run_has_dealt_it_names_the_hours_and_then_the_one(self):
        partner = self._make_companies(1)
        self.assertIn('at 09:00', self._foresee(partner))
        self._start()
        with self.at(DAY):
            self.env['cadence.run']._plan_day(self.segment, self.env.cr.now())
        self.assertIn('08:00, 11:00, 14:30', self._foresee(partner))
        self._queue(DAY)
        clock = f'{self._touch(partner, DAY).send_datetime:%H:%M}'
        text = self._foresee(partner)
        self.assertIn(f'leaves at {clock}', text)
        self.assertIn('Sending times are being tested', text)
        self._leave(14.5)
        self.assertIn('Mailed today', self._foresee(partner, 15))
