from odoo import api, fields, models
from odoo.tools import SQL


class CadenceCostShare(models.Model):
    """What a cost is for a row of the results: kept apart from it, for the rows are counted anew."""
    _name = 'cadence.cost.share'
    _description = 'Share of a Cost'
    _log_access = False

    cost_id = fields.Many2one('cadence.cost', required=True, ondelete='cascade', index=True, readonly=True)
    company_id = fields.Many2one(related='cost_id.company_id', store=True)
    run_id = fields.Many2one('cadence.run', required=True, ondelete='cascade', index=True, readonly=True)
    grain = fields.Char(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, currency_field='currency_id')
    currency_id = fields.Many2one(related='cost_id.currency_id')

    @api.model
    def _write_costs(self, run_ids):
        """Put the shares of these runs to their results; where a row is gone, its share is another one's of the run."""
        self.env.flush_all()
        self.env.cr.execute(SQL("""
            UPDATE cadence_result
               SET cost = COALESCE(shared.amount, 0)
              FROM cadence_result known
         LEFT JOIN (SELECT home.id, SUM(share.amount) AS amount
                      FROM cadence_cost_share share
                      JOIN LATERAL (
                           SELECT result.id
                             FROM cadence_result result
                            WHERE result.run_id = share.run_id
                         ORDER BY result.grain = share.grain DESC, result.id
                            LIMIT 1) home ON TRUE
                     WHERE share.run_id = ANY(%(run_ids)s)
                  GROUP BY home.id) shared ON shared.id = known.id
             WHERE known.id = cadence_result.id
               AND known.run_id = ANY(%(run_ids)s)
            """, run_ids=list(run_ids)))
        self.env['cadence.result'].invalidate_model(['cost'])
