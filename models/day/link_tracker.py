from odoo import models


class LinkTracker(models.Model):
    _inherit = 'link.tracker'

    # How many links a mailing has, asked for each opener who clicked.
    _cadence_mailing = models.Index('(mass_mailing_id) WHERE mass_mailing_id IS NOT NULL')
