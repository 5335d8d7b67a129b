from odoo import api, fields, models
from odoo.tools import SQL

from .cadence_cost import READ_AGAIN_DAYS

ROUND_DAYS = 30  # addresses are paid for by the mails of the round in which they are new


class CadenceCost(models.Model):
    """Costs that come of a price: so much for a thousand mails by a mail server, so much for an address of an intake.

    One cost for each server, month and company, and one for each intake; their amounts follow what was mailed and saved.
    """
    _inherit = 'cadence.cost'

    mail_server_id = fields.Many2one(
        'ir.mail_server', 'By the Price of', ondelete='set null', index='btree_not_null', readonly=True, copy=False)
    intake_id = fields.Many2one(
        'cadence.intake', 'By the Addresses of', ondelete='set null', index='btree_not_null', readonly=True, copy=False)

    _server_month = models.UniqueIndex('(company_id, mail_server_id, date_from) WHERE mail_server_id IS NOT NULL')
    _intake_once = models.UniqueIndex('(intake_id) WHERE intake_id IS NOT NULL')

    @api.model
    def _allocate_due(self):
        self.sudo()._refresh_prices(fields.Date.today())
        return super()._allocate_due()

    @api.model
    def _refresh_prices(self, today):
        since = fields.Date.start_of(fields.Date.subtract(today, days=READ_AGAIN_DAYS), 'month')
        for company_id, server_id, month, mails in self.env.execute_query(self._query_mails(since)):
            self._set_server_cost(
                self.env['res.company'].browse(company_id), self.env['ir.mail_server'].browse(server_id), month, mails)
        priced = self.search([('intake_id.write_date', '>=', since)]).intake_id
        priced |= self.env['cadence.intake'].search([('address_price', '>', 0), ('write_date', '>=', since)])
        for intake in priced:
            self._set_intake_cost(intake)

    def _query_mails(self, since):
        """[(company id, server id, first day of the month, mails)] of the servers that have a price."""
        self.env.flush_all()
        return SQL("""
            SELECT result.company_id, mailing.mail_server_id, DATE_TRUNC('month', result.date)::date AS month, SUM(result.tried)
              FROM cadence_result result
              JOIN (SELECT DISTINCT cadence_run_id, mail_server_id
                      FROM mailing_mailing
                     WHERE cadence_run_id IS NOT NULL) mailing ON mailing.cadence_run_id = result.run_id
              JOIN ir_mail_server server ON server.id = mailing.mail_server_id
             WHERE result.date >= %s
               AND server.cadence_price > 0
          GROUP BY result.company_id, mailing.mail_server_id, month
          ORDER BY result.company_id, mailing.mail_server_id, month
            """, since)

    def _set_server_cost(self, company, server, month, mails):
        cost = self.search([
            ('company_id', '=', company.id), ('mail_server_id', '=', server.id), ('date_from', '=', month)])
        amount = company.currency_id.round(server.cadence_price * mails / 1000)
        if not cost:
            self.create({
                'name': self.env._("%(server)s: by the price of its mails", server=server.name), 'kind': 'mail_server',
                'company_id': company.id, 'mail_server_id': server.id, 'amount': amount, 'date_from': month,
                'date_to': fields.Date.end_of(month, 'month')})
        elif company.currency_id.compare_amounts(cost.amount, amount):
            cost.amount = amount

    def _set_intake_cost(self, intake):
        """What the addresses that became contacts cost; nothing of an intake that was undone."""
        cost = self.search([('intake_id', '=', intake.id)])
        amount = intake.currency_id.round(intake.address_price * intake.saved_count)
        if intake.state not in ('done', 'cancelled') or not amount:
            cost.unlink()
        elif not cost:
            self.create({
                'name': self.env._("Addresses: %(intake)s", intake=intake.name), 'kind': 'addresses', 'amount': amount,
                'company_id': intake.company_id.id, 'intake_id': intake.id, 'segment_ids': intake.segment_id.ids,
                'date_from': intake.start_date, 'date_to': fields.Date.add(intake.start_date, days=ROUND_DAYS - 1)})
        elif intake.currency_id.compare_amounts(cost.amount, amount):
            cost.amount = amount

    def _sql_scope(self):
        """Of the costs of a server only its own mails' runs."""
        if not self.mail_server_id:
            return super()._sql_scope()
        return SQL("""
            run_id IN (SELECT cadence_run_id
                         FROM mailing_mailing
                        WHERE mail_server_id = %s
                          AND cadence_run_id IS NOT NULL)
            """, self.mail_server_id.id)
