from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .cadence_result_count import FIGURES

# Figures that the attributions tell: whether a won opportunity is asked for.
DEALS = {'opportunities': False, 'won': True}


class CadenceTouch(models.Model):
    """The mails behind a figure of the results, and what a run decided about the companies of a test."""
    _inherit = 'cadence.touch'

    figure = fields.Char(
        'Counted As', store=False, search='_search_figure', help="Finds the mails that a figure of the results counts.")

    @api.model
    def _reserve(self, run, decided):
        count = super()._reserve(run, decided)
        Test = self.env['cadence.test']
        if count and (tests := Test._find_running(run).union(*Test._map_hours(run).values())):
            self.env['cadence.test.unit']._keep(run, tests)
            self._call_mail_queue(self._find_early(run).get(run, ()))
        return count

    def _get_further_columns(self, run):
        """A company's mail waits for the hour that the test of sending times gave it."""
        columns = super()._get_further_columns(run)
        for test in self.env['cadence.test']._map_hours(run).values():
            columns['send_datetime'] = SQL(
                "CASE WHEN decided.state = 'reserved' THEN %s END", test._sql_moment(run, 'decided'))
        return columns

    def _get_waiting_note(self, now):
        note = super()._get_waiting_note(now)
        if not self._is_early():
            return note
        return self.env._("%(note)s Sending times are being tested: this company gets its mails at that hour.", note=note)

    def _search_figure(self, operator, value):
        """The same conditions by which the results are counted, asked of each mail: nobody else need be let at the traces."""
        if operator != 'in':
            return NotImplemented
        [figure] = value
        if figure not in FIGURES and figure not in DEALS:
            raise UserError(self.env._("There is no figure %(figure)s.", figure=figure))
        return Domain('outcome', 'in', ('left', 'refused')) & Domain.custom(
            to_sql=lambda _model, alias, _query: self._sql_figure(SQL.identifier(alias), figure))

    def _sql_figure(self, table, figure):
        Result = self.env['cadence.result']
        self.env.flush_all()
        if figure in DEALS:
            return SQL("""
                EXISTS (SELECT
                          FROM cadence_attribution part
                         WHERE part.touch_number = %s.id
                           AND part.run_id = %s.run_id
                           AND part.model = 'last'
                           AND (part.is_won OR NOT %s))
                """, table, table, DEALS[figure])
        return SQL("""
            EXISTS (WITH mailed AS (%(mailed)s),
                    fact AS (%(facts)s)
                    SELECT
                      FROM fact
                CROSS JOIN LATERAL (
                           SELECT MIN(lead.create_date) AS first_date
                             FROM cadence_attribution part
                             JOIN crm_lead lead ON lead.id = part.lead_id
                            WHERE part.run_id = fact.run_id
                              AND part.touch_number = fact.id
                              AND part.model = 'last') deal
                     WHERE %(condition)s)
            """, mailed=Result._query_mailed_where(SQL("touch.id = %s.id", table)),
            facts=Result._query_facts(self.env.company), condition=SQL(FIGURES[figure]))
