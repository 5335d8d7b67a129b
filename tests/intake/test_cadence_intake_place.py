import random
from collections import Counter

from odoo.tests import tagged

from ...tools import domain_cap
from .common import IntakeCase

ENDINGS = ('saved', 'known', 'duplicate', 'invalid', 'over_cap')


@tagged('post_install', '-at_install')
class TestIntakePlace(IntakeCase):

    def test_one_batch_with_a_cumulative_cap_is_what_the_plan_does(self):
        """Ranks 1..10 are in 05; up to rank 20 goes into 06, as the plan would have it; the rest is over the cap."""
        self._save('\n'.join(f'p{number}@acme.example' for number in range(10)))
        text = '\n'.join(f'p{number}@acme.example' for number in range(10, 23))
        intake = self._save(text, start_date='2026-07-06', spread='single', cap=20)
        self.assertEqual([(row['batch'], row['first'], row['last'], row['count']) for row in intake.plan], [(6, 11, 20, 10)])
        self.assertEqual(self._get_states(intake), {'saved': 10, 'over_cap': 3})
        plan = self._preview('q1@acme.example', start_date='2026-07-06')
        self.assertEqual(plan.plan[0]['first'], 21, "the plan counts them as well")

    def test_every_row_ends_in_exactly_one_way_and_no_company_exceeds_its_cap(self):
        """Property, over inputs by chance: domains, repeated, broken, known and public addresses, caps and spreads."""
        for seed in range(12):
            chance = random.Random(seed)
            with self.subTest(seed=seed):
                self._check_any_input(chance)

    def _check_any_input(self, chance):
        hosts = [f'h{chance.random()}.example'.replace('0.', '') for _number in range(4)] + ['gmail.com']
        known = [f'k{number}@{chance.choice(hosts)}' for number in range(chance.randrange(5))]
        self.env['res.partner'].create([{'name': email, 'email': email} for email in known])
        rows = [
            chance.choice((
                f'p{chance.randrange(40)}@{chance.choice(hosts)}', 'broken@', f'X{number}', *known, 'a@mailinator.com'))
            for number in range(chance.randrange(1, 60))]
        cap, spread = chance.choice((0, 1, 3, 10)), chance.choice(('cycle', 'single'))
        before = self._count_places(hosts)
        intake = self._save(
            '\n'.join(rows), cap=cap, spread=spread, batch_size=chance.choice((0, 0, 7)),
            on_existing=chance.choice(('skip', 'add', 'move')), start_date=f'2026-07-{chance.randrange(1, 31):02}')
        states = self._get_states(intake)
        self.assertLessEqual(set(states), set(ENDINGS))
        self.assertEqual(sum(states.values()), len(rows))
        self.assertEqual(len(intake.line_ids), len(rows))
        for line in intake.line_ids:
            self.assertEqual(bool(line.tag_id and line.partner_id), line.state == 'saved')
            self.assertTrue(line.reason or line.state == 'saved')
        saved = self._get_lines(intake, 'saved').mapped('email')
        self.assertEqual(len(saved), len(set(saved)))
        after = self._count_places(hosts)
        if cap:
            for (domain, batch), count in after.items():
                if domain and count > before[domain, batch]:
                    self.assertLessEqual(count, cap)

    def _count_places(self, hosts):
        partners = self.env['res.partner'].search([('category_id.cadence_segment_id', '=', self.segment.id)])
        return Counter(
            (partner.cadence_company_domain, batch)
            for partner in partners for batch in partner.category_id.filtered('cadence_batch').mapped('cadence_batch'))

    def test_places_are_those_of_the_pure_rule(self):
        """The lines that keep the place they got when they were read, and those that are placed anew, agree with one pass."""
        for seed in range(8):
            chance = random.Random(seed)
            with self.subTest(seed=seed):
                hosts = [f'r{seed}x{number}.example' for number in range(3)]
                old = self._save('\n'.join(f'old{number}@{chance.choice(hosts)}' for number in range(12)), cap=2)
                taken = Counter((line.company_domain, line.batch) for line in self._get_lines(old, 'saved'))
                rows = [f'p{chance.randrange(30)}@{chance.choice(hosts)}' for _number in range(40)]
                rows += [old.line_ids[0].email] * 2
                chance.shuffle(rows)
                intake = self._preview('\n'.join(rows), cap=2)
                known = set(old.line_ids.mapped('email'))
                fresh = [email for email in dict.fromkeys(rows) if email not in known]
                places = domain_cap.assign(
                    [email.partition('@')[2] for email in fresh], taken, cap=2, batch_count=30, start=5)
                placed = {
                    line.email: (line.rank, line.batch or None)
                    for line in intake.line_ids if line.state in ('new', 'over_cap')}
                self.assertEqual(placed, {email: tuple(place) for email, place in zip(fresh, places, strict=True)})
