from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sender import breaker
from .cadence_sender_day import COUNTED_DAYS

CULPRIT_PART = 0.6  # of what came back: from one load of addresses
WINDOW_DAYS = 90  # older mails say nothing of today
WARMING_AGAIN = 'fast'  # the profile of a sender without a limit that had to be paused


class CadenceSender(models.Model):
    """Whether the mails of a sender come through: judged at each mail that comes back, and every hour."""
    _inherit = 'cadence.sender'

    @api.model
    def _cron_check(self):
        """Count the days, judge, try again who was paused for a day, and follow the ramps. One sender's fault stays its own."""
        now = fields.Datetime.now()
        senders = self.search([])  # pylint: disable=no-search-all; there are few
        for sender in senders:
            with self.env['cadence.run']._contained():
                sender._check(now)
            self.env['ir.cron']._commit_progress(1)

    def _check(self, now):
        self._flush_counted()
        today = self._get_today(now)
        self.env['cadence.sender.day']._count(self, today - timedelta(days=COUNTED_DAYS))
        self._judge(now)
        if self._may_be_tried(now):
            self._begin_trial()
        elif self.state == 'trial' and self._has_passed(today):
            self._set_state('warming', cause=False, evidence=False)
        self._follow_ramp()

    def _judge(self, now=None):
        """See what came back, and pause who has to. Writes only where something changes: it is asked at each returned mail."""
        for sender in self:
            if sender.state == 'paused':
                continue
            window = sender._get_window()
            verdict = breaker.judge(window, is_trial=sender.state == 'trial')
            if verdict.light == 'red':
                sender._pause(verdict.cause, window, now)
            elif verdict.light != sender.light:
                sender.sudo().write({'light': verdict.light, 'cause': verdict.cause or False})
                sender._note_light(verdict.light, now)

    def _note_light(self, light, now=None):
        """The light of a day is the worst that it had: the next day's step depends on it."""
        today = self._get_today(now)
        day = self.env['cadence.sender.day'].sudo().search([('sender_id', '=', self.id), ('date', '=', today)])
        if day.light != 'red' and light != 'green':
            self.env['cadence.sender.day']._note(self, today, light=light)

    def _pause(self, cause, window=None, now=None):
        """Nothing of the sender leaves any more; whoever sends its mails sees it at the next one."""
        now = now or fields.Datetime.now()
        for sender in self.filtered(lambda sender: sender.state != 'paused'):
            if cause != 'hand':
                sender._note_light('red', now)
            evidence = window._asdict() | sender._find_culprit() if window else False
            values = {'paused_datetime': now, 'cause': cause, 'evidence': evidence}
            if cause != 'hand':
                values['light'] = 'red'
                if sender.profile == 'steady':
                    # What was sent without a limit is so no more: it climbs up again to what was usual.
                    values |= {'profile': WARMING_AGAIN, 'target': sender.target or sender._get_usual(sender._get_today(now))}
            sender._set_state('paused', **values)
            if cause != 'hand':
                sender._tell()

    def _tell(self):
        user = self._get_responsible()
        sender = self.with_context(lang=user.lang or self.env.lang)
        sender.activity_unlink(['mail.mail_activity_data_warning'])
        sender.activity_schedule(
            'mail.mail_activity_data_warning', summary=sender.env._("A sender was paused"), note=sender.status, user_id=user.id)

    def _may_be_tried(self, now):
        """Whether a paused sender has rested long enough, and needs nobody to decide."""
        return (self.state == 'paused' and self.cause != 'hand' and breaker.may_try_by_itself(self.cause)
                and self.paused_datetime <= now - timedelta(hours=breaker.PAUSE_HOURS))

    def _begin_trial(self, now=None):
        """A tenth of a day, on top of what has left today; what came back before counts no more."""
        now = now or fields.Datetime.now()
        self._flush_counted()
        for sender in self:
            sender._set_state('trial', trial_datetime=now, paused_datetime=False, light='green')
            sender.activity_feedback(['mail.mail_activity_data_warning'])
            today = sender._get_today(now)
            sender._forget_today()
            self.env['cadence.sender.day']._note(
                sender, today, cap=sender._get_taken(today) + sender._get_limit(today))
        self._let_go()

    def _let_go(self):
        """What today's runs deferred for the pause they decide about anew; others are next in line in any case."""
        paused = [('sender_id', 'in', self.ids), ('reason', '=', 'sender_paused')]
        runs = self.env['cadence.run'].sudo().search(
            [('is_today', '=', True), ('is_closed', '!=', True), ('state', '!=', 'cancelled'), ('touch_ids', 'any', paused)])
        runs._take_back_waiting(paused)
        if runs:
            self.env.ref('mass_mailing_cadence.ir_cron_queue_today').sudo()._trigger()

    def _has_passed(self, today):
        """Whether a day of trial is over on which something left."""
        begun = self._get_today(self.trial_datetime)
        return any(day.left for day in self._get_days() if begun <= day.date < today)

    # What became of the last mails

    def _get_window(self):
        """The :class:`breaker.Window` of the last mails since the sender was tried again."""
        self.ensure_one()
        self._flush_counted()
        self.env['cadence.journal'].flush_model()
        [row] = self.env.execute_query(self._query_window())
        return breaker.Window(*row)

    def _find_culprit(self):
        """{intake: id, part: of the mails that came back} of the load that most of them are from, {} where none is."""
        rows = self.env.execute_query(SQL("""
            SELECT line.intake_id, COUNT(*)
              FROM (%s) last
         LEFT JOIN LATERAL (
                   SELECT line.intake_id FROM cadence_intake_line line WHERE line.partner_id = last.partner_id
                 ORDER BY line.id LIMIT 1) line ON TRUE
             WHERE last.has_returned AND last.number <= %s
          GROUP BY line.intake_id
          ORDER BY COUNT(*) DESC
            """, self._query_last_mails(), breaker.MAILS))
        whole = sum(count for _intake, count in rows)
        if not rows or not rows[0][0] or rows[0][1] < CULPRIT_PART * whole:
            return {}
        return {'intake': rows[0][0], 'part': rows[0][1] / whole}

    def _query_window(self):
        """Of a returned mail whose reason says that the address may be good, the journal knows."""
        return SQL("""
            SELECT COUNT(*) FILTER (WHERE number <= %(mails)s),
                   COUNT(*) FILTER (WHERE number <= %(mails)s AND has_returned AND NOT EXISTS (
                       SELECT FROM cadence_journal entry
                        WHERE entry.trace_id = last.trace_id AND entry.reason = 'soft_bounce')),
                   COUNT(*) FILTER (WHERE number <= %(mails)s AND has_returned),
                   COUNT(*),
                   COUNT(*) FILTER (WHERE EXISTS (
                       SELECT FROM cadence_journal entry
                        WHERE entry.trace_id = last.trace_id AND entry.reason = 'complaint'))
              FROM (%(last)s) last
            """, mails=breaker.MAILS, last=self._query_last_mails())

    def _query_last_mails(self):
        """last(number from 1 for the newest, partner_id, trace_id, has_returned)"""
        return SQL("""
            SELECT touch.partner_id,
                   trace.id AS trace_id,
                   touch.outcome = 'refused' OR trace.trace_status = 'bounce' AS has_returned,
                   ROW_NUMBER() OVER (ORDER BY touch.day DESC, touch.outcome_date DESC, touch.id DESC) AS number
              FROM cadence_touch touch
         LEFT JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
             WHERE touch.sender_id = %(sender_id)s
               AND touch.state = 'reserved'
               AND touch.outcome IN ('left', 'refused')
               AND touch.day >= %(first_date)s
               AND (%(since)s::timestamp IS NULL OR touch.outcome_date >= %(since)s)
          ORDER BY touch.day DESC, touch.outcome_date DESC, touch.id DESC
             LIMIT %(mails)s
            """, sender_id=self.id, since=self.trial_datetime or None, mails=breaker.COMPLAINT_MAILS,
            first_date=self._get_today() - timedelta(days=WINDOW_DAYS))
