"""Raw mails that come in: answers, absences and delivery reports to a mail that left."""
import re
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from zlib import crc32


def get_unsubscribe_path(mail):
    """Path and query of the mail's one-click link, as a mail program posts it."""
    link = re.search(r'<(http[^>]+)>', mail.headers.get('List-Unsubscribe', ''))
    parts = urlsplit(link[1]) if link else None
    return f'{parts.path}?{parts.query}' if parts else None


def get_pixel_path(mail):
    """Path of the picture by which the mail says that it was opened."""
    found = re.search(r'src="https?://[^/"]+(/mail/track/[^"]+)"', mail.html)
    return found and found[1]


def get_link_paths(mail):
    """Paths of the mail's counted links, each once."""
    return list(dict.fromkeys(re.findall(r'href="https?://[^/"]+(/r/[^"]+)"', mail.html)))


def _make(mail, moment, kind, sender, to, subject, **headers):
    message = EmailMessage()
    message['Message-ID'] = f'<{kind}.{crc32(mail.message_id.encode())}.{moment:%Y%m%d%H%M%S}@customer.example>'
    message['From'], message['To'], message['Subject'] = sender, to, subject
    message['Date'] = format_datetime(moment)
    for name, value in headers.items():
        message[name.replace('_', '-')] = value
    return message


def make_reply(mail, moment, automatic=False, subject=True):
    extra = {'Auto_Submitted': 'auto-replied'} if automatic else {}
    message = _make(
        mail, moment, 'reply', mail.recipients[0], mail.headers.get('Reply-To') or mail.headers['From'],
        'Out of office' if automatic else 'Re: ' + mail.subject, In_Reply_To=mail.message_id, References=mail.message_id, **extra)
    if not subject:
        del message['Subject']
    message.set_content('I am away until Monday.' if automatic else 'Please send me your price list.')
    return message.as_bytes()


def make_bounce(mail, moment):
    """A delivery report as Postfix writes it, on the return path."""
    address = mail.recipients[0]
    boundary = 'sim-boundary'
    text = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {mail.sender}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce.{crc32(mail.message_id.encode())}@mx.example>
Date: {format_datetime(moment)}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain

<{address}>: host mx.example said: 550 5.1.1 User unknown

--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--{boundary}
Content-Type: text/rfc822-headers

Message-Id: {mail.message_id}
To: {address}
Subject: {mail.subject}

--{boundary}--
"""
    return text.encode()
