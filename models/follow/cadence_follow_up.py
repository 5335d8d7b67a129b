import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, Query
from psycopg2.errors import UniqueViolation

from ...tools import calendar

_logger = logging.getLogger(__name__)

MAX_BATCH = 99  # two digits in a tag's name
OPENS_AT_ONCE = 50_000  # opens that one statement judges
KINDS = ('replies', 'readers', 'cooling')  # of the work, in this order


class CadenceFollowUp(models.AbstractModel):
    """Who opens a mail joins the faster rhythm: reader → reading batch, each open judged once.

    pending → machine    no person opened it
            → privacy    a mail program by itself, as Apple's does with every mail: perhaps a person, until a second sign
            → held       a person, but one whom the faster rhythm does not mail: replied, risk, archived …
            → known      in the faster rhythm already, or there is none
            → reader     gets the batch of the faster rhythm

    A trace is pending until `cadence_follow_up` says what became of it, and an index holds the pending ones only: the work
    grows with the new opens. One statement for each company and group judges, marks, tags and writes the journal.
    """
    _name = 'cadence.follow.up'
    _description = 'Follow-up'

    @api.model
    def _cron_follow_up(self):
        """Everything that follows from what customers did. Running it again does no harm."""
        now = fields.Datetime.now()
        kinds = list(KINDS)

        def work(kind):
            is_more = getattr(self, f'_work_{kind}')(now)
            self.env.flush_all()  # it may turn out only now that another worker was faster
            if not is_more:
                kinds.remove(kind)
            return not is_more

        self.env['ir.cron']._commit_progress(remaining=len(kinds))
        self.env['cadence.work']._work_off(
            claim=lambda: next(iter(kinds), None), work=work, stop=lambda kind, _error: kinds.remove(kind),
            retry_on=(UniqueViolation,))  # the other worker has just made the batch tag, too

    @api.model
    def _work_replies(self, _now):
        return self.env['cadence.reply']._schedule_activities()

    @api.model
    def _work_cooling(self, now):
        return self.env['res.partner']._cadence_cool_down(now)

    @api.model
    def _work_readers(self, now):
        """Judge the opens of mails that are old enough; returns whether there may be more."""
        judged = 0
        self._flush()
        for company, group, segments in self._get_pending():
            if company.cadence_follow_readers:
                judged = max(judged, self._judge_opens(company, group, segments, now))
        self.env['mailing.trace'].invalidate_model(['cadence_follow_up'])
        self.env['res.partner'].invalidate_model(['category_id', 'cadence_cooled_date'])
        self.env['cadence.journal'].invalidate_model()
        return judged >= OPENS_AT_ONCE

    def _judge_opens(self, company, group, segments, now):
        """How many opens were judged: none where a view that the group leaves out is faulty, until it is mended."""
        try:
            with self.env.cr.savepoint():
                self._make_goals(group.reader_group_id, segments)
                return len(self.env.execute_query(self._query_follow(company, group, segments, now)))
        except (UserError, ValidationError) as error:
            _logger.warning("Openers of %s in %s wait: %s", group.name, company.name, error)
            return 0

    def _make_goals(self, readers, segments):
        """The batch tags that readers get; the statement only looks them up."""
        for segment in segments if readers else ():
            segment._get_batch_tags(readers, range(1, readers.batch_count + 1))
        self.env['res.partner.category'].flush_model()

    def _flush(self):
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        for model in ('res.partner', 'res.partner.category', 'cadence.touch', 'cadence.journal', 'mail.blacklist',
                      'mailing.subscription', 'mailing.contact'):
            self.env[model].flush_model()
        self.env['cadence.opener']._flush()

    @api.model
    def _get_pending(self):
        """[(company, tag group, segments)] that have opens to judge."""
        rows = self.env.execute_query(SQL("""
            SELECT touch.company_id, touch.tag_group_id, ARRAY_AGG(DISTINCT touch.segment_id)
              FROM mailing_trace trace, %(touch)s
             WHERE %(pending)s
          GROUP BY touch.company_id, touch.tag_group_id
            """, touch=self._sql_touch(), pending=self._sql_pending()))
        Company, Group, Segment = (self.env[model] for model in ('res.company', 'cadence.tag.group', 'cadence.segment'))
        return [(Company.browse(company), Group.browse(group), Segment.browse(segments)) for company, group, segments in rows]

    def _sql_pending(self):
        """The predicate of the index `_cadence_pending` of mailing.trace, word for word."""
        return SQL("trace.open_datetime IS NOT NULL AND trace.cadence_follow_up IS NULL AND trace.cadence_touch_id IS NOT NULL")

    def _sql_touch(self):
        """The touch of a trace, looked up one by one: the pending ones are few, which the planner does not believe."""
        return SQL("""
            LATERAL (SELECT * FROM cadence_touch WHERE cadence_touch.id = trace.cadence_touch_id OFFSET 0) touch
            """)

    # The statement

    def _query_follow(self, company, group, segments, now):
        """Returns a row for each trace that was judged."""
        readers = group.reader_group_id
        numbers = range(1, MAX_BATCH + 1)
        query = Query(self.env, 'res_partner')
        return SQL("""
            WITH pending AS MATERIALIZED (
                SELECT trace.id, trace.mass_mailing_id, trace.open_datetime, touch.partner_id, touch.segment_id, touch.date,
                       touch.run_id, %(machine)s AS machine
                  FROM mailing_trace trace
            CROSS JOIN %(touch)s
                  JOIN UNNEST(%(segment_ids)s::int[], %(days)s::date[]) mature(segment_id, day)
                    ON mature.segment_id = touch.segment_id AND touch.date <= mature.day
                 WHERE %(pending)s
                   AND touch.company_id = %(company_id)s
                   AND touch.tag_group_id = %(group_id)s
              ORDER BY trace.cadence_touch_id
                 LIMIT %(limit)s
                   FOR UPDATE OF trace SKIP LOCKED
            ),
            judged AS MATERIALIZED (
                SELECT pending.*,
                       CASE WHEN pending.machine IS NOT NULL THEN SUBSTRING(pending.machine FROM '^[a-z]+')
                            WHEN verdict.reason IS NOT NULL THEN 'held'
                            WHEN %(readers_id)s::int IS NULL OR EXISTS (
                                SELECT FROM res_partner_res_partner_category_rel rel
                                  JOIN res_partner_category tag ON tag.id = rel.category_id
                                 WHERE rel.partner_id = pending.partner_id
                                   AND tag.cadence_segment_id = pending.segment_id
                                   AND tag.cadence_group_id = %(readers_id)s) THEN 'known'
                            ELSE 'reader'
                        END AS outcome
                  FROM %(partners)s
                  JOIN pending ON pending.partner_id = res_partner.id
            CROSS JOIN %(verdict)s
            ),
            placed AS MATERIALIZED (
                SELECT judged.*,
                       COALESCE(batch.cadence_batch, EXTRACT(DAY FROM judged.date)::int) AS number
                  FROM judged
             LEFT JOIN LATERAL (
                       SELECT tag.cadence_batch
                         FROM res_partner_res_partner_category_rel rel
                         JOIN res_partner_category tag ON tag.id = rel.category_id
                    LEFT JOIN cadence_run_tag_rel due ON due.tag_id = tag.id AND due.run_id = judged.run_id
                        WHERE rel.partner_id = judged.partner_id
                          AND tag.cadence_segment_id = judged.segment_id
                          AND tag.cadence_group_id = %(group_id)s
                     ORDER BY due.tag_id, tag.cadence_batch
                        LIMIT 1) batch ON TRUE
                 WHERE judged.outcome = 'reader'
            ),
            reader AS MATERIALIZED (
                SELECT DISTINCT ON (placed.partner_id, placed.segment_id)
                       placed.id, placed.mass_mailing_id, placed.partner_id, goal.id AS tag_id
                  FROM placed
                  JOIN UNNEST(%(numbers)s::int[], %(goals)s::int[]) rule(number, goal) ON rule.number = placed.number
                  JOIN res_partner_category goal
                    ON goal.cadence_segment_id = placed.segment_id
                   AND goal.cadence_group_id = %(readers_id)s
                   AND goal.cadence_batch = rule.goal
              ORDER BY placed.partner_id, placed.segment_id, placed.open_datetime
            ),
            tagged AS (
                INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
                SELECT partner_id, tag_id FROM reader
           ON CONFLICT DO NOTHING
            ),
            warmed AS (
                UPDATE res_partner
                   SET cadence_cooled_date = NULL
                  FROM judged
                 WHERE judged.partner_id = res_partner.id
                   AND judged.outcome IN ('known', 'reader')
                   AND res_partner.cadence_cooled_date IS NOT NULL
            ),
            written AS (
                %(written)s
            )
            UPDATE mailing_trace
               SET cadence_follow_up = COALESCE(judged.outcome, 'held')
              FROM pending
         LEFT JOIN judged ON judged.id = pending.id
             WHERE pending.id = mailing_trace.id
               AND mailing_trace.id = ANY(ARRAY(SELECT id FROM pending))
         RETURNING 1
            """,
            machine=self.env['cadence.opener']._sql_machine(company),
            segment_ids=segments.ids,
            days=[self._get_mature_day(company, segment, now) for segment in segments],
            pending=self._sql_pending(),
            touch=self._sql_touch(),
            company_id=company.id,
            group_id=group.id,
            readers_id=readers.id or None,
            numbers=list(numbers),
            goals=[calendar.reader_batch(number, readers.batch_count or 1) for number in numbers],
            limit=OPENS_AT_ONCE,
            verdict=self.env['cadence.verdict']._sql(readers or group, company, query),
            partners=query.from_clause,
            written=self.env['cadence.journal']._sql_insert(self._sql_decisions(company), now),
        )

    def _sql_decisions(self, company):
        return SQL("""
            SELECT partner_id, %(company_id)s::int, 'opened', NULL, tag_id, mass_mailing_id, id
              FROM reader
         UNION ALL
            SELECT partner_id, %(company_id)s, SPLIT_PART(machine, '/', 1), SPLIT_PART(machine, '/', 2), NULL, mass_mailing_id, id
              FROM judged
             WHERE outcome IN ('machine', 'privacy')
            """, company_id=company.id)

    @staticmethod
    def _get_mature_day(company, segment, now):
        days = company.cadence_reader_days if company.cadence_reader_wait == 'days' else None
        return calendar.last_mature_day(segment._get_local_day(now), days)
