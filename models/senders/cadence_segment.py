from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

LINKING = {'email_from', 'mail_server_id', 'company_id'}


class CadenceSegment(models.Model):
    """Each segment mails from a sender, which is found or made by its address."""
    _inherit = 'cadence.segment'

    sender_id = fields.Many2one('cadence.sender', readonly=True, copy=False, ondelete='restrict', index='btree_not_null')
    sender_light = fields.Selection(related='sender_id.light', string="Sender's Health")
    sender_status = fields.Char(related='sender_id.status', string="Sender's State")

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._link_senders()
        return segments

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & LINKING:
            self._link_senders()
        return result

    def _link_senders(self):
        Sender = self.env['cadence.sender']
        for segment in self.sudo():
            address = email_normalize(segment.email_from or '')
            sender = Sender._find_or_create(segment.company_id, address, segment.mail_server_id) if address else Sender
            if segment.sender_id != sender:
                segment.sender_id = sender

    def _get_senders(self):
        return self.sender_id

    def _sql_sender(self):
        """The id of the sender of a contact's mails."""
        return SQL("%s::int", self.sudo().sender_id.id or None)
