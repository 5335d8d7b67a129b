from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ...tools.address import company_domain


class CadenceAudience(models.AbstractModel):
    """Who a run mails: one SQL statement from the due tags to the decided candidates.

    candidate → judged (views, opt-outs, address) → placed (step of the letter, once a day) → ranked (domain cap) → decided

    The same statement is counted for a preview and inserted into the ledger by the run, so that what one saw is what happens.
    Every condition is asked of the candidates only: the work grows with the day's batches, not with the database.
    """
    _name = 'cadence.audience'
    _description = 'Audience'

    # Questions

    @api.model
    def _preview(self, run, letters):
        """[(state, reason, view id, count)] of what the run would do now. Writes nothing."""
        self._flush()
        return self.env.execute_query(SQL("""
            %(decided)s
            SELECT state, reason, view_id, COUNT(*)
              FROM decided
          GROUP BY state, reason, view_id
            """, decided=self._query_decided(run, letters)))

    @api.model
    def _preview_partner_ids(self, run, letters, state, reason, view_id):
        """The contacts behind one number of the preview."""
        self._flush()
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
        self._flush()
        rows = self.env.execute_query(self._query_reserve(run, letters))
        self.env['cadence.touch'].invalidate_model()
        return len(rows)

    @api.model
    def _judge(self, partners, group, company):
        """{partner id: (reason, view id)} of those contacts that no run of the group would mail."""
        self._flush()
        query = Query(self.env, 'res_partner')
        verdict = self._sql_verdict(group, company, query)
        rows = self.env.execute_query(SQL("""
            SELECT id, SPLIT_PART(verdict, '/', 1), NULLIF(SPLIT_PART(verdict, '/', 2), '')::int
              FROM (SELECT res_partner.id, %(verdict)s AS verdict
                      FROM %(partners)s
                     WHERE res_partner.id = ANY(%(ids)s)) judged
             WHERE verdict IS NOT NULL
            """, verdict=verdict, partners=query.from_clause, ids=partners.ids))
        return {partner_id: (reason, view_id) for partner_id, reason, view_id in rows}

    @api.model
    def _count_mailable(self, tags, group, company):
        """{tag id: contacts whom the group's runs may mail as things are}, in one pass over the tags' contacts."""
        self._flush()
        query = Query(self.env, 'res_partner')
        verdict = self._sql_verdict(group, company, query)
        return dict(self.env.execute_query(SQL("""
            SELECT rel.category_id, COUNT(*)
              FROM %(partners)s
              JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = res_partner.id
             WHERE rel.category_id = ANY(%(tag_ids)s)
               AND %(verdict)s IS NULL
          GROUP BY rel.category_id
            """, partners=query.from_clause, tag_ids=tags.ids, verdict=verdict)))

    def _flush(self):
        # Compiling the statement takes longer than running it: 0.2 s a run.
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        # The statement reads these tables behind the ORM's back.
        for model in ('res.partner', 'res.partner.category', 'cadence.touch', 'cadence.run', 'cadence.letter', 'mail.blacklist',
                      'mailing.subscription', 'mailing.contact', 'mailing.trace', 'mailing.mailing'):
            self.env[model].flush_model()

    # The statement

    def _query_reserve(self, run, letters):
        return SQL("""
            %(decided)s
            INSERT INTO cadence_touch (
                   run_id, segment_id, tag_group_id, company_id, date, partner_id, email, company_domain,
                   state, reason, view_id, letter_id, step, deferred_since, create_uid, write_uid, create_date, write_date)
            SELECT %(run_id)s, %(segment_id)s, %(tag_group_id)s, %(company_id)s, %(date)s, partner_id, email, company_domain,
                   state, reason, view_id, letter_id, step, deferred_since, %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC',
                   NOW() AT TIME ZONE 'UTC'
              FROM decided
         RETURNING 1
            """, decided=self._query_decided(run, letters), run_id=run.id, segment_id=run.segment_id.id,
            tag_group_id=run.tag_group_id.id, company_id=run.company_id.id, date=run.date, uid=self.env.uid)

    def _query_decided(self, run, letters):
        """The common table expressions up to `decided`: a row a new candidate.

        decided(partner_id, email, company_domain, state, reason, view_id, letter_id, step, deferred_since)
        """
        query = Query(self.env, 'res_partner')
        verdict = self._sql_verdict(run.tag_group_id, run.company_id, query)
        hosts, counts = self._get_mailed_elsewhere(run)
        steps = self._get_variants(letters)
        return SQL("""
            WITH candidate AS (%(candidates)s),
            judged AS MATERIALIZED (
                SELECT res_partner.id AS partner_id,
                       res_partner.email_normalized AS email,
                       res_partner.cadence_company_domain AS company_domain,
                       candidate.deferred_since,
                       %(verdict)s AS verdict
                  FROM %(partners)s
                  JOIN candidate ON candidate.partner_id = res_partner.id
            ),
            placed AS (
                SELECT judged.*,
                       %(next_step)s AS step,
                       ROW_NUMBER() OVER (
                           PARTITION BY judged.email, judged.verdict IS NULL
                           ORDER BY judged.deferred_since, judged.partner_id) AS copy
                  FROM judged
             LEFT JOIN LATERAL (
                    SELECT step
                      FROM cadence_touch
                     WHERE cadence_touch.partner_id = judged.partner_id
                       AND cadence_touch.tag_group_id = %(tag_group_id)s
                       AND cadence_touch.segment_id = %(segment_id)s
                       AND cadence_touch.date < %(date)s
                       AND cadence_touch.state = 'reserved'
                  ORDER BY cadence_touch.date DESC
                     LIMIT 1) last ON judged.verdict IS NULL
            ),
            timely AS MATERIALIZED (
                SELECT placed.*,
                       CASE WHEN verdict IS NOT NULL THEN verdict
                            WHEN step IS NULL THEN 'letters_done'
                            WHEN copy > 1 OR %(mailed_today)s THEN 'mailed_today'
                        END AS hindrance
                  FROM placed
            ),
            taken AS (
                SELECT company_domain, SUM(count) AS count
                  FROM (SELECT company_domain, COUNT(*) AS count
                          FROM cadence_touch
                         WHERE company_id = %(company_id)s AND date = %(date)s AND state = 'reserved'
                      GROUP BY company_domain
                     UNION ALL
                        SELECT * FROM UNNEST(%(hosts)s::text[], %(counts)s::int[])) mailed(company_domain, count)
              GROUP BY company_domain
            ),
            ranked AS (
                SELECT timely.*,
                       COALESCE(taken.count, 0) + ROW_NUMBER() OVER (
                           PARTITION BY timely.company_domain, timely.hindrance IS NULL
                           ORDER BY timely.deferred_since, timely.partner_id) AS rank
                  FROM timely
             LEFT JOIN taken ON taken.company_domain = timely.company_domain
            ),
            settled AS MATERIALIZED (
                SELECT ranked.*,
                       CASE WHEN hindrance IS NOT NULL THEN hindrance
                            WHEN %(cap)s > 0 AND company_domain IS NOT NULL AND rank > %(cap)s THEN 'domain_cap'
                        END AS outcome
                  FROM ranked
            ),
            decided AS (
                SELECT settled.partner_id,
                       settled.email,
                       settled.company_domain,
                       CASE WHEN outcome IS NULL THEN 'reserved'
                            WHEN outcome = 'domain_cap' THEN 'deferred'
                            ELSE 'excluded'
                        END AS state,
                       SPLIT_PART(outcome, '/', 1) AS reason,
                       NULLIF(SPLIT_PART(outcome, '/', 2), '')::int AS view_id,
                       letter.id AS letter_id,
                       letter.step,
                       CASE WHEN outcome = 'domain_cap' THEN COALESCE(settled.deferred_since, %(date)s) END AS deferred_since
                  FROM settled
             LEFT JOIN UNNEST(%(letters)s::int[], %(steps)s::int[], %(variants)s::int[], %(variant_counts)s::int[])
                       letter(id, step, variant, variant_count)
                    ON outcome IS NULL
                   AND letter.step = settled.step
                   AND letter.variant = %(draw)s %% letter.variant_count
            )
            """,
            candidates=self._query_candidates(run),
            verdict=verdict,
            partners=query.from_clause,
            next_step=self._sql_next_step(run, letters),
            mailed_today=self._sql_mailed_today(run, SQL('placed.email')),
            tag_group_id=run.tag_group_id.id,
            segment_id=run.segment_id.id,
            company_id=run.company_id.id,
            date=run.date,
            cap=run.company_id.cadence_domain_daily_cap,
            hosts=hosts, counts=counts,
            letters=[letter_id for letter_id, *_rest in steps],
            steps=[step for _id, step, *_rest in steps],
            variants=[variant for *_rest, variant, _count in steps],
            variant_counts=[count for *_rest, count in steps],
            # A repeatable draw: the same contact gets the same variant of a step in the preview, in the run and next year.
            draw=SQL("('x' || SUBSTR(MD5(settled.partner_id || '-' || settled.step), 1, 7))::bit(28)::int"),
        )

    def _query_candidates(self, run):
        """(partner_id, deferred_since) of whoever is due or was deferred, and is not in the run's ledger yet."""
        return SQL("""
            SELECT due.partner_id, MIN(due.deferred_since) AS deferred_since
              FROM (SELECT rel.partner_id, NULL::date AS deferred_since
                      FROM res_partner_res_partner_category_rel rel
                     WHERE rel.category_id = ANY(%(tag_ids)s)
                 UNION ALL
                    SELECT touch.partner_id, COALESCE(touch.deferred_since, touch.date)
                      FROM cadence_touch touch
                     WHERE touch.segment_id = %(segment_id)s
                       AND touch.tag_group_id = %(tag_group_id)s
                       AND touch.state = 'deferred'
                       AND touch.partner_id IS NOT NULL
                       AND touch.date < %(date)s
                       AND touch.date >= %(date)s - %(cycle_days)s
                       AND NOT EXISTS (
                           SELECT FROM cadence_touch later
                            WHERE later.partner_id = touch.partner_id
                              AND later.tag_group_id = touch.tag_group_id
                              AND later.date > touch.date
                              AND later.run_id <> %(run_id)s)) due
             WHERE NOT EXISTS (
                   SELECT FROM cadence_touch mine WHERE mine.run_id = %(run_id)s AND mine.partner_id = due.partner_id)
          GROUP BY due.partner_id
            """, tag_ids=run._get_due_tags().ids, segment_id=run.segment_id.id, tag_group_id=run.tag_group_id.id, date=run.date,
            cycle_days=run.tag_group_id.cycle_days, run_id=run.id)

    def _query_look_again(self, run, touch_ids):
        """Exclude those of the reserved touches whose contact has since become unmailable; returns their ids."""
        query = Query(self.env, 'res_partner')
        verdict = self._sql_verdict(run.tag_group_id, run.company_id, query)
        return SQL("""
            WITH judged AS MATERIALIZED (
                SELECT touch.id,
                       COALESCE(%(verdict)s,
                                CASE WHEN res_partner.email_normalized <> touch.email THEN 'address_changed'
                                     WHEN %(elsewhere)s THEN 'mailed_today'
                                 END) AS verdict
                  FROM %(partners)s
                  JOIN cadence_touch touch ON touch.partner_id = res_partner.id
                 WHERE touch.id = ANY(%(touch_ids)s)
                   AND touch.state = 'reserved'
            )
            UPDATE cadence_touch
               SET state = 'excluded',
                   reason = SPLIT_PART(judged.verdict, '/', 1),
                   view_id = NULLIF(SPLIT_PART(judged.verdict, '/', 2), '')::int
              FROM judged
             WHERE judged.id = cadence_touch.id
               AND judged.verdict IS NOT NULL
         RETURNING cadence_touch.id
            """, verdict=verdict, partners=query.from_clause, touch_ids=list(touch_ids),
            elsewhere=self._sql_mailed_elsewhere(run, SQL('touch.email')))

    # Its parts

    def _sql_verdict(self, group, company, query):
        """Why a contact must not be mailed, as SQL text over `query`'s res_partner: 'opt_out', 'view/12', …, or NULL."""
        cases = [
            SQL("WHEN NOT res_partner.active THEN 'archived'"),
            SQL("WHEN res_partner.company_id <> %s THEN 'company'", company.id),
            *(SQL("WHEN %s THEN %s", self._sql_domain(view._get_domain(), query), f'view/{view.id}')
              for view in group.sudo().exclude_view_ids),
            SQL("WHEN %s THEN 'opt_out'", self._sql_opted_out()),
            # Odoo would mail every one of several addresses in the field, the ledger promises for one.
            SQL("WHEN res_partner.email_normalized IS NULL OR res_partner.email ~ '@.*[,;].*@' THEN 'no_address'"),
        ]
        return SQL("CASE %s END", SQL(" ").join(cases))

    def _sql_domain(self, domain, query):
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        return Domain(domain).optimize_full(Partner)._to_sql(Partner, 'res_partner', query)

    def _sql_opted_out(self):
        return SQL("""
            (EXISTS (SELECT FROM mail_blacklist
                      WHERE mail_blacklist.active AND mail_blacklist.email = res_partner.email_normalized)
             OR res_partner.email_normalized IN (
                SELECT mailing_contact.email_normalized
                  FROM mailing_subscription
                  JOIN mailing_contact ON mailing_contact.id = mailing_subscription.contact_id
                 WHERE mailing_subscription.opt_out
                   AND mailing_contact.email_normalized IS NOT NULL))
            """)

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

    def _sql_mailed_today(self, run, email):
        return SQL("""
            (EXISTS (SELECT FROM cadence_touch today
                      WHERE today.company_id = %(company_id)s AND today.date = %(date)s AND today.email = %(email)s
                        AND today.state = 'reserved')
             OR %(elsewhere)s)
            """, company_id=run.company_id.id, date=run.date, email=email,
            elsewhere=self._sql_mailed_elsewhere(run, email))

    def _sql_mailed_elsewhere(self, run, email):
        """Whether a mailing that is no run's has mailed the address on the run's day."""
        return SQL("%s IN (SELECT email FROM (%s) elsewhere)", email, self._query_mailed_elsewhere(run))

    def _query_mailed_elsewhere(self, run):
        start, end = run._get_day_bounds()
        return SQL("""
            SELECT DISTINCT trace.email
              FROM mailing_trace trace
              JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
             WHERE (trace.create_date >= %(start)s AND trace.create_date < %(end)s
                    OR trace.sent_datetime >= %(start)s AND trace.sent_datetime < %(end)s)
               AND trace.trace_status NOT IN ('cancel', 'error')
               AND trace.trace_type = 'mail'
               AND trace.is_test_trace IS NOT TRUE
               AND trace.email IS NOT NULL
               AND mailing.cadence_run_id IS NULL
            """, start=start, end=end)

    def _get_mailed_elsewhere(self, run):
        """Parallel lists: the company domains that other mailings reached on the run's day, and how often."""
        counts = {}
        for host, count in self.env.execute_query(SQL("""
            SELECT SPLIT_PART(email, '@', 2), COUNT(*)
              FROM (%s) elsewhere
          GROUP BY 1
            """, self._query_mailed_elsewhere(run))):
            if domain := company_domain.company_domain(f'x@{host}'):
                counts[domain] = counts.get(domain, 0) + count
        return list(counts), list(counts.values())
