from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

# A run is counted again as long as news of it is likely, the older the more seldom: (days since its day, hours between).
TIERS = ((3, 0), (14, 1), (60, 20))
RUNS_AT_ONCE = 200  # that a statement and its transaction count
GONE = ('excluded', 'deferred')  # of a summary: what says nothing about mails
# What each figure counts, of the columns of `fact` (`_query_facts`) and `deal`.
FIGURES = {
    'tried': "TRUE",
    'mailed': "fact.has_left",
    'returned': "NOT fact.is_delivered",
    'hard': "fact.is_dead",
    'delivered': "fact.is_delivered",
    'opened': "fact.is_delivered AND fact.opener = 'person'",
    'privacy_opened': "fact.is_delivered AND fact.opener = 'privacy'",
    'machine_opened': "fact.is_delivered AND fact.opener = 'machine'",
    'unjudged': "fact.is_delivered AND fact.opener = 'unjudged'",
    'clicked': "fact.is_delivered AND fact.clicked_date IS NOT NULL",
    'converted': "fact.is_delivered AND fact.clicked_date < deal.first_date",
    'replied': "fact.is_delivered AND fact.has_replied",
    'positive': "fact.is_delivered AND fact.is_positive",
    'opted_out': "fact.is_delivered AND fact.has_opted_out",
    'watched': "fact.is_delivered AND fact.sends_reports",
    'complained': "fact.is_delivered AND fact.has_complained",
}


class CadenceResult(models.Model):
    """Counting: from the ledger, the traces and what followed, run by run; again and again with the same outcome.

    Nothing is counted where a mail is opened, clicked or answered: such a request would meet all others of its run at one
    row. A run whose touches the ledger has begun to forget is never counted again, it keeps its figures.
    """
    _inherit = 'cadence.result'

    @api.model
    def _cron_count(self):
        """Count what may have news: in transactions of their own, and never a lock on a run, which the day's claim needs."""
        self.env['cadence.attribution']._repair()
        due = self._get_due(fields.Datetime.now())
        due += [id_ for id_ in self._get_stale_deals() if id_ not in set(due)]

        def work(runs):
            self._recount(runs)
            del due[:len(runs)]
            return len(runs)

        self.env['cadence.cost']._allocate_due()
        self.env['ir.cron']._commit_progress(remaining=len(due))
        self.env['cadence.work']._work_off(
            claim=lambda: self.env['cadence.run'].browse(due[:RUNS_AT_ONCE]), work=work,
            stop=lambda runs, _error: due.__delitem__(slice(len(runs))), retry_on=(UniqueViolation,))
        self.env['cadence.test']._look_due(fields.Datetime.now())

    @api.model
    def _get_due(self, now):
        """Ids of the runs that are to be counted, the newest first."""
        today = fields.Date.to_date(now)
        self.env.flush_all()
        return [id_ for id_, in self.env.execute_query(SQL("""
            SELECT run.id
              FROM cadence_run run
         LEFT JOIN (SELECT run_id, MIN(counted_date) AS counted_date
                      FROM cadence_result
                     WHERE date >= %(oldest)s
                  GROUP BY run_id) result ON result.run_id = run.id
              JOIN UNNEST(%(since)s::date[], %(until)s::timestamp[]) tier(since, counted_until)
                ON run.date >= tier.since AND COALESCE(result.counted_date, '-infinity') <= tier.counted_until
             WHERE run.date >= %(oldest)s
               AND run.state NOT IN ('planned', 'missed')
          GROUP BY run.id
          ORDER BY run.date DESC, run.id
            """, oldest=fields.Date.subtract(today, days=TIERS[-1][0]),
            since=[fields.Date.subtract(today, days=days) for days, _hours in TIERS],
            until=[fields.Datetime.subtract(now, hours=hours) for _days, hours in TIERS]))]

    @api.model
    def _recount(self, runs):
        """Count these runs anew, but those that the ledger has forgotten: their figures stay."""
        self.env.flush_all()
        everything, runs = runs, self._get_countable(runs)
        self.env['cadence.mail.host']._learn(runs.ids)
        for company, of_company in runs.grouped('company_id').items():
            self.env['cadence.opener']._mark_clicks(company, of_company.ids)
            self._write_counts(company, of_company.ids)
        self._write_deals(everything.ids)
        self.env['cadence.cost.share']._write_costs(everything.ids)
        self.invalidate_model()
        self.env['cadence.run'].invalidate_model(self.env['cadence.run']._result_fields)

    def _get_countable(self, runs):
        rows = self.env.execute_query(SQL("""
            SELECT id
              FROM cadence_run
             WHERE id = ANY(%s)
               AND NOT EXISTS (
                   SELECT FROM JSONB_ARRAY_ELEMENTS(
                       CASE WHEN JSONB_TYPEOF(summary) = 'array' THEN summary ELSE '[]' END) part
                    WHERE NOT part->>0 = ANY(%s))
            """, list(runs.ids), list(GONE)))
        return self.env['cadence.run'].browse(id_ for id_, in rows)

    def _write_counts(self, company, run_ids):
        # A nested loop by the indexes is what it is; the planner, which thinks of all traces, would read them all.
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        self.env.cr.execute(SQL("DELETE FROM cadence_result WHERE run_id = ANY(%s)", run_ids))
        self.env['cadence.result.hour']._forget(run_ids)
        self.env.cr.execute(self._query_insert(company, run_ids, fields.Datetime.now()))

    def _query_insert(self, company, run_ids, now):
        return SQL("""
            WITH mailed AS MATERIALIZED (%(mailed)s),
            fact AS MATERIALIZED (%(facts)s),
            deal AS MATERIALIZED (
                SELECT part.touch_number AS touch_id, MIN(lead.create_date) AS first_date
                  FROM cadence_attribution part
                  JOIN crm_lead lead ON lead.id = part.lead_id
                 WHERE part.run_id = ANY(%(run_ids)s)
                   AND part.model = 'last'
              GROUP BY part.touch_number
            ),
            hours AS (%(hours)s)
            INSERT INTO cadence_result (
                   run_id, company_id, segment_id, tag_group_id, date, letter_id, step, batch, provider_id, grain, counted_date,
                   %(columns)s)
            SELECT fact.run_id, %(company_id)s, run.segment_id, run.tag_group_id, run.date, letter.id, MAX(fact.step), fact.batch,
                   fact.provider_id,
                   CONCAT_WS('/', COALESCE(fact.letter_id, 0), fact.batch, COALESCE(fact.provider_id, 0)),
                   %(now)s,
                   %(counts)s
              FROM fact
              JOIN cadence_run run ON run.id = fact.run_id
         LEFT JOIN cadence_letter letter ON letter.id = fact.letter_id
         LEFT JOIN deal ON deal.touch_id = fact.id
          GROUP BY fact.run_id, run.segment_id, run.tag_group_id, run.date, letter.id, fact.letter_id, fact.batch,
                   fact.provider_id
            """, mailed=self._query_mailed(run_ids), facts=self._query_facts(company), run_ids=run_ids,
            company_id=company.id, now=now, hours=self.env['cadence.result.hour']._query_insert(company),
            counts=SQL(", ").join(SQL("COUNT(*) FILTER (WHERE %s)", SQL(condition)) for condition in FIGURES.values()),
            columns=SQL(", ").join(map(SQL.identifier, FIGURES)))

    def _query_mailed(self, run_ids):
        return self._query_mailed_where(SQL("touch.run_id = ANY(%s)", run_ids))

    def _query_mailed_where(self, condition):
        """The touches that were handed to the mail server: the unit of every figure."""
        return SQL("""
            SELECT touch.id, touch.run_id, touch.partner_id, touch.letter_id, COALESCE(touch.step, 0) AS step,
                   COALESCE(touch.batch, 0) AS batch, touch.mailing_id, touch.outcome, touch.reason, touch.outcome_date,
                   SUBSTRING(touch.email FROM '[.]([a-z]{2})$') AS ending,
                   host.provider_id, COALESCE(provider.sends_reports, FALSE) AS sends_reports
              FROM cadence_touch touch
         LEFT JOIN cadence_mail_host host ON host.name = SUBSTRING(touch.email FROM '@(.*)$')
         LEFT JOIN cadence_mail_provider provider ON provider.id = host.provider_id
             WHERE %(condition)s
               AND touch.outcome IN ('left', 'refused')
            """, condition=condition)

    def _query_facts(self, company):
        """One row for each of `mailed`, with what became of it. Each table is asked by its index, a touch at a time."""
        return SQL("""
            SELECT mailed.*,
                   mailed.outcome <> 'refused' AS has_left,
                   mailed.outcome <> 'refused' AND trace.status IS DISTINCT FROM 'bounce'
                       AND trace.status IS DISTINCT FROM 'error' AS is_delivered,
                   mailed.outcome = 'refused' OR COALESCE(said.is_dead, FALSE) AS is_dead,
                   CASE WHEN click.date IS NOT NULL OR COALESCE(reply.is_person, FALSE) THEN 'person'
                        ELSE trace.opener
                    END AS opener,
                   CASE WHEN trace.opener = 'person' THEN trace.last_open
                        ELSE COALESCE(click.date, reply.date, trace.reply_datetime, trace.last_open)
                    END AS opened_date,
                   click.date AS clicked_date,
                   COALESCE(reply.is_person, FALSE) AS has_replied,
                   COALESCE(reply.is_positive, FALSE) AS is_positive,
                   COALESCE(said.has_complained, FALSE) AS has_complained,
                   COALESCE(said.has_opted_out, FALSE) AND NOT COALESCE(said.has_complained, FALSE) AS has_opted_out
              FROM mailed
         LEFT JOIN LATERAL (
                   SELECT trace.id, trace.trace_status AS status, trace.links_click_datetime, trace.reply_datetime,
                          COALESCE(trace.cadence_last_open, trace.open_datetime) AS last_open, %(opener)s AS opener
                     FROM mailing_trace trace
                    WHERE trace.cadence_touch_id = mailed.id
                   OFFSET 0) trace ON TRUE
         LEFT JOIN LATERAL (
                   SELECT COALESCE(MIN(click.create_date) FILTER (WHERE click.cadence_is_machine IS NOT TRUE),
                                   CASE WHEN COUNT(click.id) = 0 THEN trace.links_click_datetime END) AS date
                     FROM (SELECT) one
                LEFT JOIN link_tracker_click click ON click.mailing_trace_id = trace.id) click
                ON trace.links_click_datetime IS NOT NULL
         LEFT JOIN LATERAL (
                   SELECT COALESCE(BOOL_OR(reply.kind = 'person' AND reply.sorting IS DISTINCT FROM 'not_reply'),
                                   trace.reply_datetime IS NOT NULL) AS is_person,
                          BOOL_OR(reply.kind = 'person' AND reply.sorting IN ('inquiry', 'sample', 'deal')) AS is_positive,
                          MIN(reply.date) FILTER (WHERE reply.kind = 'person' AND reply.sorting IS DISTINCT FROM 'not_reply')
                              AS date
                     FROM cadence_reply reply
                    WHERE reply.trace_id = trace.id) reply ON TRUE
         LEFT JOIN LATERAL (%(said)s) said ON TRUE
            """, opener=self.env['cadence.opener']._sql_opener(company), said=self._query_said())

    def _query_said(self):
        """What the journal says of `mailed` and `trace`.

        An opt-out that names no mail is put down to the last one before it, of the last 30 days.
        """
        return SQL("""
            SELECT BOOL_OR(entry.reason IN ('hard_bounce', 'soft_bounces') AND entry.trace_id = trace.id) AS is_dead,
                   BOOL_OR(entry.reason = 'complaint' AND entry.trace_id = trace.id) AS has_complained,
                   BOOL_OR(entry.reason NOT IN ('hard_bounce', 'soft_bounces')) AS has_opted_out
              FROM cadence_journal entry
             WHERE entry.partner_id = mailed.partner_id
               AND entry.undone_by_id IS NULL
               AND (entry.reason IN ('opt_out', 'list_opt_out', 'complaint', 'hard_bounce', 'soft_bounces')
                    OR entry.reason = 'sorted' AND entry.is_blocked)
               AND CASE WHEN entry.trace_id IS NOT NULL THEN entry.trace_id = trace.id
                        WHEN entry.mailing_id IS NOT NULL THEN entry.mailing_id = mailed.mailing_id
                        ELSE entry.date >= mailed.outcome_date
                             AND entry.date < mailed.outcome_date + INTERVAL '30 days'
                             AND NOT EXISTS (
                                 SELECT FROM cadence_touch later
                                  WHERE later.partner_id = mailed.partner_id
                                    AND later.outcome = 'left'
                                    AND later.outcome_date > mailed.outcome_date
                                    AND later.outcome_date <= entry.date)
                    END
            """)

    def _write_deals(self, run_ids):
        """What was won by mails of these runs, at the row of its mail; of runs that the ledger has forgotten as well.

        Where a mail is forgotten its letter and batch tell the row, so that no deal is ever lost.
        """
        self.env.cr.execute(SQL("""
            UPDATE cadence_result
               SET opportunities = COALESCE(deal.opportunities, 0), won = COALESCE(deal.won, 0),
                   revenue = COALESCE(deal.revenue, 0), revenue_first = COALESCE(deal.revenue_first, 0)
              FROM cadence_result known
         LEFT JOIN (SELECT home.id,
                           COUNT(*) FILTER (WHERE part.model = 'last') AS opportunities,
                           COUNT(*) FILTER (WHERE part.model = 'last' AND part.is_won) AS won,
                           SUM(part.amount) FILTER (WHERE part.model = 'last') AS revenue,
                           SUM(part.amount) FILTER (WHERE part.model = 'first') AS revenue_first
                      FROM cadence_attribution part
                 LEFT JOIN cadence_touch touch ON touch.id = part.touch_number
                 LEFT JOIN cadence_mail_host host ON host.name = SUBSTRING(touch.email FROM '@(.*)$')
                      JOIN LATERAL (
                           SELECT result.id
                             FROM cadence_result result
                            WHERE result.run_id = part.run_id
                         ORDER BY result.letter_id IS NOT DISTINCT FROM part.letter_id DESC, result.batch = part.batch DESC,
                                  result.provider_id IS NOT DISTINCT FROM host.provider_id DESC, result.id
                            LIMIT 1) home ON TRUE
                     WHERE part.run_id = ANY(%(run_ids)s)
                       AND part.model IN ('last', 'first')
                  GROUP BY home.id) deal ON deal.id = known.id
             WHERE known.id = cadence_result.id
               AND known.run_id = ANY(%(run_ids)s)
            """, run_ids=list(run_ids)))

    @api.model
    def _get_stale_deals(self):
        """Ids of the runs whose results tell another revenue than the opportunities that they brought."""
        self.env.flush_all()
        return [id_ for id_, in self.env.execute_query(SQL("""
            SELECT part.run_id
              FROM (SELECT run_id, COUNT(*) AS count, COUNT(*) FILTER (WHERE is_won) AS won, SUM(amount) AS amount
                      FROM cadence_attribution
                     WHERE model = 'last'
                  GROUP BY run_id) part
         LEFT JOIN (SELECT run_id, SUM(opportunities) AS count, SUM(won) AS won, SUM(revenue) AS amount
                      FROM cadence_result
                     WHERE run_id IN (SELECT run_id FROM cadence_attribution)
                  GROUP BY run_id) result ON result.run_id = part.run_id
             WHERE (part.count, part.won, part.amount) IS DISTINCT FROM (result.count, result.won, result.amount)
            """))]
