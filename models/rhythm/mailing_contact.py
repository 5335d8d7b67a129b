from odoo import api, fields, models

from ...tools.address import canonical


class MailingContact(models.Model):
    """Whose opt-out from a list counts for the cadence."""
    _inherit = 'mailing.contact'

    cadence_email = fields.Char(
        'Canonical Address', compute='_compute_cadence_email', store=True, index='btree_not_null',
        help="The same for all spellings of an address; of several addresses in the field all, with spaces between them: an "
             "opt-out holds for each.")

    @api.depends('email')
    def _compute_cadence_email(self):
        for contact in self:
            reading = canonical.read(contact.email)
            contact.cadence_email = reading.email or reading.several
