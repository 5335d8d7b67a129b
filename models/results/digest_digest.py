from odoo import fields, models


class DigestDigest(models.Model):
    _inherit = 'digest.digest'

    kpi_cadence_mailed = fields.Boolean('Cadence: Mailed')
    kpi_cadence_mailed_value = fields.Integer(compute='_compute_kpi_cadence_mailed_value')
    kpi_cadence_replied = fields.Boolean('Cadence: Replies')
    kpi_cadence_replied_value = fields.Integer(compute='_compute_kpi_cadence_replied_value')

    def _compute_kpi_cadence_mailed_value(self):
        self._calculate_company_based_kpi('cadence.result', 'kpi_cadence_mailed_value', date_field='date', sum_field='mailed')

    def _compute_kpi_cadence_replied_value(self):
        self._calculate_company_based_kpi('cadence.result', 'kpi_cadence_replied_value', date_field='date', sum_field='replied')

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref('mass_mailing_cadence.cadence_menu').id
        link = f'mass_mailing_cadence.cadence_result_action?menu_id={menu}'
        return super()._compute_kpis_actions(company, user) | {'kpi_cadence_mailed': link, 'kpi_cadence_replied': link}
