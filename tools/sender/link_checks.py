"""Whether the links of a letter lead anywhere. Whoever asks a stranger's address must not be sent into the own network:
each address that is connected to is looked at first, those that a page sends on to as well.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

SECONDS = 5
REDIRECTS = 5
DEAD = (404, 410)
AGENT = 'Mozilla/5.0 (compatible; Odoo link check)'


class Answer(NamedTuple):
    """``status`` of HTTP, and where the page sends on to."""

    status: int
    location: str = ''


class Gone(Exception):
    """There is no such host, or nothing that answers there."""


class Refused(Exception):
    """An address that is nobody's business: of this machine, of its network."""


def find_dead(urls: Iterable[str], ask: Callable[[str, str], Answer] | None = None, own: str = '') -> list[str]:
    """Return those of the links that lead nowhere: no such page, no such host. Whatever else fails may work for a reader.

    :param ask: (method, url) → Answer, raises Gone, Refused or OSError
    :param own: the base URL of our own pages, whose host may be in any network; no other port of it is asked
    """
    ask = ask or (lambda method, url: fetch(method, url, own))
    return [url for url in dict.fromkeys(urls) if is_dead(url, ask)]


def is_dead(url: str, ask: Callable[[str, str], Answer]) -> bool:
    """Return whether there is no such page; some servers answer HEAD with a 404 or not at all, so GET has the last word."""
    for _redirect in range(REDIRECTS):
        try:
            answer = ask('HEAD', url)
            if answer.status >= 400:
                answer = ask('GET', url)
        except Gone:
            return True
        except (Refused, OSError, http.client.HTTPException, ValueError):
            return False
        if answer.status not in (301, 302, 303, 307, 308) or not answer.location:
            return answer.status in DEAD
        url = urljoin(url, answer.location)
    return False


def get_door(url: str) -> tuple[str, int]:
    """Return the host and the port to which a URL leads."""
    parts = urlsplit(url)
    return (parts.hostname or '').lower(), parts.port or (443 if parts.scheme == 'https' else 80)


def fetch(method: str, url: str, own: str = '') -> Answer:
    """Ask once, the address that was looked at and no other: a name may lead elsewhere the second time."""
    parts = urlsplit(url)
    if parts.scheme not in ('http', 'https') or not parts.hostname:
        raise Refused(url)
    _host, port = door = get_door(url)
    try:
        infos = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_NONAME, getattr(socket, 'EAI_NODATA', socket.EAI_NONAME)):
            raise Gone(url) from error
        raise
    address = infos[0][4][0]
    if door != get_door(own) and not all(is_public(info[4][0]) for info in infos):
        raise Refused(url)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=SECONDS)
    try:
        try:
            line = socket.create_connection((address, port), SECONDS)
        except ConnectionRefusedError as error:
            raise Gone(url) from error
        if parts.scheme == 'https':
            line = ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname)
        connection.sock = line
        connection.request(
            method, (parts.path or '/') + (f'?{parts.query}' if parts.query else ''), headers={'User-Agent': AGENT})
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader('Location') or '')
    finally:
        connection.close()


def is_public(address: str) -> bool:
    """Return whether an address is one of the Internet.

    >>> [is_public(address) for address in ('93.184.216.34', '10.0.0.1', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'x')]
    [True, False, False, False, False, False]
    """
    try:
        found = ipaddress.ip_address(address.partition('%')[0])
    except ValueError:
        return False
    mapped = getattr(found, 'ipv4_mapped', None)
    return (mapped or found).is_global and not (mapped or found).is_multicast
