"""Rank addresses within their company domain and spread them over the batches under a cap.

The rule is "Saving addresses: the domain cap" of the design.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple


class Place(NamedTuple):
    """Where an address goes: its rank in its company domain (0: no company domain), its batch (None: over the cap)."""

    rank: int
    batch: int | None


def assign(
    domains: Iterable[str | None],
    saved: Mapping[tuple[str, int], int],
    *,
    cap: int,
    batch_count: int,
    start: int,
    batch_size: int = 0,
    filled: Mapping[int, int] | None = None,
) -> Iterator[Place]:
    """Yield the place of each address, in input order: the first batch from ``start`` on with room for it.

    :param domains: company domain of each address; None for a public mailbox provider, which has no cap per domain
    :param saved: (company domain, batch) -> contacts saved there already; they have the first ranks
    :param cap: most addresses of a company domain in a batch; 0 or less: no cap
    :param batch_count: batches are numbered 1..batch_count, and after the last one comes 01
    :param start: first batch, or first day of the month: 15 is batch 05 of a group with ten batches
    :param batch_size: most addresses in a batch, whatever their domain; 0: no limit
    :param filled: batch -> contacts that it holds already; only read with a ``batch_size``

    >>> places = assign(['acme.com'] * 25, {}, cap=10, batch_count=30, start=30)
    >>> Counter(place.batch for place in places)
    Counter({30: 10, 1: 10, 2: 5})
    """
    ranks, places = Counter(), Counter(saved)
    for (domain, _batch), count in saved.items():
        ranks[domain] += count
    totals = Counter(filled)
    batches = [(start - 1 + step) % batch_count + 1 for step in range(batch_count)]
    # Places are only ever taken, so a batch that had no room for a domain never has it again: a domain's step only
    # goes forward, at most once through the cycle however many addresses follow.
    steps: dict[str | None, int] = defaultdict(int)

    for domain in domains:
        rank = 0
        if domain:
            ranks[domain] += 1
            rank = ranks[domain]
        for step in range(steps[domain], len(batches)):
            batch = batches[step]
            is_capped = domain and cap > 0 and places[domain, batch] >= cap
            if not is_capped and (batch_size <= 0 or totals[batch] < batch_size):
                places[domain, batch] += 1
                totals[batch] += 1
                break
        else:
            step, batch = len(batches), None
        steps[domain] = step
        yield Place(rank, batch)
