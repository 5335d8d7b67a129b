from collections import Counter
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.domain_cap import Place, assign

DOMAINS = st.sampled_from([None, 'acme.com', 'b.de', 'c.cn'])
PLANS = st.fixed_dictionaries(
    {
        'cap': st.integers(-1, 4),
        'batch_count': st.integers(1, 5),
        'start': st.integers(1, 31),
        'batch_size': st.integers(0, 6),
    }
)
SAVED = st.dictionaries(st.tuples(st.sampled_from(['acme.com', 'b.de']), st.integers(1, 5)), st.integers(1, 6))
FILLED = st.dictionaries(st.integers(1, 5), st.integers(0, 8))
properties = settings(max_examples=200, deadline=None, database=None)


def rescan(domains, saved, cap, batch_count, start, batch_size, filled):
    """The rule as it is told: look at every batch for every address."""
    places, totals = Counter(saved), Counter(filled)
    for domain in domains:
        for step in range(batch_count):
            batch = (start - 1 + step) % batch_count + 1
            if (not domain or cap <= 0 or places[domain, batch] < cap) and (
                not batch_size or totals[batch] < batch_size
            ):
                places[domain, batch] += 1
                totals[batch] += 1
                yield batch
                break
        else:
            yield None


class TestAssign(TestCase):
    def _batches(self, places):
        return dict(Counter(place.batch for place in places))

    def test_58_addresses_of_a_company_fill_six_batches_from_the_start_day(self):
        places = list(assign(['acme.com'] * 58, {}, cap=10, batch_count=30, start=5))
        self.assertEqual(self._batches(places), {5: 10, 6: 10, 7: 10, 8: 10, 9: 10, 10: 8})
        self.assertEqual([place.rank for place in places], list(range(1, 59)))
        self.assertEqual(places[10], Place(rank=11, batch=6))

    def test_saved_addresses_have_the_first_ranks_and_places(self):
        places = list(
            assign(['acme.com'] * 4, {('acme.com', 5): 10, ('acme.com', 6): 8}, cap=10, batch_count=30, start=5)
        )
        self.assertEqual(places, [Place(19, 6), Place(20, 6), Place(21, 7), Place(22, 7)])

    def test_place_that_became_free_is_filled_again(self):
        places = list(
            assign(['acme.com'] * 2, {('acme.com', 5): 9, ('acme.com', 6): 10}, cap=10, batch_count=30, start=5)
        )
        self.assertEqual(places, [Place(20, 5), Place(21, 7)])

    def test_a_place_that_became_free_in_a_full_batch_is_given_whatever_is_saved_elsewhere(self):
        rules = {'cap': 10, 'batch_count': 30, 'start': 5, 'is_single': True, 'refill': 10}
        saved = {('acme.com', 5): 9, ('acme.com', 6): 10, ('acme.com', 7): 8}
        self.assertEqual([place.batch for place in assign(['acme.com'] * 3, saved, **rules)], [5, None, None])
        saved = {('acme.com', 5): 10, ('acme.com', 6): 10}
        for start, cap in ((5, 10), (6, 20), (5, 20)):
            with self.subTest(start=start, cap=cap):
                places = assign(['acme.com'] * 3, saved, **rules | {'start': start, 'cap': cap})
                self.assertEqual({place.batch for place in places}, {None}, "it is full, and so are the ranks")
        places = assign(['acme.com'] * 20, {('acme.com', 5): 10}, **rules | {'start': 8, 'cap': 20})
        self.assertEqual(Counter(place.batch for place in places), {8: 10, None: 10}, "a new batch takes ranks 11 to 20")

    def test_after_the_last_batch_comes_01(self):
        places = assign(['acme.com'] * 25, {}, cap=10, batch_count=30, start=30)
        self.assertEqual(self._batches(places), {30: 10, 1: 10, 2: 5})

    def test_start_on_a_day_after_the_last_batch_counts_on_through_the_cycle(self):
        self.assertEqual(self._batches(assign(['a.com'], {}, cap=10, batch_count=10, start=15)), {5: 1})
        self.assertEqual(self._batches(assign(['a.com'], {}, cap=10, batch_count=30, start=31)), {1: 1})

    def test_what_does_not_fit_in_a_cycle_is_told(self):
        places = list(assign(['acme.com'] * 10_000, {}, cap=10, batch_count=30, start=5))
        self.assertEqual(places[299], Place(300, 4))
        self.assertEqual(places[300], Place(301, None))
        self.assertEqual(places[-1], Place(10_000, None))
        self.assertEqual(self._batches(places)[None], 9_700)

    def test_public_mailboxes_have_no_cap_and_no_rank(self):
        self.assertEqual(set(assign([None] * 100, {}, cap=10, batch_count=30, start=5)), {Place(0, 5)})

    def test_batch_size_counts_for_everybody(self):
        places = assign(
            [None] * 6 + ['acme.com'] * 2, {}, cap=1, batch_count=30, start=5, batch_size=5, filled={5: 3, 6: 4}
        )
        self.assertEqual([place.batch for place in places], [5, 5, 6, 7, 7, 7, 7, 8])

    def test_without_cap_everything_starts_on_the_first_day(self):
        self.assertEqual(self._batches(assign(['acme.com'] * 50, {}, cap=0, batch_count=30, start=5)), {5: 50})

    def test_group_without_batches_has_no_place(self):
        self.assertEqual(list(assign(['acme.com'], {}, cap=10, batch_count=0, start=5)), [Place(1, None)])

    def test_places_come_while_the_domains_do(self):
        endless = iter(lambda: 'acme.com', None)
        self.assertEqual(next(assign(endless, {}, cap=10, batch_count=30, start=5)), Place(1, 5))

    @properties
    @given(st.lists(DOMAINS, max_size=40), SAVED, FILLED, PLANS)
    def test_places_are_those_of_looking_at_every_batch(self, domains, saved, filled, plan):
        places = [place.batch for place in assign(domains, saved, filled=filled, **plan)]
        self.assertEqual(places, list(rescan(domains, saved, filled=filled, **plan)))

    @properties
    @given(st.lists(DOMAINS, max_size=40), SAVED, FILLED, PLANS)
    def test_no_cap_is_ever_passed_and_every_rank_given_once(self, domains, saved, filled, plan):
        places = list(assign(domains, saved, filled=filled, **plan))
        self.assertEqual(len(places), len(domains))
        added = Counter((domain, place.batch) for domain, place in zip(domains, places, strict=True) if place.batch)
        for (domain, batch), count in added.items():
            self.assertIn(batch, range(1, plan['batch_count'] + 1))
            if domain and plan['cap'] > 0:
                self.assertLessEqual(saved.get((domain, batch), 0) + count, plan['cap'])
        if plan['batch_size']:
            for batch, count in Counter(place.batch for place in places if place.batch).items():
                self.assertLessEqual(filled.get(batch, 0) + count, plan['batch_size'])
        for domain in {domain for domain in domains if domain}:
            first = sum(count for (name, _batch), count in saved.items() if name == domain) + 1
            ranks = [place.rank for name, place in zip(domains, places, strict=True) if name == domain]
            self.assertEqual(ranks, list(range(first, first + len(ranks))))

    @properties
    @given(st.lists(DOMAINS.filter(bool), max_size=60), st.integers(1, 5), st.integers(1, 30), st.integers(1, 30))
    def test_plain_case_is_arithmetic_on_the_rank(self, domains, cap, batch_count, start):
        for rank, batch in assign(domains, {}, cap=cap, batch_count=batch_count, start=start):
            step = (rank - 1) // cap
            self.assertEqual(batch, (start - 1 + step) % batch_count + 1 if step < batch_count else None)

    @properties
    @given(st.lists(DOMAINS.filter(bool), max_size=40), st.lists(DOMAINS.filter(bool), max_size=40), st.integers(1, 4))
    def test_saving_in_two_parts_is_saving_at_once(self, first, second, cap):
        plan = {'cap': cap, 'batch_count': 7, 'start': 3}
        before = list(assign(first, {}, **plan))
        saved = Counter((domain, place.batch) for domain, place in zip(first, before, strict=True) if place.batch)
        after = [place.batch for place in assign(second, saved, **plan)]
        self.assertEqual(
            [place.batch for place in before] + after, [p.batch for p in assign(first + second, {}, **plan)]
        )
