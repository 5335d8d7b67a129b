from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools import calendar
from .cadence_run_plan import PLANNED_DAYS
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
        if self.send_datetime <= now:
            return self.env._("%(run)s: %(count)s mails are queued and leave within minutes.", run=name, count=count)
        return self.env._(
            "%(run)s: %(count)s mails are queued and leave at %(time)s, the sending time of the segment.",
            run=name, count=count, time=self.segment_id._get_clock_time(self.send_datetime))

    # The calendar

    @api.model
    def get_day_note(self, day):
        """Why nothing, or nothing else, is on a day of the calendar; `day` is an ISO date."""
        self.check_access('read')
        try:
            date = fields.Date.to_date(day)
        except (TypeError, ValueError):
            date = None
        if not date:
            raise UserError(self.env._("“%(day)s” is no day.", day=day))
        today, label = fields.Date.context_today(self), format_date(self.env, date)
        if (date - today).days > PLANNED_DAYS:
            return self.env._("%(day)s: runs are planned %(count)s days ahead.", day=label, count=PLANNED_DAYS)
        due = self._get_due_names(date)
        if not due:
            return self.env._("%(day)s: no batch is due on this day of the month.", day=label)
        if date < today:
            return self.env._(
                "%(day)s: %(batches)s were due. Days without contacts in them show nothing.", day=label, batches=due)
        return self.env._(
            "%(day)s: %(batches)s are due. A segment shows here when it has contacts in them: save addresses into these batches.",
            day=label, batches=due)

    @api.model
    def _get_due_names(self, date):
        """The batches that are due on a day, in words: Marketing 05, Reading 05."""
        names = []
        for group in self.env['cadence.tag.group']._get_mailed_groups():
            numbers = calendar.due_batches(
                date, group.batch_count, group.cycle_days, self.env.company.cadence_short_month or 'last_day')
            names += [f'{group.name} {number:02}' for number in numbers]
        return ', '.join(names)

    def _get_calendar_name(self):
        """What fits on a day: how many, of which segment and batch."""
        rhythm = f"{self.segment_id.name} · {self.tag_group_id.name} {self.batches}"
        count = self.waiting_count + self.leaving_count + self.mailed_count or self.expected_count
        if self.word == 'planned':
            return f"{count:,} · {rhythm}"
        label = dict(self._fields['word']._description_selection(self.env))[self.word]
        return f"{label} · {rhythm}" if self.state in PAST else f"{count:,} {label} · {rhythm}"
