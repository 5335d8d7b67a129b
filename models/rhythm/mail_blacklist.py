from odoo import api, fields, models
from odoo.tools import email_normalize

from ...tools.address.canonical import canonical, spellings


class MailBlacklist(models.Model):
    """An address is blocked in all its spellings or in none.

    The runs compare canonical addresses. Odoo's other mailings compare what was typed, so a block has an entry for the host as
    DNS has it and one for the host in letters.
    """
    _inherit = 'mail.blacklist'

    cadence_email = fields.Char(
        'Canonical Address', compute='_compute_cadence_email', store=True, index='btree_not_null',
        help="The same for all spellings of an address: lower case, the host as DNS has it.")

    @api.depends('email')
    def _compute_cadence_email(self):
        for entry in self:
            entry.cadence_email = canonical(entry.email)

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        # Of two addresses in one word Odoo may keep the first only.
        typed = (email for vals in vals_list if vals.get('active', True) for email in spellings(vals.get('email')))
        entries._cadence_align(typed)
        return entries

    def write(self, vals):
        result = super().write(vals)
        if 'active' in vals or 'email' in vals:
            self._cadence_align()
        return result

    def unlink(self):
        return super(MailBlacklist, self | self._cadence_find_spellings()).unlink()

    def _cadence_align(self, typed=()):
        """Make the other spellings' entries as active as these; what is blocked has one for each spelling.

        :param typed: addresses that are to be blocked besides
        """
        # pylint: disable=missing-return,super-method-mismatch; past our own write and create, which would align them again
        blocked = self.filtered('active')
        for entries in (blocked, self - blocked):
            others = entries._cadence_find_spellings().filtered(lambda entry, entries=entries: entry.active != entries[0].active)
            if others:
                super(MailBlacklist, others).write({'active': entries[0].active})
        wanted = {email for entry in blocked for email in spellings(entry.email)}.union(typed) - set(self.mapped('email'))
        if missing := {email for email in wanted if email_normalize(email) == email}:
            known = self.with_context(active_test=False).search([('email', 'in', list(missing))])
            super().create([{'email': email} for email in sorted(missing - set(known.mapped('email')))])

    def _cadence_find_spellings(self):
        """The entries, these left out, of the addresses that these block."""
        emails = {email for entry in self for email in spellings(entry.email)}
        return self.with_context(active_test=False).search([('cadence_email', 'in', list(emails))]) - self
