from odoo import api, models
from odoo.tools import SQL

from ...tools.mail import scanners


class CadenceOpener(models.AbstractModel):
    """Who opened and clicked: a person, a machine, or a mail program that opens every mail by itself."""
    _name = 'cadence.opener'
    _description = 'Opener'

    def _flush(self):
        for model in ('mailing.trace', 'mailing.mailing', 'link.tracker', 'link.tracker.click'):
            self.env[model].flush_model()

    def _sql_opener(self, company):
        """Who opened `trace`'s mail: person, machine, privacy, or unjudged where nothing is known but that it was opened.

        Told on the day it happens; the same as what is written down when its reader is placed.
        """
        return SQL("""
            CASE WHEN trace.open_datetime IS NULL THEN NULL
                 WHEN trace.cadence_follow_up IN ('machine', 'privacy') THEN trace.cadence_follow_up
                 WHEN trace.cadence_follow_up IS NOT NULL THEN 'person'
                 ELSE COALESCE(
                     SUBSTRING(%(machine)s FROM '^[a-z]+'),
                     CASE WHEN trace.cadence_open_agent IS NULL AND trace.links_click_datetime IS NULL
                           AND trace.reply_datetime IS NULL THEN 'unjudged' ELSE 'person' END)
             END
            """, machine=self._sql_machine(company))

    def _sql_machine(self, company):
        """What gives a machine away as 'reason/detail', NULL for a person.

        The last open counts, not the first: a gateway that looks into a mail as it comes in does not hide the reader after it.
        A name that says nothing is no person on its own, as Apple's proxy opens every mail; a click beside it is one.
        """
        last_open = SQL("COALESCE(trace.cadence_last_open, trace.open_datetime)")
        return SQL("""
            CASE WHEN trace.cadence_open_agent ~* %(agents)s
                 THEN 'machine_agent/' || REPLACE(LEFT(trace.cadence_open_agent, 60), '/', ' ')
                 WHEN %(last_open)s <= trace.sent_datetime + %(open_seconds)s * INTERVAL '1 second'
                 THEN 'machine_fast/' || EXTRACT(EPOCH FROM %(last_open)s - trace.sent_datetime)::int || ' s'
                 WHEN trace.cadence_open_agent = ANY (%(plain)s)
                  AND trace.links_click_datetime IS NULL
                  AND trace.reply_datetime IS NULL
                  AND NOT %(privacy_reads)s
                 THEN 'privacy/' || REPLACE(trace.cadence_open_agent, '/', ' ')
                 ELSE (SELECT 'machine_links/' || COUNT(DISTINCT click.link_id)
                         FROM link_tracker_click click
                        WHERE click.mailing_trace_id = trace.id
                       HAVING COUNT(DISTINCT click.link_id) > 1
                          AND COUNT(DISTINCT click.link_id) >= %(links)s
                          AND MAX(click.create_date) - MIN(click.create_date) <= %(click_seconds)s * INTERVAL '1 second'
                          AND %(last_open)s <= MAX(click.create_date) + %(click_seconds)s * INTERVAL '1 second')
             END
            """, agents=scanners.get_pattern(company.cadence_scanner_agents), plain=list(scanners.PLAIN), last_open=last_open,
            open_seconds=company.cadence_machine_open_seconds, click_seconds=company.cadence_machine_click_seconds,
            privacy_reads=company.cadence_privacy_reads, links=self._sql_links(SQL("trace.mass_mailing_id")))

    @staticmethod
    def _sql_links(mailing_id):
        """How many links a mailing has: those of its letter, for the mailings of a month's runs share their trackers."""
        return SQL("""
            (SELECT COALESCE(NULLIF(mailing.cadence_link_count, 0),
                             (SELECT COUNT(*)
                                FROM link_tracker link
                               WHERE link.source_id = mailing.source_id
                                 AND link.campaign_id IS NOT DISTINCT FROM mailing.campaign_id))
               FROM mailing_mailing mailing
              WHERE mailing.id = %s)
            """, mailing_id)

    @api.model
    def _mark_clicks(self, company, run_ids):
        """Mark the clicks in these runs' mails that no person made: by a scanner, right after delivery, or all links at once."""
        self._flush()
        self.env['cadence.touch'].flush_model()
        self.env.cr.execute(SQL("""
            UPDATE link_tracker_click
               SET cadence_is_machine = TRUE
              FROM (SELECT click.id, click.create_date AS date, trace.id AS trace_id, trace.sent_datetime, trace.mass_mailing_id
                      FROM cadence_touch touch
                CROSS JOIN LATERAL (
                           SELECT trace.id, trace.sent_datetime, trace.mass_mailing_id
                             FROM mailing_trace trace
                            WHERE trace.cadence_touch_id = touch.id
                           OFFSET 0) trace
                      JOIN link_tracker_click click ON click.mailing_trace_id = trace.id
                     WHERE touch.run_id = ANY(%(run_ids)s)
                       AND click.cadence_is_machine IS NOT TRUE) mailed
             WHERE mailed.id = link_tracker_click.id
               AND (link_tracker_click.cadence_agent ~* %(agents)s
                    OR link_tracker_click.create_date <= mailed.sent_datetime + %(open_seconds)s * INTERVAL '1 second'
                    OR (SELECT COUNT(DISTINCT burst.link_id) > 1 AND COUNT(DISTINCT burst.link_id) >= %(links)s
                          FROM link_tracker_click burst
                         WHERE burst.mailing_trace_id = mailed.trace_id
                           AND burst.create_date BETWEEN mailed.date - %(seconds)s * INTERVAL '1 second'
                                                     AND mailed.date + %(seconds)s * INTERVAL '1 second'))
            """, run_ids=list(run_ids), agents=scanners.get_pattern(company.cadence_scanner_agents),
            open_seconds=company.cadence_machine_open_seconds, seconds=company.cadence_machine_click_seconds,
            links=self._sql_links(SQL("mailed.mass_mailing_id"))))
        self.env['link.tracker.click'].invalidate_model(['cadence_is_machine'])
