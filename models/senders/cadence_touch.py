from odoo import api, fields, models
from odoo.tools import SQL

DEFERRALS = ['intake_held', 'provider_paused', 'provider_cap', 'sender_cap', 'sender_paused', 'canary']


class CadenceTouch(models.Model):
    """The ledger knows the sender of each mail: its cap and its health are counted from here."""
    _inherit = 'cadence.touch'

    sender_id = fields.Many2one('cadence.sender', ondelete='restrict', readonly=True)
    reason = fields.Selection(selection_add=[
        ('intake_held', 'The intake of the contact is held'),
        ('provider_paused', 'Sender is paused at the mailbox provider'),
        ('provider_cap', "Sender's mails of the day to the mailbox provider are used up"),
        ('sender_cap', "Sender's mails of the day are used up"),
        ('sender_paused', 'Sender is paused'),
        ('canary', 'Others go first, to see whether their mails come through')])

    _sender_day = models.Index("(sender_id, day) WHERE state = 'reserved'")

    def _get_deferrals(self):
        return [*super()._get_deferrals(), *DEFERRALS]

    def _get_further_columns(self, run):
        return super()._get_further_columns(run) | {'sender_id': run.segment_id._sql_sender(SQL('decided.partner_id'))}

    def _reserve(self, run, decided):
        rows = super()._reserve(run, decided)
        run.segment_id.sudo()._get_senders()._fix_day(run._get_mail_day())
        return rows

    def _refuse(self, reason):
        """An address that the mail server refuses for good counts like a mail that came back."""
        result = super()._refuse(reason)
        self._judge_senders()
        return result

    def _judge_senders(self):
        """Something was heard of these mails: judge who sent them, at the mailbox providers where they went."""
        for sender, touches in self.sudo().grouped('sender_id').items():
            sender._judge(emails=touches.mapped('email'))

    def _sql_news(self):
        """Asked at each mail: a sender that is paused meanwhile sends no other."""
        return SQL("(%s OR %s OR %s)", super()._sql_news(), self._sql_sender_paused(),
                   self.env['cadence.intake']._sql_held(SQL('touch.partner_id'), SQL('touch.company_id')))

    @api.model
    def _sql_sender_paused(self):
        """Whether `touch`'s sender is paused, or is at the provider of the address."""
        return SQL("""
            (EXISTS (SELECT FROM cadence_sender sender WHERE sender.id = touch.sender_id AND sender.state = 'paused')
             OR %s)
            """, self._sql_provider_paused())

    @api.model
    def _sql_provider_paused(self):
        return SQL("""
            EXISTS (SELECT FROM cadence_sender_provider part
                      JOIN cadence_mail_host host ON host.provider_id = part.provider_id
                     WHERE part.sender_id = touch.sender_id
                       AND part.state = 'paused'
                       AND host.name = SUBSTRING(touch.email FROM '@(.*)$'))
            """)

    def _note_policy(self, words, moment=None):
        """A server refused these mails for what we are: who sends them may have to pause."""
        self.env['cadence.sender.refusal']._note(self, words, moment)
        self._judge_senders()
