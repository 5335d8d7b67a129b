from odoo import api, fields, models

from .cadence_touch_words import WORDS

PAST = ('done', 'missed', 'cancelled')


class CadenceRun(models.Model):
    """How a run stands, in the words of its touches: what a badge and a day of the calendar say."""
    _inherit = 'cadence.run'

    word = fields.Selection([
        *(word for word in WORDS if word[0] in ('planned', 'queued', 'leaving', 'mailed')),
        ('nobody', 'Nobody Mailed'),
        ('blocked', 'Blocked'),
        ('stopped', 'Stopped'),
        ('missed', 'Missed'),
        ('cancelled', 'Cancelled'),
    ], 'Status', compute='_compute_word')

    @api.depends('state', 'is_held', 'mailed_count', 'leaving_count', 'doubt_count')
    def _compute_word(self):
        for run in self:
            run.word = run._get_word()

    def _get_word(self):
        """One of the words; *mailed* when all that leaves has left."""
        if self.state == 'done':
            return 'mailed' if self.mailed_count or self.doubt_count else 'nobody'
        if self.state not in PAST and self.is_held:
            return 'stopped'
        if self.state == 'queued' and (self.leaving_count or self.mailed_count):
            return 'leaving'
        return self.state

    def _get_calendar_name(self):
        """What fits on a day: how many, of which segment and batch."""
        rhythm = f"{self.segment_id.name} · {self.tag_group_id.name} {self.batches}"
        count = self.waiting_count + self.leaving_count + self.mailed_count or self.expected_count
        if self.word == 'planned':
            return f"{count:,} · {rhythm}"
        label = dict(self._fields['word']._description_selection(self.env))[self.word]
        return f"{label} · {rhythm}" if self.state in PAST else f"{count:,} {label} · {rhythm}"
