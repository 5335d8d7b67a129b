from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .cadence_intake import COUNTS


class CadenceIntake(models.Model):
    """What an intake brings: its lines by what they were found to be, the batches they go to, and how full the days are."""
    _inherit = 'cadence.intake'

    @api.depends('tally')
    def _compute_counts(self):
        for intake in self:
            for name in COUNTS:
                intake[f'{name}_count'] = (intake.tally or {}).get(name, 0)

    def _tally(self):
        """Count the lines, once at the end of each piece of work: a list of intakes may stand for millions."""
        self.env['cadence.intake.line'].flush_model()
        self.sudo().tally = self.env.execute_query_dict(self._query_counts())[0]

    def _query_counts(self):
        return SQL("""
            SELECT COUNT(*) AS line,
                   COUNT(*) FILTER (WHERE state = 'new') AS new,
                   COUNT(*) FILTER (WHERE state = 'known') AS known,
                   COUNT(*) FILTER (WHERE state = 'duplicate') AS duplicate,
                   COUNT(*) FILTER (WHERE state = 'invalid') AS invalid,
                   COUNT(*) FILTER (WHERE state = 'over_cap') AS over_cap,
                   COUNT(*) FILTER (WHERE state = 'saved') AS saved,
                   COUNT(*) FILTER (WHERE state = 'undone') AS undone,
                   COUNT(*) FILTER (WHERE state = 'undone' AND partner_id IS NOT NULL) AS kept,
                   COUNT(*) FILTER (WHERE state IN ('new', 'known') AND batch > 0) AS to_save,
                   COUNT(*) FILTER (WHERE state = 'invalid' AND suggestion IS NOT NULL) AS suggestion,
                   COUNT(*) FILTER (WHERE is_role AND state IN ('new', 'known', 'saved')) AS role,
                   COUNT(*) FILTER (WHERE was_deleted AND state IN ('new', 'saved')) AS deleted
              FROM cadence_intake_line
             WHERE intake_id = %s
            """, self.id)

    @api.depends('tally')
    def _compute_plan(self):
        for intake in self:
            intake.plan = [
                {'batch': batch, 'first': first, 'last': last, 'count': count, 'companies': companies}
                for batch, first, last, count, companies in self.env.execute_query(intake._query_plan())
            ] if intake.state not in ('draft', 'reading', 'saving', 'undoing') else []

    def _query_plan(self):
        return SQL("""
            SELECT batch, MIN(NULLIF(rank, 0)), MAX(NULLIF(rank, 0)), COUNT(*), COUNT(DISTINCT company_domain COLLATE "C")
              FROM cadence_intake_line
             WHERE intake_id = %(id)s AND batch > 0 AND state IN ('new', 'known', 'saved')
          GROUP BY batch
          ORDER BY MOD(batch - %(start)s + %(batch_count)s, %(batch_count)s)
            """, id=self.id, start=self._get_start(), batch_count=self.tag_group_id.batch_count or 1)

    def _get_planned_batches(self):
        return [batch for batch, *_numbers in self.env.execute_query(self._query_plan())]

    def _get_start(self):
        """The batch of the first day; a 31st counts as the 1st, on which the cycle begins anew."""
        return (min(self.start_date.day, 31) - 1) % (self.tag_group_id.cycle_days or 30) % (
            self.tag_group_id.batch_count or 30) + 1

    @api.depends('state', 'segment_id.company_id')
    def _compute_day_load(self):
        for intake in self:
            intake.day_load = intake._get_day_load() if intake.state in ('draft', 'preview') and intake.segment_id else []

    def _get_day_load(self):
        """[{'day': 1..30, 'contacts': those of every batch that is due then}] over all segments of the company."""
        segments = self.env['cadence.segment'].search([('company_id', '=', self.company_id.id)])
        groups = {
            group.id: (group.cycle_days, group.every_rounds) for group in self.env['cadence.tag.group']._get_mailed_groups()}
        contacts = dict.fromkeys(range(1, 31), 0)
        for (_segment_id, group_id, batch), (_tag_id, count) in segments._get_batch_counts().items():
            cycle_days, every_rounds = groups.get(group_id, (30, 1))
            for day in range(batch, 31, cycle_days):
                contacts[day] += count // every_rounds  # on average
        return [{'day': day, 'contacts': count} for day, count in contacts.items()]

    def action_start_lightest(self):
        """Begin on the day of the month on which the fewest contacts are due, the next one of these from today on."""
        self._check_state('draft')
        load = {row['day']: row['contacts'] for row in self._get_day_load()}
        today = self.segment_id._get_local_day()
        days = [day for day in (today + timedelta(days=ahead) for ahead in range(31)) if day.day in load]
        self.start_date = min(days, key=lambda day: load[day.day])
