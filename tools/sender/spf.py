"""An SPF record and all that it includes, within the limits that receivers keep (RFC 7208, 4.6.4 and 11.1).

Not whether one IP address passes: whether the record can be evaluated at all. What cannot fails for every mail (permerror).
"""

import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple

MAX_LOOKUPS = 10
MAX_VOIDS = 2
MAX_MX = 10
_TERM = re.compile(r'([+\-~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:[:/](.*))?', re.IGNORECASE)
_MODIFIER = re.compile(r'([a-z][a-z0-9_.-]*)=(.*)', re.IGNORECASE)
_MACRO = re.compile(r'%(?!\{[slodiphcrtv]\d*r?[.\-+,/_=]*\}|%|_|-)', re.IGNORECASE)


class Result(NamedTuple):
    """``problem`` is '', none (no record), two (several), syntax, lookups (more than ten), voids (more than two that found
    nothing), loop, or missing (an include without a record), ``detail`` the term or name that shows it; ``ends_with`` is the
    sign of *all* (+ - ~ ?), '' where it is left out; ``ptrs`` are the terms that receivers advise against."""

    problem: str = ''
    record: str = ''
    lookups: int = 0
    voids: int = 0
    ends_with: str = ''
    detail: str = ''
    ptrs: tuple[str, ...] = ()


class _Fault(Exception):
    def __init__(self, problem, detail=''):
        super().__init__(problem)
        self.problem, self.detail = problem, detail


class _Walk:
    def __init__(self, lookup):
        self.lookup, self.lookups, self.voids, self.ptrs = lookup, 0, 0, []

    def get_record(self, domain):
        records = [text for text in self.lookup(domain, 'TXT') if re.match(r'v=spf1(?: |$)', text, re.IGNORECASE)]
        if len(records) > 1:
            raise _Fault('two', domain)
        return records[0] if records else None

    def count(self, detail):
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            raise _Fault('lookups', detail)

    def ask(self, name, kind):
        """The records; one that finds nothing is void."""
        records = self.lookup(name, kind)
        if not records:
            self.voids += 1
            if self.voids > MAX_VOIDS:
                raise _Fault('voids', name)
        return records

    def follow(self, domain, record, above):
        """Go through a record; returns the sign of its *all*, '' where it has none."""
        redirect = None
        for term in record.split()[1:]:
            if match := _TERM.fullmatch(term):
                sign, name, value = match[1] or '+', match[2].lower(), match[3] or ''
                if name == 'all':
                    if value:
                        raise _Fault('syntax', term)
                    return sign
                self.follow_term(domain, term, name, value, above)
            elif match := _MODIFIER.fullmatch(term):
                self.check_macros(match[2], term)
                if match[1].lower() == 'redirect':
                    if redirect or not match[2]:
                        raise _Fault('syntax', term)
                    redirect = match[2]
            else:
                raise _Fault('syntax', term)
        return self.follow_redirect(redirect, above) if redirect else ''

    def follow_redirect(self, target, above):
        self.count(f'redirect={target}')
        if '%' in target:
            return ''
        return self.enter(target, above)

    def enter(self, target, above):
        target = target.lower().rstrip('.')
        if target in above:
            raise _Fault('loop', target)
        record = self.get_record(target)
        if record is None:
            raise _Fault('missing', target)
        return self.follow(target, record, (*above, target))

    def follow_term(self, domain, term, name, value, above):
        if name in ('ip4', 'ip6'):
            self.check_network(name, value, term)
            return
        self.count(term)
        target, _slash, _length = value.partition('/') if not term.partition(name)[2].startswith('/') else ('', '', '')
        self.check_macros(target, term)
        if name in ('include', 'exists') and not target:
            raise _Fault('syntax', term)
        if '%' in target:
            return  # depends on the mail
        if name == 'include':
            self.enter(target, above)
        elif name == 'exists':
            self.ask(target, 'A')
        elif name == 'mx':
            if len(self.ask(target or domain, 'MX')) > MAX_MX:
                raise _Fault('lookups', term)
        elif name == 'a':
            if not self.lookup(target or domain, 'A') and not self.lookup(target or domain, 'AAAA'):
                self.ask(target or domain, 'A')
        elif name == 'ptr':
            self.ptrs.append(term)

    @staticmethod
    def check_network(name, value, term):
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            raise _Fault('syntax', term) from None
        if network.version != (4 if name == 'ip4' else 6):
            raise _Fault('syntax', term)

    @staticmethod
    def check_macros(text, term):
        if _MACRO.search(text):
            raise _Fault('syntax', term)


def evaluate(domain: str, lookup: Callable) -> Result:
    """Return whether the domain's record can be evaluated. ``lookup`` is a :class:`.dns_checks.Lookup`."""
    walk, record = _Walk(lookup), ''
    try:
        record = walk.get_record(domain)
        if record is None:
            return Result('none')
        sign = walk.follow(domain, record, (domain,))
    except _Fault as fault:
        return Result(fault.problem, record or '', walk.lookups, walk.voids, detail=fault.detail, ptrs=tuple(walk.ptrs))
    return Result('', record, walk.lookups, walk.voids, sign, ptrs=tuple(walk.ptrs))


def close(record: str) -> str:
    """Return the record with an end that says what of all others: probably not ours."""
    return f"{re.sub(r'[ ][?]all$', '', record.strip(), flags=re.IGNORECASE)} ~all"


def mend(result: Result) -> str:
    """Return a record to publish instead, '' where a person has to choose."""
    terms = result.record.split()
    if result.problem in ('loop', 'missing', 'syntax', 'voids') and result.detail:
        kept = [term for term in terms if result.detail.lower() not in term.lower()]
        return ' '.join(kept) if len(kept) > 1 else ''
    return ''
