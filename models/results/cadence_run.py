from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cadence_result_count import FIGURES, TIERS


class CadenceRun(models.Model):
    """What the run brought: read from the counted results, never from mailings."""
    _inherit = 'cadence.run'

    result_ids = fields.One2many('cadence.result', 'run_id', 'Results')
    opened_count = fields.Integer('Opened', compute='_compute_results')
    clicked_count = fields.Integer('Clicked', compute='_compute_results')
    replied_count = fields.Integer('Replied', compute='_compute_results')
    bounced_count = fields.Integer('Bounced', compute='_compute_results')
    results_date = fields.Datetime('Counted On', compute='_compute_results')

    hours_note = fields.Char('Tested Sending Times', compute='_compute_hours_note')

    _result_fields = ('opened_count', 'clicked_count', 'replied_count', 'bounced_count', 'results_date')

    def _compute_results(self):
        rows = self.env['cadence.result'].sudo()._read_group(
            [('run_id', 'in', self.ids)], ['run_id'],
            ['opened:sum', 'clicked:sum', 'replied:sum', 'returned:sum', 'counted_date:min'])
        counts = {run.id: figures for run, *figures in rows}
        for run in self:
            (run.opened_count, run.clicked_count, run.replied_count, run.bounced_count,
             run.results_date) = counts.get(run.id, (0, 0, 0, 0, False))

    # Sending times that are tested

    @api.depends('segment_id')
    def _compute_send_datetime(self):
        """The first of the hours that are tested: by then the run's mails are composed, and each waits for its own."""
        result = super()._compute_send_datetime()
        for run, test in self.env['cadence.test']._map_hours(self).items():
            run.send_datetime = min(test._get_moments(run).values())
        return result

    def _reschedule(self):
        result = super()._reschedule()
        open_runs = self.filtered(lambda run: run.state == 'queued' and not run.hastened_at)
        tests = self.env['cadence.test']._map_hours(open_runs)
        for run in open_runs:
            moment = tests[run]._sql_moment(run, 'touch') if run in tests else SQL(
                "CASE WHEN touch.send_datetime IS NOT NULL THEN %s END", run.send_datetime)
            self.env['cadence.touch']._reschedule(run, moment)
        return result

    @api.depends('early_counts')
    @api.depends_context('lang', 'tz')
    def _compute_hours_note(self):
        """Why mails of the run wait although others have left."""
        for run in self:
            run.hours_note = bool(run.early_counts) and self.env._(
                "Sending times are being tested: each company gets its mails at its own hour. Still waiting: %(waiting)s.",
                waiting=', '.join(
                    self.env._("%(count)s until %(time)s", count=f'{count:,}', time=run.segment_id._get_clock_time(moment))
                    for moment, count in run._get_early_counts()))

    def _get_turn_notes(self):
        notes = super()._get_turn_notes()
        for run in self.filtered('early_counts'):
            notes[run] = [
                *notes.get(run, ()),
                self.env._("%(count)s wait for a tested sending time", count=f'{sum(run.early_counts.values()):,}')]
        return notes

    def _get_early_counts(self):
        return [(fields.Datetime.to_datetime(moment), count) for moment, count in self.early_counts.items()]

    def _get_leaving_note(self, name, count, now):
        if not self.hours_note:
            return super()._get_leaving_note(name, count, now)
        return self.env._("%(run)s: %(count)s mails are queued. %(hours)s", run=name, count=count, hours=self.hours_note)

    def _get_waiting_label(self):
        if self.is_held or not self.early_counts:
            return super()._get_waiting_label()
        return self.env._("Queued for the tested hours")

    def action_open_hours_test(self):
        """The test of sending times that the run's mails wait for."""
        self.ensure_one()
        self.check_access('read')
        return self.env['cadence.test']._get_hours_action(self.segment_id, self.tag_group_id)

    @api.model
    def _get_mailed_by_day(self, domain):
        """Days gone by as they were counted: a month's touches are a million rows."""
        recent = fields.Date.context_today(self) - timedelta(days=TIERS[0][0])
        counted = self.env['cadence.result'].sudo()._read_group(
            [('run_id', 'in', self._search(domain)), ('date', '<', recent)], ['date:day'], ['mailed:sum'])
        return dict(counted) | super()._get_mailed_by_day(Domain(domain) & Domain('date', '>=', recent))

    def _get_calendar_name(self):
        """And what came back of those who were mailed."""
        if self.word != 'mailed':
            return super()._get_calendar_name()
        return self.env._(
            "%(mailed)s mailed, %(opened)s opened, %(replied)s replied · %(rhythm)s", mailed=f'{self.mailed_count:,}',
            opened=f'{self.opened_count:,}', replied=f'{self.replied_count:,}',
            rhythm=f"{self.segment_id.name} · {self.tag_group_id.name} {self.batches}")

    def _prepare_mailing_values(self, letter):
        return super()._prepare_mailing_values(letter) | {'cadence_fingerprint': letter._get_fingerprint()}

    def action_open_contacts(self):
        """The contacts behind a figure of the run; `cadence_figure` in the context says which one."""
        self.ensure_one()
        self.check_access('read')
        figure = self.env.context.get('cadence_figure')
        if figure not in FIGURES:
            figure = 'mailed'
        label = self.env['cadence.result']._fields[figure]._description_string(self.env)
        touches = [('run_id', '=', self.id), ('figure', '=', figure)]
        action = self.env['res.partner']._cadence_get_action(
            f'{label}: {self.display_name}', [('cadence_touch_ids', 'any', touches)])
        return dict(action, context={'active_test': False})

    def action_open_results(self):
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('mass_mailing_cadence.cadence_result_action')
        return dict(action, domain=[('run_id', '=', self.id)], context={}, name=self.display_name)
