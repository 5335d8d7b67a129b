from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class CadenceSegmentSender(models.Model):
    """Another mailbox that a segment mails from: its contacts are dealt to all of them, and each keeps the one it got."""
    _name = 'cadence.segment.sender'
    _description = 'Sender of a Segment'
    _order = 'segment_id, id'
    _rec_name = 'email_from'

    segment_id = fields.Many2one('cadence.segment', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='segment_id.company_id')
    email_from = fields.Char('Send From', required=True, help="Such as Zhou Hai <zhou@example.com>.")
    reply_to = fields.Char('Answers Go To', help="Empty: to the sender.")
    mail_server_id = fields.Many2one(
        'ir.mail_server', ondelete='restrict', help="Empty: Odoo chooses by the sender's address.")
    sender_id = fields.Many2one('cadence.sender', ondelete='restrict', readonly=True, copy=False, index=True)
    state = fields.Selection(related='sender_id.state')
    light = fields.Selection(related='sender_id.light')

    _segment_sender = models.UniqueIndex('(segment_id, sender_id)', "The segment has this sender already.")

    @api.constrains('email_from', 'reply_to')
    def _check_addresses(self):
        for line in self:
            for address in filter(None, (line.email_from, line.reply_to)):
                if not email_normalize(address):
                    raise ValidationError(self.env._(
                        "“%(address)s” is not one e-mail address: write it like Wang Li <li@example.com>.", address=address))

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._link_sender()
        return lines

    def write(self, vals):
        before = self.sender_id
        result = super().write(vals)
        if vals.keys() & {'email_from', 'mail_server_id'}:
            self._link_sender()
        if vals.keys() & {'email_from', 'mail_server_id', 'reply_to'}:
            self._replace_waiting(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_replace_waiting(self):
        self._replace_waiting(self.sender_id)

    def _replace_waiting(self, senders):
        """What waits of these senders would leave from another one: its contacts are dealt again."""
        self.segment_id._get_open_runs()._replace_waiting([('sender_id', 'in', senders.ids)])

    def _link_sender(self):
        """A mailbox of its own, even where the domain is a sender: it is there to be counted alone."""
        for line in self.sudo():
            line.sender_id = self.env['cadence.sender']._find_or_create(
                line.segment_id.company_id, email_normalize(line.email_from), line.mail_server_id, alone=True)
