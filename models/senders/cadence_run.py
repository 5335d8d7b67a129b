from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sender import pace


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

    # At a pace

    def _get_turn_notes(self):
        """How many mails wait for a turn at their senders' pace, and until when about."""
        rows = self.env['cadence.touch']._read_group(
            [('run_id', 'in', self.ids), ('outcome', '=', 'waiting'), ('reason', '=', 'pace')], ['run_id'],
            ['__count', 'pace_datetime:count', 'pace_datetime:max'])
        return super()._get_turn_notes() | {
            run: list(run._prepare_turn_notes(planned, last, count - planned)) for run, count, planned, last in rows}

    def _prepare_turn_notes(self, planned, last, over):
        pace_ = self._get_hourly_pace()
        if planned:
            yield self.env._(
                "%(count)s wait for their turn, at %(pace)s mails an hour: the last one leaves at about %(time)s",
                count=f'{planned:,}', pace=pace_, time=self.segment_id._get_clock_time(last))
        if over:
            yield self.env._(
                "%(count)s have no turn today at %(pace)s mails an hour, and are next in line", count=f'{over:,}', pace=pace_)

    def _get_hourly_pace(self):
        return f"{sum(self.segment_id.sudo()._get_senders().mapped('hourly_pace')):,}"

    def _get_queued_note(self, now):
        note, senders = super()._get_queued_note(now), self.segment_id.sudo()._get_senders()
        leaves = self.waiting_count and not (self.blocked_reason or self.is_held or self.is_draft)
        if not leaves or not all(sender.hourly_pace for sender in senders):
            return note
        at_once = sum(pace.get_groups(sender.hourly_pace).size for sender in senders)
        if self.waiting_count <= at_once:
            return note
        return ' '.join((note, self.env._(
            "They leave spread, at most %(pace)s in an hour.", pace=self._get_hourly_pace())))

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
