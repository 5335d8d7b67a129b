from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

DEFERRALS = [
    'intake_held', 'provider_paused', 'provider_cap', 'provider_share', 'sender_cap', 'sender_paused', 'canary', 'pace']


class CadenceTouch(models.Model):
    """The ledger knows the sender of each mail: its cap and its health are counted from here."""
    _inherit = 'cadence.touch'

    sender_id = fields.Many2one('cadence.sender', ondelete='restrict', readonly=True)
    reason = fields.Selection(selection_add=[
        ('intake_held', 'The intake of the contact is held'),
        ('provider_paused', 'Sender is paused at the mailbox provider'),
        ('provider_cap', "Sender's mails of the day to the mailbox provider are used up"),
        ('provider_share', 'Sender is warmed up: the mailbox provider has had its share of the day'),
        ('sender_cap', "Sender's mails of the day are used up"),
        ('sender_paused', 'Sender is paused'),
        ('canary', 'Others go first, to see whether their mails come through'),
        ('pace', "Sender's pace")])
    pace_datetime = fields.Datetime('Has Its Turn', readonly=True, help="When its mail may leave at the sender's pace.")

    _sender_day = models.Index("(sender_id, day) WHERE state = 'reserved'")

    def _get_deferrals(self):
        return [*super()._get_deferrals(), *DEFERRALS]

    def _get_further_columns(self, run):
        return super()._get_further_columns(run) | {'sender_id': run.segment_id._sql_sender(SQL('decided.partner_id'))}

    def _reserve(self, run, decided):
        rows = super()._reserve(run, decided)
        run.segment_id.sudo()._get_senders()._fix_day(run._get_mail_day())
        return rows

    def _make_wait(self, now):
        """{(reason, UTC moment): touches} of those of the waiting touches that may not leave now, because of their senders.

        Asked of all that would become *leaving* next, whether they have a mail or not; whoever asks holds the others back. Who
        waits at a pace is noted with a turn, or without one where the run's day would be over.
        """
        waits = defaultdict(self.browse)
        waiting = self.sudo().filtered(lambda touch: touch.outcome == 'waiting' and touch.sender_id)
        for sender, touches in waiting.grouped('sender_id').items():
            for reason, over in touches._find_without_place(sender, now).items():
                waits[reason, fields.Datetime.add(now, hours=1)] += over
                touches -= over
            for moment, later in sender._give_turns(touches, now).items():
                for run, part in later.grouped('run_id').items():
                    end = run._get_day_bounds()[1]
                    part._note_turn(moment if moment < end else False)
                    waits['pace', min(moment, end)] += part
        return dict(waits)

    def _find_without_place(self, sender, now):
        """{reason: touches} of who is late, and leaves on another day of the company than it has a place on: it may be full."""
        today = sender._get_today(now)
        late = self.filtered(lambda touch: touch.day != today).sorted('id')
        places = sender._take_places(today) if late else None
        if places is None:
            return {}
        elsewhere = sender._find_over_share(late, today)
        return {'provider_share': elsewhere, 'sender_cap': (late - elsewhere)[places:]}

    def _note_turn(self, moment):
        changed = self.filtered(lambda touch: touch.pace_datetime != moment)
        changed.write({'pace_datetime': moment})
        changed.flush_recordset(['pace_datetime'])

    def _get_waiting_note(self, now):
        if self.reason != 'pace' or self.run_id.is_held:
            return super()._get_waiting_note(now)
        letter = self._get_letter_name()
        if not self.pace_datetime:
            return self.env._("Queued: %(letter)s has no turn today at its sender's pace, and is next in line.", letter=letter)
        return self.env._("Queued: %(letter)s leaves at about %(time)s, when it is its turn.",
                          letter=letter, time=self.segment_id._get_clock_time(self.pace_datetime))

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
