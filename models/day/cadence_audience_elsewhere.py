from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.address import canonical, company_domain
from ..rhythm.address_sql import sql_is_plain

WAITING_DAYS = 3  # a mail that waits in the queue may leave any minute; what waits for longer nobody sends


class CadenceAudience(models.AbstractModel):
    """Whom other mailings have mailed on a day: the once-a-day promise and the cap of a company count them."""
    _inherit = 'cadence.audience'

    def _sql_mailed_elsewhere(self, run, email):
        """Whether a mailing that is no run's has mailed the address on the company's day."""
        return SQL("%s IN (SELECT email FROM (%s) elsewhere)", email, self._query_mailed_elsewhere(*run._get_mail_day_bounds()))

    def _get_mailed_elsewhere(self, run):
        """Parallel lists: the company domains that other mailings reached on the company's day, and how often."""
        counts, public = {}, self.env['cadence.mailbox.domain']._get_public()
        for host, count in self.env.execute_query(SQL("""
            SELECT SPLIT_PART(email, '@', 2), COUNT(DISTINCT email)
              FROM (%s) elsewhere
          GROUP BY 1
            """, self._query_mailed_elsewhere(*run._get_mail_day_bounds()))):
            if domain := company_domain.company_domain(f'x@{host}', public):
                counts[domain] = counts.get(domain, 0) + count
        return list(counts), list(counts.values())

    def _query_mailed_elsewhere(self, start, end):
        """(id, email): a row for each address of each mail between two UTC moments that no run sent.

        A mail that was composed on a day before and has not left counts as well: its server may be there again tonight, or may
        have taken it without Odoo hearing of it. Odoo notes one address a mail. Who has several in the field was mailed at all
        of them.
        """
        return self._query_canonical(SQL("""
            WITH mailed AS (
                SELECT trace.id, trace.model, trace.res_id, trace.email
                  FROM mailing_trace trace
                  JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
                 WHERE (trace.create_date >= %(start)s AND trace.create_date < %(end)s
                        OR trace.sent_datetime >= %(start)s AND trace.sent_datetime < %(end)s
                        OR trace.create_date >= %(waiting)s AND trace.create_date < %(start)s AND EXISTS (
                           SELECT FROM mail_mail mail
                            WHERE mail.id = trace.mail_mail_id AND mail.state = 'outgoing'
                              AND (mail.scheduled_date IS NULL OR mail.scheduled_date < %(end)s)))
                   AND trace.trace_status NOT IN ('cancel', 'error')
                   AND trace.trace_type = 'mail'
                   AND trace.is_test_trace IS NOT TRUE
                   AND trace.email IS NOT NULL
                   AND mailing.cadence_run_id IS NULL
            )
            SELECT id, email FROM mailed
         UNION ALL
            SELECT mailed.id, partner.cadence_several_emails
              FROM mailed
              JOIN res_partner partner ON partner.id = mailed.res_id
             WHERE mailed.model = 'res.partner' AND partner.cadence_several_emails IS NOT NULL
         UNION ALL
            SELECT mailed.id, subscriber.cadence_email
              FROM mailed
              JOIN mailing_contact subscriber ON subscriber.id = mailed.res_id
             WHERE mailed.model = 'mailing.contact' AND subscriber.cadence_email LIKE '%% %%'
            """, start=start, end=end, waiting=start - timedelta(days=WAITING_DAYS)))

    @api.model
    def _query_canonical(self, typed):
        """(id, email) of a query with these two columns, its addresses canonical: a row for each where a text holds several.

        What needs no more than a look stays in the database.
        """
        odd = (text for text, in self.env.execute_query(SQL(
            "SELECT DISTINCT email FROM (%s) typed WHERE NOT %s", typed, sql_is_plain(SQL("email")))))
        known = [(text, email) for text in odd for email in canonical.read(text).emails]
        return SQL("""
            SELECT typed.id, COALESCE(known.email, typed.email) AS email
              FROM (%(typed)s) typed
         LEFT JOIN UNNEST(%(texts)s::text[], %(emails)s::text[]) known(text, email) ON known.text = typed.email
            """, typed=typed, texts=[text for text, _email in known], emails=[email for _text, email in known])
