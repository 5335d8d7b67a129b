from odoo import models
from odoo.tools import SQL, Query


class CadenceAudience(models.AbstractModel):
    """Whom the run mails after all: hours after it has reserved them, and again at the moment in which they leave."""
    _inherit = 'cadence.audience'

    def _query_fallen(self, run, touch_ids):
        """fallen(touch_id, reason, view_id): the run's waiting touches that must not leave any more, as things are now."""
        query = Query(self.env, 'res_partner')
        return SQL("""
            SELECT id AS touch_id, 'deleted' AS reason, NULL::int AS view_id
              FROM cadence_touch
             WHERE id = ANY(%(touch_ids)s) AND outcome = 'waiting' AND partner_id IS NULL
         UNION ALL
            SELECT judged.id, judged.reason, judged.view_id
              FROM (SELECT touch.id,
                           COALESCE(verdict.reason, CASE %(cases)s END) AS reason,
                           verdict.view_id
                      FROM %(partners)s
                      JOIN cadence_touch touch ON touch.partner_id = res_partner.id
                CROSS JOIN %(verdict)s
                     WHERE touch.id = ANY(%(touch_ids)s)
                       AND touch.outcome = 'waiting') judged
             WHERE judged.reason IS NOT NULL
            """, verdict=self.env['cadence.verdict']._sql(run.tag_group_id, run.company_id, query), partners=query.from_clause,
            touch_ids=list(touch_ids), cases=SQL(" ").join(
                SQL("WHEN %s THEN %s", condition, reason) for reason, condition in self._get_falls(run, touch_ids)))

    def _query_freed(self, run):
        """freed(touch_id): whom the run has excluded for a reason that does not hold any more, one for each address.

        Not where the address was mailed on that day, or is in line by another contact.
        """
        query = Query(self.env, 'res_partner')
        return SQL("""
            SELECT DISTINCT ON (res_partner.cadence_email) touch.id AS touch_id
              FROM %(partners)s
              JOIN cadence_touch touch ON touch.partner_id = res_partner.id
        CROSS JOIN %(verdict)s
             WHERE touch.run_id = %(run_id)s
               AND touch.state = 'excluded'
               AND touch.reason <> 'letters_done'
               AND touch.is_merged IS NOT TRUE
               AND verdict.reason IS NULL
               AND NOT %(untagged)s
               AND NOT EXISTS (SELECT FROM cadence_touch other
                                WHERE other.email = res_partner.cadence_email AND other.company_id = touch.company_id
                                  AND other.day = touch.day AND other.state <> 'excluded')
               AND res_partner.cadence_email NOT IN (SELECT email FROM (%(elsewhere)s) elsewhere)
          ORDER BY res_partner.cadence_email, touch.id
            """, verdict=self.env['cadence.verdict']._sql(run.tag_group_id, run.company_id, query), partners=query.from_clause,
            run_id=run.id, untagged=self._sql_untagged(run), elsewhere=self._query_mailed_elsewhere(*run._get_day_bounds()))

    def _sql_untagged(self, run):
        return SQL("""
            NOT EXISTS (SELECT FROM res_partner_res_partner_category_rel rel
                         WHERE rel.partner_id = touch.partner_id AND rel.category_id = ANY(%s))
            """, run._get_rhythm_tags().ids)

    def _get_falls(self, run, touch_ids):
        """[(reason, SQL condition on `touch`)] in their order: why, beside the verdict, a waiting touch must not leave."""
        return [
            ('untagged', self._sql_untagged(run)),
            ('address_changed', SQL("res_partner.cadence_email <> touch.email")),
            ('mailed_today', self._sql_mailed_elsewhere(run, SQL("touch.email"))),
            ('domain_cap', SQL("touch.id IN (%s)", self._query_over_cap(run, touch_ids))),
        ]

    def _query_over_cap(self, run, touch_ids):
        """Ids of waiting touches that are over the day's cap by now: another mailing took the place, or it was lowered."""
        cap = run.company_id.cadence_domain_daily_cap
        if not cap:
            return SQL("NULL")
        hosts, counts = self._get_mailed_elsewhere(run)
        return SQL("""
            SELECT place.id
              FROM (SELECT day.id, day.outcome, day.company_domain,
                           COUNT(*) OVER (
                               PARTITION BY day.company_domain
                               ORDER BY day.outcome = 'waiting', day.deferred_since, day.id) AS number
                      FROM cadence_touch day
                     WHERE day.company_id = %(company_id)s
                       AND day.state = 'reserved'
                       -- what waits since the day before, and what leaves a day too early, leaves on this one as well
                       AND day.day BETWEEN %(day)s - 1 AND %(day)s + 1
                       AND (day.day = %(day)s
                            OR day.outcome = 'waiting' AND (day.day < %(day)s OR day.id = ANY(%(touch_ids)s)))
                       -- an array, read once: touches of this minute are in no statistics, and a join would be nested
                       AND day.company_domain = ANY(ARRAY(
                           SELECT company_domain FROM cadence_touch WHERE id = ANY(%(touch_ids)s)))) place
         LEFT JOIN UNNEST(%(hosts)s::text[], %(counts)s::int[]) elsewhere(company_domain, count)
                ON elsewhere.company_domain = place.company_domain
             WHERE place.outcome = 'waiting'
               AND place.number + COALESCE(elsewhere.count, 0) > %(cap)s
            """, company_id=run.company_id.id, day=run._get_mail_day(), touch_ids=list(touch_ids), hosts=hosts, counts=counts,
            cap=cap)
