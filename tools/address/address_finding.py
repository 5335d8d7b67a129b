"""All that is found out about one address of an intake, without a look at the network or at the contacts."""

import re
from functools import lru_cache
from typing import NamedTuple

from . import address_checks, address_text, address_typos, company_domain
from .canonical import canonical

# Most addresses: nothing to normalise but, perhaps, to refuse the host
_PLAIN = re.compile(r'([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]+)')

_NOBODY: frozenset[str] = frozenset()


class Finding(NamedTuple):
    """``email`` in its canonical form, and its company ``domain``, None at a public mailbox provider.

    ``problem`` says why it should not be saved as it is: one of ``address_text``'s or ``no_top_level`` (then there is no
    ``email``), ``disposable`` or ``typo``. With ``typo`` comes a ``suggestion``, the address that was probably meant; there
    is no ``email`` beside it where what was typed is none.
    """

    email: str | None
    domain: str | None
    problem: str | None
    suggestion: str | None
    is_role: bool


def examine(text: str, public: frozenset[str] = company_domain.PUBLIC_PROVIDERS) -> Finding:
    """Return what is found of what stands in an address cell; `public` are the domains of public mailboxes."""
    plain = _PLAIN.fullmatch(text)
    if plain and len(text) <= address_text.MAX_ADDRESS and len(plain[1]) <= address_text.MAX_LOCAL:
        local, host = plain.groups()
    else:
        email, problem = address_text.check(text)
        if problem:
            return _examine_broken(text, problem)
        local, _at, host = email.rpartition('@')
    found = _examine_host(host)
    if not found:
        return _examine_broken(text, 'syntax')
    host, domain, problem, meant = found
    if host in public or domain in public:
        if problem == 'typo' and domain not in company_domain.PUBLIC_PROVIDERS:  # somebody knows better
            problem = meant = None
        domain = None
    email = f'{local}@{host}' if plain else canonical(f'{local}@{host}')
    if not email or problem == 'no_top_level':
        return Finding(None, None, problem if email else 'syntax', None, False)
    return Finding(email, domain, problem, meant and f'{local}@{meant}', address_checks.is_role_name(local))


def _examine_broken(text: str, problem: str) -> Finding:
    """Return what is found of what is no address, which a lost or doubled dot may have made of one: ann@gmailcom."""
    local, _at, host = text.strip().lower().rpartition('@')
    meant = problem == 'syntax' and len(text) <= address_text.MAX_ADDRESS and address_typos.suggest_domain(host)
    email = meant and canonical(f'{local}@{meant}')
    if not email or _examine_host(meant)[2]:
        return Finding(None, None, problem, None, False)
    return Finding(None, None, 'typo', email, address_checks.is_role_name(local))


# A table's rows are many, its domains fewer: a million rows have about 250,000
@lru_cache(maxsize=1 << 18)
def _examine_host(host: str) -> tuple[str, str | None, str | None, str | None] | None:
    """Return (host as DNS has it, registrable domain, problem, host that was probably meant), None for what is no host."""
    if not address_text.is_valid_domain(host):
        return None
    ascii_host, domain = company_domain.look_up(host, _NOBODY)
    host = ascii_host or host
    if meant := address_typos.suggest_domain(host):
        return host, domain, 'typo', meant
    if not company_domain.is_top_level(host.rpartition('.')[2]):
        return host, domain, 'no_top_level', None
    return host, domain, 'disposable' if address_checks.is_disposable(host) else None, None
