from odoo import models
from odoo.tools import SQL


class CadenceAudience(models.AbstractModel):
    """Letters that are tested are dealt to companies, not to contacts: colleagues talk."""
    _inherit = 'cadence.audience'

    def _sql_letter(self, run, letters):
        letter = super()._sql_letter(run, letters)
        Unit = self.env['cadence.test.unit']
        for test in self.env['cadence.test']._find_running(run):
            letter = SQL(
                "CASE WHEN letter.id IS NOT NULL AND settled.step = %s THEN COALESCE(%s, letter.id) ELSE %s END",
                test.step, Unit._sql_letter(test, run, letters, 'settled'), letter)
        return letter
