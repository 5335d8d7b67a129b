from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import calendar

PLANNED_DAYS = 30


class CadenceRun(models.Model):
    """The calendar of the runs: the days ahead are planned, the days gone by are closed."""
    _inherit = 'cadence.run'

    @api.model
    def _plan_ahead(self, now):
        """Create the runs of the next days and count whom they may expect; once a day is enough, more does no harm."""
        segments = self.env['cadence.segment'].search([])  # pylint: disable=no-search-all; there are few
        planned = self.browse()
        for segment in segments:
            today = segment._get_local_day(now)
            planned += self._plan(segment, [today + timedelta(days=ahead) for ahead in range(PLANNED_DAYS + 1)])
        self._refresh_expected(planned.segment_id, now)
        return planned

    @api.model
    def _plan_day(self, segments, now):
        """The segments' runs of their local today, created where missing."""
        runs = self.browse()
        for segment in segments:
            today = segment._get_local_day(now)
            self.sudo()._plan(segment, [today])
            runs += self.search([('segment_id', '=', segment.id), ('date', '=', today)])
        return runs

    @api.model
    def _plan(self, segment, days):
        """Create the segment's missing runs of these local days."""
        known = {(run.tag_group_id.id, run.date) for run in self.search_fetch(
            [('segment_id', '=', segment.id), ('date', 'in', days)], ['tag_group_id', 'date'])}
        runs = self.create([
            {'segment_id': segment.id, 'tag_group_id': group.id, 'date': day}
            for group in self.env['cadence.tag.group']._get_mailed_groups()
            for day in days
            if (group.id, day) not in known and calendar.due_batches(
                day, group.batch_count, group.cycle_days, segment.company_id.cadence_short_month)
        ])
        runs._assign_due_tags()
        return runs

    @api.model
    def _refresh_expected(self, segments, now):
        """Count, for the coming runs of the segments, the contacts of their batches that may be mailed as things are."""
        for company in segments.company_id:
            runs = self.search([
                ('segment_id', 'in', segments.filtered(lambda segment, company=company: segment.company_id == company).ids),
                ('state', 'in', ('planned', 'blocked')), ('date', '>=', fields.Date.to_date(now) - timedelta(days=1))])
            for group, group_runs in runs.grouped('tag_group_id').items():
                tags = self.env['res.partner.category'].sudo().search([
                    ('cadence_group_id', '=', group.id), ('cadence_segment_id', 'in', group_runs.segment_id.ids)])
                counts = self.env['cadence.audience']._count_mailable(tags, group, company)
                for run in group_runs:
                    expected = sum(counts.get(tag_id, 0) for tag_id in run._get_due_tags().ids)
                    if expected != run.expected_count:
                        run.expected_count = expected

    def _get_due_tags(self):
        return self.env['res.partner.category'].sudo().with_context(active_test=False).search([
            ('cadence_segment_id', '=', self.segment_id.id), ('cadence_group_id', '=', self.tag_group_id.id),
            ('cadence_batch', 'in', self._get_due_numbers())])

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
        """The local day is over: what was not mailed is deferred to the next runs; nobody is lost, nobody mailed late."""
        tomorrow = fields.Date.to_date(now) + timedelta(days=1)
        past = self.search([('state', 'in', ('planned', 'blocked', 'queued')), ('date', '<=', tomorrow)]).filtered(
            lambda run: run.date < run.segment_id._get_local_day(now))
        for run in past:
            run._defer_unsent()
            run.mailing_ids.filtered(lambda mailing: mailing.state != 'done')._cadence_give_up()
            run._set_state('done' if run._has_touches('reserved') else 'missed', run.blocked_reason)

    def _defer_unsent(self):
        self.env.flush_all()
        self.env.execute_query(SQL("""
            UPDATE cadence_touch
               SET state = 'deferred', reason = 'late', deferred_since = COALESCE(deferred_since, date)
             WHERE run_id = %s
               AND state = 'reserved'
               AND NOT EXISTS (SELECT FROM mailing_trace WHERE mailing_trace.cadence_touch_id = cadence_touch.id)
         RETURNING id
            """, self.id))
        self.env['cadence.touch'].invalidate_model()
