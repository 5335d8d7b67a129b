"""Returned mails as the mail servers of the world write them: every answer in every form. All of it is invented."""

from base64 import b64encode
from itertools import product
from typing import NamedTuple

RECIPIENT = 'paula.berg@kranbau.example'


class Made(NamedTuple):
    name: str
    kind: str
    raw: bytes


# kind: what servers answer. `{to}` is the recipient.
ANSWERS = {
    'dead': '''
        550 5.1.1 <{to}>: Recipient address rejected: User unknown in relay recipient table
        550 5.1.1 The email account that you tried to reach does not exist. https://mx.example/?p=NoSuchUser 7si-gsmtp
        550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup
        550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [AM7.eop-EUR.outlook.example]
        550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)
        550 5.1.2 Host unknown (Name server: kranbau.example: host not found)
        550 5.1.6 <{to}> has moved, no forwarding address
        550 5.7.1 No such user!
        550 No such person at this address
        553 5.3.0 <{to}>... Addressee unknown
        550 Mailbox not found. Error: 4711
        551 <{to}> is a deactivated mailbox
        550 User not found: {to}
        550 Invalid recipient <{to}>
        550 Unrouteable address
        554 delivery error: dd This user doesn't have a kranbau.example account ({to})
        550 5.2.1 This account is disabled and takes no mail
        550 unknown local-part "paula.berg" in domain "kranbau.example"
        550 5.1.1 Adresse d'au moins un destinataire invalide. Destinataire inconnu. OFR_416
        550 5.1.1 Benutzer unbekannt / unknown user
        550 5.1.1 usuario desconocido
        550 Message was not accepted -- invalid mailbox. Local mailbox {to} is unavailable: user not found
        550 5.1.1 Пользователь не найден
        550 收件人邮箱不存在
        550 宛先のユーザが見つかりません
        550 #5.1.0 Address rejected.
        550 5.1.351 Remote server returned unknown recipient or mailbox unavailable
        556 5.1.10 Domain does not accept mail (nullMX)
        552 1 Requested mail action aborted, mailbox not found
        550 Recipient does not exist on this system
    ''',
    'mailbox_full': '''
        552 5.2.2 Over quota
        552 5.2.2 The recipient's inbox is out of storage space. https://mx.example/?p=OverQuotaPerm
        550 5.2.2 <{to}>: user is over quota
        552 Mailbox size limit exceeded
        552 Quota violation for {to}
        554 5.2.2 mailbox full;the mailbox of {to} holds more than it may
        550 邮箱空间不足
        552 5.2.2 Postfach ist voll
        552 Почтовый ящик переполнен
        550 User has too many messages on the server
        552 5.2.2 La boîte du destinataire est pleine
    ''',
    'policy': '''
        550 5.7.1 Service unavailable, Client host [192.0.2.7] blocked using zen.spamhaus.org
        554 5.7.1 Message rejected under suspicion of SPAM
        550 5.7.26 This mail is unauthenticated: SPF and DKIM did not pass
        550 5.7.606 Access denied, banned sending IP [192.0.2.7]
        554 DT:SPM 163 smtp3,hello,192.0.2.7 http://mail.example/help
        550 5.7.1 Unable to relay for {to}
        553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
        550 5.1.8 <lin@me.example>: Sender address rejected: Domain not found
        550 5.1.7 The sender's address was syntactically invalid
        552 5.3.4 Message size exceeds fixed limit
        550 Connection frequency limited
        550 Mail content denied. http://mail.example/cgi-bin/help?no=1000726
        550 5.7.1 Our system has detected that this message is likely unsolicited mail
        550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required
        550 5.7.1 user unknown to our spam policy: blocked by policy 12
        550 发件人被对方加入黑名单
        550 Your server requires a reverse DNS entry
        554 5.6.0 Mail contains attachments of a banned type
        550 5.7.1 spam message rejected. Please write to abuse@mx.example
    ''',
    'temporary': '''
        450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see http://postgrey.example
        421 4.7.0 Try again later, closing connection.
        451 4.3.0 Temporary server error. Please try again later
        4.4.7 Message expired: delivery time expired
        5.4.0 connect to mx.kranbau.example[192.0.2.9]:25: Connection timed out
        5.4.6 Too many hops, mail loop detected
        550 5.2.1 The user is receiving mail at a rate that prevents it https://mx.example/?p=ReceivingRatePerm
        5.4.4 Name service error for name=kranbau.example type=MX: Malformed or unexpected name server reply
        550 Mailbox currently suspended
    ''',
    'unknown': '''
        554 5.0.0 Transaction failed
        550 see the log
    ''',
}

_ORIGINAL = '''Received: from erp.me.example (erp.me.example [192.0.2.7])
\tby out.me.example with ESMTP id 4711; Mon, 23 Nov 2026 09:14:00 +0800
Message-ID: {id}
From: Lin Mei <lin@me.example>
To: {to}
Subject: Slewing rings, no such user needs a spam filter

Does the mailbox full of offers exist? Our policy: user unknown never.
'''
_HEAD = '''From: {sender}
To: bounce@me.example
Subject: {subject}
Message-ID: <{number}@mx.example>
Date: Mon, 23 Nov 2026 01:20:00 +0000
'''
_DSN = _HEAD + '''Content-Type: multipart/report; report-type=delivery-status; boundary="=b"
MIME-Version: 1.0

--=b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}

--=b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {answer}

--=b
Content-Type: {inside}

{original}
--=b--
'''
_PLAIN = _HEAD + 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{more}\n{text}\n'


def _status(answer):
    words = answer.split()
    found = next((word.strip('#()') for word in words if word.strip('#()').count('.') == 2 and word.strip('#()')[0] in '45'), '')
    return found if found.replace('.', '').isdigit() else '5.0.0' if words[0].isdigit() and words[0][0] == '5' else '4.0.0'


_POSTFIX = """This is the mail system at host out.me.example.

I'm sorry that your message could not be brought to its reader.

<{to}>: host mx.kranbau.example[192.0.2.9] said:
    {answer} (in reply to RCPT TO
    command)"""
_EXIM = """This message was created automatically by mail delivery software.

The following address(es) failed:

  {to}
    host mx.kranbau.example [192.0.2.9]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    {answer}

------ This is a copy of the message, including all the headers. ------

{original}"""
_QMAIL = """Hi. This is the qmail-send program at out.me.example.
This is a permanent error; I give up.

<{to}>:
192.0.2.9 does not like recipient.
Remote host said: {answer}
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

{original}"""
_CHINESE = """抱歉，您的邮件被退回来了……
收件人：{to}
退信原因： {answer}

----------------------------
原邮件信息：
{original}"""
_NOBODY = """There was an error delivering your mail to <{to}>.

mx.kranbau.example [192.0.2.9] did not like our RCPT TO:
{answer}

Message headers follow.

{original}"""


def _encode(words):
    return f'=?utf-8?b?{b64encode(words.encode()).decode()}?='


def _postfix(**values):
    return _DSN.format(
        sender='MAILER-DAEMON@out.me.example (Mail Delivery System)', subject='Undelivered Mail Returned to Sender',
        text=_POSTFIX.format(**values), inside='text/rfc822-headers', **values)


def _vague(**values):
    """The reporting server gives a number of its own that says nothing."""
    return _postfix(**values | {'status': '5.0.0' if values['status'][0] == '5' else '4.0.0'})


def _exchange(**values):
    return _DSN.format(
        sender='Microsoft Outlook <postmaster@kranbau.example>', subject='Undeliverable: Slewing rings',
        text='Your message was not taken by kranbau.example.', inside='message/rfc822', **values)


def _exim(**values):
    return _PLAIN.format(
        sender='Mail Delivery System <Mailer-Daemon@out.me.example>', subject='Mail delivery failed: returning message to sender',
        text=_EXIM.format(**values), more=f'X-Failed-Recipients: {values["to"]}\n', **values)


def _qmail(**values):
    return _PLAIN.format(
        sender='MAILER-DAEMON@out.me.example', subject='failure notice', text=_QMAIL.format(**values), more='', **values)


def _chinese(**values):
    return _PLAIN.format(
        sender=f'{_encode("系统退信")} <postmaster@qiye.example>', subject=_encode('系统退信/Systems bounce'),
        text=_CHINESE.format(**values), more='', **values)


def _nobody(**values):
    """From an empty address."""
    return _PLAIN.format(
        sender='MAILER-DAEMON <>', subject='Mail delivery failed', text=_NOBODY.format(**values), more='', **values)


FORMS = (_postfix, _vague, _exchange, _exim, _qmail, _chinese, _nobody)


def make_bounces(message_id='<4711.tea@me.example>', recipient=RECIPIENT):
    """Yield every answer in every form, about the mail with that id."""
    number = 0
    for kind, lines in ANSWERS.items():
        answers = [line.strip().format(to=recipient) for line in lines.strip().splitlines()]
        for answer, form in product(answers, FORMS):
            number += 1
            original = _ORIGINAL.format(id=message_id, to=recipient)
            raw = form(answer=answer, original=original, number=number, to=recipient, status=_status(answer))
            yield Made(f'{form.__name__} {answer}', kind, raw.encode())
