from datetime import timedelta

from odoo import api, fields, models

PACE_MINUTES = 5  # over which the pace is taken
FAILURES = ('dead', 'refused', 'mail_server', 'letter_failed')  # of touches that have not left, by their reason


class CadenceRun(models.Model):
    """A run that is on its way: how fast its mails leave, how long it still takes, what went wrong."""
    _inherit = 'cadence.run'

    pace_note = fields.Char('On Its Way', compute='_compute_pace_note')
    early_counts = fields.Json(
        compute='_compute_early_counts', help="{UTC moment to come: how many mails wait for it}, false where none do.")

    @api.depends('state')
    def _compute_early_counts(self):
        early = self.env['cadence.touch']._find_early(self.filtered(lambda run: run.state == 'queued'))
        for run in self:
            run.early_counts = {str(moment): count for moment, count in early.get(run, {}).items()}

    def _compute_pace_note(self):
        under_way = self.filtered(lambda run: run.word == 'leaving')
        turns = self.filtered(lambda run: run.word in ('queued', 'leaving'))._get_turn_notes()
        for run in self - under_way:
            run.pace_note = ' · '.join(turns.get(run, ())) or False
        since = fields.Datetime.now() - timedelta(minutes=PACE_MINUTES)
        Touch = self.env['cadence.touch']
        left = {run: (count, first) for run, count, first in Touch._read_group(
            [('run_id', 'in', under_way.ids), ('outcome', '=', 'left'), ('outcome_date', '>=', since)], ['run_id'],
            ['__count', 'outcome_date:min'])}
        failed = dict(Touch._read_group(
            [('run_id', 'in', under_way.ids), ('reason', 'in', FAILURES)], ['run_id'], ['__count']))
        for run in under_way:
            run.pace_note = ' · '.join(
                run._get_pace_notes(*left.get(run, (0, None)), failed.get(run, 0), turns.get(run, ())))

    def _get_turn_notes(self):
        """{run: [what makes its mails wait, and how long]}, where they do not leave as fast as they can."""
        return {}

    def _get_pace_notes(self, left, first, failed, turns):
        """The parts of the note: `left` mails since the UTC moment `first`, within the last minutes."""
        notes, waiting = [], self.waiting_count + self.leaving_count
        if left:
            seconds = max((fields.Datetime.now() - first).total_seconds(), 1)
            pace = left * 60 / max(seconds, 60)
            notes.append(self.env._("%(count)s mails a minute", count=f'{pace:,.0f}' if pace >= 1 else f'{pace:.1f}'))
            if waiting and not turns:
                notes.append(self.env._("about %(count)s minutes left", count=f'{max(waiting / pace, 1):,.0f}'))
        notes += turns
        if self.doubt_count:
            notes.append(self.env._("%(count)s perhaps mailed", count=f'{self.doubt_count:,}'))
        if failed:
            notes.append(self.env._("%(count)s not taken by the mail server", count=f'{failed:,}'))
        return notes
