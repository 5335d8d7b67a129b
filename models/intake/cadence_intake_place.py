from odoo import models
from odoo.tools import SQL

from ...tools import domain_cap, pg_copy

ANALYZE_FROM = 1_000  # lines that the planner has not seen yet, from which on its plans go wrong


class CadenceIntake(models.Model):
    """The second step of an intake: which addresses are known, and into which batch the others go.

    A line's `batch` is NULL if it is not to be placed at all, 0 if there was no place for it.
    """
    _inherit = 'cadence.intake'

    def _match(self, chunk=None):
        """Find duplicates and known addresses: of the whole intake, or once more of a chunk that is about to be saved."""
        Line = self.env['cadence.intake.line']
        self.env['res.partner'].flush_model(['email_normalized', 'company_id', 'active', 'category_id'])
        Line.flush_model()
        if chunk:
            scope = SQL("line.id BETWEEN %s AND %s", chunk.first_line_id, chunk.last_line_id)
        else:
            scope = SQL("TRUE")
            if sum(self.chunk_ids.mapped('line_count')) > ANALYZE_FROM:
                self.env.cr.execute("ANALYZE cadence_intake_line")
            self.env.execute_query(self._query_duplicates())
        self.env.execute_query(self._query_unknown(scope))
        self.env.execute_query(self._query_known(scope))
        self.env.execute_query(self._query_deleted(scope))
        Line.invalidate_model()

    def _query_duplicates(self):
        """Joined by nothing but the id: a join by address would be a loop of loops wherever the planner expects one line."""
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'duplicate', rank = 0, batch = NULL, reason = FORMAT(%(reason)s, same.first_row)
              FROM (SELECT id, FIRST_VALUE("row") OVER same AS first_row, ROW_NUMBER() OVER same AS number
                      FROM cadence_intake_line
                     WHERE intake_id = %(id)s AND state IN ('new', 'known')
                    WINDOW same AS (PARTITION BY email COLLATE "C" ORDER BY id)) same
             WHERE line.id = same.id AND same.number > 1
         RETURNING NULL
            """, id=self.id, reason=self.env._("The same address as in row %(row)s", row='%s'))

    def _query_unknown(self, scope):
        """Known addresses are looked at anew: their contact may be gone, or in a batch by now."""
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'new', reason = NULL
             WHERE line.intake_id = %s AND line.state = 'known' AND line.batch > 0 AND %s
         RETURNING NULL
            """, self.id, scope)

    def _query_known(self, scope):
        """Of several contacts with an address an active one counts, of these the oldest; a selected contact is itself."""
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'known',
                   partner_id = known.id,
                   rank = CASE WHEN known.is_wanted THEN line.rank ELSE 0 END,
                   batch = CASE WHEN known.is_wanted THEN line.batch END,
                   reason = CASE WHEN known.active THEN %(known)s ELSE %(archived)s END
              FROM (SELECT DISTINCT ON (line.id) line.id AS line_id, partner.id, partner.active,
                           CASE WHEN partner.active THEN %(takes_known)s ELSE %(takes_archived)s END
                           AND (%(move)s OR NOT EXISTS (
                               SELECT FROM res_partner_res_partner_category_rel rel
                                 JOIN res_partner_category tag ON tag.id = rel.category_id
                                WHERE rel.partner_id = partner.id
                                  AND tag.cadence_segment_id = %(segment_id)s
                                  AND tag.cadence_group_id = %(tag_group_id)s)) AS is_wanted
                      FROM cadence_intake_line line
                      JOIN res_partner partner ON partner.email_normalized = line.email
                     WHERE line.intake_id = %(id)s
                       AND line.state = 'new'
                       AND %(scope)s
                       AND (partner.company_id IS NULL OR partner.company_id = %(company_id)s)
                  ORDER BY line.id, partner.id IS NOT DISTINCT FROM line.partner_id DESC, partner.active DESC, partner.id) known
             WHERE line.id = known.line_id
         RETURNING NULL
            """, id=self.id, scope=scope, company_id=self.company_id.id, move=self.on_existing == 'move',
            segment_id=self.segment_id.id, tag_group_id=self.tag_group_id.id,
            takes_known=self.on_existing != 'skip', takes_archived=self.revive_archived,
            known=self.env._("Already a contact"), archived=self.env._("Already a contact, archived"))

    def _query_deleted(self, scope):
        """An address that was saved once and whose contact was deleted is new, but told apart."""
        return SQL("""
            UPDATE cadence_intake_line line
               SET was_deleted = TRUE,
                   reason = FORMAT(%(reason)s, TO_CHAR(gone.deleted_date, 'YYYY-MM-DD'))
              FROM (SELECT line.id, MAX(old.deleted_date) AS deleted_date
                      FROM cadence_intake_line line
                      JOIN cadence_intake_line old ON old.email = line.email AND old.deleted_date IS NOT NULL
                     WHERE line.intake_id = %(id)s AND line.state = 'new' AND %(scope)s
                  GROUP BY line.id) gone
             WHERE line.id = gone.id
         RETURNING NULL
            """, id=self.id, scope=scope, reason=self.env._("Was saved before, deleted on %(date)s", date='%s'))

    def _place(self, everything=False):
        """Give each line its rank and batch anew, where something takes places or frees them: the lines of companies that have
        contacts in these batches already, known addresses or duplicates. All others have the right place since they were read.
        """
        taken = self._get_taken()
        places = domain_cap.DomainCap(taken, **self._get_cap_rules(), filled=self._get_filled())
        if everything or self.batch_size:
            scope = SQL("TRUE")
        else:
            scope = self._query_touched({domain for domain, _batch in taken})
        lines = self.env.execute_query(self._query_to_place(scope))
        cr = self.env.cr
        cr.execute("CREATE TEMPORARY TABLE cadence_intake_place (id int, rank int, batch int) ON COMMIT DROP")
        pg_copy.copy(cr, 'cadence_intake_place', ('id', 'rank', 'batch'), (
            (line_id, *self._get_place(places, domain)) for line_id, domain in lines))
        cr.execute("ANALYZE cadence_intake_place")
        cr.execute("""
            UPDATE cadence_intake_line line
               SET rank = place.rank, batch = place.batch
              FROM cadence_intake_place place
             WHERE place.id = line.id AND (line.rank, line.batch) IS DISTINCT FROM (place.rank, place.batch)""")
        cr.execute("DROP TABLE cadence_intake_place")
        self.env.execute_query(self._query_over_cap())
        self.env['cadence.intake.line'].invalidate_model()

    def _get_place(self, places, domain):
        place = places.place(domain)
        return place.rank, place.batch or 0

    def _query_touched(self, domains):
        return SQL("""
            line.company_domain COLLATE "C" IN (
                SELECT UNNEST(%(domains)s::text[])
                 UNION
                SELECT other.company_domain
                  FROM cadence_intake_line other
                 WHERE other.intake_id = %(id)s AND other.state IN ('known', 'duplicate') AND other.company_domain IS NOT NULL)
            """, id=self.id, domains=list(domains))

    def _query_to_place(self, scope):
        """(line id, company domain) in input order; contacts that are moved come first, as those who are saved already."""
        return SQL("""
            SELECT line.id, line.company_domain
              FROM cadence_intake_line line
             WHERE line.intake_id = %(id)s AND line.state IN ('new', 'known') AND line.batch IS NOT NULL AND %(scope)s
          ORDER BY %(move)s AND line.state = 'known' DESC, line.id
            """, id=self.id, scope=scope, move=self.on_existing == 'move')

    def _query_over_cap(self):
        return SQL("""
            UPDATE cadence_intake_line
               SET state = 'over_cap', reason = %(reason)s
             WHERE intake_id = %(id)s AND state IN ('new', 'known') AND batch = 0
         RETURNING NULL
            """, id=self.id, reason=self.env._("Its company has no place left in the batch") if self.spread == 'single'
            else self.env._("The company has no place left in any batch of the cycle"))

    def _get_taken(self):
        """{(company domain, batch): places taken by saved contacts} of the intake's company domains."""
        return {(domain, batch): count for domain, batch, count in self.env.execute_query(SQL("""
            SELECT partner.cadence_company_domain, tag.cadence_batch, COUNT(*)
              FROM res_partner_category tag
              JOIN res_partner_res_partner_category_rel rel ON rel.category_id = tag.id
              JOIN res_partner partner ON partner.id = rel.partner_id
             WHERE tag.cadence_segment_id = %(segment_id)s
               AND tag.cadence_group_id = %(tag_group_id)s
               AND partner.cadence_company_domain IN (
                   SELECT company_domain FROM cadence_intake_line WHERE intake_id = %(id)s AND batch IS NOT NULL)
               AND NOT (%(move)s AND EXISTS (
                   SELECT FROM cadence_intake_line line
                    WHERE line.intake_id = %(id)s AND line.partner_id = partner.id AND line.batch IS NOT NULL))
          GROUP BY partner.cadence_company_domain, tag.cadence_batch
            """, segment_id=self.segment_id.id, tag_group_id=self.tag_group_id.id, id=self.id, move=self.on_existing == 'move'))}

    def _get_filled(self):
        """{batch: contacts} of the segment, where a batch has a limit at all."""
        if not self.batch_size:
            return {}
        cells = self.segment_id._get_batch_counts()
        return {
            batch: contacts
            for (_segment_id, group_id, batch), (_tag_id, contacts) in cells.items() if group_id == self.tag_group_id.id
        }

    # What looks mistyped is somebody's decision

    def action_accept_suggestions(self):
        """Read every address that looks mistyped as its suggestion."""
        self._settle_suggestions(SQL("email = suggestion, company_domain = NULL"))

    def action_keep_typed(self):
        """Save the addresses that look mistyped as they are."""
        self._settle_suggestions(SQL("email = email"))

    def _settle_suggestions(self, assignment):
        self.ensure_one()
        self._check_state('preview')
        self.env['cadence.intake.line'].flush_model()
        # Suggestions are mailboxes of public providers, which are no company.
        self.env.execute_query(SQL("""
            UPDATE cadence_intake_line
               SET %(assignment)s, suggestion = NULL, state = 'new', reason = NULL, rank = 0, batch = 0
             WHERE intake_id = %(id)s AND state = 'invalid' AND suggestion IS NOT NULL
         RETURNING NULL
            """, id=self.id, assignment=assignment))
        self._match()
        self._place(everything=True)
        self._tally()
