from odoo import fields, models
from odoo.exceptions import UserError


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    cadence_run_id = fields.Many2one(
        'cadence.run', ondelete='set null', index='btree_not_null', readonly=True, copy=False)
    cadence_letter_id = fields.Many2one('cadence.letter', 'Letter', ondelete='set null', readonly=True, copy=False)
    cadence_letter_ids = fields.One2many(
        'cadence.letter', 'mailing_id', 'Design of Letters', groups='mass_mailing.group_mass_mailing_user')

    _cadence_run_letter = models.UniqueIndex(
        '(cadence_run_id, cadence_letter_id) WHERE cadence_run_id IS NOT NULL', "The run has a mailing of this letter already.")

    def action_put_in_queue(self):
        for mailing in self.sudo().filtered('cadence_letter_ids'):
            if mailing.state == 'draft':
                raise UserError(self.env._(
                    "“%(mailing)s” is the design of a letter: the runs copy it and send the copies. "
                    "To send it by hand, duplicate it.",
                    mailing=mailing.subject))
        return super().action_put_in_queue()

    def write(self, vals):
        result = super().write(vals)
        if vals.get('state') == 'done' and (runs := self.cadence_run_id.sudo()):
            runs._settle()
            # Composed mails would wait for the mail queue's next hour.
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()
        return result

    def _cadence_schedule(self, moment):
        """Queue the mailings for a UTC moment; a schedule date is kept only with its schedule type."""
        self.write({'schedule_type': 'scheduled', 'schedule_date': moment})
        self.action_put_in_queue()

    def _cadence_give_up(self):
        """The day is over: what was composed stays sent, the rest is no longer waiting."""
        self.write({'state': 'done', 'sent_date': fields.Datetime.now()})

    def _get_recipients_domain(self):
        # The run's own question, not the text written when the mailing was made: an unreadable text means nobody.
        if self.cadence_run_id and self.cadence_letter_id:
            return self.cadence_run_id.sudo()._get_recipients_domain(self.cadence_letter_id)
        return super()._get_recipients_domain()

    def _action_send_mail(self, res_ids=None):
        ours = self.filtered('cadence_run_id')
        for mailing in ours:
            # An empty list would mean everybody.
            if recipients := mailing._cadence_look_again(res_ids):
                super(MailingMailing, mailing)._action_send_mail(recipients)
        return super(MailingMailing, self - ours)._action_send_mail(res_ids)

    def _cadence_look_again(self, res_ids):
        """Exclude who fell out since the touches were reserved; returns who is left to mail, and is done where nobody is."""
        touches = self.env['cadence.touch'].sudo().search_fetch([
            ('run_id', '=', self.cadence_run_id.id), ('mailing_id', '=', self.id), ('state', '=', 'reserved'),
            ('trace_ids', '=', False)], ['run_id'])
        touches._look_again()
        recipients = self._get_remaining_recipients()
        if res_ids:
            recipients = list(set(recipients).intersection(res_ids))
        if not recipients:
            self.write({'state': 'done', 'sent_date': fields.Datetime.now()})
        return recipients
