import logging
from contextlib import contextmanager

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..constants import COMPOSING

_logger = logging.getLogger(__name__)

SENT_AT_ONCE = 100  # mails that leave while the mailing is composed; more of them wait for the mail queue


class MailingMailing(models.Model):
    """A run's mailing: its recipients are the ledger's waiting touches, composed by Odoo, each fault its own."""
    _inherit = 'mailing.mailing'

    cadence_run_id = fields.Many2one(
        'cadence.run', ondelete='set null', index='btree_not_null', readonly=True, copy=False)
    cadence_letter_id = fields.Many2one(
        'cadence.letter', 'Letter', ondelete='set null', index='btree_not_null', readonly=True, copy=False)
    cadence_letter_ids = fields.One2many(
        'cadence.letter', 'mailing_id', 'Design of Letters', groups='mass_mailing.group_mass_mailing_user')

    # Whose mails they are decides whether anybody is asked before they leave.
    _guarded_fields = ('cadence_run_id', 'cadence_letter_id')

    _cadence_run_letter = models.UniqueIndex(
        '(cadence_run_id, cadence_letter_id) WHERE cadence_run_id IS NOT NULL AND active',
        "The run has a mailing of this letter already.")

    def action_put_in_queue(self):
        for mailing in self.sudo().filtered('cadence_letter_ids'):
            if mailing.state == 'draft':
                raise UserError(self.env._(
                    "“%(mailing)s” is the design of a letter: the runs copy it and send the copies. "
                    "To send it by hand, duplicate it.",
                    mailing=mailing.subject))
        return super().action_put_in_queue()

    def write(self, vals):
        if vals.get('state') == 'done' and self.env.context.get(COMPOSING):
            return True
        ours = self.filtered('cadence_run_id') if vals.get('kpi_mail_required') else self.browse()
        result = super(MailingMailing, self - ours).write(vals)
        if ours:
            # A day of sixty mailings would be sixty mails of statistics.
            super(MailingMailing, ours).write(vals | {'kpi_mail_required': False})
        if vals.get('active') is False and (letters := self.sudo().cadence_letter_ids):
            letters._take_back_waiting()
        self._cadence_tell_run(vals)
        if vals.get('state') == 'done' and (runs := self.cadence_run_id.sudo()):
            runs._settle()
            # Composed mails would wait for the mail queue's next hour.
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()
        return result

    def _cadence_tell_run(self, vals):
        """Archived or cancelled by hand, or moved to another day: the run says so, and no longer when it is brought back."""
        is_by_hand = vals.keys() == {'active'} or vals.get('state') == 'draft'
        if vals.keys() & {'active', 'state', 'schedule_date'} and not {'active', 'state'} <= vals.keys():  # which is giving it up
            moment = fields.Datetime.to_datetime(vals.get('schedule_date') or None)
            self.cadence_run_id.sudo().filtered(lambda run: not run.is_closed and (
                is_by_hand or run.blocked_reason or moment and moment >= run._get_day_bounds()[1]))._settle()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mailed(self):
        """The mails in people's inboxes need it: their answers, their unsubscribe links."""
        touches = self.env['cadence.touch'].sudo().search([('mailing_id', 'in', self.ids)])
        if any(touch.outcome not in (False, 'waiting') or touch.trace_ids for touch in touches):
            raise UserError(self.env._(
                "The mailing of a run that has mailed cannot be deleted: replies and unsubscribe links need it. "
                "Archive it instead."))
        touches._defer('not_sent')

    def unlink(self):
        runs = self.cadence_run_id.sudo().filtered(lambda run: not run.is_closed)
        result = super().unlink()
        runs._settle()
        return result

    def _cadence_schedule(self, moment):
        """Queue the mailings for a UTC moment; a schedule date is kept only with its schedule type."""
        self.write({'schedule_type': 'scheduled', 'schedule_date': moment})
        self.action_put_in_queue()

    def _cadence_give_up(self):
        """The day is over: what was composed stays sent, what was not goes out of sight and never leaves."""
        for mailing in self.filtered(lambda mailing: mailing.state != 'done'):
            if mailing.mailing_trace_ids:
                mailing.write({'state': 'done', 'sent_date': fields.Datetime.now()})
            else:
                mailing.write({'state': 'draft', 'schedule_type': 'now', 'schedule_date': False, 'active': False})

    def _cadence_withdraw(self):
        """Nothing else of them is sent, and the run copies the letter anew; what was mailed stays, out of sight."""
        mailed = self.filtered('mailing_trace_ids')
        mailed.write({'state': 'done', 'active': False})
        (self - mailed).unlink()

    # Recipients

    def _get_recipients_domain(self):
        # The run's own question, not the text written when the mailing was made: an unreadable text means nobody.
        if self.cadence_run_id:
            return self.cadence_run_id.sudo()._get_recipients_domain(self.cadence_letter_id)
        return super()._get_recipients_domain()

    def _get_recipients(self):
        """Of a run's mailing: whoever waits for it in the ledger, and no A/B test's sample of them."""
        if self.cadence_run_id:
            return sorted(self._cadence_get_waiting().partner_id.ids)
        return super()._get_recipients()

    def _get_remaining_recipients(self):
        if self.cadence_run_id:
            return self._get_recipients()
        return super()._get_remaining_recipients()

    def _cadence_get_waiting(self):
        """The touches that wait for the mailing and have no mail yet: the ledger alone says so, whatever became of traces."""
        return self.env['cadence.touch'].sudo().search([
            ('run_id', '=', self.cadence_run_id.id), ('mailing_id', '=', self.id), ('outcome', '=', 'waiting'),
            ('trace_ids', '=', False)])

    # Composing

    @api.model
    def _process_mass_mailing_queue(self):
        """The mailings of runs come first: one by hand that fails ends Odoo's queue, and would keep them from leaving all day."""
        due = self.search([
            ('cadence_run_id', '!=', False), ('state', 'in', ('in_queue', 'sending')),
            '|', ('schedule_date', '<', fields.Datetime.now()), ('schedule_date', '=', False)])
        for mailing in due.filtered(lambda mailing: not mailing.cadence_run_id.sudo().is_held):
            user = mailing.user_id or mailing.write_uid
            mailing = mailing.with_context(**user.with_user(user).context_get())
            mailing.state = 'sending'
            mailing._action_send_mail()
            self.env['ir.cron']._commit_progress(1)
        return super()._process_mass_mailing_queue()

    def _action_send_mail(self, res_ids=None):
        ours = self.filtered('cadence_run_id')
        for mailing in ours:
            mailing._cadence_compose(res_ids)
        return super(MailingMailing, self - ours)._action_send_mail(res_ids) if self - ours else True

    def _cadence_compose(self, res_ids=None):
        """Compose the run's mails to those who may still be mailed. One contact's or one run's fault stops nobody else."""
        run = self.cadence_run_id.sudo()
        if run.is_held or run.is_closed:
            self.state = 'in_queue'
            return
        failed = {}
        try:
            with self._cadence_unit():
                self._cadence_get_waiting()._look_again()
            if self.mailing_model_real != 'res.partner':
                raise UserError(self.env._("its recipients were changed by hand; a run mails contacts."))
            self._cadence_compose_for(self._cadence_narrow(res_ids), failed)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("The mailing %s failed", self.id)
            self.env.invalidate_all(flush=False)
            self.state = 'in_queue'
            run._set_state(run.state, self.env._("“%(letter)s” cannot be sent: %(error)s", letter=self.subject, error=error))
            return
        if failed:
            run._note_failed_contacts(failed)
        self.write({'state': 'done', 'sent_date': fields.Datetime.now()})
        self._cadence_send_few()

    def _cadence_narrow(self, res_ids):
        recipients = self._get_recipients()
        return [id_ for id_ in recipients if id_ in set(res_ids)] if res_ids else recipients

    def _cadence_compose_for(self, recipients, failed):
        """Halve those for whom composing fails until the contacts are found that make it fail: {contact id: error}."""
        if not recipients:
            return
        try:
            with self._cadence_unit():
                # pylint: disable=super-method-mismatch; Odoo's own, for a part of them
                super(MailingMailing, self.with_context(**{COMPOSING: True}))._action_send_mail(recipients)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            touches = self._cadence_get_waiting().filtered(lambda touch: touch.partner_id.id in set(recipients))
            if len(touches) <= 1:
                _logger.info("The mailing %s fails for the contact %s: %s", self.id, recipients, error)
                touches._defer('letter_failed')
                failed.update(dict.fromkeys(recipients, error))
                return
            remaining, middle = touches.partner_id.ids, len(touches) // 2
            self._cadence_compose_for(remaining[:middle], failed)
            self._cadence_compose_for(remaining[middle:], failed)

    @contextmanager
    def _cadence_unit(self):
        """Work that fails alone. Outside tests Odoo commits while it composes, which no savepoint survives."""
        if modules.module.current_test:
            with self.env.cr.savepoint():
                yield
            return
        try:
            yield
        except Exception:
            self.env.cr.rollback()
            raise

    def _cadence_send_few(self):
        """A small audience leaves at once, as Odoo does it; the composer itself only queues a run's mails."""
        mails = self.env['mail.mail'].sudo().search(
            Domain('mailing_id', '=', self.id) & Domain('state', '=', 'outgoing') & Domain('scheduled_date', '=', False),
            limit=SENT_AT_ONCE + 1)
        if not mails or len(mails) > SENT_AT_ONCE:
            return
        auto_commit = not modules.module.current_test
        if auto_commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit; composed mails are Odoo's to keep, as its composer does
        mails.sorted('id').send(auto_commit=auto_commit)
