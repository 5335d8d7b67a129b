from odoo import api, fields, models

# What the screens call a contact's day. No other words stand anywhere, and *mailed* is what has left.
WORDS = [
    ('planned', 'Planned'),
    ('queued', 'Queued'),
    ('leaving', 'Leaving'),
    ('mailed', 'Mailed'),
    ('in_doubt', 'Perhaps Mailed'),
    ('deferred', 'Deferred'),
    ('excluded', 'Excluded'),
]
# The word of each outcome of a reserved touch; the other states are words themselves.
OUTCOME_WORDS = {
    'waiting': 'queued', 'leaving': 'leaving', 'left': 'mailed', 'refused': 'excluded', 'in_doubt': 'in_doubt'}


class CadenceTouch(models.Model):
    """What became of a touch, in words: the one place that says queued, leaving, mailed, deferred, excluded."""
    _inherit = 'cadence.touch'

    word = fields.Selection(WORDS, 'Status', compute='_compute_word')

    @api.depends('state', 'outcome')
    def _compute_word(self):
        for touch in self:
            touch.word = touch._get_code()

    def _get_code(self):
        """What became of the touch, in a word: queued, leaving, mailed, in_doubt, deferred or excluded."""
        return OUTCOME_WORDS[self.outcome] if self.state == 'reserved' else self.state

    @api.model
    def _get_word_labels(self):
        """{word: its label in the user's language}"""
        return dict(self._fields['word']._description_selection(self.env))

    def _get_note(self, now=None):
        """What happened to the contact on the touch's day, in a sentence; it says *today* where that is today."""
        self.ensure_one()
        if self.state == 'deferred':
            return self.env._("Deferred to the next run: %(reason)s", reason=self._get_own_reason())
        is_today = self.date == self.segment_id._get_local_day(now)
        if self.state == 'excluded' or self.outcome == 'refused':
            reason = self._get_own_reason()
            return self.env._("Not mailed today: %(reason)s", reason=reason) if is_today \
                else self.env._("Not mailed: %(reason)s", reason=reason)
        if self.outcome == 'waiting':
            return self._get_waiting_note(now)
        letter = self._get_letter_name()
        if self.outcome == 'leaving':
            return self.env._("Leaving at this moment: %(letter)s", letter=letter)
        if self.outcome == 'in_doubt':
            return self.env._("Perhaps mailed: the server stopped while %(letter)s was leaving.", letter=letter)
        return self.env._("Mailed today: %(letter)s", letter=letter) if is_today \
            else self.env._("Mailed: %(letter)s", letter=letter)

    def _get_event(self):
        """(title, text) of the touch on a line of time that shows its day itself."""
        run = self.run_id.display_name
        if self.outcome == 'left':
            letter = self.mailing_id.subject or self._get_letter_name()
            return self.env._("Mailed: %(letter)s", letter=letter), run
        if self.state == 'deferred':
            return self.env._("Deferred to the next run"), self._get_own_reason()
        if self.state == 'excluded' or self.outcome == 'refused':
            return self.env._("Not mailed"), self._get_own_reason()
        return self._get_note(), run

    def _get_waiting_note(self, now):
        """What a mail that has not left waits for."""
        letter, run, mailing = self._get_letter_name(), self.run_id, self.mailing_id.sudo()
        if run.is_held:
            return self.env._("Stopped: %(letter)s waits until the run is resumed.", letter=letter)
        if reason := self._get_own_reason():
            return self.env._("Tried again in a few minutes: %(letter)s (%(reason)s)", letter=letter, reason=reason)
        if mailing.state == 'draft':
            return self.env._(
                "Queued as a draft: %(letter)s leaves once somebody has reviewed it and sends it.", letter=letter)
        moment = max(mailing.schedule_date or run.send_datetime, self.send_datetime or run.send_datetime)
        if moment <= (now or fields.Datetime.now()):
            return self.env._("Queued: %(letter)s leaves within minutes.", letter=letter)
        return self.env._(
            "Queued: %(letter)s leaves at %(time)s.", letter=letter, time=self.segment_id._get_clock_time(moment))

    def _get_letter_name(self):
        return self.letter_id.display_name or self.mailing_id.subject or ''

    def _get_own_reason(self):
        return self._get_reason_text(self.partner_id, self.reason, self.view_id)

    @api.model
    def _get_reason_text(self, partner, reason, view):
        if reason == 'view':
            return self.env._("in view %(view)s, because of %(reason)s", view=view.name, reason=view._get_reason(partner))
        return dict(self._fields['reason']._description_selection(self.env)).get(reason, '')
