from odoo import api, fields, models

from ...tools.mail import letter_links


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    cadence_link_count = fields.Integer(
        'Links', compute='_compute_cadence_link_count', store=True,
        help="Links of this mailing. Their trackers do not say so: the mailings of a letter's runs share them for a month.")

    @api.depends('body_html', 'cadence_run_id')
    def _compute_cadence_link_count(self):
        for mailing in self:
            mailing.cadence_link_count = len(letter_links.find_links(mailing.body_html)) if mailing.cadence_run_id else 0
