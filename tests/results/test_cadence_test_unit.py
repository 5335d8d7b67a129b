from types import SimpleNamespace

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ...tools import ab_test
from .test_cadence_test import START, LetterTestCase

DAY = '2026-07-09'
LATER = '2026-07-10'


@tagged('post_install', '-at_install')
class TestUnit(LetterTestCase):

    def _get_letters(self, partners, day):
        return {partner: self._touch(partner, day).letter_id for partner in partners}

    def test_colleagues_get_the_same_letter_on_every_day_and_companies_both(self):
        companies = [self._create_partners(2, batch=9, domain=f'firm{number}.example') for number in range(12)]
        late = [self._create_partners(1, batch=10, domain=f'firm{number}.example') for number in range(12)]
        self._start()
        self._queue(DAY)
        self._queue(LATER)
        seen = self.env['cadence.letter']
        for colleagues, latecomer in zip(companies, late, strict=True):
            letters = set(self._get_letters(colleagues, DAY).values()) | set(self._get_letters(latecomer, LATER).values())
            self.assertEqual(len(letters), 1)
            seen |= letters.pop()
        self.assertEqual(seen, self.letter + self.other)
        self.assertEqual(self.env['cadence.test.unit'].search_count([('test_id', '=', self.test.id)]), 12)

    def test_a_company_keeps_its_letter_when_a_third_joins_and_new_ones_get_it_too(self):
        early = [self._create_partners(1, batch=9, domain=f'firm{number}.example') for number in range(20)]
        self._start()
        self._queue(DAY)
        before = [self._touch(partner, DAY).letter_id for partner in early]
        third = self._create_letter(step=1, subject='Third')
        with self.at(DAY):
            self.test.arm_ids = [Command.create({'letter_id': third.id})]
        colleagues = [self._create_partners(1, batch=10, domain=f'firm{number}.example') for number in range(20)]
        fresh = self._create_partners(30, batch=10, domain='new{}.example')
        self._queue(LATER)
        self.assertEqual([self._touch(partner, LATER).letter_id for partner in colleagues], before)
        self.assertEqual(set(self._get_letters(fresh, LATER).values()), set(self.letter + self.other + third))
        self.assertEqual(str(self.test._get_count_start()), LATER, "before that the third had no chance")

    def test_addresses_at_public_providers_are_companies_of_their_own(self):
        partners = self._create_partners(12, batch=9, domain='gmail.com')
        self._start()
        self._queue(DAY)
        self.assertEqual(set(self._get_letters(partners, DAY).values()), set(self.letter + self.other))

    def test_of_what_was_dealt_before_the_test_nothing_counts(self):
        partners = self._create_partners(6, batch=9)
        self._queue(DAY)
        before = self._get_letters(partners, DAY)
        self._start(day=DAY)
        more = self._create_partners(4, batch=9)
        self._queue(DAY, 2)
        self.assertEqual(self._get_letters(partners, DAY), before)
        self.assertTrue(all(self._get_letters(more, DAY).values()))
        self.assertFalse(self.env['cadence.test.unit'].search([('test_id', '=', self.test.id)]))

    def test_a_letter_that_cannot_be_mailed_leaves_its_companies_to_the_others(self):
        partners = self._create_partners(10, batch=9)
        self._start()
        self.other.mailing_id.body_html = False
        self._queue(DAY)
        self.assertEqual(set(self._get_letters(partners, DAY).values()), {self.letter})

    def test_a_hundred_thousand_companies_are_dealt_evenly_and_always_alike(self):
        self._start()
        third = self._create_letter(step=1, subject='Third')
        Unit = self.env['cadence.test.unit']
        run = self.env['cadence.run'].new({'date': DAY, 'segment_id': self.segment.id, 'tag_group_id': self.marketing.id})

        def deal(letters):
            return dict(self.env.execute_query(SQL("""
                SELECT letter_id, COUNT(*)
                  FROM (SELECT %s AS letter_id
                          FROM (SELECT 'firm' || number || '.example' AS company_domain, NULL AS email
                                  FROM GENERATE_SERIES(1, 100000) number) firm) dealt
              GROUP BY letter_id
                """, Unit._sql_letter(self.test, run, letters, 'firm'))))

        two = deal(self.letter + self.other)
        self.assertEqual(sum(two.values()), 100_000)
        for count in two.values():
            self.assertAlmostEqual(count / 50_000, 1, delta=0.01)
        self.assertEqual(two, deal(self.other + self.letter))
        with self.at(START):
            self.test.arm_ids = [Command.create({'letter_id': third.id})]
        three = deal(self.letter + self.other + third)
        self.assertEqual(len(three), 3)
        for count in three.values():
            self.assertAlmostEqual(count / 33_333, 1, delta=0.02)

    def test_of_many_tests_without_a_difference_few_name_one_and_hardly_a_split_is_broken(self):
        """The same companies, a fiftieth of which answer whatever they get, dealt by the lots of 300 tests; ten looks at each."""
        false, broken, rounds, least = 0, 0, 300, 1500
        for number in range(rounds):
            arms = SimpleNamespace(ids=[1000 + 7 * number + arm for arm in range(2 + number % 3)])
            rows = self.env.execute_query(SQL("""
                SELECT arm, day, COUNT(*), COUNT(*) FILTER (WHERE answers)
                  FROM (SELECT %s AS arm, number %% 10 AS day, number %% 50 = 0 AS answers
                          FROM (SELECT number, 'firm' || number || '.example' AS company_domain, NULL AS email
                                  FROM GENERATE_SERIES(1, 3000) number) firm) dealt
              GROUP BY arm, day
              ORDER BY day
                """, self.env['cadence.test.unit']._sql_arm(SimpleNamespace(id=100_000 + number), arms, 'firm')))
            verdicts, known = [], dict.fromkeys(arms.ids, (0, 0))
            for day in range(10):
                for arm, _day, trials, successes in (row for row in rows if row[1] == day):
                    known[arm] = known[arm][0] + successes, known[arm][1] + trials
                verdicts.append(ab_test.judge(
                    [ab_test.Arm(arm, *counts) for arm, counts in known.items()], 0.5, least // len(arms.ids)).verdict)
            false += 'better' in verdicts
            broken += 'broken' in verdicts[-1:]
        self.assertLess(false / rounds, 0.09, "one in twenty, and chance")
        self.assertLess(broken / rounds, 0.01, "one in a thousand, and chance")
