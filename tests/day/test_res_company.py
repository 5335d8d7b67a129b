from datetime import date, datetime, timedelta

from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestCompanyDay(CadenceCase):

    def _set_zones(self, own=False, contact=False, hours=False):
        self.env.company.cadence_tz = own
        self.env.company.partner_id.tz = contact
        self.env.company.resource_calendar_id.tz = hours or 'UTC'

    def test_the_setting_goes_before_the_company_s_contact_and_that_before_its_working_hours(self):
        for zones in (('Asia/Shanghai', 'Europe/Berlin', 'America/Lima'), (False, 'Europe/Berlin', 'America/Lima'),
                      (False, False, 'America/Lima')):
            self._set_zones(*zones)
            self.assertEqual(self.env.company._cadence_get_tz(), next(filter(None, zones)))

    def test_the_day_begins_at_the_company_s_midnight(self):
        self._set_zones('Asia/Shanghai')
        for moment, day in ((datetime(2026, 7, 5, 15, 59), 5), (datetime(2026, 7, 5, 16), 6)):
            self.assertEqual(self.env.company._cadence_get_day(moment), date(2026, 7, day))

    def test_a_day_of_changing_clocks_has_23_or_25_hours(self):
        self._set_zones('Europe/Berlin')
        for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 5), 24)):
            start, end = self.env.company._cadence_get_day_bounds(day)
            self.assertEqual(end - start, timedelta(hours=hours))
