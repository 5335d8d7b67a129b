from odoo import fields, models
from odoo.tools import SQL


class MailComposeMessage(models.TransientModel):
    _inherit = 'mail.compose.message'

    def _compute_force_send(self):
        """A run's mails are all composed before the first one leaves: what fails for one contact undoes no mail that has left."""
        result = super()._compute_force_send()
        self.filtered('mass_mailing_id.cadence_run_id').force_send = False
        return result

    def _prepare_mail_values(self, res_ids):
        """A message that goes with its mail holds no copy of the letter: it would be cleaned at length and then deleted."""
        mails = super()._prepare_mail_values(res_ids)
        if self._cadence_is_run() and self.auto_delete and not self.auto_delete_keep_log:
            for values in mails.values():
                values['body'] = False
        return mails

    def _prepare_mail_values_mailing_traces(self, mail_values_all):
        """Tie each trace to its touch, and each mail to the moment that it waits for, one query a batch of mails."""
        traces = super()._prepare_mail_values_mailing_traces(mail_values_all)
        run = self.mass_mailing_id.cadence_run_id
        if run and traces:
            # Read as SQL: this runs for every fifty mails.
            for partner_id, touch_id, moment in self.env.execute_query(SQL("""
                SELECT partner_id, id, CASE WHEN send_datetime > %s THEN send_datetime END
                  FROM cadence_touch
                 WHERE run_id = %s AND partner_id = ANY(%s) AND outcome = 'waiting'
                """, fields.Datetime.now(), run.id, list(traces))):
                traces[partner_id]['cadence_touch_id'] = touch_id
                mail_values_all[partner_id]['scheduled_date'] = moment
        return traces
