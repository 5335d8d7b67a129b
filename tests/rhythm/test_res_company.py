from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestResCompany(CadenceCase):

    @mute_logger('odoo.sql_db')
    def test_caps_and_times_cannot_be_nonsense(self):
        for values in ({'cadence_domain_daily_cap': -1}, {'cadence_batch_domain_cap': -1}, {'cadence_excluded_days': 30},
                       {'cadence_mailed_months': 0}, {'cadence_reader_days': -1}, {'cadence_cool_rounds': -1}):
            with self.subTest(values=values), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env.company.write(values)
                self.env.flush_all()
        self.env.company.write({'cadence_domain_daily_cap': 0, 'cadence_batch_domain_cap': 0})
        self.env.flush_all()

    def test_a_company_that_is_closed_mails_nobody_and_opening_it_decides_nothing(self):
        company = self.env['res.company'].create({'name': 'Closing'})
        ours = self._create_segment(lang='base.lang_fr', company_id=company.id)
        company.active = False
        self.assertFalse(ours.active)
        self.assertTrue(self.segment.active, "another company's")
        company.active = True
        self.assertFalse(ours.active)
