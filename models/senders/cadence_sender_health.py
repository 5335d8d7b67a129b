from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sender import breaker
from .cadence_sender_day import COUNTED_DAYS
from .cadence_sender_refusal import ROW_DAYS

CULPRIT_PART = 0.6  # of what came back: from one load of addresses
WINDOW_DAYS = 90  # older mails say nothing of today
PROVIDER_DAYS = 14  # of a provider that gets few mails: all of them are read to find its own
SOME_PLACES = 3  # providers and companies in a row that refuse: it is not one of them, it is we
WARMING_AGAIN = 'fast'  # the profile of a sender without a limit that had to be paused


class CadenceSender(models.Model):
    """Whether the mails of a sender come through: judged at each mail that comes back, and every hour."""
    _inherit = 'cadence.sender'

    @api.model
    def _cron_check(self):
        """Count the days, judge, try again who was paused for a day, and follow the ramps. One sender's fault stays its own."""
        now = fields.Datetime.now()
        with self.env['cadence.run']._contained():
            self.env['cadence.intake']._prove(now)
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
        self.provider_ids._check(now)
        if self._may_be_tried(now):
            self._begin_trial()
        elif self.state == 'trial' and self._has_passed(today):
            self._set_state('warming', cause=False, evidence=False)
        self._follow_ramp()
        self._prove_day(now)
        self._foresee(now)

    def _judge(self, now=None, emails=None):
        """See what came back, and pause who has to. Writes only where something changes: it is asked at each returned mail.

        :param emails: the addresses of which something was heard; of all that were heard of lately if there are none
        """
        for sender in self:
            if sender.state == 'paused':
                continue
            hosts = self.env['cadence.mail.host'].sudo()._learn_hosts(emails or sender._find_news())
            for provider in hosts.provider_id:
                self.env['cadence.sender.provider']._judge(sender, provider, now or fields.Datetime.now())
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
                    # What was sent without a limit is so no more: it climbs up again to what was usual, at its own pace.
                    values |= {'profile': WARMING_AGAIN, 'target': sender.target or sender._get_usual(sender._get_today(now)),
                               'hourly_pace': sender.hourly_pace}
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

    def _let_go(self, reasons=('sender_paused',)):
        """What today's runs deferred for the pause they decide about anew; others are next in line in any case."""
        paused = [('sender_id', 'in', self.ids), ('reason', 'in', reasons)]
        runs = self.env['cadence.run'].sudo().search(
            [('is_today', '=', True), ('is_closed', '!=', True), ('state', '!=', 'cancelled'), ('touch_ids', 'any', paused)])
        runs._decide_anew(paused)

    def _has_passed(self, today):
        """Whether a day of trial is over on which something left."""
        begun = self._get_today(self.trial_datetime)
        return any(day.left for day in self._get_days() if begun <= day.date < today)

    # What became of the last mails

    def _get_window(self):
        """The :class:`breaker.Window` of the last mails since the sender was tried again.

        Providers that are paused, or were since, are judged by themselves: what came back from them counts here no more.
        """
        self.ensure_one()
        self._flush_judged()
        [row] = self.env.execute_query(self._query_window(self._query_last_mails()))
        count, places, _words = self._get_row()
        return breaker.Window(*row, in_a_row=count if places >= SOME_PLACES else 0)

    def _get_window_at(self, provider, since):
        """(the window of the last mails to a provider, the words of its last refusal) since a moment or ever."""
        self._flush_judged()
        [row] = self.env.execute_query(self._query_window(self._query_last_mails(provider, since)))
        count, _places, words = self._get_row(provider, since)
        return breaker.Window(*row, in_a_row=count), words

    def _flush_judged(self):
        self._flush_counted()
        for model in ('cadence.journal', 'cadence.mail.host', 'cadence.sender.refusal', 'cadence.sender.provider'):
            self.env[model].flush_model()

    def _get_row(self, provider=None, since=None):
        """(mails refused in a row, by how many providers and companies, their words)"""
        first = fields.Datetime.now() - timedelta(days=ROW_DAYS)
        since = max(filter(None, (first, self.trial_datetime, since)))
        [row] = self.env.execute_query(self.env['cadence.sender.refusal']._query_row(self, since, provider))
        return row

    def _find_news(self):
        """The addresses of the mails that came back or were refused lately."""
        self._flush_judged()
        return [email for email, in self.env.execute_query(SQL("""
            SELECT email FROM (%(last)s) last WHERE has_returned
         UNION
            SELECT touch.email
              FROM cadence_sender_refusal refusal
              JOIN cadence_touch touch ON touch.id = refusal.touch_id
             WHERE refusal.sender_id = %(sender_id)s AND refusal.moment >= %(since)s
            """, last=self._query_last_mails(), sender_id=self.id,
            since=fields.Datetime.now() - timedelta(days=ROW_DAYS)))]

    def _find_culprit(self, provider=None):
        """{intake: id, part: of the mails that came back} of the company's load that most of them are from, {} where none is."""
        rows = self.env.execute_query(SQL("""
            SELECT line.intake_id, COUNT(*)
              FROM (%(last)s) last
         LEFT JOIN LATERAL (
                   SELECT line.intake_id
                     FROM cadence_intake_line line
                     JOIN cadence_intake intake ON intake.id = line.intake_id
                    WHERE line.partner_id = last.partner_id AND intake.company_id = %(company_id)s
                 ORDER BY line.id
                    LIMIT 1) line ON TRUE
             WHERE last.has_returned AND last.number <= %(mails)s
          GROUP BY line.intake_id
          ORDER BY COUNT(*) DESC
            """, last=self._query_last_mails(provider), company_id=self.company_id.id, mails=breaker.MAILS))
        whole = sum(count for _intake, count in rows)
        if not rows or not rows[0][0] or rows[0][1] < CULPRIT_PART * whole:
            return {}
        return {'intake': rows[0][0], 'part': rows[0][1] / whole}

    def _query_window(self, last):
        """Of a returned mail whose reason says that the address may be good, the journal knows, or the refusals do.

        What a server refused for what we are as it heard of it has not left: such mails count in their row.
        """
        return SQL("""
            SELECT COUNT(*) FILTER (WHERE number <= %(mails)s),
                   COUNT(*) FILTER (WHERE number <= %(mails)s AND has_returned AND has_policy IS NOT TRUE AND NOT EXISTS (
                       SELECT FROM cadence_journal entry
                        WHERE entry.trace_id = last.trace_id AND entry.reason = 'soft_bounce')),
                   COUNT(*) FILTER (WHERE number <= %(mails)s AND has_returned),
                   COUNT(*),
                   COUNT(*) FILTER (WHERE EXISTS (
                       SELECT FROM cadence_journal entry
                        WHERE entry.trace_id = last.trace_id AND entry.reason = 'complaint')),
                   COUNT(*) FILTER (WHERE number <= %(mails)s AND has_policy)
              FROM (%(last)s) last
            """, mails=breaker.MAILS, last=last)

    def _query_last_mails(self, provider=None, since=None):
        """last(number from 1 for the newest, partner_id, email, trace_id, has_returned, has_policy)"""
        return SQL("""
            SELECT touch.partner_id,
                   touch.email,
                   trace.id AS trace_id,
                   touch.outcome = 'refused' OR trace.trace_status = 'bounce' AS has_returned,
                   trace.trace_status = 'bounce' AND EXISTS (
                       SELECT FROM cadence_sender_refusal refusal WHERE refusal.touch_id = touch.id) AS has_policy,
                   ROW_NUMBER() OVER (ORDER BY touch.day DESC, touch.outcome_date DESC, touch.id DESC) AS number
              FROM cadence_touch touch
         LEFT JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
             WHERE touch.sender_id = %(sender_id)s
               AND touch.state = 'reserved'
               AND touch.outcome IN ('left', 'refused')
               AND touch.day >= %(first_date)s
               AND (%(since)s::timestamp IS NULL OR touch.outcome_date >= %(since)s)
               AND %(match)s
          ORDER BY touch.day DESC, touch.outcome_date DESC, touch.id DESC
             LIMIT %(mails)s
            """, sender_id=self.id, mails=breaker.COMPLAINT_MAILS,
            since=max(filter(None, (self.trial_datetime, since)), default=None),
            match=self._sql_at(provider, SQL('touch.email')),
            first_date=self._get_today() - timedelta(days=PROVIDER_DAYS if provider else WINDOW_DAYS))

    def _sql_at(self, provider, email):
        """Whether an address is at the provider; without one, whether it is at none that is judged alone."""
        if provider:
            return SQL("SUBSTRING(%s FROM '@(.*)$') IN (SELECT name FROM cadence_mail_host WHERE provider_id = %s)",
                       email, provider.id)
        if not self.provider_ids:
            return SQL("TRUE")
        return SQL("""
            NOT EXISTS (SELECT FROM cadence_sender_provider part
                          JOIN cadence_mail_host host ON host.provider_id = part.provider_id
                         WHERE part.sender_id = %s
                           AND host.name = SUBSTRING(%s FROM '@(.*)$')
                           AND (part.state = 'paused' OR touch.outcome_date < part.trial_datetime))
            """, self.id, email)
