import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..constants import LIGHT_CONTEXT
from .cadence_intake_chunk import SIZE
from .cadence_intake_line import CELL_SEPARATOR

_logger = logging.getLogger(__name__)


class CadenceIntake(models.Model):
    """The companies of an intake's new contacts: found by their company domain, or created before the contacts are."""
    _inherit = 'cadence.intake'

    def _create_company_chunks(self):
        self.env['cadence.intake.line'].flush_model()
        self.env['res.partner'].flush_model(['cadence_company_domain', 'is_company', 'company_id'])
        self.env.cr.execute(SQL("""
            INSERT INTO cadence_intake_chunk (intake_id, kind, number, first_domain, last_domain, line_count, state)
            SELECT %(id)s, 'company', number, MIN(company_domain), MAX(company_domain), COUNT(*), 'waiting'
              FROM (SELECT company_domain, (ROW_NUMBER() OVER (ORDER BY company_domain) - 1) / %(size)s + 1 AS number
                      FROM (%(domains)s) missing) domain
          GROUP BY number
            """, id=self.id, size=SIZE, domains=self._query_missing_domains()))

    def _query_missing_domains(self):
        """The company domains of the lines to save for which there is no company yet. In "C" order: ranges must not depend on the
        database's language.
        """
        return SQL("""
            SELECT DISTINCT line.company_domain COLLATE "C" AS company_domain
              FROM cadence_intake_line line
             WHERE line.intake_id = %(id)s AND line.state = 'new' AND line.batch > 0 AND line.company_domain IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM res_partner company
                    WHERE company.cadence_company_domain = line.company_domain AND company.is_company AND company.active
                      AND (company.company_id IS NULL OR company.company_id = %(company_id)s))
            """, id=self.id, company_id=self.company_id.id)

    def _create_companies(self, first_domain, last_domain):
        """Create the missing companies of a range of company domains, each by the first name that the table has for it, and
        return them.
        """
        Partner = self.env['res.partner']
        position = self._get_positions().get('company')
        if position is None:
            return Partner
        named = self.env.execute_query(SQL("""
            SELECT DISTINCT ON (line.company_domain) line.company_domain, SPLIT_PART(line.cells, %(separator)s, %(part)s)
              FROM cadence_intake_line line
              JOIN (%(domains)s) missing ON missing.company_domain = line.company_domain
             WHERE line.intake_id = %(id)s AND line.state = 'new' AND line.batch > 0
               AND line.company_domain COLLATE "C" BETWEEN %(first)s AND %(last)s
               AND SPLIT_PART(line.cells, %(separator)s, %(part)s) <> ''
          ORDER BY line.company_domain, line.id
            """, id=self.id, separator=CELL_SEPARATOR, part=position + 1, domains=self._query_missing_domains(),
            first=first_domain, last=last_domain))
        self.env['cadence.intake.claim'].sudo()._claim([f'company:{domain}' for domain, _name in named])
        return Partner.with_context(**LIGHT_CONTEXT).create([
            {'name': name.strip() or domain, 'is_company': True, 'website': domain} for domain, name in named])

    def _remove_companies(self):
        """Take back the companies that were created, as long as nobody and nothing has to do with them."""
        created = [company_id for chunk in self.sudo().chunk_ids for company_id in chunk.created_ids or ()]
        for ids in split_every(SIZE, created):
            companies = self.env['res.partner'].with_context(**LIGHT_CONTEXT, active_test=False).browse(ids).exists()
            self.env.flush_all()
            uses = companies._cadence_get_uses()
            unused = companies.filtered(lambda company: (
                company.id not in uses and not company.category_id and company.write_date == company.create_date))  # noqa: B023
            try:
                with self.env.cr.savepoint():
                    unused.unlink()
            except UserError:
                _logger.info("The companies of intake %s stay: another module holds on to them", self.id)

    def _get_parents(self, domains):
        """{company domain: id of its company's contact}, the oldest one of each."""
        companies = self.env['res.partner'].search_fetch([
            ('is_company', '=', True), ('cadence_company_domain', 'in', list(set(filter(None, domains)))),
            ('company_id', 'in', (False, self.company_id.id))], ['cadence_company_domain'], order='id DESC')
        return {company.cadence_company_domain: company.id for company in companies}
