"""Whether the DNS of a sender's domain says that its mails are its own: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989), MX.

`Lookup` asks a resolver that is handed over, counts, keeps what it heard and gives up after a few seconds in all, so that a dead
resolver costs three seconds and not a request's patience. Nothing here touches a database.
"""

import re
import time
from collections.abc import Callable
from typing import NamedTuple

import dns.exception
import dns.resolver

from . import spf
from .dns_key import read_key

DEADLINE = 2.8  # seconds for all questions of one domain together: three with what else there is to do
ONE_QUESTION = 1.5
MAX_LABELS = 8  # of the tree walk (RFC 9989, 4.10)
SELECTORS = (
    'default', 'odoo', 'google', 'selector1', 'selector2', 's1', 's2', 'k1', 'k2', 'dkim', 'mail', 'mandrill', 'smtp', 'zoho',
    'key1', 'pm', 'everlytickey1', 'mxvault', 's1024', 's2048')


class Unknown(Exception):
    """Nobody could be asked: neither a yes nor a no."""


class Record(NamedTuple):
    """``code`` names the verdict; ``severity`` is block, warn, info or ok; ``found`` is the record as it is, ``wanted`` the one
    to publish at ``name`` instead."""

    code: str
    severity: str
    name: str = ''
    found: str = ''
    wanted: str = ''
    values: tuple[tuple[str, str], ...] = ()


class Lookup:
    """Asks for records; what was asked once is not asked again.

    :param resolve: (name, kind, lifetime=seconds) → answers, as dnspython's resolvers have it
    :param clock: seconds that go by
    """

    def __init__(self, resolve: Callable | None = None, clock: Callable = time.monotonic, deadline: float = DEADLINE):
        self.resolve, self.clock = resolve or dns.resolver.resolve, clock
        self.end = clock() + deadline
        self.known: dict[tuple[str, str], list[str]] = {}

    def __call__(self, name: str, kind: str) -> list[str]:
        """Return the records as text, [] where there are none.

        :raise Unknown: nobody could be asked
        """
        key = name.lower().rstrip('.'), kind
        if key not in self.known:
            self.known[key] = self._ask(*key)
        return self.known[key]

    def _ask(self, name, kind):
        left = self.end - self.clock()
        if left <= 0:
            raise Unknown(name)
        try:
            answers = self.resolve(name, kind, lifetime=min(left, ONE_QUESTION))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, UnicodeError, OSError, ValueError) as error:
            raise Unknown(name) from error
        return [_to_text(answer) for answer in answers]


def _to_text(answer) -> str:
    if strings := getattr(answer, 'strings', None):
        return b''.join(strings).decode('utf-8', 'replace')  # a record longer than 255 bytes comes in pieces
    if exchange := getattr(answer, 'exchange', None):
        return str(exchange).rstrip('.').lower()
    return str(answer).strip('"')


def check(
        domain: str, lookup: Lookup, *, envelope: str = '', reply_host: str = '', selectors=(), report_to: str = '',
) -> list[Record]:
    """Return a verdict each for SPF, DKIM, DMARC and MX, the worst first.

    :param envelope: the host of the address to which mails return, whose SPF a receiver asks for
    :param reply_host: where the answers go, if elsewhere
    :param selectors: those of DKIM that are known from delivered mails; common ones are tried beside them
    :param report_to: an address for DMARC reports
    """
    looks = (
        lambda: check_spf(domain, lookup),
        lambda: check_dkim(domain, lookup, selectors),
        lambda: check_dmarc(domain, lookup, report_to),
        lambda: check_mx(reply_host or domain, lookup),
        lambda: check_envelope(domain, envelope, lookup),
    )
    records = []
    for name, look in zip(('spf', 'dkim', 'dmarc', 'mx', 'envelope'), looks, strict=True):
        try:
            records += look()
        except Unknown:
            records.append(Record(f'{name}_unknown', 'info', domain))
    order = {'block': 0, 'warn': 1, 'info': 2, 'ok': 3}
    return sorted(records, key=lambda record: order[record.severity])


# SPF


def check_spf(domain: str, lookup: Lookup) -> list[Record]:
    result = spf.evaluate(domain, lookup)
    if result.problem == 'none':
        return [Record('spf_none', 'warn', domain, wanted='v=spf1 a mx ~all')]
    if result.problem:
        values = (('count', str(result.lookups)), ('void', str(result.voids)), ('detail', result.detail))
        return [Record(f'spf_{result.problem}', 'block', domain, result.record, spf.mend(result), values)]
    if result.ends_with == '+':
        return [Record('spf_pass_all', 'block', domain, result.record, re.sub(r'\+?\ball\b', '~all', result.record))]
    if result.ends_with == '?' or not result.ends_with:
        return [Record('spf_neutral', 'warn', domain, result.record, spf.close(result.record))]
    return [Record('spf_ok', 'ok', domain, result.record, values=(('count', str(result.lookups)),))]


def check_envelope(domain: str, envelope: str, lookup: Lookup) -> list[Record]:
    """SPF is asked of where mails return to; where that is another organisation's, only DKIM speaks for us."""
    if not envelope or _is_same_organisation(domain, envelope, lookup):
        return []
    return [Record('spf_not_aligned', 'info', envelope, values=(('domain', domain), ('envelope', envelope)))]


# DKIM


def check_dkim(domain: str, lookup: Lookup, selectors=()) -> list[Record]:
    """Of the selectors that are known each one; of common ones whether any is there: a domain may have others."""
    records, known = [], [selector for selector in dict.fromkeys(selectors) if selector]
    for selector in known:
        name = f'{selector}._domainkey.{domain}'
        records.append(_judge_key(name, lookup(name, 'TXT')))
    if known:
        return records
    for selector in SELECTORS:
        name = f'{selector}._domainkey.{domain}'
        if texts := lookup(name, 'TXT'):
            verdict = _judge_key(name, texts)
            if verdict.severity == 'ok':
                return [verdict]
            records.append(verdict)
    return records or [Record('dkim_none', 'warn', domain)]


def _judge_key(name: str, texts: list[str]) -> Record:
    if not texts:
        return Record('dkim_gone', 'block', name)
    if len(texts) > 1:
        return Record('dkim_two', 'block', name, texts[0])
    key = read_key(texts[0])
    values = (('bits', str(key.bits)),)
    if key.problem == 'revoked':
        return Record('dkim_revoked', 'block', name, texts[0])
    if key.problem:
        return Record('dkim_broken', 'block', name, texts[0])
    if key.bits and key.bits < 1024:
        return Record('dkim_short', 'block', name, texts[0], values=values)
    if key.is_test:
        return Record('dkim_test', 'warn', name, texts[0], re.sub(r';?\s*t=[^;]*', '', texts[0]))
    if key.bits and key.bits < 2048:
        return Record('dkim_1024', 'info', name, texts[0], values=values)
    return Record('dkim_ok', 'ok', name, texts[0], values=values)


# DMARC


def check_dmarc(domain: str, lookup: Lookup, report_to: str = '') -> list[Record]:
    """The record of the domain itself, else that of its organisational domain, found by the tree walk."""
    wanted = 'v=DMARC1; p=none;' + (f' rua=mailto:{report_to}' if report_to else '')
    name, texts = find_dmarc(domain, lookup)
    if not texts:
        return [Record('dmarc_none', 'block', f'_dmarc.{domain}', wanted=wanted)]
    if len(texts) > 1:
        return [Record('dmarc_two', 'block', name, texts[0], texts[0])]
    tags = read_tags(texts[0])
    policy = tags.get('p', '').lower()
    is_parent = name != f'_dmarc.{domain}'
    if is_parent:
        policy = tags.get('sp', policy).lower()
    values = (('policy', policy or 'none'), ('at', name.removeprefix('_dmarc.')))
    if policy not in ('none', 'quarantine', 'reject'):
        # A missing or unknown p counts as none where there is somebody to report to, else there is no policy (RFC 9989, 4.7).
        if 'rua' in tags and not tags.get('p'):
            return [Record('dmarc_no_policy', 'warn', name, texts[0], _set_tag(texts[0], 'p', 'none'), values)]
        return [Record('dmarc_broken', 'block', name, texts[0], wanted)]
    if is_parent:
        return [Record('dmarc_parent', 'ok', name, texts[0], values=values)]
    if 'rua' not in tags:
        return [Record('dmarc_no_reports', 'info', name, texts[0],
                       _set_tag(texts[0], 'rua', f'mailto:{report_to}') if report_to else '', values)]
    return [Record('dmarc_ok', 'ok', name, texts[0], values=values)]


def find_dmarc(domain: str, lookup: Lookup) -> tuple[str, list[str]]:
    """(name, its DMARC records) of the domain's own, else of its organisational domain, else of its public suffix
    (RFC 9989, 4.10)."""
    own = _get_dmarc(domain, lookup)
    if own:
        return f'_dmarc.{domain}', own
    organisation = find_organisation(domain, lookup)
    texts = _get_dmarc(organisation, lookup) if organisation != domain else []
    suffix = organisation.partition('.')[2]
    found = _get_dmarc(suffix, lookup) if suffix and not texts else []
    if len(found) == 1 and read_tags(found[0]).get('psd', '').lower() == 'y':
        return f'_dmarc.{suffix}', found
    return f'_dmarc.{organisation}', texts


def find_organisation(domain: str, lookup: Lookup) -> str:
    """The organisational domain: the highest one with a record, unless it says otherwise (psd=y, psd=n)."""
    found = domain
    for candidate in _walk(domain):
        texts = _get_dmarc(candidate, lookup)
        if len(texts) != 1:
            continue
        psd = read_tags(texts[0]).get('psd', 'u').lower()
        if psd == 'n':
            return candidate
        if psd == 'y':
            labels = domain.split('.')
            below = '.'.join(labels[-candidate.count('.') - 2:])
            return below if candidate != domain else found
        found = candidate
    return found


def _walk(domain: str):
    """The domain and those above it; of a long name only the last seven labels after itself."""
    labels = domain.rstrip('.').lower().split('.')
    yield '.'.join(labels)
    rest = labels[1:] if len(labels) < MAX_LABELS else labels[-MAX_LABELS + 1:]
    while rest:
        yield '.'.join(rest)
        rest = rest[1:]


def _get_dmarc(domain: str, lookup: Lookup) -> list[str]:
    return [text for text in lookup(f'_dmarc.{domain}', 'TXT') if re.match(r'v\s*=\s*DMARC1\s*(?:;|$)', text)]


def read_tags(text: str) -> dict[str, str]:
    """The tags of a record such as DMARC's or a DKIM key's; the first of two of the same name.

    >>> read_tags('v=DMARC1; p=none; rua = mailto:a@b.example ;')
    {'v': 'DMARC1', 'p': 'none', 'rua': 'mailto:a@b.example'}
    """
    tags: dict[str, str] = {}
    for part in text.split(';'):
        name, equals, value = part.partition('=')
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags


def _set_tag(text: str, name: str, value: str) -> str:
    parts = [part.strip() for part in text.split(';') if part.strip()]
    return '; '.join([parts[0], f'{name}={value}', *parts[1:]])


def _is_same_organisation(domain: str, other: str, lookup: Lookup) -> bool:
    return domain == other or find_organisation(domain, lookup) == find_organisation(other, lookup)


# MX


def check_mx(host: str, lookup: Lookup) -> list[Record]:
    """Where answers go to must take mails; a single dot says that nobody does (RFC 7505)."""
    servers = lookup(host, 'MX')
    if servers and all(not server.strip('.') for server in servers):
        return [Record('mx_null', 'block', host, '.')]
    if servers:
        return [Record('mx_ok', 'ok', host, ', '.join(servers))]
    if lookup(host, 'A') or lookup(host, 'AAAA'):
        return [Record('mx_address', 'warn', host)]
    return [Record('mx_none', 'block', host)]
