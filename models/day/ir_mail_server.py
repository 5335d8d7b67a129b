from odoo import fields, models
from odoo.addons.base.models.ir_mail_server import IrMail_Server as OdooServer

from ...tools.mail import outgoing
from ...tools.mail.connections import Connections

BY_ODOO = {name: vars(OdooServer)[name] for name in ('_build_email__', 'send_email')}
TAKEN = ('email_to', 'subject', 'body', 'body_alternative', 'email_cc', 'reply_to', 'message_id', 'references', 'headers')


class IrMailServer(models.Model):
    """Mails whose unsubscribe button mail programs find, and those of runs built in a part of the time."""
    _inherit = 'ir.mail_server'

    cadence_connections = fields.Integer(
        'Connections of a Run', default=1,
        help="On how many connections at once a worker hands the mails of runs to this server. Several are faster where the "
             "server takes long to accept a mail; many providers allow three. The helper of the mail queue opens as many again.")

    _cadence_connections = models.Constraint(
        'CHECK (cadence_connections BETWEEN 1 AND 50)', "A mail server takes mails on 1 to 50 connections at once.")

    def _build_email__(self, *args, **kwargs):  # noqa: PLW3201 Odoo's name
        message = super()._build_email__(*args, **kwargs)
        outgoing.mend_links(message)
        return message

    def _cadence_is_odoos(self, name):
        """Whether no other module, and no test, has a hand in the method."""
        known = {BY_ODOO[name], vars(IrMailServer).get(name)}
        return all(vars(model)[name] in known for model in type(self).mro() if name in vars(model))

    def _cadence_build_email(self, email_from, values):
        """The mail of `_prepare_outgoing_list`'s values; where somebody else has a hand in it, their way is taken."""
        taken = {name: values[name] for name in TAKEN}
        if self._cadence_is_odoos('_build_email__') and not values['attachments'] \
                and email_from and values['body_alternative'] and values['message_id']:
            return outgoing.build(email_from=email_from, **taken)
        return self._build_email__(
            email_from=email_from, subtype='html', subtype_alternative='plain', object_id=values['object_id'],
            attachments=values['attachments'], **taken)

    def _cadence_open_connections(self, session, server):
        """The session, and as many more to the same server as it is given, opened when they are needed.

        Somebody else's `send_email` returns when a mail is accepted, as they expect it.
        """
        def connect():
            return self._connect__(mail_server_id=server.id, smtp_from=session.smtp_from)

        limit = server.sudo().cadence_connections if server else 1
        return Connections(session, connect, limit, waits=not self._cadence_is_odoos('send_email'))
