from odoo import fields, models
from odoo.fields import Domain


class MailingMailing(models.Model):
    """The designs of letters: runs copy them, and they are mailed in no other way."""
    _name = 'mailing.mailing'
    _inherit = ['mailing.mailing', 'cadence.guarded.mixin']

    cadence_is_design = fields.Boolean(
        'Design of a Letter', compute='_compute_cadence_is_design', search='_search_cadence_is_design', compute_sudo=True)

    def _compute_cadence_is_design(self):
        letters = self.env['cadence.letter'].with_context(active_test=False).search([('mailing_id', 'in', self.ids)])
        for mailing in self:
            mailing.cadence_is_design = mailing._origin in letters.mailing_id

    def _search_cadence_is_design(self, operator, value):
        if operator != 'in':
            return NotImplemented
        letters = self.env['cadence.letter'].sudo().with_context(active_test=False)
        designs = Domain('id', 'in', letters._search([]).subselect('mailing_id'))
        return designs if True in value else ~designs
