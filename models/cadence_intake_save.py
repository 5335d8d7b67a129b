from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Up to so many addresses are saved while the user waits (about two seconds), more by the cron in chunks.
SAVE_AT_ONCE = 2_000
CHUNK = 500


class CadenceIntake(models.Model):
    """The last step of an intake: from lines to contacts in their batches, a chunk a transaction."""
    _inherit = 'cadence.intake'

    def action_save(self):
        """Make the placed lines contacts of their batches: few at once, many by the cron."""
        self.ensure_one()
        if self.state != 'preview':
            raise UserError(self.env._("Preview the addresses first, then save them."))
        self.state = 'saving'
        if self.to_save_count <= SAVE_AT_ONCE:
            while self._save_chunk():
                pass
        else:
            self.env.ref('mass_mailing_cadence.ir_cron_intake').sudo()._trigger()
        return self._get_action()

    @api.model
    def _cron_save(self):
        """Save the intakes that are under way, a chunk a transaction."""
        commit_progress = self.env['ir.cron']._commit_progress
        for intake in self.search([('state', '=', 'saving')], order='id').try_lock_for_update():
            commit_progress(remaining=intake.to_save_count)
            intake = intake.with_user(intake.create_uid).with_company(intake.company_id)
            while saved := intake._save_chunk():
                if not commit_progress(saved):
                    return

    def _save_chunk(self):
        """Save the next lines; returns how many were taken up, 0 when the intake is done."""
        # Somebody may have created the same address since the preview.
        self._match()
        lines = self.env['cadence.intake.line'].search(
            [('intake_id', '=', self.id), ('batch', '>', 0), ('state', 'in', ('new', 'known'))], order='row, id', limit=CHUNK)
        if not lines:
            self.state = 'done'
            self.env['cadence.run'].sudo()._refresh_expected(self.segment_id.sudo(), fields.Datetime.now())
            return 0
        try:
            with self.env.cr.savepoint():
                lines._save()
        except (UserError, ValidationError):
            lines._save_one_by_one()
        return len(lines)
