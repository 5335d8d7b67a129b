from odoo import models
from odoo.tools import formataddr


class MailMail(models.Model):
    """To whom a run's mail goes: to the address that the ledger has, whatever else stands in the contact's field by now."""
    _inherit = 'mail.mail'

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        outgoing = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        touch = self.sudo().mailing_trace_ids.cadence_touch_id[:1]
        if not touch.email:
            return outgoing
        # Odoo would send one to each address of the field.
        return [values | {
            'subject': self._cadence_join_lines(values['subject']),
            'email_to': [formataddr((self._cadence_join_lines(touch.partner_id.name), touch.email))],
            'email_to_normalized': [touch.email],
            'email_cc': [],
        } for values in outgoing[:1]]

    @staticmethod
    def _cadence_join_lines(text):
        """A header with a line break is refused by Python's mail library; cells of a table often have one."""
        return ' '.join((text or '').split())
