-- What the mails of some days brought, by hand: the figures of `cadence.result`, by run, letter, batch and provider.
WITH mailed AS (
    SELECT touch.id, touch.run_id, touch.letter_id, COALESCE(touch.batch, 0) AS batch, touch.partner_id, touch.outcome,
           touch.outcome_date, touch.mailing_id, host.provider_id
      FROM cadence_touch touch
      JOIN cadence_run run ON run.id = touch.run_id
 LEFT JOIN cadence_mail_host host ON host.name = SUBSTRING(touch.email FROM '@(.*)$')
     WHERE run.date BETWEEN %(since)s AND %(until)s
       AND touch.outcome IN ('left', 'refused')
),
trace AS (
    SELECT trace.*, mailed.id AS touch_id
      FROM mailed
      JOIN mailing_trace trace ON trace.cadence_touch_id = mailed.id
),
click AS (
    SELECT click.mailing_trace_id AS trace_id, COUNT(DISTINCT click.link_id) AS links,
           MAX(click.create_date) - MIN(click.create_date) AS span, MAX(click.create_date) AS last,
           COUNT(*) FILTER (WHERE click.cadence_is_machine IS NOT TRUE) AS by_persons
      FROM trace
      JOIN link_tracker_click click ON click.mailing_trace_id = trace.id
  GROUP BY click.mailing_trace_id
),
reply AS (
    SELECT reply.trace_id, BOOL_OR(reply.kind = 'person' AND reply.sorting IS DISTINCT FROM 'not_reply') AS is_person
      FROM trace
      JOIN cadence_reply reply ON reply.trace_id = trace.id
  GROUP BY reply.trace_id
),
fact AS (
    SELECT mailed.*, mailed.outcome <> 'refused' AND COALESCE(trace.trace_status, '') NOT IN ('bounce', 'error') AS is_delivered,
           trace.links_click_datetime IS NOT NULL AND click.by_persons > 0 AS has_clicked,
           COALESCE(reply.is_person, trace.reply_datetime IS NOT NULL) AS has_replied,
           CASE WHEN trace.open_datetime IS NULL THEN NULL
                WHEN trace.cadence_follow_up IN ('machine', 'privacy') THEN trace.cadence_follow_up
                WHEN trace.cadence_follow_up IS NOT NULL THEN 'person'
                WHEN trace.cadence_open_agent ~* %(agents)s THEN 'machine'
                WHEN COALESCE(trace.cadence_last_open, trace.open_datetime) <= trace.sent_datetime + INTERVAL '10 seconds' THEN 'machine'
                WHEN click.links >= 3 AND click.span <= INTERVAL '1 second'
                 AND COALESCE(trace.cadence_last_open, trace.open_datetime) <= click.last + INTERVAL '1 second' THEN 'machine'
                ELSE 'person'
            END AS opener
      FROM mailed
 LEFT JOIN trace ON trace.touch_id = mailed.id
 LEFT JOIN click ON click.trace_id = trace.id
 LEFT JOIN reply ON reply.trace_id = trace.id
)
SELECT run_id, batch, provider_id, COUNT(*) AS tried, COUNT(*) FILTER (WHERE is_delivered) AS delivered,
       COUNT(*) FILTER (WHERE is_delivered AND (has_clicked OR has_replied OR opener = 'person')) AS opened,
       COUNT(*) FILTER (WHERE is_delivered AND has_clicked) AS clicked,
       COUNT(*) FILTER (WHERE is_delivered AND has_replied) AS replied
  FROM fact
GROUP BY run_id, batch, provider_id
