from odoo import api, fields, models
from odoo.tools import SQL


class CadenceTestUnit(models.Model):
    """Which letter a company got when it was dealt: it keeps it to the end of the test, whichever variants join.

    Of addresses at public mailbox providers each is a company of its own.
    """
    _name = 'cadence.test.unit'
    _description = 'Company of a Test'
    _rec_name = 'name'
    _log_access = False

    test_id = fields.Many2one('cadence.test', required=True, ondelete='cascade', readonly=True)
    name = fields.Char('Company', required=True, readonly=True)
    letter_id = fields.Many2one('cadence.letter', required=True, ondelete='cascade', index=True, readonly=True)
    date = fields.Date(required=True, readonly=True)

    _test_name = models.UniqueIndex('(test_id, name)')

    @api.model
    def _sql_name(self, table):
        return SQL("COALESCE(%(table)s.company_domain, %(table)s.email)", table=SQL.identifier(table))

    @api.model
    def _sql_letter(self, test, run, letters, table):
        """The id of the test's letter that `table`'s company gets: the one it has, else by lot; NULL where none can be mailed.

        The lot is by the highest of one number for each letter and company (rendezvous hashing): the same again each time.
        """
        arms = test.sudo().arm_ids.filtered(lambda arm: arm.since <= run.date).letter_id & letters
        return SQL("""
            COALESCE(
                (SELECT unit.letter_id
                   FROM cadence_test_unit unit
                  WHERE unit.test_id = %(test_id)s
                    AND unit.name = %(name)s
                    AND unit.letter_id = ANY(%(arms)s)),
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
                INSERT INTO cadence_test_unit (test_id, name, letter_id, date)
                SELECT %(test_id)s, %(name)s, MIN(touch.letter_id), %(date)s
                  FROM cadence_touch touch
                 WHERE touch.run_id = %(run_id)s
                   AND touch.state = 'reserved'
                   AND touch.letter_id = ANY(%(arms)s)
              GROUP BY %(name)s
           ON CONFLICT DO NOTHING
                """, test_id=test.id, name=self._sql_name('touch'), date=run.date, run_id=run.id,
                arms=test.arm_ids.letter_id.ids))
        self.invalidate_model()
