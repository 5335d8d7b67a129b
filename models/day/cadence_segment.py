from odoo import fields, models
from odoo.exceptions import UserError


class CadenceSegment(models.Model):
    """The segment's runs."""
    _inherit = 'cadence.segment'

    run_ids = fields.One2many('cadence.run', 'segment_id', 'Runs')

    def write(self, vals):
        result = super().write(vals)
        if {'send_time', 'tz', 'active'} & vals.keys():
            self.run_ids._reschedule()
        return result

    def _is_used(self):
        return super()._is_used() or bool(self.run_ids.filtered('touch_ids'))

    # Buttons

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
        return self.run_ids._get_action(self.env._("Runs of %(segment)s", segment=self.name))
