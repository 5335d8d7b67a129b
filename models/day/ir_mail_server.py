from odoo import models
from odoo.addons.base.models.ir_mail_server import IrMail_Server as OdooServer

from ...tools.mail import outgoing

BUILD = '_build_email__'
BY_ODOO = vars(OdooServer)[BUILD]
TAKEN = ('email_to', 'subject', 'body', 'body_alternative', 'email_cc', 'reply_to', 'message_id', 'references', 'headers')


class IrMailServer(models.Model):
    """Mails whose unsubscribe button mail programs find, and those of runs built in a part of the time."""
    _inherit = 'ir.mail_server'

    def _build_email__(self, *args, **kwargs):  # noqa: PLW3201 Odoo's name
        message = super()._build_email__(*args, **kwargs)
        outgoing.mend_links(message)
        return message

    def _cadence_build_email(self, email_from, values):
        """The mail of `_prepare_outgoing_list`'s values; where another module has a hand in how it is built, its way is taken."""
        methods = {vars(model)[BUILD] for model in type(self).mro() if BUILD in vars(model)}
        taken = {name: values[name] for name in TAKEN}
        if methods == {BY_ODOO, vars(IrMailServer)[BUILD]} and not values['attachments'] \
                and email_from and values['body_alternative'] and values['message_id']:
            return outgoing.build(email_from=email_from, **taken)
        return self._build_email__(
            email_from=email_from, subtype='html', subtype_alternative='plain', object_id=values['object_id'],
            attachments=values['attachments'], **taken)
