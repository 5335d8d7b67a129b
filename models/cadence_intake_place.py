from odoo import models
from odoo.tools import SQL

from ..tools import domain_cap


class CadenceIntake(models.Model):
    """The second step of an intake: which addresses are known, and into which batch the others go."""
    _inherit = 'cadence.intake'

    def _match(self):
        self.env['res.partner'].flush_model(['email_normalized', 'company_id', 'active'])
        self.env['cadence.intake.line'].flush_model()
        self.env.execute_query(self._query_duplicates())
        self.env.execute_query(self._query_known())
        self.env['cadence.intake.line'].invalidate_model()

    def _query_duplicates(self):
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'duplicate', reason = FORMAT(%(reason)s, seen.first_row)
              FROM (SELECT id, "row",
                           FIRST_VALUE("row") OVER same AS first_row,
                           ROW_NUMBER() OVER same AS copy
                      FROM cadence_intake_line
                     WHERE intake_id = %(id)s AND state = 'new'
                    WINDOW same AS (PARTITION BY email ORDER BY "row", id)) seen
             WHERE seen.id = line.id AND seen.copy > 1
         RETURNING NULL
            """, id=self.id, reason=self.env._("The same address as in row %(row)s", row='%s'))

    def _query_known(self):
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'known',
                   partner_id = known.id,
                   batch = CASE WHEN %(skip)s THEN 0 ELSE line.batch END,
                   reason = CASE WHEN known.active THEN %(known)s ELSE %(archived)s END
              FROM (SELECT DISTINCT ON (partner.email_normalized) partner.email_normalized, partner.id, partner.active
                      FROM res_partner partner
                      JOIN cadence_intake_line mine ON mine.email = partner.email_normalized
                     WHERE mine.intake_id = %(id)s
                       AND (partner.company_id IS NULL OR partner.company_id = %(company_id)s)
                  ORDER BY partner.email_normalized, partner.active DESC, partner.id) known
             WHERE line.intake_id = %(id)s
               AND line.state = 'new'
               AND line.email = known.email_normalized
         RETURNING NULL
            """, id=self.id, company_id=self.company_id.id, skip=self.on_existing == 'skip',
            known=self.env._("Already a contact"), archived=self.env._("Already a contact, archived"))

    def _place(self):
        """Give every line that will be saved its rank and batch; what fits into no batch of the cycle is over the cap."""
        lines = self.env.execute_query(self._query_to_place())
        places = domain_cap.assign(
            [domain for _id, domain in lines], self._get_taken({domain for _id, domain in lines if domain}),
            cap=self.cap, batch_count=self.tag_group_id.batch_count, start=self._get_start(),
            batch_size=self.batch_size, filled=self._get_filled())
        ids, ranks, batches = [], [], []
        for (line_id, _domain), place in zip(lines, places, strict=True):
            ids.append(line_id)
            ranks.append(place.rank)
            batches.append(place.batch or 0)
        self.env.execute_query(SQL("""
            UPDATE cadence_intake_line line
               SET rank = place.rank,
                   batch = place.batch,
                   state = CASE WHEN place.batch = 0 THEN 'over_cap' ELSE line.state END,
                   reason = CASE WHEN place.batch = 0 THEN %(reason)s ELSE line.reason END
              FROM UNNEST(%(ids)s::int[], %(ranks)s::int[], %(batches)s::int[]) place(id, rank, batch)
             WHERE place.id = line.id
         RETURNING NULL
            """, ids=ids, ranks=ranks, batches=batches,
            reason=self.env._("The company has no place left in any batch of the cycle")))
        self.env['cadence.intake.line'].invalidate_model()

    def _query_to_place(self):
        """(line id, company domain) in input order: new addresses, and known ones without a batch here where they are wanted."""
        states = ['new'] if self.on_existing == 'skip' else ['new', 'known']
        return SQL("""
            SELECT line.id, line.company_domain
              FROM cadence_intake_line line
             WHERE line.intake_id = %(id)s
               AND line.state = ANY(%(states)s)
               AND (%(move)s OR line.partner_id IS NULL OR NOT EXISTS (
                    SELECT FROM res_partner_res_partner_category_rel rel
                      JOIN res_partner_category tag ON tag.id = rel.category_id
                     WHERE rel.partner_id = line.partner_id
                       AND tag.cadence_segment_id = %(segment_id)s
                       AND tag.cadence_group_id = %(tag_group_id)s))
          ORDER BY line."row", line.id
            """, id=self.id, states=states, move=self.on_existing == 'move',
            segment_id=self.segment_id.id, tag_group_id=self.tag_group_id.id)

    def _get_taken(self, domains):
        """{(company domain, batch): places taken by saved contacts} of these domains."""
        return {(domain, batch): count for domain, batch, count in self.env.execute_query(SQL("""
            SELECT partner.cadence_company_domain, tag.cadence_batch, COUNT(*)
              FROM res_partner partner
              JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = partner.id
              JOIN res_partner_category tag ON tag.id = rel.category_id
             WHERE partner.cadence_company_domain = ANY(%(domains)s)
               AND tag.cadence_segment_id = %(segment_id)s
               AND tag.cadence_group_id = %(tag_group_id)s
               AND NOT (%(move)s AND EXISTS (
                   SELECT FROM cadence_intake_line line WHERE line.intake_id = %(id)s AND line.partner_id = partner.id))
          GROUP BY partner.cadence_company_domain, tag.cadence_batch
            """, domains=list(domains), segment_id=self.segment_id.id, tag_group_id=self.tag_group_id.id, id=self.id,
            move=self.on_existing == 'move'))}

    def _get_filled(self):
        """{batch: contacts} of the segment, where a batch has a limit at all."""
        if not self.batch_size:
            return {}
        cells = self.segment_id._get_batch_counts()
        return {
            batch: contacts
            for (_segment_id, group_id, batch), (_tag_id, contacts) in cells.items() if group_id == self.tag_group_id.id
        }
