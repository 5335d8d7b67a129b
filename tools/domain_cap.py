"""Rank addresses within their company domain and spread them over the batches under a cap.

The rule is "Saving addresses: the domain cap" of the design.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import inf
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
    counts = Counter()
    for (domain, _batch), count in saved.items():
        counts[domain] += count
    totals = Counter(filled)
    batches = [(start - 1 + step) % batch_count + 1 for step in range(batch_count)]
    # Places are only ever taken, so a batch that had no room for a domain never has it again: a domain's step only
    # goes forward, at most once through the cycle however many addresses follow.
    states: dict[str | None, _State] = {}

    for domain in domains:
        state = states.get(domain)
        if state is None:
            state = states[domain] = _State(counts[domain])
        if domain:
            state.rank += 1
        while state.room <= 0 or 0 < batch_size <= totals[state.batch]:
            if state.step == len(batches):
                state.batch = None
                break
            state.batch = batches[state.step]
            state.room = cap - saved.get((domain, state.batch), 0) if domain and cap > 0 else inf
            state.step += 1
        if state.batch:
            state.room -= 1
            totals[state.batch] += 1
        yield Place(state.rank, state.batch)


class _State:
    """How far a company domain is: its last rank, the batch it fills, the room it has there, the next step."""

    __slots__ = ('batch', 'rank', 'room', 'step')

    def __init__(self, rank: int):
        self.rank, self.step, self.batch, self.room = rank, 0, None, 0
