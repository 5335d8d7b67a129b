from odoo import api, models
from odoo.tools import SQL, Query

from .cadence_touch import DEFERRAL_DAYS


class CadenceAudience(models.AbstractModel):
    """Who a run mails: one SQL statement from the due tags to the decided candidates.

    candidate → judged (the verdict) → placed (step of the letter) → timely (once a day) → a step for each cap → decided

    From `judged` on every step has the columns of the one before it and may give a reason to those who have none yet; who
    has none at the end is reserved. The same statement is counted for a preview and inserted into the ledger by the run, so
    that what one saw is what happens. Every condition is asked of the candidates only: the work grows with the day's batches,
    not with the database.
    """
    _name = 'cadence.audience'
    _description = 'Audience'

    # Questions

    @api.model
    def _preview(self, run, letters):
        """[(state, reason, view id, count)] of what the run would do now. Writes nothing."""
        self.env['cadence.verdict']._flush()
        return self.env.execute_query(SQL("""
            %(decided)s
            SELECT state, reason, view_id, COUNT(*)
              FROM decided
          GROUP BY state, reason, view_id
            """, decided=self._query_decided(run, letters)))

    @api.model
    def _preview_partner_ids(self, run, letters, state, reason, view_id):
        """The contacts behind one number of the preview."""
        self.env['cadence.verdict']._flush()
        rows = self.env.execute_query(SQL("""
            %(decided)s
            SELECT partner_id
              FROM decided
             WHERE state = %(state)s
               AND reason IS NOT DISTINCT FROM %(reason)s
               AND view_id IS NOT DISTINCT FROM %(view_id)s
            """, decided=self._query_decided(run, letters), state=state, reason=reason or None, view_id=view_id or None))
        return [partner_id for partner_id, in rows]

    @api.model
    def _reserve(self, run, letters):
        """Write the run's new candidates into the ledger; returns how many rows there were."""
        self.env['cadence.verdict']._flush()
        return self.env['cadence.touch']._reserve(run, self._query_decided(run, letters))

    # The statement

    def _query_decided(self, run, letters):
        """The common table expressions up to `decided`: a row a new candidate.

        decided(partner_id, email, company_domain, batch, state, reason, view_id, letter_id, step, deferred_since)
        """
        query = Query(self.env, 'res_partner')
        Verdict = self.env['cadence.verdict']
        caps, last = self._query_caps(run, SQL.identifier('timely'))
        letter_rows = self._get_variants(letters)
        return SQL("""
            WITH candidate AS (%(candidates)s),
            judged AS MATERIALIZED (
                SELECT res_partner.id AS partner_id,
                       res_partner.cadence_email AS email,
                       res_partner.cadence_company_domain AS company_domain,
                       candidate.batch,
                       candidate.deferred_since,
                       verdict.reason,
                       verdict.view_id
                  FROM %(partners)s
                  JOIN candidate ON candidate.partner_id = res_partner.id
            CROSS JOIN %(verdict)s
            ),
            placed AS (
                SELECT judged.partner_id, judged.email, judged.company_domain, judged.batch, judged.deferred_since,
                       %(next_step)s AS step,
                       CASE WHEN judged.reason IS NOT NULL THEN judged.reason
                            WHEN %(next_step)s IS NULL THEN 'letters_done'
                        END AS reason,
                       judged.view_id
                  FROM judged
             LEFT JOIN LATERAL (%(last_step)s) last ON judged.reason IS NULL
            ),
            timely AS MATERIALIZED (%(timely)s),
            %(caps)s
            settled AS (
                SELECT last.*,
                       CASE WHEN last.reason IS NULL THEN 'reserved'
                            WHEN last.reason = ANY(%(deferrals)s)
                              -- who waits in line does not lose the place to another mail of the day
                              OR last.reason = 'mailed_today' AND last.deferred_since IS NOT NULL THEN 'deferred'
                            ELSE 'excluded'
                        END AS state
                  FROM %(last)s last
            ),
            decided AS (
                SELECT settled.partner_id,
                       settled.email,
                       settled.company_domain,
                       settled.batch,
                       settled.state,
                       settled.reason,
                       settled.view_id,
                       %(letter)s AS letter_id,
                       letter.step,
                       CASE WHEN settled.state = 'deferred' THEN COALESCE(settled.deferred_since, %(date)s) END AS deferred_since
                  FROM settled
             LEFT JOIN UNNEST(%(letters)s::int[], %(steps)s::int[], %(variants)s::int[], %(variant_counts)s::int[])
                       letter(id, step, variant, variant_count)
                    ON settled.state = 'reserved'
                   AND letter.step = settled.step
                   AND letter.variant = %(draw)s %% letter.variant_count
            )
            """,
            candidates=self._query_candidates(run),
            verdict=Verdict._sql(run.tag_group_id, run.company_id, query),
            partners=query.from_clause,
            next_step=self._sql_next_step(run, letters),
            letter=self._sql_letter(run, letters),
            last_step=self._query_last_step(run),
            timely=self._query_timely(run),
            caps=caps,
            last=last,
            deferrals=self.env['cadence.touch']._get_deferrals(),
            date=run.date,
            letters=[letter_id for letter_id, *_rest in letter_rows],
            steps=[step for _id, step, *_rest in letter_rows],
            variants=[variant for *_rest, variant, _count in letter_rows],
            variant_counts=[count for *_rest, count in letter_rows],
            # A repeatable draw: the same contact gets the same variant of a step in the preview, in the run and next year.
            draw=SQL("('x' || SUBSTR(MD5(settled.partner_id || '-' || settled.step), 1, 7))::bit(28)::int"),
        )

    def _query_candidates(self, run):
        """candidate(partner_id, batch, deferred_since): who is due or still deferred, and is not in the run's ledger yet."""
        return SQL("""
            SELECT due.partner_id, MIN(due.batch) AS batch, MIN(due.deferred_since) AS deferred_since
              FROM (%s) due
          GROUP BY due.partner_id
            """, self._query_due(
                run_id=run.id, segment_id=run.segment_id.id, tag_group_id=run.tag_group_id.id, date=run.date,
                tag_ids=run._get_due_tags().ids, rhythm_tag_ids=run._get_rhythm_tags().ids))

    @api.model
    def _find_with_candidates(self, runs):
        """Those of the runs that have new candidates: the same question for all of them, until the first contact is found."""
        self.env['cadence.verdict']._flush()
        return runs.browse(id_ for id_, in self.env.execute_query(SQL("""
            SELECT run.id
              FROM (SELECT run.*, ARRAY(%(rhythm_tags)s) AS rhythm_tag_ids, ARRAY(%(rhythm_tags)s AND %(is_due)s) AS due_tag_ids
                      FROM UNNEST(%(ids)s::int[], %(numbers)s::text[]) asked(id, numbers)
                      JOIN cadence_run run ON run.id = asked.id) run
             WHERE EXISTS (%(candidates)s)
            """, ids=runs.ids, numbers=[f"{{{','.join(map(str, run._get_due_numbers()))}}}" for run in runs],
            rhythm_tags=SQL("""
                SELECT tag.id
                  FROM res_partner_category tag
                 WHERE tag.cadence_segment_id = run.segment_id AND tag.cadence_group_id = run.tag_group_id
                   AND tag.cadence_batch > 0"""),
            # PostgreSQL has no array of arrays of different lengths.
            is_due=SQL("tag.cadence_batch = ANY(asked.numbers::int[])"),
            candidates=self._query_due(
                run_id=SQL('run.id'), segment_id=SQL('run.segment_id'), tag_group_id=SQL('run.tag_group_id'),
                date=SQL('run.date'), tag_ids=SQL('run.due_tag_ids'), rhythm_tag_ids=SQL('run.rhythm_tag_ids')))))

    def _query_due(self, **run):
        """due(partner_id, batch, deferred_since) of a run, a row a reason: its batches' contacts, and who is still deferred.

        Only who is in a batch of the rhythm: a deferral does not outlive the tag.
        """
        return SQL("""
            SELECT due.partner_id, due.batch, due.deferred_since
              FROM (SELECT rel.partner_id, tag.cadence_batch AS batch, NULL::date AS deferred_since
                      FROM res_partner_res_partner_category_rel rel
                      JOIN res_partner_category tag ON tag.id = rel.category_id
                     WHERE rel.category_id = ANY(%(tag_ids)s)
                 UNION ALL
                    SELECT touch.partner_id, touch.batch, COALESCE(touch.deferred_since, touch.date)
                      FROM cadence_touch touch
                     WHERE touch.segment_id = %(segment_id)s
                       AND touch.tag_group_id = %(tag_group_id)s
                       AND touch.state = 'deferred'
                       AND touch.partner_id IS NOT NULL
                       AND touch.date < %(date)s
                       AND touch.date >= %(date)s - %(deferral_days)s
                       AND NOT EXISTS (
                           SELECT FROM cadence_touch later
                            WHERE later.partner_id = touch.partner_id
                              AND later.segment_id = touch.segment_id
                              AND later.tag_group_id = touch.tag_group_id
                              AND later.date > touch.date
                              AND later.run_id <> %(run_id)s)
                       AND EXISTS (
                           SELECT FROM res_partner_res_partner_category_rel rel
                            WHERE rel.partner_id = touch.partner_id AND rel.category_id = ANY(%(rhythm_tag_ids)s))) due
             WHERE NOT EXISTS (
                   SELECT FROM cadence_touch mine
                    WHERE mine.run_id = %(run_id)s AND mine.partner_id = due.partner_id AND mine.is_merged IS NOT TRUE)
            """, deferral_days=DEFERRAL_DAYS, **run)

    def _query_last_step(self, run):
        """The step of the last mail that left for `judged`'s contact in this rhythm; what was only planned does not count."""
        return SQL("""
            SELECT touch.step
              FROM cadence_touch touch
             WHERE touch.partner_id = judged.partner_id
               AND touch.tag_group_id = %(tag_group_id)s
               AND touch.segment_id = %(segment_id)s
               AND touch.date < %(date)s
               AND touch.state = 'reserved'
               AND touch.outcome IN ('leaving', 'left', 'in_doubt')
          ORDER BY touch.date DESC
             LIMIT 1
            """, tag_group_id=run.tag_group_id.id, segment_id=run.segment_id.id, date=run.date)

    def _query_timely(self, run):
        """One mail an address and day, over all segments, groups and other mailings; the longest waiting contact gets it."""
        return SQL("""
            SELECT copy.partner_id, copy.email, copy.company_domain, copy.batch, copy.deferred_since, copy.step,
                   CASE WHEN copy.reason IS NOT NULL THEN copy.reason
                        WHEN copy.number > 1 OR %(mailed_today)s THEN 'mailed_today'
                    END AS reason,
                   copy.view_id
              FROM (SELECT placed.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY placed.email, placed.reason IS NULL
                               ORDER BY placed.deferred_since, placed.partner_id) AS number
                      FROM placed) copy
            """, mailed_today=self._sql_mailed_today(run, SQL('copy.email')))

    # Caps: who is over one is deferred

    def _get_caps(self):
        """[(reason, query method)]: a cap is a step of the statement that gives its reason to those who are over it.

        query(run, source), None where nobody can be over it, selects `source`'s columns, with the reason filled where it was
        NULL and the contact has no place: (partner_id, email, company_domain, batch, deferred_since, step, reason, view_id).
        The reason must be a deferral of the ledger (`cadence.touch`, REASONS).
        """
        return [('domain_cap', self._query_domain_cap)]

    def _query_caps(self, run, source):
        """(the caps' common table expressions, the name of the last one), each of which reads the one before it."""
        steps = []
        for reason, query_cap in self._get_caps():
            query = query_cap(run, source)
            if query is not None:
                source = SQL.identifier(reason)
                steps.append(SQL("%s AS MATERIALIZED (%s),", source, query))
        return SQL("").join(steps), source

    def _query_domain_cap(self, run, source):
        """At most so many mails a company domain and day: the longest waiting contacts get the places."""
        hosts, counts = self._get_mailed_elsewhere(run)
        return SQL("""
            SELECT ranked.partner_id, ranked.email, ranked.company_domain, ranked.batch, ranked.deferred_since, ranked.step,
                   CASE WHEN ranked.reason IS NOT NULL THEN ranked.reason
                        WHEN %(cap)s > 0 AND ranked.company_domain IS NOT NULL
                             AND COALESCE(taken.count, 0) + ranked.rank > %(cap)s THEN 'domain_cap'
                    END AS reason,
                   ranked.view_id
              FROM (SELECT source.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY source.company_domain, source.reason IS NULL
                               ORDER BY source.deferred_since, source.partner_id) AS rank
                      FROM %(source)s source) ranked
         LEFT JOIN (SELECT company_domain, SUM(count) AS count
                      FROM (SELECT company_domain, COUNT(*) AS count
                              FROM cadence_touch
                             WHERE company_id = %(company_id)s AND day = %(day)s AND state = 'reserved'
                          GROUP BY company_domain
                         UNION ALL
                            SELECT * FROM UNNEST(%(hosts)s::text[], %(counts)s::int[])) mailed(company_domain, count)
                  GROUP BY company_domain) taken
                ON taken.company_domain = ranked.company_domain
            """, source=source, cap=run.company_id.cadence_domain_daily_cap, company_id=run.company_id.id,
            day=run._get_mail_day(), hosts=hosts, counts=counts)

    # Its parts

    def _sql_next_step(self, run, letters):
        """The step after the contact's last one; after the last step the first again, or NULL where the segment stops."""
        steps = sorted(set(letters.mapped('step'))) or [1]
        again = None if run.tag_group_id in run.segment_id.stop_group_ids else steps[0]
        return SQL("""
            CASE WHEN last.step IS NULL THEN %(first)s
                 ELSE COALESCE((SELECT MIN(step) FROM UNNEST(%(steps)s::int[]) step WHERE step > last.step), %(again)s)
             END
            """, first=steps[0], steps=steps, again=again)

    def _get_variants(self, letters):
        """[(letter id or None, step, variant, variants of the step)]"""
        if not letters:
            return [(None, 1, 0, 1)]
        return [
            (letter.id, step, variant, len(variants))
            for step, variants in letters.sorted('id').grouped('step').items()
            for variant, letter in enumerate(variants)
        ]

    def _sql_letter(self, _run, _letters):
        """The letter that `settled`'s contact gets: its own of the step's variants."""
        return SQL("letter.id")

    def _sql_mailed_today(self, run, email):
        return SQL("""
            (EXISTS (SELECT FROM cadence_touch today
                      WHERE today.company_id = %(company_id)s AND today.day = %(day)s AND today.email = %(email)s
                        AND today.state = 'reserved')
             OR %(elsewhere)s)
            """, company_id=run.company_id.id, day=run._get_mail_day(), email=email,
            elsewhere=self._sql_mailed_elsewhere(run, email))
