from odoo import models


class CadenceRun(models.Model):
    """What keeps mails of a run from leaving: the mail server, the letter, or somebody in Email Marketing."""
    _inherit = 'cadence.run'

    def _get_trouble(self):
        """What keeps mails of the run from leaving, in a sentence with the mail server's own words, or None."""
        if trouble := self._get_mailing_trouble():
            return trouble
        touches = self.env['cadence.touch'].search(
            [('run_id', '=', self.id), ('reason', 'in', ('mail_server', 'refused', 'letter_failed'))])
        if not touches:
            return None
        if self.blocked_reason and set(touches.mapped('reason')) == {'letter_failed'}:
            return self.blocked_reason  # says for whom, and why
        waiting = touches.filtered(lambda touch: touch.outcome == 'waiting')
        words = self.env['mail.mail'].sudo().search(
            [('mailing_trace_ids.cadence_touch_id', 'in', touches.ids), ('failure_reason', '!=', False)], limit=1).failure_reason
        return self.env._(
            "%(count)s mails have not left: %(reason)s %(words)s – %(waiting)s are tried again today, "
            "%(deferred)s in the next run.",
            count=len(touches), reason=touches._get_reason_text(None, touches[0].reason, None), words=words or '',
            waiting=len(waiting), deferred=len(touches - waiting))

    def _get_waiting_reason(self):
        """Why nobody of a day was mailed who might be, in the words of most of them, or False."""
        Touch = self.env['cadence.touch']
        for reason, count in Touch._read_group(
                [('run_id', '=', self.id), ('state', '=', 'deferred'), ('reason', 'not in', ('missed', 'stopped'))],
                ['reason'], ['__count'], order='__count DESC', limit=1):
            return self.env._(
                "Nothing has left, %(count)s contacts are mailed by the next run: %(reason)s",
                count=count, reason=Touch._get_reason_text(None, reason, None))
        return False

    def _get_mailing_trouble(self):
        """What somebody did to a mailing in Email Marketing before it had left, and how to undo it, or None."""
        mailings = self.env['mailing.mailing'].sudo().with_context(active_test=False).search(
            [('cadence_run_id', '=', self.id), ('state', '!=', 'done')])
        for mailing in mailings:
            trouble = self._get_trouble_of(mailing)
            if trouble and (not mailing.active or mailing._cadence_get_waiting()):
                return trouble
        gone = self.env['cadence.touch'].search_count(
            [('run_id', '=', self.id), ('reason', '=', 'not_sent'), ('mailing_id', '=', False)])
        return self.env._(
            "Somebody deleted a mailing in Email Marketing before it had left: its %(count)s contacts are mailed by the next "
            "run.", count=gone) if gone else None

    def _get_trouble_of(self, mailing):
        if not mailing.active:
            return mailing.state in ('in_queue', 'sending') and self.env._(
                "Somebody archived the mailing “%(letter)s” before it had left: bring it back in Email Marketing, or its "
                "contacts are mailed by the next run.", letter=mailing.subject)
        if mailing.state == 'draft':
            return self.segment_id.auto_send and self.env._(
                "The mailing “%(letter)s” was cancelled in Email Marketing before it had left: press Send Drafts, or its "
                "contacts are mailed by the next run.", letter=mailing.subject)
        return mailing.schedule_date and mailing.schedule_date >= self._get_day_bounds()[1] and self.env._(
            "Somebody moved the mailing “%(letter)s” to another day: its contacts are mailed by the next run, unless it "
            "is moved back in Email Marketing.", letter=mailing.subject)

    def _note_failed_contacts(self, failed):
        """The letter failed for some contacts, {contact id: error}: they are next in line, and the responsible is told."""
        partner, error = next(iter(self.env['res.partner'].browse(failed))), next(iter(failed.values()))
        self._set_state(self.state, self.env._(
            "The letter fails for %(count)s contacts, such as %(contact)s: %(error)s",
            count=len(failed), contact=partner.display_name, error=error))
