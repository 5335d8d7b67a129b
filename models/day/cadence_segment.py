from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_time

SENDING = ('email_from', 'reply_to', 'mail_server_id')  # what stands in the mailings of a segment's runs


class CadenceSegment(models.Model):
    """The segment's runs, and what happens to them when the segment changes."""
    _inherit = 'cadence.segment'

    run_ids = fields.One2many('cadence.run', 'segment_id', 'Runs')
    is_stopped = fields.Boolean(
        'Stopped', readonly=True, copy=False, tracking=True, help="Nothing of the segment leaves until somebody resumes it.")

    def write(self, vals):
        before = {segment: [segment[name] for name in SENDING] for segment in self if not vals.keys().isdisjoint(SENDING)}
        result = super().write(vals)
        if changed := self.filtered(lambda segment: segment in before and before[segment] != [segment[name] for name in SENDING]):
            changed._get_open_runs()._replace_waiting()
        if {'send_time', 'tz'} & vals.keys():
            self.run_ids._reschedule()
        if vals.get('active'):
            self._get_open_runs()._let_go()
        if vals.get('auto_send') is False:
            self._get_open_runs()._ask_for_review()
        return result

    def _is_used(self):
        return super()._is_used() or bool(self.run_ids.filtered('touch_ids'))

    def _get_open_runs(self):
        """The runs of which something may still leave."""
        return self.env['cadence.run'].sudo().search(
            Domain('segment_id', 'in', self.ids) & Domain('state', 'in', ('planned', 'blocked', 'queued')))

    def _get_clock_time(self, moment):
        """The segment's own time of the day, with its time zone where the user's is another."""
        clock = format_time(self.env, moment, tz=self.tz, time_format='HH:mm')
        return clock if self.tz == (self.env.user.tz or 'UTC') else f'{clock} ({self.tz})'

    # Buttons

    def action_stop(self):
        """Hold everything of the segment that has not left, today and on the days to come."""
        self.env['cadence.run']._check_may_run()
        self.check_access('read')
        self.sudo().is_stopped = True
        return self._get_open_runs()._notify_stopped()

    def action_resume(self):
        self.env['cadence.run']._check_may_run()
        self.check_access('read')
        self.sudo().is_stopped = False
        self._get_open_runs()._let_go()
        return True

    def action_run_now(self):
        runs = self.env['cadence.run']._plan_day(self, fields.Datetime.now())
        return runs.action_run_now()

    def action_preview_audience(self):
        self.ensure_one()
        runs = self.env['cadence.run']._plan_day(self, fields.Datetime.now())
        if not runs:
            raise UserError(self.env._("No batch of %(segment)s is due today.", segment=self.name))
        return runs._get_action(self.env._("Audience of today"))

    def action_open_runs(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Runs of %(segment)s", segment=self.name),
            'res_model': 'cadence.run',
            'domain': [('segment_id', '=', self.id)],
            'views': [(False, kind) for kind in ('list', 'calendar', 'kanban', 'form')],
            # The newest first: it opens at today, and what is planned is one click away.
            'context': {'search_default_until_today': 1, 'search_default_audience': 1},
        }
