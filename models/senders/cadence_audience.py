from odoo import models
from odoo.tools import SQL

from .cadence_sender import CHANGING


class CadenceAudience(models.AbstractModel):
    """A sender's mails of a day are places as those of a company domain: who has none is next in line."""
    _inherit = 'cadence.audience'

    def _get_caps(self):
        return [
            ('intake_held', self._query_intake_held), ('provider_paused', self._query_provider_paused), *super()._get_caps(),
            ('provider_share', self._query_provider_share), ('sender_cap', self._query_sender_cap),
            ('canary', self._query_canary)]

    # The sender

    def _query_sender_cap(self, run, source):
        """At most so many mails a sender and day; while it is warmed up, those get the places who are most likely to read.

        Of a sender that is warmed up some go first, and the others when these came through. One without a limit costs nothing.
        """
        limits = self._get_sender_limits(run)
        if not limits:
            return None
        ids, places, paused, samples = zip(*limits, strict=True)
        return SQL("""
            SELECT ranked.partner_id, ranked.email, ranked.company_domain, ranked.batch, ranked.deferred_since, ranked.step,
                   CASE WHEN ranked.reason IS NOT NULL THEN ranked.reason
                        WHEN ranked.is_paused THEN 'sender_paused'
                        WHEN ranked.rank > ranked.places THEN 'sender_cap'
                        WHEN ranked.rank > ranked.sample THEN 'canary'
                    END AS reason,
                   ranked.view_id
              FROM (SELECT source.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY source.sender_id, source.reason IS NULL
                               ORDER BY %(order)s source.deferred_since, source.partner_id) AS rank
                      FROM (SELECT source.*, limits.places, limits.is_paused, limits.sample,
                                   COUNT(*) OVER (PARTITION BY source.sender_id, source.reason IS NULL)
                                       > LEAST(limits.places, limits.sample) AS is_tight
                              FROM (SELECT source.*, %(sender)s AS sender_id FROM %(source)s source) source
                         LEFT JOIN UNNEST(%(ids)s::int[], %(places)s::int[], %(paused)s::bool[], %(samples)s::int[])
                                   limits(sender_id, places, is_paused, sample)
                                ON limits.sender_id = source.sender_id) source
                           %(activity)s) ranked
            """, source=source, sender=run.segment_id._sql_sender(SQL('source.partner_id')), ids=list(ids), places=list(places),
            paused=list(paused), samples=list(samples), **self._get_activity_order(run))

    def _get_sender_limits(self, run):
        """[(sender id, places that are free on the run's mail day or None, whether it is paused, how many of these may go
        before one has seen whether they come through, or None)] of those with a limit."""
        self.env['cadence.sender']._flush_counted()
        day, limits = run._get_mail_day(), []
        for sender in run.segment_id.sudo()._get_senders():
            limit, is_paused = sender._get_limit(day), sender.state == 'paused'
            if is_paused or limit is not None:
                taken = sender._get_taken(day)
                sample = sender._get_sample(day, run.send_datetime)
                limits.append((
                    sender.id, None if limit is None else max(limit - taken, 0), is_paused,
                    None if sample is None else max(sample - taken, 0)))
        return limits

    # The sender at a mailbox provider

    def _query_provider_share(self, run, source):
        """Of a sender that is warmed up a mailbox provider gets a part of the day; whoever is elsewhere gets the other places."""
        day = run._get_mail_day()
        self.env['cadence.sender']._flush_counted()
        shares = {sender: share for sender in run.segment_id.sudo()._get_senders()
                  if (share := sender._get_share(day)) is not None}
        if not shares:
            return None
        Host = self.env['cadence.mail.host'].sudo()
        Host.flush_model()
        taken = [(sender.id, *row) for sender in shares for row in sender._count_taken_by_provider(day).items()]
        return SQL("""
            SELECT ranked.partner_id, ranked.email, ranked.company_domain, ranked.batch, ranked.deferred_since, ranked.step,
                   CASE WHEN ranked.reason IS NOT NULL THEN ranked.reason
                        WHEN ranked.is_tight AND ranked.rank > ranked.places THEN 'provider_share'
                    END AS reason,
                   ranked.view_id
              FROM (SELECT source.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY source.sender_id, source.provider_id, source.reason IS NULL
                               ORDER BY %(order)s source.deferred_since, source.partner_id) AS rank
                      FROM (SELECT source.*, limits.share - COALESCE(taken.count, 0) AS places,
                                   source.provider_id IS NOT NULL
                                   AND COUNT(*) OVER (PARTITION BY source.sender_id, source.provider_id, source.reason IS NULL)
                                       > limits.share - COALESCE(taken.count, 0) AS is_tight
                              FROM (SELECT source.*, %(sender)s AS sender_id, provider.id AS provider_id
                                      FROM %(source)s source
                                      %(provider)s) source
                         LEFT JOIN UNNEST(%(ids)s::int[], %(shares)s::int[]) limits(sender_id, share)
                                ON limits.sender_id = source.sender_id
                         LEFT JOIN UNNEST(%(taken_senders)s::int[], %(taken_providers)s::int[], %(taken_counts)s::int[])
                                   taken(sender_id, provider_id, count)
                                ON taken.sender_id = source.sender_id AND taken.provider_id = source.provider_id) source
                           %(activity)s) ranked
            """, source=source, sender=run.segment_id._sql_sender(SQL('source.partner_id')),
            provider=Host._sql_provider(SQL("SPLIT_PART(source.email, '@', 2)")),
            ids=[sender.id for sender in shares], shares=list(shares.values()),
            taken_senders=[id_ for id_, *_rest in taken], taken_providers=[id_ for _sender, id_, _count in taken],
            taken_counts=[count for *_rest, count in taken], **self._get_activity_order(run))

    def _query_provider_paused(self, run, source):
        """Nobody at a provider where the sender is paused; a tenth where it is tried again."""
        parts = self._get_provider_limits(run)
        if not parts:
            return None
        sender_ids, provider_ids, places = zip(*parts, strict=True)
        return SQL("""
            SELECT ranked.partner_id, ranked.email, ranked.company_domain, ranked.batch, ranked.deferred_since, ranked.step,
                   CASE WHEN ranked.reason IS NOT NULL OR ranked.places IS NULL OR ranked.rank <= ranked.places THEN ranked.reason
                        WHEN ranked.places = -1 THEN 'provider_paused'
                        ELSE 'provider_cap'
                    END AS reason,
                   ranked.view_id
              FROM (SELECT source.*, part.places,
                           ROW_NUMBER() OVER (
                               PARTITION BY part.sender_id, part.provider_id, source.reason IS NULL
                               ORDER BY source.deferred_since, source.partner_id) AS rank
                      FROM (SELECT source.*, %(sender)s AS sender_id FROM %(source)s source) source
                 LEFT JOIN cadence_mail_host host ON host.name = SUBSTRING(source.email FROM '@(.*)$')
                 LEFT JOIN UNNEST(%(sender_ids)s::int[], %(provider_ids)s::int[], %(places)s::int[])
                           part(sender_id, provider_id, places)
                        ON part.sender_id = source.sender_id AND part.provider_id = host.provider_id) ranked
            """, source=source, sender=run.segment_id._sql_sender(SQL('source.partner_id')),
            sender_ids=list(sender_ids), provider_ids=list(provider_ids), places=list(places))

    def _get_provider_limits(self, run):
        """[(sender id, provider id, places that are free on the run's mail day, -1 where it is paused)]"""
        parts = run.segment_id.sudo()._get_senders().provider_ids.filtered(lambda part: part.state != 'healthy')
        if not parts:
            return []
        self.env['cadence.sender']._flush_judged()
        day = run._get_mail_day()
        return [(part.sender_id.id, part.provider_id.id, -1 if part.state == 'paused' else part._get_places(day))
                for part in parts]

    # The load that the addresses came from

    def _query_intake_held(self, run, source):
        """Nobody of a load of addresses that somebody holds."""
        Intake = self.env['cadence.intake'].sudo()
        if not Intake.search_count([('is_held', '=', True), ('company_id', '=', run.company_id.id)], limit=1):
            return None
        Intake.flush_model(['is_held', 'company_id'])
        return SQL("""
            SELECT source.partner_id, source.email, source.company_domain, source.batch, source.deferred_since, source.step,
                   CASE WHEN source.reason IS NOT NULL THEN source.reason
                        WHEN %(held)s THEN 'intake_held'
                    END AS reason,
                   source.view_id
              FROM %(source)s source
            """, source=source, held=Intake._sql_held(SQL('source.partner_id'), run.company_id.id))

    def _query_canary(self, run, source):
        """Of a load of addresses that was never mailed some go first: whether it is any good one sees in two hours."""
        count = run.company_id.cadence_canary_count
        intakes = count and self.env['cadence.intake'].sudo().search([
            ('segment_id', '=', run.segment_id.id), ('is_proven', '!=', True), ('state', 'in', ('saving', 'done', 'cancelled'))])
        if not intakes:
            return None
        self.env['cadence.intake'].flush_model(['is_proven'])
        taken = self._count_sampled(run, intakes)
        return SQL("""
            SELECT ranked.partner_id, ranked.email, ranked.company_domain, ranked.batch, ranked.deferred_since, ranked.step,
                   CASE WHEN ranked.reason IS NOT NULL THEN ranked.reason
                        WHEN ranked.rank > sample.places THEN 'canary'
                    END AS reason,
                   ranked.view_id
              FROM (SELECT source.*, line.intake_id,
                           ROW_NUMBER() OVER (
                               PARTITION BY line.intake_id, source.reason IS NULL
                               ORDER BY source.deferred_since, source.partner_id) AS rank
                      FROM %(source)s source
         LEFT JOIN LATERAL (
                           SELECT line.intake_id
                             FROM cadence_intake_line line
                            WHERE line.partner_id = source.partner_id
                              AND line.state = 'saved'
                              AND line.intake_id = ANY(%(ids)s)
                              AND NOT EXISTS (
                                  SELECT FROM cadence_touch past
                                   WHERE past.partner_id = source.partner_id AND past.outcome = 'left')
                            LIMIT 1) line ON source.reason IS NULL) ranked
         LEFT JOIN UNNEST(%(ids)s::int[], %(places)s::int[]) sample(intake_id, places) ON sample.intake_id = ranked.intake_id
            """, source=source, ids=intakes.ids, places=[max(count - taken.get(id_, 0), 0) for id_ in intakes.ids])

    def _count_sampled(self, run, intakes):
        """{intake id: its mails that have a place on the run's mail day}"""
        return dict(self.env.execute_query(SQL("""
            SELECT line.intake_id, COUNT(*)
              FROM cadence_touch touch
              JOIN cadence_intake_line line ON line.partner_id = touch.partner_id
             WHERE touch.company_id = %(company_id)s AND touch.day = %(day)s AND touch.state = 'reserved'
               AND line.state = 'saved' AND line.intake_id = ANY(%(ids)s)
          GROUP BY line.intake_id
            """, company_id=run.company_id.id, day=run._get_mail_day(), ids=intakes.ids)))

    def _get_activity_order(self, run):
        """While providers get to know a sender: who answered, clicked or opened first, then who got mails that did not return.

        Asked of those only who are too many for their places (`source.is_tight`): of a sender with room for all it costs nothing.
        """
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
                   AND trace.trace_status <> 'bounce') activity ON source.reason IS NULL AND source.is_tight
            """)}

    # Looking again

    def _get_falls(self, run, touch_ids):
        return [
            *super()._get_falls(run, touch_ids),
            ('intake_held', self.env['cadence.intake']._sql_held(SQL('touch.partner_id'), SQL('touch.company_id'))),
            ('sender_paused', SQL("touch.sender_id IN (SELECT id FROM cadence_sender WHERE state = 'paused')")),
            ('provider_paused', self.env['cadence.touch']._sql_provider_paused()),
            ('provider_share', SQL("touch.id IN (%s)", self.env['cadence.sender']._query_over_share(
                run.segment_id.sudo()._get_senders(), run._get_mail_day()))),
            ('sender_cap', SQL("touch.id IN (%s)", self._query_over_sender_cap(run, touch_ids))),
        ]

    def _query_over_sender_cap(self, run, touch_ids):
        """Ids of waiting touches that are over the day's cap by now: another mailing took the places, or it was lowered."""
        limits = [(sender_id, places) for sender_id, places, *_rest in self._get_sender_limits(run) if places == 0]
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
