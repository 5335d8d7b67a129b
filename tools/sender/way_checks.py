"""Whether a sender's way to the receivers is in order: the address of its links, the name of its server, an encrypted line.

Pure but for the `dns_checks.Lookup` that is handed over: what nobody could tell is neither a yes nor a no.
"""

import ipaddress
from urllib.parse import urlsplit

import dns.exception
import dns.reversename

from .dns_checks import Lookup, Record, Unknown

LOCAL_NAMES = ('localhost', '.localhost', '.local', '.localdomain', '.internal', '.lan', '.home.arpa', '.test', '.invalid')
LINES = {'none': 'tls_none', 'starttls': 'tls_ok', 'starttls_strict': 'tls_ok', 'ssl': 'tls_ok', 'ssl_strict': 'tls_ok'}


def check(lookup: Lookup, *, base_url: str = '', ip: str = '', encryption: str = '', smtp_host: str = '') -> list[Record]:
    """Return a verdict each for what is known.

    :param base_url: of the links and pictures of the mails, and of their unsubscribe link
    :param ip: from which a receiver got a mail
    :param encryption: of the line to the mail server, as Odoo names it
    """
    found = []
    for look, value in ((check_base_url, base_url), (check_ptr, ip)):
        if value:
            try:
                found += look(value, lookup)
            except Unknown:
                found.append(Record(f'{"base" if look is check_base_url else "ptr"}_unknown', 'info', value))
    return found + check_tls(encryption, smtp_host)


def check_base_url(url: str, lookup: Lookup) -> list[Record]:
    """Customers have to reach it from everywhere, over https."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or '').lower()
    except ValueError:
        host = ''
    if not host or '.' not in host and ':' not in host or is_local(host):
        return [Record('base_local', 'block', url)]
    if not _is_number(host) and not lookup(host, 'A') and not lookup(host, 'AAAA'):
        return [Record('base_gone', 'block', url, values=(('host', host),))]
    if parts.scheme != 'https':
        return [Record('base_http', 'warn', url)]
    return [Record('base_ok', 'ok', url)]


def is_local(host: str) -> bool:
    """Return whether a host is one that nobody else reaches.

    >>> [is_local(host) for host in ('localhost', 'odoo.local', '192.168.1.4', '8.8.8.8', 'acme.com')]
    [True, True, True, False, False]
    """
    if _is_number(host):
        return not ipaddress.ip_address(host.strip('[]')).is_global
    return any(host == name.lstrip('.') or name.startswith('.') and host.endswith(name) for name in LOCAL_NAMES)


def _is_number(host):
    try:
        ipaddress.ip_address(host.strip('[]'))
    except ValueError:
        return False
    return True


def check_ptr(ip: str, lookup: Lookup) -> list[Record]:
    """The address has a name, and the name that address: without it Gmail refuses mails, and most others distrust them."""
    try:
        name = dns.reversename.from_address(ip).to_text()
    except (dns.exception.DNSException, ValueError):
        return []
    hosts = [host.rstrip('.').lower() for host in lookup(name, 'PTR')]
    if not hosts:
        return [Record('ptr_none', 'block', ip)]
    kind = 'AAAA' if ':' in ip else 'A'
    own = ipaddress.ip_address(ip)
    for host in hosts:
        if any(_is_number(found) and ipaddress.ip_address(found) == own for found in lookup(host, kind)):
            return [Record('ptr_ok', 'ok', ip, host)]
    return [Record('ptr_other', 'warn', ip, ', '.join(hosts))]


def check_tls(encryption: str, host: str) -> list[Record]:
    """Whether the line to our own mail server is encrypted; one on this machine or network needs it not."""
    code = LINES.get(encryption)
    if not code or code == 'tls_none' and (not host or is_local(host.lower()) or '.' not in host):
        return []
    return [Record(code, 'warn' if code == 'tls_none' else 'ok', host)]
