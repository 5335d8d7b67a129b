"""The names of the mail servers of a host, as DNS has them."""
from collections.abc import Callable

import dns.exception
import dns.resolver

TIMEOUT = 4.0  # seconds for one host


def find_servers(host: str, resolve: Callable | None = None) -> list[str] | None:
    """Return the names in the order of their preference, [] where there are none, None where nobody could be asked.

    :param resolve: (name, kind, lifetime=seconds) → answers, as dnspython's resolvers have it
    """
    try:
        resolve = resolve or dns.resolver.resolve
        answers = resolve(host, 'MX', lifetime=TIMEOUT)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, UnicodeError, OSError):
        return None
    records = sorted(answers, key=lambda record: record.preference)
    return [name for record in records if (name := str(record.exchange).rstrip('.').lower())]
