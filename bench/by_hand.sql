-- One day of all segments, selected and reserved by one statement: what somebody would write who knows this one database.
-- The rhythms, the views and the letters' order are written out; the module asks its settings for them. Parameter: day.
WITH run AS MATERIALIZED (
    SELECT run.id, run.segment_id, run.tag_group_id, run.company_id, tag_group.code, tag_group.cycle_days,
           ROW_NUMBER() OVER (ORDER BY tag_group.sequence, run.id) AS place
      FROM cadence_run run
      JOIN cadence_tag_group tag_group ON tag_group.id = run.tag_group_id
     WHERE run.date = %(day)s
),
view AS MATERIALIZED (
    SELECT MAX(id) FILTER (WHERE stage = 'reading') AS reading, MAX(id) FILTER (WHERE stage = 'intention') AS intention,
           MAX(id) FILTER (WHERE stage = 'risk') AS risk, MAX(id) FILTER (WHERE stage = 'no_send') AS no_send
      FROM cadence_view
),
candidate AS MATERIALIZED (
    SELECT due.run_id, due.partner_id, MIN(due.batch) AS batch, MIN(due.deferred_since) AS deferred_since
      FROM (SELECT run.id AS run_id, rel.partner_id, tag.cadence_batch AS batch, NULL::date AS deferred_since
              FROM run
              JOIN res_partner_category tag
                ON tag.cadence_segment_id = run.segment_id AND tag.cadence_group_id = run.tag_group_id
               AND tag.cadence_batch = CASE run.code WHEN 'marketing' THEN EXTRACT(day FROM %(day)s::date)
                                                     ELSE (EXTRACT(day FROM %(day)s::date)::int - 1) %% 10 + 1 END
              JOIN res_partner_res_partner_category_rel rel ON rel.category_id = tag.id
         UNION ALL
            SELECT run.id, touch.partner_id, touch.batch, COALESCE(touch.deferred_since, touch.date)
              FROM run
              JOIN cadence_touch touch
                ON touch.segment_id = run.segment_id AND touch.tag_group_id = run.tag_group_id AND touch.state = 'deferred'
               AND touch.date < %(day)s AND touch.date >= %(day)s - 62
             WHERE touch.partner_id IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM cadence_touch later
                    WHERE later.partner_id = touch.partner_id AND later.tag_group_id = touch.tag_group_id
                      AND later.segment_id = touch.segment_id
                      AND later.date > touch.date AND later.run_id <> run.id)) due
     WHERE NOT EXISTS (SELECT FROM cadence_touch mine WHERE mine.run_id = due.run_id AND mine.partner_id = due.partner_id)
  GROUP BY due.run_id, due.partner_id
),
elsewhere AS MATERIALIZED (
    SELECT trace.email, MIN(partner.cadence_company_domain) AS company_domain
      FROM mailing_trace trace
      JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id AND mailing.cadence_run_id IS NULL
 LEFT JOIN res_partner partner ON partner.id = trace.res_id AND trace.model = 'res.partner'
     WHERE (trace.create_date >= %(day)s AND trace.create_date < %(day)s + 1 OR trace.sent_datetime >= %(day)s AND trace.sent_datetime < %(day)s + 1)
       AND trace.trace_status NOT IN ('cancel', 'error') AND trace.trace_type = 'mail' AND trace.is_test_trace IS NOT TRUE
  GROUP BY trace.email
),
judged AS MATERIALIZED (
    SELECT run.*, run.id AS run_id, partner.id AS partner_id, partner.cadence_email AS email,
           partner.cadence_company_domain AS company_domain, candidate.batch, candidate.deferred_since,
           CASE WHEN NOT partner.active THEN 'archived'
                WHEN partner.company_id <> run.company_id THEN 'company'
                WHEN tags.reading AND run.code = 'marketing' OR tags.intention OR tags.risk THEN 'view'
                WHEN partner.cadence_email ~ '^(hr|noreply|marketing|jobs|customerservice|support|ticket)@|[@.](qq|163|aliyun|263|88|188)\.com$|\.(cn|tw|hk|in)$|@(.*\.)?(gov|org|edu)(\.|$)'
                    THEN 'view'
                WHEN EXISTS (SELECT FROM mail_blacklist WHERE mail_blacklist.email = partner.email_normalized AND mail_blacklist.active)
                  OR partner.email_normalized IN (
                     SELECT mailing_contact.email_normalized
                       FROM mailing_subscription
                       JOIN mailing_contact ON mailing_contact.id = mailing_subscription.contact_id
                      WHERE mailing_subscription.opt_out AND mailing_contact.email_normalized IS NOT NULL)
                    THEN 'opt_out'
                WHEN partner.cadence_several_emails IS NOT NULL THEN 'several_addresses'
                WHEN partner.cadence_email IS NULL THEN 'no_address'
            END AS verdict,
           CASE WHEN tags.reading AND run.code = 'marketing' THEN view.reading
                WHEN tags.intention THEN view.intention
                WHEN tags.risk THEN view.risk
                ELSE view.no_send
            END AS view_id
      FROM candidate
      JOIN run ON run.id = candidate.run_id
      JOIN res_partner partner ON partner.id = candidate.partner_id
CROSS JOIN view
CROSS JOIN LATERAL (
            SELECT BOOL_OR(tag_group.code = 'reading') AS reading, BOOL_OR(tag_group.code = 'intention') AS intention,
                   BOOL_OR(tag_group.code = 'risk') AS risk
              FROM res_partner_res_partner_category_rel rel
              JOIN res_partner_category tag ON tag.id = rel.category_id
              JOIN cadence_tag_group tag_group ON tag_group.id = tag.cadence_group_id
             WHERE rel.partner_id = candidate.partner_id) tags
),
placed AS MATERIALIZED (
    SELECT judged.*,
           COALESCE((SELECT MIN(letter.step)
                       FROM cadence_letter letter
                      WHERE letter.segment_id = judged.segment_id AND letter.tag_group_id = judged.tag_group_id AND letter.active
                        AND letter.step > last.step), 1) AS step,
           ROW_NUMBER() OVER (
               PARTITION BY judged.run_id, judged.email, judged.verdict IS NULL ORDER BY judged.deferred_since, judged.partner_id) AS copy,
           ROW_NUMBER() OVER (
               PARTITION BY judged.email, judged.verdict IS NULL ORDER BY judged.place, judged.deferred_since, judged.partner_id) AS copy_of_day,
           judged.email IN (SELECT elsewhere.email FROM elsewhere WHERE elsewhere.email IS NOT NULL)
           OR EXISTS (SELECT FROM cadence_touch touch
                       WHERE touch.company_id = judged.company_id AND touch.day = %(day)s AND touch.email = judged.email
                         AND touch.state = 'reserved') AS is_mailed
      FROM judged
 LEFT JOIN LATERAL (
            SELECT touch.step
              FROM cadence_touch touch
             WHERE touch.partner_id = judged.partner_id AND touch.tag_group_id = judged.tag_group_id AND touch.segment_id = judged.segment_id
               AND touch.date < %(day)s AND touch.outcome IN ('leaving', 'left', 'in_doubt')
          ORDER BY touch.date DESC
             LIMIT 1) last ON judged.verdict IS NULL
),
ranked AS MATERIALIZED (
    SELECT placed.*,
           COALESCE(taken.count, 0) + ROW_NUMBER() OVER (
               PARTITION BY placed.company_domain, placed.verdict IS NULL AND NOT placed.is_mailed AND placed.copy_of_day = 1
               ORDER BY placed.place, placed.deferred_since, placed.partner_id) AS rank
      FROM placed
 LEFT JOIN (SELECT company_domain, COUNT(*) AS count
              FROM (SELECT company_domain FROM elsewhere WHERE company_domain IS NOT NULL
                 UNION ALL
                    SELECT company_domain FROM cadence_touch WHERE day = %(day)s AND state = 'reserved') mailed
          GROUP BY company_domain) taken ON taken.company_domain = placed.company_domain
),
settled AS MATERIALIZED (
    SELECT ranked.*,
           CASE WHEN verdict IS NOT NULL THEN verdict
                WHEN is_mailed OR copy > 1 THEN 'mailed_today'
                -- A copy in a later run: its first one was mailed, or both are over the cap.
                WHEN copy_of_day > 1 AND (company_domain IS NULL OR FIRST_VALUE(rank) OVER (
                    PARTITION BY email, verdict IS NULL ORDER BY copy_of_day) <= 20) THEN 'mailed_today'
                WHEN company_domain IS NOT NULL AND (copy_of_day > 1 OR rank > 20) THEN 'domain_cap'
            END AS reason
      FROM ranked
)
INSERT INTO cadence_touch (
       run_id, segment_id, tag_group_id, company_id, date, day, channel, partner_id, email, company_domain, batch,
       state, outcome, outcome_date, reason, view_id, letter_id, step, deferred_since, create_uid, write_uid, create_date, write_date)
SELECT settled.run_id, settled.segment_id, settled.tag_group_id, settled.company_id, %(day)s, %(day)s, 'mail', settled.partner_id,
       settled.email, settled.company_domain, settled.batch,
       CASE WHEN reason IS NULL THEN 'reserved'
            WHEN reason = 'domain_cap' OR reason = 'mailed_today' AND deferred_since IS NOT NULL THEN 'deferred'
            ELSE 'excluded' END,
       CASE WHEN reason IS NULL THEN 'waiting' END, NOW() AT TIME ZONE 'UTC', reason,
       CASE WHEN reason = 'view' THEN view_id END, letter.id, letter.step,
       CASE WHEN reason = 'domain_cap' THEN COALESCE(deferred_since, %(day)s) WHEN reason = 'mailed_today' THEN deferred_since END, 1, 1, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM settled
LEFT JOIN (SELECT id, segment_id, tag_group_id, step, ROW_NUMBER() OVER same_step - 1 AS variant, COUNT(*) OVER (
                  PARTITION BY segment_id, tag_group_id, step) AS variant_count
             FROM cadence_letter
            WHERE active
           WINDOW same_step AS (PARTITION BY segment_id, tag_group_id, step ORDER BY id)) letter
    ON reason IS NULL AND letter.segment_id = settled.segment_id AND letter.tag_group_id = settled.tag_group_id AND letter.step = settled.step
   AND letter.variant = ('x' || SUBSTR(MD5(settled.partner_id || '-' || settled.step), 1, 7))::bit(28)::int %% letter.variant_count
