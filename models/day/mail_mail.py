from odoo import api, fields, models


class MailMail(models.Model):
    _inherit = 'mail.mail'

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Odoo sends one batch an hour, and its progress report never reaches the cron: ask for the next batch at once."""
        waiting = self._cadence_count_waiting()
        result = super().process_email_queue(email_ids, batch_size)
        if 0 < self._cadence_count_waiting() < waiting:
            self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()
        return result

    def _cadence_count_waiting(self):
        return self.sudo().search_count([('state', '=', 'outgoing'), ('mailing_id.cadence_run_id', '!=', False)])

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        fallen = self._cadence_drop_fallen()
        return super(MailMail, self - fallen).send(
            auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)

    def _send(self, **kwargs):
        """One mail after the other, and nothing to those who replied or opted out since the last one left."""
        ours = self.filtered(lambda mail: mail.mailing_id.cadence_run_id)
        if not ours:
            return super()._send(**kwargs)
        if kwargs.get('auto_commit'):
            # To see what was decided since the queue was read; Odoo itself commits after each mail.
            self.env.cr.commit()  # pylint: disable=invalid-commit; the caller has asked for commits
        for mail in self:
            # Odoo writes that a mail has left only after it has: without the lock a reply would cancel it meanwhile.
            if not mail.try_lock_for_update():
                continue
            mail.invalidate_recordset(['state'])
            if mail in ours and mail._cadence_has_news():
                mail._cadence_drop_fallen()
            super(MailMail, mail)._send(**kwargs)
        return True

    def _cadence_has_news(self):
        """Whether something was decided about the contact just now; to judge everybody anew for each mail would be slow."""
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        return bool(self.env['cadence.journal'].sudo().search_count(
            [('partner_id', '=', self.res_id), ('date', '>=', yesterday)], limit=1))

    def _cadence_drop_fallen(self):
        """Cancel the mails of contacts who must not be mailed any more, and of days that are over; returns these mails."""
        mails = self.sudo().filtered(lambda mail: mail.mailing_id.cadence_run_id and mail.state == 'outgoing')
        touches = mails.mailing_trace_ids.cadence_touch_id
        if not touches:
            return self.browse()
        late = touches.filtered(lambda touch: touch.date < touch.segment_id._get_local_day())
        late._set_state('deferred', 'late')
        fallen_touches = late + (touches - late)._look_again()
        fallen = mails.filtered(lambda mail: mail.mailing_trace_ids.cadence_touch_id & fallen_touches)
        fallen.write({'state': 'cancel'})
        fallen.mailing_trace_ids.set_canceled()
        return fallen
