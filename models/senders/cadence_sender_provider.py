from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ...tools.sender import breaker, warmup

SMALLEST_USUAL = 50  # mails a day to a provider of whom hardly anything is known


class CadenceSenderProvider(models.Model):
    """How the mails of a sender fare at one mailbox provider, where something had to be decided there.

    healthy → paused       too many came back, or it refuses a row of them: only its addresses wait, the sender goes on
    paused → trial         after a day by itself, or by a manager: a tenth of what it usually gets
    trial → paused, healthy    as the tenth went

    `_set_state` is the only writer of the state.
    """
    _name = 'cadence.sender.provider'
    _description = 'Sender at a Mailbox Provider'
    _inherit = ['cadence.guarded.mixin']
    _order = 'sender_id, provider_id'
    _rec_name = 'provider_id'

    sender_id = fields.Many2one('cadence.sender', required=True, ondelete='cascade', readonly=True)
    provider_id = fields.Many2one('cadence.mail.provider', 'At', required=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one(related='sender_id.company_id')
    state = fields.Selection([
        ('healthy', 'Healthy'),
        ('paused', 'Paused'),
        ('trial', 'Trying Again'),
    ], default='healthy', required=True, readonly=True, copy=False)
    cause = fields.Selection([
        ('hard', 'Addresses that do not exist'),
        ('bounced', 'Mails that came back'),
        ('complaints', 'Complaints about spam'),
        ('policy', 'Refused for what we are'),
    ], readonly=True, copy=False)
    evidence = fields.Json(readonly=True, copy=False)
    paused_datetime = fields.Datetime('Paused Since', readonly=True, copy=False)
    trial_datetime = fields.Datetime('Tried Again On', readonly=True, copy=False)
    places = fields.Integer('Mails a Day', readonly=True, copy=False, help="While it is tried again.")
    status = fields.Char(compute='_compute_status')

    _guarded_fields = ('state', 'cause', 'evidence', 'paused_datetime', 'trial_datetime', 'places')

    _sender_provider = models.UniqueIndex('(sender_id, provider_id)')

    @api.depends('state', 'cause', 'evidence', 'paused_datetime', 'places')
    @api.depends_context('lang', 'tz')
    def _compute_status(self):
        for part in self:
            part.status = part._get_status()

    def _get_status(self):
        name = self.provider_id.name
        if self.state == 'trial':
            return self.env._(
                "%(provider)s is tried again with %(count)s mails a day, a tenth of what is usual.",
                provider=name, count=f'{self.places:,}')
        if self.state == 'healthy':
            return self.env._("%(provider)s takes its mails again.", provider=name)
        values = {'provider': name, 'since': format_datetime(self.env, self.paused_datetime, dt_format='short')}
        return ' '.join(filter(None, (
            self._get_cause_text(values), self.sender_id._get_culprit_text(self.evidence), self._get_next_text())))

    def _get_cause_text(self, values):
        evidence = self.evidence or {}
        window = breaker.Window(*(evidence.get(name, 0) for name in breaker.Window._fields))
        if self.cause == 'policy':
            return self.env._(
                "Nothing leaves to %(provider)s since %(since)s: it refused %(count)s mails for what we are. It says: %(words)s",
                count=max(window.in_a_row, window.policy), words=evidence.get('words') or '–', **values)
        values |= {'count': getattr(window, self.cause), 'whole': window.get_whole(self.cause)}
        if self.cause == 'complaints':
            return self.env._(
                "Nothing leaves to %(provider)s since %(since)s: %(count)s of the last %(whole)s mails to it were reported as "
                "spam.", **values)
        if self.cause == 'hard':
            return self.env._(
                "Nothing leaves to %(provider)s since %(since)s: %(count)s of the last %(whole)s mails to it went to addresses "
                "that do not exist.", **values)
        return self.env._(
            "Nothing leaves to %(provider)s since %(since)s: %(count)s of the last %(whole)s mails to it came back.", **values)

    def _get_next_text(self):
        if not breaker.may_try_by_itself(self.cause):
            return self.env._("Find out whose addresses these were, then try again.")
        moment = self.paused_datetime + timedelta(hours=breaker.PAUSE_HOURS)
        return self.env._("A tenth is tried on %(next)s; its contacts are next in line.",
                          next=format_datetime(self.env, moment, dt_format='short'))

    # States

    def _set_state(self, state, **values):
        """The only writer of the state."""
        self.sudo().write({'state': state} | values)

    @api.model
    def _judge(self, sender, provider, now):
        """See what came back of the mails of a sender to a provider, and pause these alone where it is too much."""
        part = self.sudo().search([('sender_id', '=', sender.id), ('provider_id', '=', provider.id)])
        if part.state == 'paused':
            return
        window, words = sender._get_window_at(provider, part.trial_datetime)
        verdict = breaker.judge(window, is_trial=part.state == 'trial')
        if verdict.light == 'red':
            part = part or self.sudo().create({'sender_id': sender.id, 'provider_id': provider.id})
            evidence = window._asdict() | {'words': words} | sender._find_culprit(provider)
            part._set_state('paused', cause=verdict.cause, evidence=evidence, paused_datetime=now)
            # Who else waits there: of hosts that nobody has heard of yet no mail would be held.
            waiting = self.env['cadence.touch'].sudo()._read_group(
                [('sender_id', '=', sender.id), ('outcome', 'in', ('waiting', 'leaving'))], ['run_id'])
            self.env['cadence.mail.host'].sudo()._learn([run.id for run, in waiting])
            part._tell()

    def _tell(self):
        user = self.sender_id._get_responsible()
        part = self.with_context(lang=user.lang or self.env.lang)
        part.sender_id.activity_schedule(
            'mail.mail_activity_data_warning', user_id=user.id, note=part.status,
            summary=part.env._("A sender was paused at %(provider)s", provider=part.provider_id.name))

    def _check(self, now):
        """Try again who was paused for a day; a day on which a tenth came through is enough."""
        for part in self:
            today = part.sender_id._get_today(now)
            if (part.state == 'paused' and breaker.may_try_by_itself(part.cause)
                    and part.paused_datetime <= now - timedelta(hours=breaker.PAUSE_HOURS)):
                part._begin_trial(now)
            elif part.state == 'trial' and part._has_passed(today):
                part._set_state('healthy', cause=False, evidence=False)
                part.sender_id._let_go(('provider_cap',))

    def _begin_trial(self, now):
        """What came back before counts no more."""
        for part in self:
            part._set_state('trial', trial_datetime=now, paused_datetime=False, places=warmup.get_trial(part._get_usual(now)))
            part.sender_id._let_go(('provider_paused',))

    def _get_usual(self, now):
        """The most mails that the provider got on a day of the last month."""
        first = self.sender_id._get_today(now) - timedelta(days=30)
        rows = self.env.execute_query(SQL("""
            SELECT COUNT(*) FROM (%s) mailed GROUP BY day
            """, self._query_mailed(first)))
        return max([*(count for count, in rows), SMALLEST_USUAL])

    def _has_passed(self, today):
        begun = self.sender_id._get_today(self.trial_datetime)
        return begun < today and bool(self.env.execute_query(SQL(
            "SELECT 1 FROM (%s) mailed WHERE day < %s AND outcome_date >= %s LIMIT 1",
            self._query_mailed(begun), today, self.trial_datetime)))

    def _query_mailed(self, first_date):
        return SQL("""
            SELECT touch.day, touch.outcome_date
              FROM cadence_touch touch
             WHERE touch.sender_id = %s AND touch.state = 'reserved' AND touch.outcome = 'left' AND touch.day >= %s AND %s
            """, self.sender_id.id, first_date, self.sender_id._sql_at(self.provider_id, SQL('touch.email')))

    def _get_places(self, day):
        """How many mails to the provider still have a place on a company's day: none while it is paused."""
        if self.state == 'paused':
            return 0
        [[taken]] = self.env.execute_query(SQL("""
            SELECT COUNT(*)
              FROM cadence_touch touch
             WHERE touch.sender_id = %s AND touch.day = %s AND touch.state = 'reserved' AND %s
            """, self.sender_id.id, day, self.sender_id._sql_at(self.provider_id, SQL('touch.email'))))
        return max(self.places - taken, 0)

    def action_try_again(self):
        """A tenth, of which one sees whether it comes through."""
        self.sender_id._check_may_decide()
        self.sudo().filtered(lambda part: part.state == 'paused')._begin_trial(fields.Datetime.now())
        return True
