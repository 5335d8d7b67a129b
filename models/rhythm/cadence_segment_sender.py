from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize, parse_contact_from_email


class CadenceSegment(models.Model):
    """From whom a segment's mails come: without a sender none of its runs could ever leave."""
    _inherit = 'cadence.segment'

    email_from = fields.Char(
        'Send From', compute='_compute_email_from', store=True, readonly=False, precompute=True,
        help="The sender that the customers see, such as Wang Li <li@example.com>.")

    @api.depends('user_id', 'company_id')
    def _compute_email_from(self):
        for segment in self:
            segment.email_from = segment.email_from or segment._get_default_sender()

    def _get_default_sender(self):
        """The responsible's own address, else the company's, else that of who asks; False where nobody has one."""
        senders = (self.user_id, self.company_id, self.env.user)
        return next((
            sender.email_formatted for sender in senders if email_normalize(sender.email_formatted or '')), False)

    @api.constrains('email_from', 'reply_to')
    def _check_sender(self):
        for segment in self:
            if not segment.email_from:
                raise ValidationError(segment._get_no_sender_text())
            for field in ('email_from', 'reply_to'):
                if segment[field] and not email_normalize(segment[field]):
                    raise ValidationError(self.env._(
                        "“%(address)s” in %(field)s is not one e-mail address: write it like Wang Li <li@example.com>.",
                        address=segment[field], field=self._fields[field]._description_string(self.env)))

    def _get_no_sender_text(self):
        return self.env._("%(segment)s has no sender: enter an address in Send From.", segment=self.name or '')

    # In the words of a letter

    def _get_language(self):
        """The ISO code of the customers' language, such as de."""
        return (self.lang_id.code or '').split('_')[0]

    def _get_letter_words(self):
        """{what a letter says of its sender: in words}"""
        company = self.company_id or self.env.company
        name, _address = parse_contact_from_email(self.email_from)
        address = ', '.join(filter(None, map(
            str.strip, company.partner_id.sudo()._display_address(without_company=True).splitlines())))
        return {
            'company': company.name,
            'sender': name or self.user_id.name or self.env.user.name,
            'imprint': f'{company.name}, {address}' if address else company.name,
        }
