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
    count_note = fields.Char(compute='_compute_count_note')

    @api.depends('state', 'is_held', 'mailed_count', 'leaving_count', 'doubt_count')
    def _compute_word(self):
        for run in self:
            run.word = run._get_word()

    @api.depends('word', 'audience_count', 'mailed_count', 'waiting_count', 'expected_count')
    @api.depends_context('lang')
    def _compute_count_note(self):
        for run in self:
            run.count_note = run._get_count_note()

    def _get_count_note(self):
        """How many of how many: a sentence, for no two languages put these numbers in the same order."""
        audience, mailed, queued = (f'{count:,}' for count in (self.audience_count, self.mailed_count, self.waiting_count))
        if self.word == 'nobody':
            return self.env._("Nobody was mailed of %(audience)s", audience=audience)
        if self.state == 'done':
            return self.env._("%(mailed)s mailed of %(audience)s", mailed=mailed, audience=audience)
        if self.state == 'queued':
            return self.env._(
                "%(mailed)s mailed, %(queued)s queued of %(audience)s", mailed=mailed, queued=queued, audience=audience)
        return self.state == 'planned' and self.env._("%(expected)s expected", expected=f'{self.expected_count:,}')

    def _get_word(self):
        """One of the words; *mailed* when all that leaves has left."""
        if self.state == 'done':
            return 'mailed' if self.mailed_count or self.doubt_count else 'nobody'
        if self.state not in PAST and self.is_held:
            return 'stopped'
        if self.state == 'queued' and (self.leaving_count or self.mailed_count):
            return 'leaving'
        return self.state

    def _with_own_language(self):
        """The run, with its sentences in the language of whom they are told to: crons have none of their own."""
        return self.with_context(lang=self.segment_id._get_responsible().lang or self.env.lang)

    def _get_queued_notice(self):
        """A notification for who has just run these runs: how many mails leave when, or why none does."""
        notes = [run._get_queued_note(fields.Datetime.now()) for run in self]
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'message': ' '.join(dict.fromkeys(notes)), 'type': 'info', 'sticky': len(notes) > 1,
                       'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}},
        }

    def _get_queued_note(self, now):
        name, count = self.display_name, f'{self.waiting_count:,}'
        if self.blocked_reason:
            return self.env._("%(run)s: %(reason)s", run=name, reason=self.blocked_reason)
        if not self.waiting_count:
            return self.env._("%(run)s: nobody is left to be mailed.", run=name)
        if self.is_held:
            return self.env._("%(run)s: %(count)s mails are queued and held until the run is resumed.", run=name, count=count)
        if self.is_draft:
            return self.env._("%(run)s: %(count)s mails wait as drafts until somebody sends them.", run=name, count=count)
        return self._get_leaving_note(name, count, now)

    def _get_leaving_note(self, name, count, now):
        if self.send_datetime <= now:
            return self.env._("%(run)s: %(count)s mails are queued and leave within minutes.", run=name, count=count)
        return self.env._(
            "%(run)s: %(count)s mails are queued and leave at %(time)s, the sending time of the segment.",
            run=name, count=count, time=self.segment_id._get_clock_time(self.send_datetime))
