from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ...tools import calendar
from .cadence_test_count import RIPE_DAYS

LEAST_HOURS, MOST_HOURS = 2, 4


class CadenceTest(models.Model):
    """Sending times compared until one is better: the companies of a segment are dealt to hours, and each keeps its own.

    The hours are those of the segment's clock. What a run has for a company waits in the ledger for its hour
    (`send_datetime` of the touch); the run itself is composed at the first of them.
    """
    _inherit = 'cadence.test'

    is_switched = fields.Boolean(readonly=True, copy=False, help="The segment's sending time is the better one since.")
    previous_time = fields.Float("Segment's Sending Time Before", readonly=True, copy=False)

    _guarded_fields = ('is_switched', 'previous_time')

    _one_running_hours = models.UniqueIndex(
        "(segment_id) WHERE state = 'running' AND kind = 'hour'", "Sending times of this segment are being tested already.")

    # Which test a run follows

    @api.model
    def _map_hours(self, runs):
        """{run: its test of sending times} of the runs that follow one; who sends now waits for none."""
        tests = self.sudo().search([
            ('kind', '=', 'hour'), ('state', '=', 'running'), ('segment_id', 'in', runs.segment_id.ids)])
        by_segment = {test.segment_id: test for test in tests}
        return {run: test for run in runs.filtered(lambda run: not run.hastened_at)
                if (test := by_segment.get(run.segment_id)) and test._has_run(run) and not test._find_midnight(run.date)}

    def _has_run(self, run):
        return self.start_date <= run.date and self.tag_group_id in (run.tag_group_id, self.tag_group_id.browse())

    def _get_moments(self, run):
        """{variant: the UTC moment at which its mails of the run leave}"""
        return self._get_moments_of(run.date, self.arm_ids.filtered(lambda arm: arm.since and arm.since <= run.date))

    def _get_moments_of(self, day, arms):
        return {arm: calendar.utc_moment(day, self.segment_id.tz, arm.hour) for arm in arms}

    def _find_midnight(self, day):
        """The hour on the segment's clock at which the company's day changes between two of the hours, None if it does not.

        Caps and once-a-day are promised for the company's day, and a run has its places on one of them.
        """
        company, moments = self.segment_id.company_id, self._get_moments_of(day, self.arm_ids).values()
        days = {company._cadence_get_day(moment) for moment in moments}
        if len(days) < 2:
            return None
        return self.segment_id._get_clock_time(company._cadence_get_day_bounds(max(days))[0])

    def _sql_moment(self, run, table):
        """The UTC moment that the mail of `table`'s company waits for."""
        moments = self._get_moments(run)
        return SQL(
            "(%(moments)s::timestamp[])[ARRAY_POSITION(%(arms)s::int[], %(arm)s)]", moments=list(moments.values()),
            arms=[arm.id for arm in moments],
            arm=self.env['cadence.test.unit']._sql_arm(self, self.arm_ids.browse(arm.id for arm in moments), table))

    def _follow(self):
        """The segment's runs that have not ended follow what is tested from now on; what waits today follows as well."""
        runs = self.env['cadence.run'].sudo().search([
            ('segment_id', 'in', self.segment_id.ids), ('is_closed', '=', False),
            ('date', '>=', fields.Date.subtract(fields.Date.today(), days=1))])
        days = {run: run._get_mail_day() for run in runs if run.state == 'queued'}
        self.env.add_to_compute(runs._fields['send_datetime'], runs)
        for run, day in days.items():
            if run._get_mail_day() != day:
                run._decide_anew()
        runs._reschedule()

    # Life

    @api.onchange('kind', 'segment_id')
    def _onchange_segment_hours(self):
        """The segment's own time is one of the hours, as long as nobody has chosen any."""
        if self.kind == 'hour' and self.segment_id and not self.arm_ids:
            self.arm_ids = [Command.create({'hour': self.segment_id.send_time})]

    @api.constrains('kind', 'segment_id', 'tag_group_id')
    def _check_hours_frozen(self):
        if self.filtered(lambda test: test.kind == 'hour' and test.state == 'running'):
            raise ValidationError(self.env._("A test that has begun stays with its segment: stop it first."))

    def _get_rival_domain(self):
        if self.kind != 'hour':
            return super()._get_rival_domain()
        return [('kind', '=', 'hour'), ('segment_id', '=', self.segment_id.id)]

    def _check_ready(self):
        if self.kind != 'hour':
            return super()._check_ready()
        if not LEAST_HOURS <= len(self.arm_ids) <= MOST_HOURS:
            raise UserError(self.env._(
                "A test compares %(least)s to %(most)s sending times: this one has %(count)s.",
                least=LEAST_HOURS, most=MOST_HOURS, count=len(self.arm_ids)))
        if midnight := self._find_midnight(self._get_next_day()):
            raise UserError(self.env._(
                "At %(midnight)s on the segment's clock the company's day changes, and with it the mails that an address, a "
                "company and a sender may have: choose sending times that are all before it, or all after it.",
                midnight=midnight))
        return None

    def _start(self):
        result = super()._start()
        if self.kind == 'hour':
            self.is_switched = False
            self._follow()
        return result

    def _end(self, state):
        result = super()._end(state)
        self.filtered(lambda test: test.kind == 'hour')._follow()
        return result

    # Counting

    def _sql_dealt(self, run):
        """Who sends now deals nothing: `_map_hours`. Else by the lot that gave the mail its moment."""
        if self.kind != 'hour':
            return super()._sql_dealt(run)
        arms = self._get_moments(run)
        return SQL("touch.send_datetime IS NOT NULL AND arm.id = %s", self.env['cadence.test.unit']._sql_arm(
            self, self.arm_ids.browse(arm.id for arm in arms), 'touch'))

    def _sql_tested(self):
        """Whatever became of the hour afterwards: who is left out where a run was sent ahead would be of some hours only."""
        if self.kind != 'hour':
            return super()._sql_tested()
        runs = self.env['cadence.run'].search([
            ('segment_id', '=', self.segment_id.id), ('date', '>=', self._get_count_start())]).filtered(self._has_run)
        return SQL("touch.run_id = ANY(%s) AND touch.date >= unit.date", runs.ids)

    def _sql_ripe(self):
        """By the day: by the minute, those of the first hour would be judged half a day before those of the last."""
        if self.kind != 'hour':
            return super()._sql_ripe()
        return SQL("first.date < %s", fields.Date.subtract(self.segment_id._get_local_day(), days=RIPE_DAYS))

    # What follows from the verdict

    def _may_switch(self):
        if self.kind != 'hour':
            return super()._may_switch()
        return self.verdict == 'better' and bool(self.best_arm_id) and self.segment_id.send_time != self.best_arm_id.hour

    def _may_undo(self):
        if self.kind != 'hour':
            return super()._may_undo()
        return self.is_switched and self.segment_id.send_time == self.best_arm_id.hour

    def _switch(self):
        if self.kind != 'hour':
            return super()._switch()
        self.write({'previous_time': self.segment_id.send_time, 'is_switched': True})
        self.segment_id.send_time = self.best_arm_id.hour
        self._note_both(self.env._(
            "Mails leave at %(time)s instead of %(before)s after the test %(test)s. %(sentence)s It can be undone on the test.",
            time=self.best_arm_id.display_name, before=calendar.clock(self.previous_time), test=self.display_name,
            sentence=self.sentence))
        return None

    def _undo(self):
        if self.kind != 'hour':
            return super()._undo()
        self.is_switched = False
        self.segment_id.send_time = self.previous_time
        self._note_both(self.env._("Mails leave at %(time)s again.", time=calendar.clock(self.previous_time)))
        return None

    # From where it is begun

    @api.model
    def _get_hours_action(self, segment, group=None, hours=()):
        """Open the segment's newest test of sending times; else a new one, with the segment's own time and `hours`."""
        self.check_access('read')
        domain = [('kind', '=', 'hour'), ('segment_id', '=', segment.id)]
        test = segment and (self.search([*domain, ('state', '=', 'running')], limit=1) or self.search(domain, limit=1))
        times = dict.fromkeys([*segment.mapped('send_time'), *hours])
        context = {
            'default_kind': 'hour', 'default_segment_id': segment.id, 'default_tag_group_id': group and group.id,
            'default_arm_ids': [Command.create({'hour': hour}) for hour in times]}
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Test of Sending Times"), 'res_model': 'cadence.test',
            'views': [(False, 'form')], 'context': context, 'res_id': test.id if test else False}
