from odoo import api, models


class CadenceTouch(models.Model):
    """What became of a touch, in words: the one place that says planned, leaving, mailed, deferred, excluded."""
    _inherit = 'cadence.touch'

    def _get_code(self):
        """What became of the touch, in a word: queued, leaving, mailed, in_doubt, deferred or excluded."""
        codes = {'waiting': 'queued', 'left': 'mailed', 'refused': 'excluded'}
        return codes.get(self.outcome, self.outcome) if self.state == 'reserved' else self.state

    def _get_note(self):
        """What happened to the contact on the touch's day, in a sentence."""
        self.ensure_one()
        letter = self.letter_id.display_name or self.mailing_id.subject
        reason = self._get_reason_text(self.partner_id, self.reason, self.view_id)
        if self.state == 'deferred':
            return self.env._("Deferred to the next run: %(reason)s", reason=reason)
        if self.state == 'excluded':
            return self.env._("Not mailed today: %(reason)s", reason=reason)
        match self.outcome:
            case 'waiting' if self.run_id.is_held:
                return self.env._("Stopped: %(letter)s waits until the run is resumed.", letter=letter)
            case 'waiting' if reason:
                return self.env._("Tried again in a few minutes: %(letter)s (%(reason)s)", letter=letter, reason=reason)
            case 'waiting':
                return self.env._("Will be mailed today: %(letter)s", letter=letter)
            case 'leaving':
                return self.env._("Leaving at this moment: %(letter)s", letter=letter)
            case 'refused':
                return self.env._("Not mailed today: %(reason)s", reason=reason)
            case 'in_doubt':
                return self.env._("Perhaps mailed today: the server stopped while %(letter)s was leaving.", letter=letter)
        return self.env._("Mailed today: %(letter)s", letter=letter)

    @api.model
    def _get_reason_text(self, partner, reason, view):
        if reason == 'view':
            return self.env._("in view %(view)s, because of %(reason)s", view=view.name, reason=view._get_reason(partner))
        return dict(self._fields['reason']._description_selection(self.env)).get(reason, '')
