from odoo import fields, models
from odoo.tools import SQL

DEFERRALS = ['sender_cap', 'sender_paused']


class CadenceTouch(models.Model):
    """The ledger knows the sender of each mail: its cap and its health are counted from here."""
    _inherit = 'cadence.touch'

    sender_id = fields.Many2one('cadence.sender', ondelete='restrict', readonly=True)
    reason = fields.Selection(selection_add=[
        ('sender_cap', "Sender's mails of the day are used up"), ('sender_paused', 'Sender is paused')])

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
        self.sender_id.sudo()._judge()
        return result

    def _sql_news(self):
        """Asked at each mail: a sender that is paused meanwhile sends no other."""
        return SQL("""
            (%s OR EXISTS (SELECT FROM cadence_sender sender WHERE sender.id = touch.sender_id AND sender.state = 'paused'))
            """, super()._sql_news())
