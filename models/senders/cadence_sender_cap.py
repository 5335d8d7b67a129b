from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sender import warmup
from .cadence_sender import CHANGING
from .cadence_sender_day import COUNTED_DAYS

USUAL_DAYS = 30
SMALLEST_USUAL = 200  # of a sender without a limit that has hardly mailed: what a new one may send


class CadenceSender(models.Model):
    """How many mails of a sender may leave on a day, and how many have a place already."""
    _inherit = 'cadence.sender'

    def _get_today(self, now=None):
        return self.company_id._cadence_get_day(now or fields.Datetime.now())

    def _get_cap(self, date=None):
        """The :class:`warmup.Cap` of a day, by the days before it; of a sender without warm-up its target, 0 for no limit."""
        self.ensure_one()
        profile = self._get_profile()
        if not profile:
            return warmup.Cap(self.target, 'warm', 'target')
        return warmup.get_cap(profile, self.target, self._get_days(), date or self._get_today(), self.light)

    def _get_days(self):
        """[warmup.Day] in their order; a day without a limit is as if its mails had been the limit."""
        days = self.env['cadence.sender.day'].sudo().search([('sender_id', '=', self.id)], order='date')
        return [warmup.Day(day.date, day.cap or day.left_count, day.left_count, day.light) for day in days]

    def _get_limit(self, date):
        """How many mails may leave on the company's day, None for no limit. What a day began with holds until its end."""
        self.ensure_one()
        day = self.env['cadence.sender.day'].sudo().search([('sender_id', '=', self.id), ('date', '=', date)])
        if day.cap:
            return day.cap
        if self.state == 'trial':
            return warmup.get_trial(self._get_usual(date))
        return self._get_cap(date).value or None

    def _get_sample(self, date, moment=None):
        """How many mails of a sender that is warmed up go first on a company's day, None for all.

        Not where the day would be over before one knows of them: their places would never be used. `moment` is when they leave.
        """
        self.ensure_one()
        count, hours = self.company_id.cadence_canary_count, self.company_id.cadence_canary_hours
        if not count or self.state not in CHANGING:
            return None
        day = self.env['cadence.sender.day'].sudo().search([('sender_id', '=', self.id), ('date', '=', date)])
        known = max(filter(None, (moment, fields.Datetime.now()))) + timedelta(hours=hours + 1)
        is_late = self.light == 'green' and self.company_id._cadence_get_day(known) != date
        return None if day.is_proven or is_late else count

    def _prove_day(self, now):
        """Let the day's other mails go when the first ones have come through for some hours."""
        today = self._get_today(now)
        day = self.env['cadence.sender.day'].sudo().search([('sender_id', '=', self.id), ('date', '=', today)])
        if day.is_proven or self.light != 'green' or self.state not in CHANGING or not self.company_id.cadence_canary_count:
            return
        until = now - timedelta(hours=self.company_id.cadence_canary_hours)
        [[left, under_way]] = self.env.execute_query(SQL("""
            SELECT COUNT(*) FILTER (WHERE outcome IN ('left', 'refused') AND outcome_date <= %(until)s),
                   COUNT(*) FILTER (WHERE outcome IN ('waiting', 'leaving') OR outcome_date > %(until)s)
              FROM cadence_touch
             WHERE sender_id = %(sender_id)s AND day = %(day)s AND state = 'reserved'
            """, sender_id=self.id, day=today, until=until))
        if left >= self.company_id.cadence_canary_count or left and not under_way:
            self.env['cadence.sender.day']._note(self, today, is_proven=True)
            self._let_go(('canary',))

    def _get_usual(self, date):
        """What the sender might send on a day if it were not paused."""
        if cap := self._get_cap(date).value:
            return cap
        recent = [day.left for day in self._get_days() if day.date >= date - timedelta(days=USUAL_DAYS)]
        return max([*recent, SMALLEST_USUAL])

    def _fix_day(self, date):
        """From now on the day's limit is what it is now: a ramp does not climb while its mails leave."""
        for sender in self.filtered(lambda sender: sender._get_profile() or sender.target):
            Day = self.env['cadence.sender.day']
            if Day.sudo().search_count([('sender_id', '=', sender.id), ('date', '=', date), ('cap', '>', 0)]):
                continue
            Day._count(sender, date - timedelta(days=COUNTED_DAYS))
            Day._note(sender, date, cap=sender._get_limit(date) or 0)

    def _forget_today(self):
        """Somebody changed the rules: the day's limit is told anew."""
        for sender in self.sudo():
            self.env['cadence.sender.day'].sudo().search(
                [('sender_id', '=', sender.id), ('date', '>=', sender._get_today())]).write({'cap': 0})

    # What has a place

    def _get_taken(self, date):
        """How many mails of a company's day have left or will: of all segments, and of other mailings."""
        self.ensure_one()
        [[count]] = self.env.execute_query(SQL("SELECT COUNT(*) FROM (%s) taken", self._query_taken(date)))
        return count

    def _take_places(self, date):
        """How many mails have a place on the company's day that were not to leave on it, None for all of them.

        Writes the day, so that of two workers who ask at once the second one asks again.
        """
        self._flush_counted()
        self._fix_day(date)
        limit = self._get_limit(date)
        if limit is None:
            return None
        self.env.flush_all()
        self.env['cadence.sender.day']._claim(self, date)
        return max(limit - self._get_taken(date), 0)

    def _query_taken(self, date):
        """(id, email) of the mails that have a place on the company's day."""
        return SQL("""
            SELECT touch.id, touch.email
              FROM cadence_touch touch
             WHERE touch.sender_id = %(sender_id)s AND touch.day = %(date)s AND touch.state = 'reserved'
         UNION ALL
            SELECT id, email FROM (%(elsewhere)s) elsewhere
            """, sender_id=self.id, date=date, elsewhere=self._query_elsewhere(*self.company_id._cadence_get_day_bounds(date)))

    def _query_left(self, first_date):
        """(day, mails that left) of the company's days since one."""
        start, _end = self.company_id._cadence_get_day_bounds(first_date)
        _start, end = self.company_id._cadence_get_day_bounds(self._get_today())
        return SQL("""
            SELECT day, COUNT(*)
              FROM (SELECT touch.day
                      FROM cadence_touch touch
                     WHERE touch.sender_id = %(sender_id)s
                       AND touch.day >= %(first_date)s
                       AND touch.state = 'reserved'
                       AND touch.outcome <> 'waiting'
                 UNION ALL
                    SELECT (elsewhere.moment AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                      FROM (%(elsewhere)s) elsewhere) mailed
          GROUP BY day
            """, sender_id=self.id, first_date=first_date, tz=self.company_id.sudo()._cadence_get_tz(),
            elsewhere=self._query_elsewhere(start, end))

    def _query_elsewhere(self, start, end):
        """(id, email, moment) of the mails of other mailings, at a UTC time, that came from this address or domain."""
        return SQL("""
            SELECT trace.id, LOWER(trace.email) AS email, COALESCE(trace.sent_datetime, trace.create_date) AS moment
              FROM mailing_trace trace
              JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
             WHERE trace.create_date >= %(start)s
               AND trace.create_date < %(end)s
               AND trace.trace_status NOT IN ('cancel', 'error')
               AND trace.trace_type = 'mail'
               AND trace.is_test_trace IS NOT TRUE
               AND mailing.cadence_run_id IS NULL
               AND LOWER(SUBSTRING(mailing.email_from FROM '[^<\\s]+@[^>\\s]+')) %(match)s
            """, start=start, end=end, match=self._sql_match())

    def _sql_match(self):
        if self.kind == 'mailbox':
            return SQL("= %s", self.name)
        return SQL("SIMILAR TO %s", f"%@(%.)?{self.name}")

    @api.model
    def _flush_counted(self):
        for model in ('cadence.touch', 'mailing.trace', 'mailing.mailing', 'cadence.sender', 'cadence.sender.day'):
            self.env[model].flush_model()
