from smtplib import SMTPServerDisconnected

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.mail import lost_line, refusal
from .mail_mail_hand_over import Line

RETRY_MINUTES = 10  # between two tries of a mail that its server did not take for the moment
# What a refusal means for the touch; the others mean that the next run tries again.
AGAIN_TODAY = {'connection': 'mail_server', 'temporary': 'refused'}
# Whose `_send` is known: Odoo's, and the one of this file.
SENDING_MODULES = {'odoo.addons.mail.models.mail_mail', __name__}

OURS = [('mailing_id.cadence_run_id', '!=', False)]  # the mails of runs


class MailMail(models.Model):
    """A run's mail on its way: asked once more, committed as leaving, and told in the ledger as what happened.

    Odoo writes that a mail has left only after it has. A worker that dies in between would send it again; so the touch says
    *leaving* before the mail server hears of it, in a transaction of its own, and such a mail is never sent a second time.
    """
    _inherit = 'mail.mail'

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """The mails of runs come after all others, a turn at a time; as long as some wait, the next turn is asked for at once.

        Odoo sends one batch an hour, and its progress report never reaches the cron.
        """
        self._cadence_settle_lost()
        if email_ids:
            return super().process_email_queue(email_ids, batch_size)
        result = super(MailMail, self._cadence_narrow_queue(['!', *OURS])).process_email_queue((), batch_size)
        self._cadence_take_turn('mail.ir_cron_mail_scheduler_action', batch_size)
        return result

    @api.model
    def _cadence_help(self):
        """Another worker at the mails of runs; never at Odoo's others, which two workers would send twice."""
        self._cadence_take_turn('mass_mailing_cadence.ir_cron_send_helper')

    def _cadence_take_turn(self, cron, batch_size=1000):  # pylint: disable=missing-return; it overrides nothing
        if waiting := self._cadence_count_waiting():
            # pylint: disable=super-method-mismatch; Odoo's own, which looks for no others
            super(MailMail, self._cadence_narrow_queue(OURS)).process_email_queue((), batch_size)
            if 0 < self._cadence_count_waiting() < waiting:
                self.env.ref(cron)._trigger()

    def _cadence_narrow_queue(self, domain):
        """The queue that Odoo works, and of it only what the domain says."""
        return self.with_context(filters=[*self.env.context.get('filters', ()), *domain])

    def _cadence_count_waiting(self):
        now = fields.Datetime.now()
        return self.sudo().search_count(
            Domain('state', '=', 'outgoing') & Domain('mailing_id.cadence_run_id', '!=', False)
            & (Domain('scheduled_date', '=', False) | Domain('scheduled_date', '<=', now)))

    def _cadence_settle_lost(self):
        """What was with the mail server when its worker died may have left: it is in doubt, and stays where it is.

        What that worker had taken and not begun waits as before; what the server had accepted has left.
        """
        lost = self.env['cadence.touch'].sudo()._get_lost(fields.Datetime.now())
        if lost:
            Departure = self.env['cadence.departure']
            unbegun, accepted = Departure._take_unbegun(lost), Departure._take_accepted(lost)
            unbegun._hold_back(None)
            accepted.trace_ids.mail_mail_id._cadence_note_left([], [])
            accepted._arrive()
            doubtful = lost - unbegun - accepted
            Departure._close(doubtful.ids)
            doubtful._doubt()
            doubtful._cancel_mails('process')
            lost.run_id._settle()

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        kept_back = self._cadence_keep_back()
        runs = self.sudo().mailing_id.cadence_run_id
        result = super(MailMail, self - kept_back).send(
            auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)
        runs._settle()
        return result

    def _send(self, auto_commit=False, **kwargs):
        """Nothing to those who replied, opted out or were stopped since the last ones left."""
        ours = self._cadence_get_ours()
        if not ours or self.env['ir.mail_server']._disable_send():
            return super()._send(auto_commit=auto_commit, **kwargs)
        super(MailMail, self - ours)._send(auto_commit=auto_commit, **kwargs)
        if self._cadence_leaves_singly(**kwargs):
            ours._cadence_send_singly(auto_commit, **kwargs)
        else:
            ours._cadence_send_blocks(ours._cadence_get_line(**kwargs), auto_commit, kwargs.get('post_send_callback'))
        return True

    def _cadence_leaves_singly(self, raise_exception=False, mail_server=False, **_kwargs):
        """Where the caller wants the first error, or another module has its own way to send, `_send` gets each mail alone."""
        modules = {model.__module__ for model in type(self).mro()[1:] if '_send' in vars(model)}
        return (raise_exception or mail_server and not self._filter_mail_mail_servers(mail_server)
                or not modules <= SENDING_MODULES)

    def _cadence_get_line(self, smtp_session=None, alias_domain_id=False, mail_server=False, **_kwargs):
        linked = self.filtered(lambda mail: mail.body_html and '/mail/unfollow' in mail.body_html)
        return Line(
            self.env['ir.mail_server']._cadence_open_connections(smtp_session, mail_server),
            mail_server, self.env['mail.alias.domain'].sudo().browse(alias_domain_id or ()),
            self.env['mail.followers']._get_mail_doc_to_followers(linked.ids))

    def _cadence_send_singly(self, auto_commit, **kwargs):  # pylint: disable=missing-return; it overrides nothing
        if auto_commit:
            self._cadence_commit()  # see what was decided since the queue was read
        for number, mail in enumerate(self):
            # Without the lock a reply would cancel the mail while it is with the server.
            if not mail.try_lock_for_update() or not mail._cadence_depart(auto_commit):
                continue
            try:
                # pylint: disable=super-method-mismatch; Odoo's own, for one of them
                super(MailMail, mail)._send(auto_commit=auto_commit, **kwargs)
            except SMTPServerDisconnected as error:
                mail._cadence_lose_line(error, self[number + 1:])
                if auto_commit:
                    self._cadence_commit()
                break  # the others wait for a new connection

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
        if not self._cadence_delay():
            if auto_commit:
                self._cadence_commit()
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
        touches = touches.browse(touches.ids)  # to be fetched together, not each through its mail
        touches.invalidate_recordset()
        waiting = touches.filtered(lambda touch: touch.outcome == 'waiting')
        held = waiting.filtered('run_id.is_held')
        late = waiting.filtered(lambda touch: touch.date < touch.segment_id._get_local_day())
        late._defer('late')
        early = (waiting - held - late).filtered(lambda touch: touch._is_early())
        (waiting - held - late - early)._look_again()
        touches.fetch(['outcome'])
        by_mail = {mail: touches.browse(touch) for mail, touch in mails._cadence_map_touches().items()}
        nothing = touches.browse()
        kept = mails.filtered(lambda mail: by_mail.get(mail.id, nothing).outcome != 'waiting')
        kept.filtered(lambda mail: by_mail.get(mail.id, nothing).outcome != 'leaving')._cadence_cancel()
        postponed = set((held - late + early)._ids)
        (held - late)._postpone_mails()
        if early:
            early._release_mails()
        return kept + mails.filtered(lambda mail: by_mail.get(mail.id, nothing).id in postponed)

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

    def _cadence_try_again(self, moment=None):
        """Wait for the next try, at a UTC moment or in some minutes."""
        moment = moment or fields.Datetime.add(fields.Datetime.now(), minutes=RETRY_MINUTES)
        self.sudo().write({'state': 'outgoing', 'scheduled_date': moment, 'failure_type': False})
        self.sudo().mailing_trace_ids.write({'trace_status': 'outgoing', 'failure_type': False})
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger(moment)

    def _cadence_lose_line(self, error, others):
        """The connection broke: while the mail itself was on it nobody knows what the server got, before that it got nothing.

        A server that ends connections after so many mails does so between two of them: the others go on at once. One that
        hangs up on a mail would leave one more in doubt at each try: the others wait.
        """
        waiting = self
        if lost_line.is_within_data(error):
            self._cadence_get_touches()._doubt()
            self._cadence_cancel('process')
            others.invalidate_recordset(['state'])
            waiting = others.filtered(lambda mail: mail.state == 'outgoing')
        waiting._cadence_get_touches()._hold_back('mail_server')
        waiting.sudo().write({'failure_reason': str(error)})
        waiting._cadence_try_again()

