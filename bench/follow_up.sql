-- The weekly reader step as one statement: what somebody would write who knows this one database.
-- Settings, rhythms and views are written out; the module asks its settings for them. Parameter: now.
WITH pending AS MATERIALIZED (
    SELECT trace.id, trace.mass_mailing_id, trace.open_datetime, touch.partner_id, touch.segment_id, touch.run_id,
           touch.company_id, touch.date, seen.last_open, trace.sent_datetime, trace.cadence_open_agent,
           click.links AS clicked_links,
           CASE WHEN trace.cadence_open_agent ~* 'barracuda|mimecast|proofpoint|symantec|trendmicro|fireeye|forcepoint|sophos|ironport|bot|crawler|python-requests|curl|go-http-client|headlesschrome'
                    THEN 'machine_agent'
                WHEN seen.last_open <= trace.sent_datetime + INTERVAL '10 seconds' THEN 'machine_fast'
                WHEN click.links > 1 AND click.links >= link.links AND click.last <= click.first + INTERVAL '1 second'
                     AND seen.last_open <= click.last + INTERVAL '1 second' THEN 'machine_links'
            END AS machine
      FROM mailing_trace trace
      JOIN cadence_touch touch ON touch.id = trace.cadence_touch_id
CROSS JOIN LATERAL (SELECT COALESCE(trace.cadence_last_open, trace.open_datetime) AS last_open) seen
 LEFT JOIN LATERAL (
           SELECT COUNT(DISTINCT link_id) AS links, MIN(create_date) AS first, MAX(create_date) AS last
             FROM link_tracker_click
            WHERE mailing_trace_id = trace.id) click ON TRUE
 LEFT JOIN (SELECT mass_mailing_id, COUNT(*) AS links FROM link_tracker GROUP BY mass_mailing_id) link
        ON link.mass_mailing_id = trace.mass_mailing_id
     WHERE trace.open_datetime IS NOT NULL AND trace.cadence_follow_up IS NULL AND trace.cadence_touch_id IS NOT NULL
       AND touch.date < DATE_TRUNC('week', %(now)s::timestamp)  -- all segments are in UTC
),
judged AS MATERIALIZED (
    SELECT pending.*, tags.batch,
           CASE WHEN machine IS NOT NULL THEN 'machine'
                WHEN NOT partner.active OR partner.company_id <> pending.company_id OR tags.is_stopped
                  OR partner.email_normalized ~ '^(hr|noreply|marketing|jobs|customerservice|support|ticket)@|[@.](qq|163|aliyun|263|88|188)\.com$|\.(cn|tw|hk|in)$|@(.*\.)?(gov|org|edu)(\.|$)'
                  OR EXISTS (SELECT FROM mail_blacklist WHERE mail_blacklist.email = partner.email_normalized AND mail_blacklist.active)
                  OR partner.email_normalized IN (
                     SELECT mailing_contact.email_normalized
                       FROM mailing_subscription
                       JOIN mailing_contact ON mailing_contact.id = mailing_subscription.contact_id
                      WHERE mailing_subscription.opt_out AND mailing_contact.email_normalized IS NOT NULL)
                  OR partner.email_normalized IS NULL OR partner.email ~ '@.*[,;].*@' THEN 'held'
                WHEN tags.is_reader THEN 'known'
                ELSE 'reader'
            END AS outcome
      FROM pending
      JOIN res_partner partner ON partner.id = pending.partner_id
CROSS JOIN LATERAL (
           SELECT BOOL_OR(tag_group.code IN ('intention', 'risk')) AS is_stopped,
                  BOOL_OR(tag_group.code = 'reading' AND tag.cadence_segment_id = pending.segment_id) AS is_reader,
                  (ARRAY_AGG(tag.cadence_batch ORDER BY due.tag_id, tag.cadence_batch) FILTER (
                   WHERE tag_group.code = 'marketing' AND tag.cadence_segment_id = pending.segment_id))[1] AS batch
             FROM res_partner_res_partner_category_rel rel
             JOIN res_partner_category tag ON tag.id = rel.category_id
             JOIN cadence_tag_group tag_group ON tag_group.id = tag.cadence_group_id
        LEFT JOIN cadence_run_tag_rel due ON due.run_id = pending.run_id AND due.tag_id = tag.id
            WHERE rel.partner_id = pending.partner_id) tags
),
reader AS MATERIALIZED (
    SELECT DISTINCT ON (judged.partner_id, judged.segment_id)
           judged.id, judged.mass_mailing_id, judged.partner_id, judged.company_id, goal.id AS tag_id
      FROM judged
      JOIN cadence_tag_group tag_group ON tag_group.code = 'reading'
      JOIN res_partner_category goal
        ON goal.cadence_segment_id = judged.segment_id AND goal.cadence_group_id = tag_group.id
       AND goal.cadence_batch = (COALESCE(judged.batch, EXTRACT(day FROM judged.date)::int) - 1) %% 10 + 1
     WHERE judged.outcome = 'reader'
  ORDER BY judged.partner_id, judged.segment_id, judged.open_datetime
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
     WHERE judged.partner_id = res_partner.id AND judged.outcome IN ('known', 'reader') AND res_partner.cadence_cooled_date IS NOT NULL
),
written AS (
    INSERT INTO cadence_journal (
           partner_id, company_id, date, reason, detail, tag_id, mailing_id, trace_id, create_uid, create_date, write_uid, write_date)
    SELECT partner_id, company_id, %(now)s, 'opened', NULL, tag_id, mass_mailing_id, id, 1, %(now)s, 1, %(now)s
      FROM reader
 UNION ALL
    SELECT partner_id, company_id, %(now)s, machine,
           CASE machine WHEN 'machine_agent' THEN REPLACE(LEFT(cadence_open_agent, 60), '/', ' ')
                        WHEN 'machine_fast' THEN EXTRACT(epoch FROM last_open - sent_datetime)::int || ' s'
                        ELSE clicked_links::text END,
           NULL, mass_mailing_id, id, 1, %(now)s, 1, %(now)s
      FROM judged
     WHERE outcome = 'machine'
        ON CONFLICT DO NOTHING
)
UPDATE mailing_trace
   SET cadence_follow_up = COALESCE(judged.outcome, 'held')
  FROM pending
LEFT JOIN judged ON judged.id = pending.id
 WHERE pending.id = mailing_trace.id
