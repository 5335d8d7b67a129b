from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

LINKING = {'email_from', 'mail_server_id', 'company_id'}


class CadenceSegment(models.Model):
    """Each segment mails from a sender, which is found or made by its address; several share its contacts."""
    _inherit = 'cadence.segment'

    sender_id = fields.Many2one('cadence.sender', readonly=True, copy=False, ondelete='restrict', index='btree_not_null')
    sender_light = fields.Selection(related='sender_id.light', string="Sender's Health")
    sender_status = fields.Char(related='sender_id.status', string="Sender's State")
    light = fields.Selection([
        ('green', 'Fine'),
        ('amber', 'Could be better'),
        ('red', 'Mend it'),
    ], 'Inbox', compute='_compute_light', compute_sudo=True,
        help="Whether its mails get into the inbox: the worst of sender and letters.")
    light_note = fields.Char(compute='_compute_light', compute_sudo=True)
    further_sender_ids = fields.One2many(
        'cadence.segment.sender', 'segment_id', 'More Senders',
        help="The contacts are dealt evenly to the sender above and these; each contact keeps the one it got.")
    when_paused = fields.Selection([
        ('wait', 'Wait for it'),
        ('move', 'Get their mails from the others'),
    ], 'Contacts of a Paused Sender', default='wait', required=True)

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._link_senders()
        return segments

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & LINKING:
            self._link_senders()
            self.further_sender_ids.filtered(lambda line: line.sender_id.company_id != line.segment_id.company_id)._link_sender()
        return result

    def _link_senders(self):
        Sender = self.env['cadence.sender']
        for segment in self.sudo():
            address = email_normalize(segment.email_from or '')
            sender = Sender._find_or_create(segment.company_id, address, segment.mail_server_id) if address else Sender
            if segment.sender_id != sender:
                segment.sender_id = sender

    def _get_senders(self):
        """All of them, archived ones aside: nothing is mailed from those any more."""
        return self.sender_id | self.further_sender_ids.sender_id.filtered('active')

    # How it stands

    @api.depends('sender_id.state', 'sender_id.light', 'sender_id.dns_light', 'sender_id.provider_ids.state', 'letter_ids.light')
    @api.depends_context('lang', 'tz')
    def _compute_light(self):
        for segment in self:
            segment.light, segment.light_note, _record = segment._find_trouble()

    def _find_trouble(self):
        """(light, what is wrong in a sentence or False, the record where it is mended) of the worst there is."""
        sender, letters = self.sender_id, self.letter_ids
        paused = sender.provider_ids.filtered(lambda part: part.state == 'paused')[:1]
        stopped = letters.filtered(lambda letter: letter.light == 'red')[:1]
        dns = next(iter(sender._get_dns_records()), None) if sender.dns_light in ('red', 'amber') else None
        if sender.light == 'red' or sender.state == 'paused':
            return 'red', sender.status, sender
        if stopped:
            return 'red', stopped._get_finding_problem(), stopped
        if sender.dns_light == 'red':
            return 'red', sender._get_dns_text(dns), sender
        if paused:
            return 'amber', paused.status, sender
        if sender.light == 'amber' or sender.state == 'trial':
            return 'amber', sender.status, sender
        if dns:
            return 'amber', sender._get_dns_text(dns), sender
        watched = letters.filtered(lambda letter: letter.light == 'amber')
        if watched:
            return 'amber', self.env._("%(count)s of its letters could be better.", count=len(watched)), watched[:1]
        return 'green', False, sender

    def action_open_trouble(self):
        """Where the worst is mended."""
        self.ensure_one()
        self.check_access('read')
        record = self.sudo()._find_trouble()[2]
        return {'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id, 'views': [(False, 'form')]}

    # Whose contact is whose

    def _sql_sender(self, partner):
        """The id of the sender of a contact's mails: the one it had, else the one it is dealt; `partner` is SQL of an id."""
        senders = self.sudo()._get_senders()
        dealt = self._get_dealt(senders)
        if not senders - self.sender_id:
            return SQL("%s::int", dealt.ids[0] if dealt else None)
        return SQL("""
            COALESCE((SELECT past.sender_id
                        FROM cadence_touch past
                       WHERE past.partner_id = %(partner)s
                         AND past.segment_id = %(segment_id)s
                         AND past.sender_id = ANY(%(dealt)s)
                         AND past.outcome IN ('leaving', 'left', 'in_doubt')
                    ORDER BY past.day DESC, past.id DESC
                       LIMIT 1),
                     (%(dealt)s::int[])[1 + ('x' || SUBSTR(MD5('sender' || %(partner)s), 1, 7))::bit(28)::int %% %(count)s])
            """, partner=partner, segment_id=self.id, dealt=dealt.ids, count=len(dealt))

    def _get_dealt(self, senders):
        """The senders that get contacts, in an order that stays: those that are not paused, where contacts move on."""
        healthy = senders.filtered(lambda sender: sender.state != 'paused') if self.when_paused == 'move' else senders
        return (healthy or senders).sorted('id')

    def _get_sender_values(self, sender):
        """The addresses and the server of the mails that come from a sender of the segment, {} where it is its main one."""
        line = self.further_sender_ids.filtered(lambda line: line.sender_id == sender)[:1]
        if not line or sender == self.sender_id:
            return {}
        return {'email_from': line.email_from, 'reply_to': line.reply_to or line.email_from,
                'mail_server_id': line.mail_server_id.id}
