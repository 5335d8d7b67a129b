"""Whose clock it is: the time zone that a country or the ending of a domain stands for, where there is no doubt.

A contact's own time zone is no good witness: Odoo fills it with that of whoever made the contact.
"""
from datetime import datetime
from typing import NamedTuple

import pytz

# Countries in which nearly everybody lives by one clock, though islands or a province have another.
MAIN = {
    'CL': 'America/Santiago', 'CN': 'Asia/Shanghai', 'EC': 'America/Guayaquil', 'ES': 'Europe/Madrid', 'NZ': 'Pacific/Auckland',
    'PT': 'Europe/Lisbon', 'UA': 'Europe/Kiev'}
# Endings of countries that the whole world takes for their sound.
WORLDWIDE = {
    'ac', 'ag', 'ai', 'am', 'bz', 'cc', 'cf', 'co', 'cx', 'fm', 'ga', 'gg', 'gq', 'im', 'io', 'la', 'ly', 'me', 'ml', 'ms', 'mu',
    'nu', 'pw', 'sh', 'st', 'tk', 'to', 'tv', 'vc', 'vg', 'ws'}


class Zone(NamedTuple):
    country: str
    name: str
    is_only: bool  # the country's people live by this clock, or by one that always shows the same


def get_zones(year: int) -> tuple[Zone, ...]:
    """Return the time zones of all countries; clocks are compared in the four seasons of ``year``.

    >>> {zone.name for zone in get_zones(2026) if zone.country == 'DE' and zone.is_only}
    {'Europe/Berlin'}
    >>> [zone for zone in get_zones(2026) if zone.country == 'US' and zone.is_only]
    []
    """
    return tuple(
        Zone(country, name, name == only)
        for country, names in sorted(pytz.country_timezones.items())
        for only in [_find_only(country, names, year)] for name in dict.fromkeys((*names, *filter(None, [only]))))


def _find_only(country, names, year):
    if country in MAIN:
        return MAIN[country]
    clocks = {
        tuple(pytz.timezone(name).utcoffset(datetime(year, month, 15)) for month in (1, 4, 7, 10)) for name in names}
    return names[0] if len(clocks) == 1 else None


def get_endings() -> dict[str, str]:
    """Return {ending of a domain: code of its country}, without those that are taken all over the world.

    >>> endings = get_endings()
    >>> endings['de'], endings['uk'], endings.get('io')
    ('DE', 'GB', None)
    """
    return {'uk': 'GB'} | {
        code.lower(): code for code in pytz.country_timezones if code.lower() not in WORLDWIDE | {'gb'}}
