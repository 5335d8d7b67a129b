from odoo import models
from odoo.tools import SQL

from ...tools import domain_cap

ANALYZE_FROM = 1_000  # lines that the planner has not seen yet, from which on its plans go wrong


class CadenceIntake(models.Model):
    """The second step of an intake: which addresses are known, and into which batch the others go.

    A line's `batch` is NULL if it is not to be placed at all, 0 if there was no place for it.
    """
    _inherit = 'cadence.intake'

    def _match(self, chunk=None):
        """Find duplicates and known addresses: of the whole intake, or once more of a chunk that is about to be saved."""
        Line = self.env['cadence.intake.line']
        self.env['res.partner'].flush_model()
        Line.flush_model()
        if chunk:
            scope = SQL("line.id BETWEEN %s AND %s", chunk.first_line_id, chunk.last_line_id)
        else:
            scope = SQL("TRUE")
            if sum(self.chunk_ids.mapped('line_count')) > ANALYZE_FROM:
                self.env.cr.execute("ANALYZE cadence_intake_line")
            Line._mark_duplicates(self)
        Line._ask_again(self, scope)
        Line._mark_known(self, scope)
        Line._note_deleted(self, scope)

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
        Line = self.env['cadence.intake.line']
        Line._set_places((line_id, *self._get_place(places, domain)) for line_id, domain in lines)
        Line._mark_over_cap(self)

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
        self._settle_suggestions(is_accepted=True)

    def action_keep_typed(self):
        """Save the addresses that look mistyped as they are."""
        self._settle_suggestions(is_accepted=False)

    def _settle_suggestions(self, is_accepted):
        self._check_state('preview')
        self.env['cadence.intake.line']._settle_suggestions(self, is_accepted)
        self._match()
        self._place(everything=True)
        self._tally()
