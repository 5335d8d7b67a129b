from odoo import models
from odoo.tools import SQL

from .cadence_intake_chunk import KINDS

RATE_SECONDS = 60  # that the rate is taken from: long enough to be steady, short enough to tell of a pause


class CadenceIntake(models.Model):
    """How far an intake is: asked every second by whoever watches it, so it looks at chunks only, never at lines."""
    _inherit = 'cadence.intake'

    def _compute_progress(self):
        for intake in self:
            intake.progress = intake.get_progress()

    def get_progress(self):
        """{'state', 'paused', 'share': 0..1 or None, 'done': lines, 'total': lines or None, 'rate': lines a second,
        'seconds_left': or None}.
        """
        self.ensure_one()
        self.check_access('read')
        progress = {
            'state': self.state, 'paused': self.paused, 'share': None, 'done': 0, 'total': None, 'rate': 0, 'seconds_left': None}
        if self.state not in KINDS:
            return progress
        self.env['cadence.intake.chunk'].flush_model()
        [(done, waiting, share, recent, seconds)] = self.env.execute_query(self._query_progress())
        progress |= {'done': done, 'rate': round(recent / max(seconds, 1)) if recent else 0}
        if self.state == 'reading':
            progress['share'] = share or None
            if share and progress['rate']:
                progress['seconds_left'] = round(done / progress['rate'] * (1 / share - 1))
        elif done + waiting:
            progress |= {'share': done / (done + waiting), 'total': done + waiting}
            if progress['rate']:
                progress['seconds_left'] = round(waiting / progress['rate'])
        return progress

    def _query_progress(self):
        return SQL("""
            SELECT COALESCE(SUM(line_count) FILTER (WHERE state = 'done'), 0),
                   COALESCE(SUM(line_count) FILTER (WHERE state = 'waiting'), 0),
                   MAX(share),
                   SUM(line_count) FILTER (WHERE finished > NOW() AT TIME ZONE 'UTC' - %(window)s * INTERVAL '1 second'),
                   EXTRACT(EPOCH FROM MAX(finished) - MIN(started) FILTER (
                       WHERE finished > NOW() AT TIME ZONE 'UTC' - %(window)s * INTERVAL '1 second'))
              FROM cadence_intake_chunk
             WHERE intake_id = %(id)s AND kind = ANY(%(kinds)s)
            """, id=self.id, kinds=list(KINDS[self.state]), window=RATE_SECONDS)
