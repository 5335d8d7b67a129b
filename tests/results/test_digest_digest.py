from datetime import datetime

from odoo.tests import tagged

from .common import DAY, ResultCase


@tagged('post_install', '-at_install')
class TestDigest(ResultCase):

    def test_the_mail_digest_reads_the_counted_results(self):
        run, _traces = self._mail(self._create_partners(2, batch=9))
        self.env['cadence.result']._recount(run)
        digest = self.env['digest.digest'].create({
            'name': 'Weekly', 'periodicity': 'weekly', 'kpi_cadence_mailed': True, 'kpi_cadence_replied': True})
        digest = digest.with_context(start_datetime=datetime(2026, 7, 6), end_datetime=datetime(2026, 7, 13))
        self.assertEqual((digest.kpi_cadence_mailed_value, digest.kpi_cadence_replied_value), (2, 0))
        digest = digest.with_context(start_datetime=datetime(2026, 7, 13), end_datetime=datetime(2026, 7, 20))
        digest.invalidate_recordset()
        self.assertEqual(digest.kpi_cadence_mailed_value, 0)
        actions = digest._compute_kpis_actions(self.env.company, self.env.user)
        self.assertIn('cadence_result_action', actions['kpi_cadence_mailed'])
        self.assertEqual(str(run.date), DAY)
