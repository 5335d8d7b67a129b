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

    def test_a_deleted_contact_that_is_saved_again_is_told_apart(self):
        with self.at('2026-07-05'):
            first = self._save('a@one.example\nb@two.example')
        partner = first.line_ids[0].partner_id
        partner.unlink()
        again = self._preview('a@one.example\nb@two.example\nc@three.example')
        self.assertEqual(again.deleted_count, 1)
        line = again.line_ids[0]
        self.assertEqual((line.state, line.was_deleted), ('new', True))
        self.assertRegex(line.reason, r'deleted on \d{4}-\d\d-\d\d')
        again.action_save()
        self.assertEqual(self._get_states(again), {'saved': 2, 'known': 1})

    def test_the_place_of_a_deleted_contact_in_a_full_batch_is_free_again(self):
        first = self._save('\n'.join(f'p{number}@acme.example' for number in range(28)))
        first.line_ids[3].partner_id.unlink()
        again = self._save('p3@acme.example\nq@acme.example', spread='single', cap=10)
        self.assertEqual(self._get_states(again), {'saved': 1, 'over_cap': 1})
        self.assertEqual(again.line_ids[0].tag_id.cadence_batch, 5)

    def test_archived_contacts_come_back_only_when_asked_for(self):
        archived = self._create_partners(1, active=False)
        self._save(archived.email, on_existing='add')
        self.assertFalse(archived.active or archived.category_id)
        intake = self._save(archived.email, revive_archived=True)
        self.assertTrue(archived.active)
        self.assertEqual(archived.category_id.cadence_batch, 5)
        self.assertEqual(intake.saved_count, 1)

    def test_the_lightest_day_is_found(self):
        self._save('\n'.join(f'p{number}@s{number}.example' for number in range(3)), start_date='2026-07-05')
        intake = self._create_intake('x@y.example')
        load = {row['day']: row['contacts'] for row in intake.day_load}
        self.assertEqual((len(load), load[5], load[6]), (30, 3, 0))
        with self.at('2026-07-05'):
            intake.action_start_lightest()
        self.assertEqual(str(intake.start_date), '2026-07-06')

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

    def test_known_is_who_has_the_address_in_another_spelling_or_beside_another_one(self):
        partners = self._create_partners(2)
        partners[0].email = 'info@müller-bau.example'
        partners[1].email = 'a@one.example; b@two.example'
        intake = self._save('info@xn--mller-bau-q9a.example\nb@two.example\nc@three.example')
        self.assertEqual(intake.line_ids.mapped('state'), ['known', 'known', 'saved'])
        self.assertEqual(intake.line_ids[:2].partner_id, partners)

    # What the match tells

    def test_another_company_s_contacts_and_deletions_are_not_told(self):
        other_company = self.env['res.company'].create({'name': 'Other company'})
        theirs = self.env['res.partner'].create({'name': 'x', 'email': 'a@one.example', 'company_id': other_company.id})
        customers = self.env['cadence.customer.group'].create({'name': 'Rental', 'company_id': other_company.id})
        segment = self._create_segment('base.lang_fr', company_id=other_company.id, customer_group_id=customers.id, user_id=False)
        gone = self.env['cadence.intake'].create({'segment_id': segment.id, 'pasted_text': 'b@two.example'})
        gone.action_preview()
        gone.action_save()
        gone.line_ids.partner_id.unlink()
        self.assertTrue(gone.line_ids.deleted_date)
        intake = self._preview('a@one.example\nb@two.example')
        self.assertEqual([(line.state, line.reason, line.was_deleted, line.partner_id.id) for line in intake.line_ids],
                         [('new', False, False, False)] * 2)
        intake.action_save()
        self.assertEqual(len(intake.line_ids.partner_id - theirs), 2)
        again = self.env['cadence.intake'].create({'segment_id': segment.id, 'pasted_text': 'b@two.example', 'name': 'again'})
        again.action_preview()
        self.assertEqual(again.line_ids.state, 'known', "a contact without company belongs to all")

    def test_of_a_colleague_s_contact_that_a_rule_hides_no_more_is_told_than_that_the_address_is_taken(self):
        hidden, seen = self._create_partners(2)
        twin = self._create_partners(1)
        twin.email = seen.email
        for partner in (hidden, seen):
            partner.user_id = self.manager
        self.env['ir.rule'].create({
            'name': 'own contacts', 'model_id': self.env['ir.model']._get_id('res.partner'), 'groups': [
                (4, self.env.ref('base.group_user').id)],
            'domain_force': repr([('id', '!=', hidden.id)])})
        intake = self._save(f'{hidden.email}\n{seen.email}', on_existing='add')
        self.assertEqual([(line.state, line.partner_id.id) for line in intake.line_ids],
                         [('known', False), ('saved', seen.id)])
        self.assertIn('may not see', intake.line_ids[0].reason)
        self.assertFalse(hidden.category_id)
