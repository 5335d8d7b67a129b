from odoo import api, fields, models


class IrCronProgress(models.Model):
    """How far the queue of the day got: a call that ran out of time is followed by one that goes on there."""
    _inherit = 'ir.cron.progress'

    cadence_place = fields.Char('Last Run Looked At', help="Its place in the order of the runs.")

    @api.model
    def _cadence_get_current(self):
        """The progress of the cron that is at work, none where the method was called by hand."""
        return self.sudo().browse(self.env.context.get('ir_cron_progress_id'))

    def _cadence_resume(self):
        """The place at which the call before this one ran out of time, or None: then a new pass begins."""
        last = self.search([('cron_id', '=', self.cron_id.id), ('id', '<', self.id)], order='id DESC', limit=1) if self else self
        # What was looked at stays so, should this call end before its first run.
        self.cadence_place = last.cadence_place if last.remaining else None
        return self.cadence_place or None
