from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CadenceRun(models.Model):
    """Send now: what a run has for today leaves when somebody says so, before the segment's sending time."""
    _inherit = 'cadence.run'

    hastened_at = fields.Datetime(
        'Sent Ahead', readonly=True, copy=False, help="When somebody sent the run's mails, before their sending time.")

    can_send_now = fields.Boolean(compute='_compute_can_send_now')

    _guarded_fields = ('hastened_at',)

    @api.depends('state', 'is_today', 'is_held', 'is_draft', 'send_datetime')
    def _compute_can_send_now(self):
        now = fields.Datetime.now()
        for run in self:
            run.can_send_now = (
                run.is_today and not run.is_held and not run.is_draft and run.state in ('planned', 'queued')
                and (run.send_datetime > now or bool(run.early_counts)))

    @api.depends('hastened_at')
    def _compute_send_datetime(self):
        result = super()._compute_send_datetime()
        for run in self.filtered('hastened_at'):
            run.send_datetime = run.hastened_at
        return result

    def action_send_now(self):
        """Run today's runs and let their mails leave at once, drafts that wait for a review included."""
        self._check_may_run()
        for run in self.filtered('is_today').sudo():
            if run.is_stopped or run.segment_id.is_stopped or not run.segment_id.active:
                raise UserError(self.env._("%(run)s is stopped: resume it first.", run=run.display_name))
            run._hasten(fields.Datetime.now())
        self.action_run_now()
        for run in self.sudo():
            run.mailing_ids.filtered(lambda mailing: mailing.state in ('draft', 'in_queue'))._cadence_schedule(run.send_datetime)
        return True

    def _hasten(self, now):
        Touch = self.env['cadence.touch']
        if self.send_datetime <= now and not Touch._find_early(self):
            return
        day = self._get_mail_day()
        # The mailing queue takes what was due before the moment in which it looks.
        self.hastened_at = now - timedelta(seconds=1)
        if self._get_mail_day() != day:
            self._decide_anew()  # the company's day of what has not left is another one, with places of its own
        Touch._reschedule(self, SQL("NULL"))
