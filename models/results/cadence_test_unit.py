from odoo import api, fields, models
from odoo.tools import SQL


class CadenceTestUnit(models.Model):
    """Which variant a company got when it was dealt: it keeps it to the end of the test, whichever variants join.

    Of addresses at public mailbox providers each is a company of its own.
    """
    _name = 'cadence.test.unit'
    _description = 'Company of a Test'
    _rec_name = 'name'
    _log_access = False

    test_id = fields.Many2one('cadence.test', required=True, ondelete='cascade', readonly=True)
    name = fields.Char('Company', required=True, readonly=True)
    arm_id = fields.Many2one('cadence.test.arm', 'Variant', required=True, ondelete='cascade', index=True, readonly=True)
    date = fields.Date(required=True, readonly=True)

    _test_name = models.UniqueIndex('(test_id, name)')

    @api.model
    def _sql_name(self, table):
        return SQL("COALESCE(%(table)s.company_domain, %(table)s.email)", table=SQL.identifier(table))

    @api.model
    def _sql_letter(self, test, run, letters, table):
        """The id of the test's letter that `table`'s company gets; NULL where none can be mailed."""
        arms = test.sudo().arm_ids.filtered(lambda arm: arm.since <= run.date and arm.letter_id in letters)
        return SQL("(SELECT letter_id FROM cadence_test_arm WHERE id = %s)", self._sql_arm(test, arms, table))

    @api.model
    def _sql_arm(self, test, arms, table):
        """The id of the variant that `table`'s company gets: the one it has, else one of `arms` by lot; NULL where there is none.

        The lot is by the lowest of one number for each variant and company (rendezvous hashing): the same again each time.
        """
        return SQL("""
            COALESCE(
                (SELECT unit.arm_id
                   FROM cadence_test_unit unit
                  WHERE unit.test_id = %(test_id)s
                    AND unit.name = %(name)s
                    AND unit.arm_id = ANY(%(arms)s)),
                (SELECT arm
                   FROM UNNEST(%(arms)s::int[]) arm
               ORDER BY MD5(CONCAT_WS('-', %(test_id)s::int, %(name)s, arm))
                  LIMIT 1))
            """, test_id=test.id, name=self._sql_name(table), arms=arms.ids)

    @api.model
    def _keep(self, run, tests):
        """Write down the companies that the run's touches were dealt."""
        for test in tests.sudo():
            self.env.cr.execute(SQL("""
                INSERT INTO cadence_test_unit (test_id, name, arm_id, date)
                SELECT %(test_id)s, %(name)s, MIN(arm.id), %(date)s
                  FROM cadence_touch touch
                  JOIN cadence_test_arm arm ON arm.test_id = %(test_id)s AND %(dealt)s
                 WHERE touch.run_id = %(run_id)s
                   AND touch.state = 'reserved'
              GROUP BY %(name)s
           ON CONFLICT DO NOTHING
                """, test_id=test.id, name=self._sql_name('touch'), date=run.date, run_id=run.id, dealt=test._sql_dealt(run)))
        self.invalidate_model()
