from collections import defaultdict
from contextlib import suppress
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

from ..constants import LIGHT_CONTEXT

PLANNED_DAYS = 30


class CadenceRun(models.Model):
    """The calendar of the runs: the days ahead are planned, the days gone by are closed."""
    _inherit = 'cadence.run'

    @api.model
    def _plan_ahead(self, now):
        """Create the runs of the next days; once a day is enough, more does no harm."""
        segments = self.env['cadence.segment'].search([])  # pylint: disable=no-search-all; there are few
        return self._work_together(segments, lambda some: self._plan(self._get_planned_days(some, now)))

    @api.model
    def _count_ahead(self, now, commit_progress=lambda processed=0, remaining=0: True):
        """Count whom the runs may expect that were planned since their segment was last counted, a segment at a time."""
        coming = self._get_coming_domain(now) & Domain('expected_at', '=', False)
        segments = self.env['cadence.segment'].union(*(segment for segment, in self._read_group(coming, ['segment_id'])))
        commit_progress(remaining=len(segments))
        for segment in segments:
            with self._contained():
                self._count_coming(segment, now)
            if not commit_progress(1):
                break

    @api.model
    def _get_planned_days(self, segments, now):
        """{segment: the days ahead, and those that nobody has planned because the crons were off: they are closed as missed}"""
        days = {}
        for today, some in segments.grouped(lambda segment: segment._get_local_day(now)).items():
            last_days = dict(self._read_group([
                ('segment_id', 'in', some.ids), ('date', '<', today), ('date', '>=', today - timedelta(days=PLANNED_DAYS))],
                ['segment_id'], ['date:max']))
            for segment in some:
                first = min(last_days.get(segment, today) + timedelta(days=1), today)
                days[segment] = [first + timedelta(days=number) for number in range((today - first).days + PLANNED_DAYS + 1)]
        return days

    @api.model
    def _plan_day(self, segments, now):
        """The segments' runs of their local today, created where missing."""
        days = {segment: [segment._get_local_day(now)] for segment in segments}
        if planned := self.sudo()._plan(days):
            self.sudo()._count_coming(planned.segment_id, now)
        return self.search([('segment_id', 'in', segments.ids), ('date', 'in', sum(days.values(), []))]).filtered(
            lambda run: [run.date] == days[run.segment_id])

    @api.model
    def _plan(self, days):
        """Create the missing runs of {segment: local days}: a handful of statements, however many there are."""
        known = self._find_planned(days)
        missing = [
            (segment, group, day, numbers)
            for group in self.env['cadence.tag.group']._get_mailed_groups()
            for segment, some in days.items()
            for day in some
            if (segment.id, group.id, day) not in known and (numbers := group._get_due_numbers(day, segment.company_id))]
        batch_tags = self._map_batch_tags(self.env['cadence.segment'].union(*(segment for segment, *_rest in missing)))
        # Nobody follows a run that was planned, nor needs a note that it was.
        return self.with_context(**LIGHT_CONTEXT).create([{
            'segment_id': segment.id, 'tag_group_id': group.id, 'date': day,
            'tag_ids': [Command.set([tag.id for number, tag in batch_tags[segment, group].items() if number in numbers])],
        } for segment, group, day, numbers in missing]).with_env(self.env)

    def _find_planned(self, days):
        """{(segment id, tag group id, day)} of the runs that are there."""
        return set(self.env.execute_query(SQL("""
            SELECT segment_id, tag_group_id, date
              FROM cadence_run
             WHERE segment_id = ANY(%s) AND date = ANY(%s)
            """, [segment.id for segment in days], list(set().union(*days.values())))))

    @api.model
    def _map_batch_tags(self, segments):
        """{(segment, tag group): {number: batch tag}}, archived tags as well."""
        batch_tags = defaultdict(dict)
        for tag in self.env['res.partner.category'].sudo().with_context(active_test=False).search_fetch(
                [('cadence_segment_id', 'in', segments.ids), ('cadence_batch', '>', 0)],
                ['cadence_segment_id', 'cadence_group_id', 'cadence_batch']):
            batch_tags[tag._cadence_get_rhythm()][tag.cadence_batch] = tag
        return batch_tags

    @api.model
    def _refresh_expected(self, segments, now):
        """The segments' batches have changed: their coming runs show it at once, those that nobody has planned yet included."""
        # Another worker may plan the same days in this moment.
        with suppress(UniqueViolation), self.env.cr.savepoint():
            self._plan(self._get_planned_days(segments.filtered('active'), now))
        self._count_coming(segments, now)

    @api.model
    def _count_coming(self, segments, now):
        """Count, for the coming runs of the segments, the contacts of their batches that may be mailed as things are."""
        for company, some in segments.grouped('company_id').items():
            runs = self.search(self._get_coming_domain(now) & Domain('segment_id', 'in', some.ids))
            runs.expected_at = now
            for group, group_runs in runs.grouped('tag_group_id').items():
                # A faulty view keeps the old numbers of its group only; the run itself says what is wrong.
                with suppress(UserError, ValidationError):
                    group_runs._count_expected(group, company)

    @api.model
    def _get_coming_domain(self, now):
        return Domain('state', 'in', ('planned', 'blocked')) & Domain('date', '>=', fields.Date.to_date(now) - timedelta(days=1))

    def _count_expected(self, group, company):
        tags = self.env['res.partner.category'].sudo().search([
            ('cadence_group_id', '=', group.id), ('cadence_segment_id', 'in', self.segment_id.ids)])
        counts = self.env['cadence.verdict']._count_mailable(tags, group, company)
        batch_tags = self._map_batch_tags(self.segment_id)
        for run in self:
            numbers = batch_tags[run._get_rhythm()]
            expected = sum(counts.get(numbers[number].id, 0) for number in run._get_due_numbers() if number in numbers)
            if expected != run.expected_count:
                run.expected_count = expected

    def _get_due_tags(self):
        return self._get_rhythm_tags(self._get_due_numbers())

    def _assign_due_tags(self):
        for run in self:
            tags = run._get_due_tags()
            if tags != run.tag_ids:
                run.tag_ids = tags

    def _reschedule(self):
        """Follow a changed sending time or time zone, as long as the mailing has not begun."""
        for run in self.filtered(lambda run: run.state == 'queued'):
            run.mailing_ids.filtered(lambda mailing: mailing.state == 'in_queue')._cadence_schedule(run.send_datetime)

    @api.model
    def _close_past_days(self, now):
        """The local day is over: who was not mailed is next in line; nobody is lost, nobody mailed late."""
        tomorrow = fields.Date.to_date(now) + timedelta(days=1)
        past = self.search([('is_closed', '=', False), ('date', '<=', tomorrow)], order='date, id').filtered(
            lambda run: run.date < run.segment_id._get_local_day(now))
        for run in past:
            with self._contained():
                run._with_own_language()._close(now)

    def _close(self, now):
        """Nothing of the run leaves any more. Its last latecomers, or all where nobody was decided, are next in line."""
        self._defer_waiting()
        self.env['cadence.touch']._free(self)
        if self._may_catch_up(now):
            self._assign_due_tags()
            self.env['cadence.touch']._defer_due(
                self, self.env['cadence.audience']._query_candidates(self), 'stopped' if self.state == 'cancelled' else 'missed')
        if self.state != 'cancelled':
            self.mailing_ids._cadence_give_up()
            mailed = self.state == 'done' or self._has_touches('reserved')
            # Why a day was missed is asked on the days after it.
            reason = None if mailed else self._get_trouble() or self.blocked_reason or self._get_waiting_reason()
            self._set_state(*('done',) if mailed else ('missed', reason))
        self.is_closed = True

    def _may_catch_up(self, now):
        """Not after a rest of a month: by then every batch has been due anew."""
        first = self.segment_id._get_local_day(now) - timedelta(days=PLANNED_DAYS)
        return (self.company_id.cadence_catch_up and self.segment_id.active and self.tag_group_id.active
                and self.date >= first)

    def _defer_waiting(self):
        """What has not left by the end of the day is next in line, with the reason for which it waited."""
        waiting = self.env['cadence.touch'].search([('run_id', '=', self.id), ('outcome', '=', 'waiting')])
        waiting._cancel_mails()
        for reason, touches in waiting.grouped('reason').items():
            touches._defer(reason or ('stopped' if self.is_held else 'late'))
