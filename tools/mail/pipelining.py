"""A mail to a server without waiting for it: sender, recipient and DATA in one go, where the server knows that (RFC 2920).

A server that is a tenth of a second away is waited for four times a mail by `smtplib`, and once more while it looks at the mail.
Here it is waited for once a mail; its answer to the mail is heard before the next one on that connection.
"""
from contextlib import suppress
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected, quoteaddr

from . import outgoing

TAKEN = (250, 251)
GO_ON = 354
BUSY = 421  # and the server hangs up


class Pipeline:
    """An open session of `smtplib.SMTP`, with another `send_message`; whatever else is asked of it the session answers.

    The exceptions are those of `smtplib`, after which the session can be used for the next mail, as there. `send_message` hands a
    mail over, `hear` says what became of it; who does not call it is told by the next `send_message`.
    """
    owes_answer = False  # the server has a mail, and `hear` was not called yet

    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, message, from_addr, to_addrs):
        """Hand the mail over; returns the recipients that were refused beside others who were not, {address: (code, answer)}."""
        self.hear()
        if not all(address.isascii() and address.isprintable() for address in (from_addr, *to_addrs)):
            return self._session.send_message(message, from_addr, to_addrs)
        content = outgoing.write(message)
        size = f' size={len(content)}' if self._session.has_extn('size') else ''
        sender, *recipients = answers = self._ask([
            f'MAIL FROM:{quoteaddr(from_addr)}{size}', *(f'RCPT TO:{quoteaddr(address)}' for address in to_addrs), 'DATA'])
        refused = {address: answer for address, answer in zip(to_addrs, recipients, strict=False) if answer[0] not in TAKEN}
        if sender[0] not in TAKEN:
            self._call_off(answers[-1])
            raise SMTPSenderRefused(*sender, from_addr)
        if len(refused) == len(to_addrs) or len(answers) < len(to_addrs) + 2:
            self._call_off(answers[-1])
            raise SMTPRecipientsRefused(refused)
        if answers[-1][0] != GO_ON:
            self._reset(answers[-1])
            raise SMTPDataError(*answers[-1])
        self.data(content)
        self.owes_answer = True
        return refused

    def _ask(self, commands):
        """[(code, text)] of the answers, of fewer where the server hangs up."""
        self._session.send(''.join(f'{command}\r\n' for command in commands))
        answers = []
        while len(answers) < len(commands) and (not answers or answers[-1][0] != BUSY):
            answers.append(self._session.getreply())
        return answers

    def data(self, content):
        """Send the mail itself; the name says to `lost_line` where a line that breaks now was broken, as smtplib's does."""
        lines = content.replace(b'\r\n.', b'\r\n..')
        if lines.startswith(b'.'):
            lines = b'.' + lines
        self._session.send(lines + (b'.\r\n' if lines.endswith(b'\r\n') else b'\r\n.\r\n'))

    def hear(self):
        """Wait for the server's answer to the mail that it has.

        :raise SMTPDataError: where it does not take it
        :raise SMTPServerDisconnected: where nobody knows whether it does
        """
        if self.owes_answer:
            self.owes_answer = False
            answer = self._session.getreply()
            if answer[0] not in TAKEN:
                self._reset(answer)
                raise SMTPDataError(*answer)

    def _call_off(self, answer):
        """A server may ask for the mail though it takes it for nobody: then it is an empty one (RFC 2920, 3.1)."""
        if answer[0] == GO_ON:
            self._session.send('.\r\n')
            answer = self._session.getreply()
        self._reset(answer)

    def _reset(self, answer):
        if answer[0] == BUSY:
            self._session.close()
        else:
            with suppress(SMTPServerDisconnected):  # the answer counts; the next mail finds the line broken
                self._session.docmd('RSET')

