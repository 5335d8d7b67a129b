from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import calendar
from .cadence_run_plan import PLANNED_DAYS
from .cadence_run_words import PAST

RUNS_A_DAY = 8  # that a day of the month has room for; where there are more, it shows their sums


class CadenceRun(models.Model):
    """The calendar: what a day of it says, and why another one is empty."""
    _inherit = 'cadence.run'

    @api.model
    def get_calendar_days(self, domain):
        """The days of these runs in sums, where single runs would not fit; else nothing, and the runs are shown.

        :return: [{id, date, kind, title, domain}], at most one of a kind and day; `domain` opens the runs that it is of
        """
        self.check_access('read')
        days = defaultdict(dict)
        for day, state, count, expected in self._read_group(domain, ['date:day', 'state'], ['__count', 'expected_count:sum']):
            days[day][state] = (count, expected)
        if max((sum(count for count, _ in states.values()) for states in days.values()), default=0) <= RUNS_A_DAY:
            return []
        mailed = self._get_mailed_by_day(domain)
        return [
            {'id': f'{day}/{kind}', 'date': str(day), 'kind': kind, 'title': title,
             'domain': [('date', '=', str(day)), ('state', 'in', states)]}
            for day, counts in sorted(days.items()) for kind, states, title in self._get_day_lines(counts, mailed.get(day, 0))]

    @api.model
    def _get_mailed_by_day(self, domain):
        """{day: mails that have left}"""
        today = fields.Date.context_today(self)
        runs = self.search_fetch(Domain(domain) & Domain('date', '<=', today + timedelta(days=1)), ['date'], order='date')
        if not runs:
            return {}
        # Their days as well: by the runs alone, the database would read the whole ledger.
        return dict(self.env['cadence.touch'].sudo()._read_group(
            Domain('run_id', 'in', runs.ids) & Domain('date', '>=', runs[0].date) & Domain('date', '<=', runs[-1].date)
            & Domain('outcome', 'in', ('left', 'in_doubt')), ['date:day'], ['__count']))

    def _get_day_lines(self, counts, mailed):
        """[(kind, states, sentence)] of a day of {state: (runs, expected mails)}"""
        def total(*states):
            rows = [counts.get(state, (0, 0)) for state in states]
            return f'{sum(runs for runs, _mails in rows):,}', f'{sum(mails for _runs, mails in rows):,}'

        lines = []
        if 'planned' in counts:
            runs, mails = total('planned')
            lines.append(('planned', ['planned'], self.env._("%(mails)s to mail · %(runs)s runs", mails=mails, runs=runs)))
        if mailed or {'queued', 'done'} & set(counts):
            runs, _mails = total('queued', 'done')
            lines.append(('mailed', ['queued', 'done'], self.env._(
                "%(mails)s mailed · %(runs)s runs", mails=f'{mailed:,}', runs=runs)))
        if 'blocked' in counts:
            lines.append(('blocked', ['blocked'], self.env._("%(runs)s runs blocked", runs=total('blocked')[0])))
        if {'missed', 'cancelled'} & set(counts):
            lines.append(('off', ['missed', 'cancelled'], self.env._(
                "%(runs)s runs missed or cancelled", runs=total('missed', 'cancelled')[0])))
        return lines

    @api.model
    def get_day_note(self, day):
        """Why nothing, or nothing else, is on a day of the calendar; `day` is an ISO date."""
        self.check_access('read')
        try:
            date = fields.Date.to_date(day)
        except (TypeError, ValueError):
            date = None
        if not date:
            raise UserError(self.env._("“%(day)s” is not a date.", day=day))
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
