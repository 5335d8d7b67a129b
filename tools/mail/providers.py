"""Whose mailboxes an address is in, told by its host and by the mail servers of that host."""
import re
from collections.abc import Iterable
from typing import Any, NamedTuple


class Rule(NamedTuple):
    """`hosts`: of addresses, as they are. `mx`: how the names of mail servers end, at a label's border."""
    provider: Any
    hosts: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()


def split(text: str | None) -> tuple[str, ...]:
    """Return the names of a list that a person typed.

    >>> split('Gmail.com; @googlemail.com，')
    ('gmail.com', 'googlemail.com')
    """
    return tuple(name for part in re.split(r'[;,、；，\s]+', (text or '').lower()) if (name := part.strip('.@')))


def find(rules: Iterable[Rule], host: str, servers: Iterable[str] = ()) -> Any:
    """Return the provider of the first rule that the host, or one of its mail servers, meets; None for others.

    >>> rules = [Rule('Google', ('gmail.com',), ('google.com',))]
    >>> find(rules, 'gmail.com'), find(rules, 'acme.de', ['ASPMX.L.Google.com.']), find(rules, 'acme.de', ['mygoogle.com'])
    ('Google', 'Google', None)
    """
    rules, host = list(rules), host.lower().strip('.')
    by_host = (rule.provider for rule in rules if host in rule.hosts)
    names = [f".{name.lower().strip('.')}" for name in servers]
    by_server = (
        rule.provider for rule in rules for suffix in rule.mx if any(name.endswith(f'.{suffix}') for name in names))
    return next(by_host, None) or next(by_server, None)
