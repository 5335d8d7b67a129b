"""Addresses as the simulation understands them: written a second time, to judge the product's canonical form by it."""
import re
from contextlib import suppress
from functools import lru_cache

import idna

_ADDRESS = re.compile(r'[^\s,;/<>|:"()]+@[^\s,;/<>|:"()]+')
_STARTS = ('hr@', 'noreply@', 'marketing@', 'jobs@', 'support@', 'ticket@', 'customerservice@')
_SUFFIXES = ('qq.com', '163.com', 'cn', 'tw', 'hk', 'in')
_PUBLIC = ('gmail.com', 'qq.com', '163.com')


@lru_cache(10_000)  # asked of everybody at each mail that leaves
def canonical(address):
    """Lower case, the host in A-labels."""
    local, _at, host = address.strip().lower().rpartition('@')
    with suppress(idna.IDNAError):
        host = idna.encode(host, uts46=True).decode()
    return f'{local}@{host}'


def addresses_in(field):
    """All canonical addresses in a contact's e-mail field."""
    return sorted({canonical(found) for found in _ADDRESS.findall(field or '')})


def company_domain(address):
    """The registrable domain of an .example address; None for the public providers."""
    host = canonical(address).rpartition('@')[2]
    domain = '.'.join(host.split('.')[-2:])
    return None if domain in _PUBLIC else domain


def is_no_send(address):
    host = address.rpartition('@')[2]
    return address.startswith(_STARTS) or any(host == suffix or host.endswith('.' + suffix) for suffix in _SUFFIXES) \
        or bool({'gov', 'org', 'edu'} & set(host.split('.')[1:]))
