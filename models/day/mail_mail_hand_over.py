import logging
import smtplib
from dataclasses import dataclass, field

import psycopg2
from odoo import fields, models, tools
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.mail import lost_line
from ...tools.mail.connections import Connections

_logger = logging.getLogger(__name__)

BLOCK_SECONDS = 5  # then what is left of a block is given back: what came meanwhile, an answer or a stop, is heard


@dataclass
class Line:
    """Where mails leave, as Odoo hands it to `_send`."""
    connections: Connections
    server: object  # ir.mail_server, empty for the one of the configuration
    alias_domain: object  # mail.alias.domain
    followers: dict  # of the records whose mails have a link to unfollow them
    told: dict = field(default_factory=dict)  # {address for what comes back: the server that knows it}


@dataclass
class Passage:
    """What became of the mails of a block that the mail server heard of, by their ids."""
    left: list = field(default_factory=list)
    pids: list = field(default_factory=list)  # the contacts who got one, as Odoo's hook wants them
    emails: list = field(default_factory=list)  # the addresses that did, where no contact is named
    failed: dict = field(default_factory=dict)  # {(failure type, reason): ids}
    doubtful: list = field(default_factory=list)  # the line broke with the mail on it
    unreached: list = field(default_factory=list)  # the line was broken before
    error: Exception = None  # after which nothing more can be sent
    since_failure: int = 0  # mails from the first one that failed on
    noted: int = 0  # of those that left: the departures have them

    def note_left(self, mail, pids, emails):
        self.left.append(mail)
        self.pids.extend(pids)
        self.emails.extend(emails)


class MailMail(models.Model):
    """The mails of a block on their way to the mail server, while it looks at one of them the next is made."""
    _inherit = 'mail.mail'

    def _cadence_hand_over(self, line, passage, block, touches, begin):
        """Send one after the other; returns the ids of those that are settled by it. What became of them stands in `passage`.

        :param begin: the note that a mail is begun, and whether it may be (`cadence.departure._begin`)
        """
        begun, start = set(), fields.Datetime.now()
        # From two queries for all: a touch that is reached through its mail would be fetched alone.
        ledger = self.env['cadence.touch'].sudo().browse(touches.values())
        ledger.fetch()
        ledger.partner_id.fetch(['name'])
        for mail in self._cadence_lock():  # a reply must not cancel what is with the server
            if passage.error or (fields.Datetime.now() - start).total_seconds() >= BLOCK_SECONDS \
                    or self._cadence_is_enough(passage):
                break
            try:
                sendings = mail._cadence_build(line)
                connection = line.connections.take()
                self._cadence_hear(connection, passage)
                if not passage.error and begin(
                        block, touches[mail.id], [touches[id_] for id_ in passage.left[passage.noted:]]):
                    passage.noted = len(passage.left)
                    begun.add(mail.id)
                    mail._cadence_give(line, connection, sendings, passage)
            except (smtplib.SMTPServerDisconnected, MemoryError) as error:
                passage.error = error
                is_doubtful = mail.id in begun if isinstance(error, MemoryError) else lost_line.is_within_data(error)
                (passage.doubtful if is_doubtful else passage.unreached).append(mail.id)
            except psycopg2.Error as error:
                self._cadence_roll_back()
                if not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                    begun.add(mail.id)
                    passage.failed.setdefault(('unknown', str(error)), []).append(mail.id)
                break  # the locks are gone: the others are taken anew
            except Exception as error:
                _logger.info("The mail %s cannot be sent: %s", mail.id, error)
                begun.add(mail.id)
                passage.failed.setdefault(self._cadence_explain(error), []).append(mail.id)
            passage.since_failure += bool(passage.failed)
        for connection in line.connections:
            self._cadence_hear(connection, passage)
        return begun - set(passage.unreached)

    def _cadence_hear(self, connection, passage):
        """What the server says of the mail that it has, if it was not asked yet."""
        if connection.owed is None:
            return
        (mail, pids, emails), connection.owed = connection.owed, None
        try:
            connection.session.hear()
        except smtplib.SMTPServerDisconnected as error:
            passage.error = error
            passage.doubtful.append(mail)
        except smtplib.SMTPException as error:
            passage.failed.setdefault(('unknown', f'{type(error).__name__}: {error}'), []).append(mail)
        else:
            passage.note_left(mail, pids, emails)

    def _cadence_is_enough(self, _passage):
        """Whether what is left of a block is asked anew; here only its time says so."""
        return False

    def _cadence_build(self, line):
        """[(values, message)]: what Odoo's own `_send` makes of a mail."""
        senders = tools.mail.email_split_and_format_normalize(self.email_from)
        email_from = senders[0] if senders else self.email_from
        return [
            (values, self._cadence_tell_server(line, values)._cadence_build_email(email_from, values))
            for values in self._prepare_outgoing_list(
                mail_server=line.server or self.mail_server_id, doc_to_followers=line.followers)]

    def _cadence_tell_server(self, line, values):
        """`ir.mail_server` with what Odoo tells it of a mail in its context.

        One context for all mails of a line, in which the list of addresses changes: at each new one Odoo looks through all that
        the transaction has had.
        """
        bounce = line.alias_domain and (values['headers'].get('Return-Path') or line.alias_domain.bounce_email)
        if bounce not in line.told:
            context = {'send_validated_to': []}
            if line.alias_domain:
                context |= {
                    'domain_notifications_email': line.alias_domain.default_from_email, 'domain_bounce_address': bounce}
            line.told[bounce] = self.env['ir.mail_server'].with_context(**context)
        line.told[bounce].env.context['send_validated_to'][:] = values.get('email_to_normalized', [])
        return line.told[bounce]

    def _cadence_give(self, line, connection, sendings, passage):
        """Hand the mail to the server; who has no usable address keeps none of the others from theirs."""
        failure, has_left, pids, emails = ('mail_email_missing', self.env['ir.mail_server'].NO_VALID_RECIPIENT), False, [], []
        for values, message in sendings:
            server = self._cadence_tell_server(line, values)
            try:
                server.send_email(message, mail_server_id=self.mail_server_id.id, smtp_session=connection.session)
            except AssertionError as error:
                if str(error) != server.NO_VALID_RECIPIENT:
                    raise
                failure = 'mail_email_invalid' if values['email_to'] else failure[0], str(error)
                continue
            has_left = True
            if values['partner_id']:
                pids.append(values['partner_id'])
            else:
                emails.extend(values['email_to'] or [])
        if not has_left:
            passage.failed.setdefault(failure, []).append(self.id)
        elif connection.owes_answer:
            connection.owed = self.id, pids, emails
        else:
            passage.note_left(self.id, pids, emails)

    def _cadence_explain(self, error):
        """(failure type, reason) of what Odoo's mail server raised."""
        server = self.env['ir.mail_server']
        if isinstance(error, AssertionError) and error.args:
            code, text = error.args[0], error.args[-1]
            kind = {server.NO_VALID_FROM: 'mail_from_invalid', server.NO_FOUND_FROM: 'mail_from_missing',
                    server.NO_FOUND_SMTP_FROM: 'mail_from_missing'}.get(code, 'unknown')
            return kind, str(text if kind == 'mail_from_invalid' else code)
        is_spam = isinstance(error, MailDeliveryException) and 'OutboundSpamException' in str(error)
        return 'mail_spam' if is_spam else 'unknown', tools.exception_to_unicode(error)
