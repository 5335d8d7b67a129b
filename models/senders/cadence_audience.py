from odoo import models
from odoo.tools import SQL

from .cadence_sender import CHANGING


class CadenceAudience(models.AbstractModel):
    """A sender's mails of a day are places as those of a company domain: who has none is next in line."""
    _inherit = 'cadence.audience'

    def _get_caps(self):
        return [*super()._get_caps(), ('sender_cap', self._query_sender_cap)]

    def _query_sender_cap(self, run, source):
        """At most so many mails a sender and day; while it is warmed up, those get the places who are most likely to read.

        A sender without a limit costs nothing.
        """
        limits = self._get_sender_limits(run)
        if not limits:
            return SQL("SELECT * FROM %s", source)
        return SQL("""
            SELECT ranked.partner_id, ranked.email, ranked.company_domain, ranked.batch, ranked.deferred_since, ranked.step,
                   CASE WHEN ranked.reason IS NOT NULL THEN ranked.reason
                        WHEN limits.is_paused THEN 'sender_paused'
                        WHEN ranked.rank > limits.places THEN 'sender_cap'
                    END AS reason,
                   ranked.view_id
              FROM (SELECT source.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY source.sender_id, source.reason IS NULL
                               ORDER BY %(order)s source.deferred_since, source.partner_id) AS rank
                      FROM (SELECT source.*, %(sender)s AS sender_id FROM %(source)s source) source
                           %(activity)s) ranked
         LEFT JOIN UNNEST(%(ids)s::int[], %(places)s::int[], %(paused)s::bool[]) limits(sender_id, places, is_paused)
                ON limits.sender_id = ranked.sender_id
            """, source=source, sender=run.segment_id._sql_sender(SQL('source.partner_id')),
            ids=[sender_id for sender_id, *_rest in limits],
            places=[places for _id, places, _paused in limits], paused=[paused for *_rest, paused in limits],
            **self._get_activity_order(run))

    def _get_sender_limits(self, run):
        """[(sender id, places that are free on the run's mail day or None, whether it is paused)] of those with a limit."""
        self.env['cadence.sender']._flush_counted()
        day, limits = run._get_mail_day(), []
        for sender in run.segment_id.sudo()._get_senders():
            limit, is_paused = sender._get_limit(day), sender.state == 'paused'
            if is_paused or limit is not None:
                places = None if limit is None else max(limit - sender._get_taken(day), 0)
                limits.append((sender.id, places, is_paused))
        return limits

    def _get_activity_order(self, run):
        """While providers get to know a sender: who answered, clicked or opened first, then who got mails that did not return."""
        if not set(run.segment_id.sudo()._get_senders().mapped('state')) & {*CHANGING, 'trial'}:
            return {'order': SQL(""), 'activity': SQL("")}
        return {'order': SQL("activity.score DESC NULLS LAST, activity.delivered DESC NULLS LAST,"), 'activity': SQL("""
            LEFT JOIN LATERAL (
                SELECT SUM(CASE WHEN trace.reply_datetime IS NOT NULL THEN 5
                                WHEN trace.cadence_follow_up IN ('machine', 'privacy') THEN 0
                                WHEN trace.links_click_datetime IS NOT NULL THEN 3
                                WHEN trace.open_datetime IS NOT NULL THEN 1
                                ELSE 0 END) AS score,
                       COUNT(*) AS delivered
                  FROM cadence_touch past
                  JOIN mailing_trace trace ON trace.cadence_touch_id = past.id
                 WHERE past.partner_id = source.partner_id
                   AND past.outcome = 'left'
                   AND trace.trace_status <> 'bounce') activity ON source.reason IS NULL
            """)}

    # Looking again

    def _get_falls(self, run, touch_ids):
        return [
            *super()._get_falls(run, touch_ids),
            ('sender_paused', SQL("touch.sender_id IN (SELECT id FROM cadence_sender WHERE state = 'paused')")),
            ('sender_cap', SQL("touch.id IN (%s)", self._query_over_sender_cap(run, touch_ids))),
        ]

    def _query_over_sender_cap(self, run, touch_ids):
        """Ids of waiting touches that are over the day's cap by now: another mailing took the places, or it was lowered."""
        limits = [(sender_id, places) for sender_id, places, _paused in self._get_sender_limits(run) if places == 0]
        if not limits:
            return SQL("NULL")
        day = run._get_mail_day()
        return SQL(" UNION ALL ").join(SQL("""
            (SELECT waiting.id
               FROM cadence_touch waiting
              WHERE waiting.sender_id = %(sender_id)s AND waiting.day = %(day)s AND waiting.outcome = 'waiting'
           ORDER BY waiting.id DESC
              LIMIT %(over)s)
            """, sender_id=sender_id, day=day, over=self._count_over(sender_id, day)) for sender_id, _places in limits)

    def _count_over(self, sender_id, day):
        sender = self.env['cadence.sender'].sudo().browse(sender_id)
        return max(sender._get_taken(day) - (sender._get_limit(day) or 0), 0)
