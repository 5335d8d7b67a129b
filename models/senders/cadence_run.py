from odoo import api, fields, models
from odoo.tools import SQL


class CadenceRun(models.Model):
    """What a run's card says of its sender: only where it keeps mails from leaving."""
    _inherit = 'cadence.run'

    sender_light = fields.Selection(related='segment_id.sender_id.light', string="Sender's Health")
    sender_note = fields.Char(compute='_compute_sender_note', compute_sudo=True)

    @api.depends('segment_id.sender_id.state', 'segment_id.sender_id.provider_ids.state', 'state', 'expected_count')
    @api.depends_context('lang', 'tz')
    def _compute_sender_note(self):
        for run in self:
            run.sender_note = run._get_sender_note()

    def _get_sender_note(self):
        sender = self.segment_id.sender_id
        if not self.is_today or self.is_closed or not sender:
            return False
        if sender.state in ('paused', 'trial') or sender.light != 'green':
            return sender.status
        if paused := sender.provider_ids.filtered(lambda part: part.state == 'paused'):
            return ' '.join(paused.mapped('status'))
        waiting = self.expected_count if self.state in ('planned', 'blocked') else 0
        if sender.cap and waiting > sender.cap - sender.taken:
            return self.env._(
                "%(count)s mails of %(sender)s may leave today: the others are next in line.",
                count=f'{max(sender.cap - sender.taken, 0):,}', sender=sender.name)
        return False

    @api.model
    def _sql_held(self):
        """Asked at each mail: a sender that is paused meanwhile sends no other. Where there are several, blocks ask for each."""
        return SQL("""
            (%s OR EXISTS (SELECT FROM cadence_sender sender WHERE sender.id = segment.sender_id AND sender.state = 'paused')
                   AND NOT EXISTS (SELECT FROM cadence_segment_sender further WHERE further.segment_id = segment.id))
            """, super()._sql_held())

    def action_open_sender(self):
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'res_model': 'cadence.sender', 'res_id': self.segment_id.sender_id.id,
            'views': [(False, 'form')]}
