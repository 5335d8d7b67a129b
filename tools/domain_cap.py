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


def assign(domains: Iterable[str | None], saved: Mapping[tuple[str, int], int], **rules) -> Iterator[Place]:
    """Yield the place of each address, in input order, under the rules of `DomainCap`.

    >>> places = assign(['acme.com'] * 25, {}, cap=10, batch_count=30, start=30)
    >>> Counter(place.batch for place in places)
    Counter({30: 10, 1: 10, 2: 5})
    """
    return map(DomainCap(saved, **rules).place, domains)


class DomainCap:
    """Places addresses one after another: each into the first batch from ``start`` on with room for it.

    :param saved: (company domain, batch) -> contacts saved there already; they have the first ranks
    :param cap: most addresses of a company domain in a batch; 0 or less: no cap
    :param batch_count: batches are numbered 1..batch_count, and after the last one comes 01
    :param start: first batch, or first day of the month: 15 is batch 05 of a group with ten batches
    :param batch_size: most addresses in a batch, whatever their domain; 0: no limit
    :param filled: batch -> contacts that it holds already; only read with a ``batch_size``
    :param is_single: all go into the batch ``start``; there ``cap`` is the last rank that is saved, wherever the ranks
        before it are: with ranks 1..10 in batch 05 already, a cap of 20 takes 11..20 into batch 06
    :param refill: with ``is_single``: a batch that has some of a domain's addresses takes them up to this number, whatever
        the ranks elsewhere are: the place of a contact that was deleted is free again
    """

    def __init__(
        self,
        saved: Mapping[tuple[str, int], int],
        *,
        cap: int,
        batch_count: int,
        start: int,
        batch_size: int = 0,
        filled: Mapping[int, int] | None = None,
        is_single: bool = False,
        refill: int = 0,
    ):
        self._saved, self._cap, self._batch_size, self._is_single = saved, cap, batch_size, is_single
        self._refill = min(refill, cap)
        self._batches = [(start - 1 + step) % batch_count + 1 for step in range(1 if is_single else batch_count)]
        self._totals = Counter(filled)
        self._counts = Counter()
        for (domain, _batch), count in saved.items():
            self._counts[domain] += count
        # Places are only ever taken, so a batch that had no room for a domain never has it again: a domain's step only
        # goes forward, at most once through the cycle however many addresses follow.
        self._states: dict[str | None, _State] = {}

    def place(self, domain: str | None) -> Place:
        """Return the place of the next address.

        :param domain: its company domain; None for a public mailbox provider, which has no cap per domain
        """
        state = self._states.get(domain)
        if state is None:
            state = self._states[domain] = _State(self._counts[domain])
        if domain:
            state.rank += 1
        while state.room <= 0 or 0 < self._batch_size <= self._totals[state.batch]:
            if state.step == len(self._batches):
                state.batch = None
                break
            state.batch = self._batches[state.step]
            state.room = self._get_room(domain, state.batch)
            state.step += 1
        if state.batch:
            state.room -= 1
            self._totals[state.batch] += 1
        return Place(state.rank, state.batch)

    def _get_room(self, domain: str | None, batch: int) -> float:
        if not domain or self._cap <= 0:
            return inf
        in_batch = self._saved.get((domain, batch), 0)
        if not self._is_single:
            return self._cap - in_batch
        return max(self._cap - self._counts[domain], self._refill - in_batch if in_batch else 0)


class _State:
    """How far a company domain is: its last rank, the batch it fills, the room it has there, the next step."""

    __slots__ = ('batch', 'rank', 'room', 'step')

    def __init__(self, rank: int):
        self.rank, self.step, self.batch, self.room = rank, 0, None, 0
