from odoo import api, fields, models
from odoo.tools import SQL


class CadenceTouch(models.Model):
    """The mails of touches that wait in Odoo's mail queue, all at once."""
    _inherit = 'cadence.touch'

    def _get_contact(self):
        """Whom the mail was for, if still there. Of two mails of a run to contacts who are one by now, a trace alone says so."""
        trace = self.trace_ids.filtered(lambda trace: trace.model == 'res.partner')[:1]
        return self.partner_id or self.env['res.partner'].browse(trace.res_id or ()).exists()

    def _cancel_mails(self, trace_status='cancel'):
        """They never leave."""
        self._write_mails(SQL("state = 'cancel'"))
        self.env.execute_query(SQL("""
            UPDATE mailing_trace
               SET trace_status = %(status)s
             WHERE cadence_touch_id = ANY(%(ids)s) AND trace_status = 'outgoing'
         RETURNING NULL
            """, status=trace_status, ids=self.ids))
        self.env['mailing.trace'].invalidate_model(['trace_status'])

    def _is_early(self):
        """Whether the mail waits for a moment of its own that is still to come."""
        return bool(self.send_datetime) and self.send_datetime > fields.Datetime.now()

    @api.model
    def _find_early(self, runs):
        """{run: {UTC moment: how many of its mails wait for it}} of the moments that are still to come."""
        early = {}
        for run_id, moment, count in runs.ids and self.env.execute_query(SQL("""
                SELECT run_id, send_datetime, COUNT(*)
                  FROM cadence_touch
                 WHERE run_id = ANY(%s) AND outcome = 'waiting' AND send_datetime > %s
              GROUP BY run_id, send_datetime
              ORDER BY send_datetime
                """, runs.ids, fields.Datetime.now())):
            early.setdefault(runs.browse(run_id), {})[moment] = count
        return early

    def _postpone_mails(self):
        """They are held, out of the way of the queue's other mails, until the end of their day."""
        for run, touches in self.grouped('run_id').items():
            touches._write_mails(SQL("scheduled_date = %s", run._get_day_bounds()[1]))

    def _release_mails(self):
        """They may leave at once, or at the moment that they wait for."""
        now = fields.Datetime.now()
        self._write_mails(SQL("scheduled_date = CASE WHEN touch.send_datetime > %s THEN touch.send_datetime END", now))
        self._call_mail_queue({max(touch.send_datetime or now, now) for touch in self})

    @api.model
    def _call_mail_queue(self, moments):
        """The mail queue looks hourly: have it look at these UTC moments."""
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger(sorted(moments))

    def _write_mails(self, assignment):
        self.env['mail.mail'].flush_model()
        self.env['mailing.trace'].flush_model()
        self.env.execute_query(SQL("""
            UPDATE mail_mail
               SET %(assignment)s, write_date = %(now)s
              FROM mailing_trace trace
              JOIN cadence_touch touch ON touch.id = trace.cadence_touch_id
             WHERE trace.mail_mail_id = mail_mail.id
               AND trace.cadence_touch_id = ANY(%(ids)s)
               AND mail_mail.state = 'outgoing'
         RETURNING NULL
            """, assignment=assignment, ids=self.ids, now=fields.Datetime.now()))
        self.env['mail.mail'].invalidate_model(['state', 'scheduled_date'])
