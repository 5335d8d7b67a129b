from smtplib import SMTPServerDisconnected

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.mail import refusal

RETRY_MINUTES = 10  # between two tries of a mail that its server did not take for the moment
# What a refusal means for the touch; the others mean that the next run tries again.
AGAIN_TODAY = {'connection': 'mail_server', 'temporary': 'refused'}


class MailMail(models.Model):
    """A run's mail on its way: asked once more, committed as leaving, and told in the ledger as what happened.

    Odoo writes that a mail has left only after it has. A worker that dies in between would send it again; so the touch says
    *leaving* before the mail server hears of it, in a transaction of its own, and such a mail is never sent a second time.
    """
    _inherit = 'mail.mail'

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Odoo sends one batch an hour, and its progress report never reaches the cron: ask for the next batch at once."""
        self._cadence_settle_lost()
        waiting = self._cadence_count_waiting()
        result = super().process_email_queue(email_ids, batch_size)
        if 0 < self._cadence_count_waiting() < waiting:
            self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()
        return result

    def _cadence_count_waiting(self):
        now = fields.Datetime.now()
        return self.sudo().search_count(
            Domain('state', '=', 'outgoing') & Domain('mailing_id.cadence_run_id', '!=', False)
            & (Domain('scheduled_date', '=', False) | Domain('scheduled_date', '<=', now)))

    def _cadence_settle_lost(self):
        """What was with the mail server when its worker died may have left: it is in doubt, and stays where it is."""
        lost = self.env['cadence.touch'].sudo()._get_lost(fields.Datetime.now())
        if lost:
            lost._doubt()
            lost._cancel_mails('process')
            lost.run_id._settle()

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        kept_back = self._cadence_keep_back()
        runs = self.sudo().mailing_id.cadence_run_id
        result = super(MailMail, self - kept_back).send(
            auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)
        runs._settle()
        return result

    def _send(self, auto_commit=False, **kwargs):
        """One mail after the other, and nothing to those who replied, opted out or were stopped since the last one left."""
        ours = self._cadence_get_ours()
        if not ours:
            return super()._send(auto_commit=auto_commit, **kwargs)
        super(MailMail, self - ours)._send(auto_commit=auto_commit, **kwargs)
        if auto_commit:
            self._cadence_commit()  # see what was decided since the queue was read
        for number, mail in enumerate(ours):
            # Without the lock a reply would cancel the mail while it is with the server.
            if not mail.try_lock_for_update() or not mail._cadence_depart(auto_commit):
                continue
            try:
                super(MailMail, mail)._send(auto_commit=auto_commit, **kwargs)
            except SMTPServerDisconnected as error:
                mail._cadence_lose_line(error, ours[number + 1:])
                if auto_commit:
                    self._cadence_commit()
                break  # the others wait for a new connection
        return True

    def _cadence_commit(self):
        """Odoo itself commits after each mail, where its cron asks for it: what is with a mail server cannot be undone."""
        self.env.cr.commit()  # pylint: disable=invalid-commit; the caller has asked for commits

    def _cadence_get_ours(self):
        """The mails of runs; a test mail of a run's mailing is none: it has no place in the ledger."""
        if self.env.context.get('mailing_test_mail'):
            return self.browse()
        return self.filtered(lambda mail: mail.sudo().mailing_id.cadence_run_id)

    def _cadence_get_touches(self):
        return self.sudo().mailing_trace_ids.cadence_touch_id

    def _cadence_depart(self, auto_commit):
        """Whether the mail may leave at this very moment; its touch is *leaving* then, whatever happens to this process."""
        self.invalidate_recordset(['state'])
        if self.state != 'outgoing':
            return False
        now = fields.Datetime.now()
        touch = self._cadence_get_touches()
        departed = touch and touch._depart(now)
        if touch and not departed and not self._cadence_keep_back():
            departed = touch._depart(now, sure=True)
            if not departed:
                touch._defer('mailed_today')
                touch._cancel_mails()
        if auto_commit:
            self._cadence_commit()
            if departed and not self.try_lock_for_update():
                departed = departed._hold_back(None)
                self._cadence_commit()
        return bool(departed)

    def _cadence_keep_back(self):
        """Those of the mails that must not leave now: cancelled for ever, or held until somebody resumes their run."""
        mails = self._cadence_get_ours().filtered(lambda mail: mail.state == 'outgoing')
        if not mails:
            return self.browse()
        touches = mails._cadence_get_touches()
        touches.invalidate_recordset()
        waiting = touches.filtered(lambda touch: touch.outcome == 'waiting')
        held = waiting.filtered('run_id.is_held')
        late = waiting.filtered(lambda touch: touch.date < touch.segment_id._get_local_day())
        late._defer('late')
        leaving = touches.filtered(lambda touch: touch.outcome == 'leaving')
        (waiting - held - late)._look_again()
        kept = mails.filtered(lambda mail: mail._cadence_get_touches().outcome != 'waiting')
        dropped = kept.filtered(lambda mail: not (mail._cadence_get_touches() & leaving))
        dropped._cadence_cancel()
        (held - late)._postpone_mails()
        return kept + mails.filtered(lambda mail: mail._cadence_get_touches() & (held - late))

    def _cadence_cancel(self, trace_status='cancel'):
        self.sudo().write({'state': 'cancel'})
        self.sudo().mailing_trace_ids.write({'trace_status': trace_status})

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """What happened at the mail server, into the ledger."""
        ours = self._cadence_get_ours()
        touches = ours._cadence_get_touches()  # a mail that was sent is gone afterwards
        reasons = {mail: failure_reason or mail.failure_reason for mail in ours} if failure_type else {}
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)
        if failure_type:
            ours.exists()._cadence_take_refusals(reasons, failure_type)
        else:
            touches._arrive()
        return result

    def _cadence_take_refusals(self, reasons, failure_type):
        """Left, refused for good, tried again in some minutes, or next in line: by what the mail server said."""
        for reason, mails in self.grouped(lambda mail: reasons.get(mail)).items():
            answer = refusal.classify(reason, failure_type)
            touches = mails._cadence_get_touches()
            if answer.kind == 'dead':
                touches._refuse('dead')
            elif answer.kind in AGAIN_TODAY:
                touches._hold_back(AGAIN_TODAY[answer.kind])
                mails._cadence_try_again()
            else:
                touches._defer('letter_failed' if answer.kind == 'our_fault' else 'refused')

    def _cadence_try_again(self):
        """Wait for the next try."""
        moment = fields.Datetime.add(fields.Datetime.now(), minutes=RETRY_MINUTES)
        self.sudo().write({'state': 'outgoing', 'scheduled_date': moment, 'failure_type': False})
        self.sudo().mailing_trace_ids.write({'trace_status': 'outgoing', 'failure_type': False})
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger(moment)

    def _cadence_lose_line(self, error, others):
        """The connection broke: while the mail itself was on it nobody knows what the server got, before that it got nothing.

        A server that ends connections after so many mails does so between two of them: the others go on at once. One that
        hangs up on a mail would leave one more in doubt at each try: the others wait.
        """
        waiting = self
        if _is_within_data(error):
            self._cadence_get_touches()._doubt()
            self._cadence_cancel('process')
            others.invalidate_recordset(['state'])
            waiting = others.filtered(lambda mail: mail.state == 'outgoing')
        waiting._cadence_get_touches()._hold_back('mail_server')
        waiting.sudo().write({'failure_reason': str(error)})
        waiting._cadence_try_again()


def _is_within_data(error):
    """Whether smtplib lost the line between DATA and the server's answer to the mail."""
    traceback = error.__traceback__
    while traceback:
        if traceback.tb_frame.f_code.co_name == 'data':
            return True
        traceback = traceback.tb_next
    return False
