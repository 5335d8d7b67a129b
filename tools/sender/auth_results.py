"""What a receiver says of a mail that was delivered: Authentication-Results (RFC 8601), and what its signature covers.

Only the first such header counts: the ones below it were in the mail when it came, and anybody can write them. A mail that never
left the machine has none, which says nothing.
"""

import re
from email.message import Message
from typing import NamedTuple

METHODS = ('spf', 'dkim', 'dmarc')
UNSUBSCRIBE = ('list-unsubscribe', 'list-unsubscribe-post')  # both have to be signed (RFC 8058, 4)
_COMMENT = re.compile(r'\([^()]{0,300}\)')
_RESULT = re.compile(r'\b(spf|dkim|dmarc)\s*=\s*([a-z]+)\b(.*)', re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r'\b(header\.d|header\.s|header\.i|header\.from|smtp\.mailfrom)\s*=\s*"?@?([^\s;"]+)', re.IGNORECASE)
_IP = re.compile(r'\[(?:IPv6:)?([0-9a-f:.]{3,45})\]', re.IGNORECASE)


class Signature(NamedTuple):
    """A DKIM signature: its domain, its selector, and the headers that it covers, in lower case."""

    domain: str = ''
    selector: str = ''
    headers: tuple[str, ...] = ()


class Delivery(NamedTuple):
    """``receiver`` is the server that judged, '' where none did; ``spf``, ``dkim`` and ``dmarc`` are its words (pass, fail, none,
    softfail, temperror …), '' for what it does not say. ``ip`` is the address from which it came to the receiver.
    ``unsubscribe`` is one of missing, unsigned (a signature leaves one of both headers out), unknown (no signature), signed.
    ``size`` in bytes."""

    receiver: str = ''
    spf: str = ''
    dkim: str = ''
    dmarc: str = ''
    mail_from: str = ''
    signatures: tuple[Signature, ...] = ()
    ip: str = ''
    unsubscribe: str = 'missing'
    size: int = 0


def read(mail: Message) -> Delivery:
    """Return what a delivered mail tells of its way."""
    headers = mail.get_all('Authentication-Results') or []
    receiver, results, mail_from = _read_results(str(headers[0])) if headers else ('', {}, '')
    signatures = tuple(_read_signature(str(header)) for header in mail.get_all('DKIM-Signature') or [])
    return Delivery(
        receiver, *(results.get(method, '') for method in METHODS), mail_from, signatures, _find_ip(mail, receiver),
        _judge_unsubscribe(mail, signatures), len(mail.as_bytes()))


def _read_results(header: str) -> tuple[str, dict[str, str], str]:
    """(server, {method: result}, envelope sender); of two results of a method a pass counts: one good signature is enough.

    >>> _read_results('mx.b.example; dkim=fail header.d=x; dkim=pass (2048 bit) header.d=a.example; spf=none')[:2]
    ('mx.b.example', {'dkim': 'pass', 'spf': 'none'})
    """
    parts = _COMMENT.sub(' ', ' '.join(header.split())).split(';')
    results: dict[str, str] = {}
    mail_from = ''
    for part in parts[1:]:
        if match := _RESULT.search(part):
            method, result = match[1].lower(), match[2].lower()
            if results.get(method) != 'pass':
                results[method] = result
            for name, value in _PROPERTY.findall(match[3]):
                if name.lower() == 'smtp.mailfrom':
                    mail_from = mail_from or value.lower()
    return parts[0].strip().split(' ')[0].lower(), results, mail_from


def _read_signature(header: str) -> Signature:
    tags = {}
    for part in header.split(';'):
        name, equals, value = part.partition('=')
        if equals:
            tags.setdefault(name.strip().lower(), ''.join(value.split()))
    return Signature(tags.get('d', '').lower(), tags.get('s', '').lower(),
                     tuple(name for name in tags.get('h', '').lower().split(':') if name))


def _judge_unsubscribe(mail, signatures):
    if any(not mail.get(name) for name in UNSUBSCRIBE):
        return 'missing'
    if not signatures:
        return 'unknown'
    return 'signed' if any(set(UNSUBSCRIBE) <= set(signature.headers) for signature in signatures) else 'unsigned'


def _find_ip(mail, receiver):
    """The IP in the hop that the judging server wrote itself; those below it anybody can invent."""
    organisation = '.'.join(receiver.split('.')[-2:])
    for hop in mail.get_all('Received') or []:
        hop = ' '.join(str(hop).split())
        sent, by, received = hop.partition(' by ')
        if by and (not receiver or organisation in received.lower()) and (match := _IP.search(sent)):
            return match[1]
    return ''
