from odoo import models


class CadenceMailboxDomain(models.Model):
    """A letter from a public mailbox does not leave: whose mailboxes are public, the letters' check asks."""
    _inherit = 'cadence.mailbox.domain'

    def _has_changed(self):  # pylint: disable=missing-return; it returns nothing
        super()._has_changed()
        names = tuple(self.mapped('name'))
        letters = self.env['cadence.letter'].sudo().with_context(active_test=False).search([
            ('segment_id.email_from', '!=', False)]).filtered(
            lambda letter: letter.segment_id.email_from.rpartition('@')[2].strip('> ').lower().endswith(names))
        self.env.add_to_compute(letters._fields['check_result'], letters)
