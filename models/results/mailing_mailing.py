from odoo import fields, models


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    cadence_fingerprint = fields.Char(
        'Fingerprint of the Letter', readonly=True, copy=False,
        help="Another one as soon as a word of the letter is another one.")
