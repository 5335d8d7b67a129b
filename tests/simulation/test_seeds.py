"""Some seeds of the simulation; `make simulate` runs as many as one likes."""
from random import Random

from . import driver
from .common import SimulationCase, setUpModule, tearDownModule  # noqa: F401 pytest calls them
from .rules import RULES
from .smtp import Mail

SEEDS = (1, 3)
DAYS = 4
PEOPLE = 80


class TestSimulation(SimulationCase):

    def test_the_promises_hold_whatever_people_do(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                lived, story = driver.run(self.machine, seed, DAYS, people=PEOPLE)
                self.assertEqual(lived.violations, [], f"make simulate SEED={seed} shortens this:\n{story}")
                self.assertGreater(len(lived.left), 0)

    def test_a_seed_is_always_the_same_story(self):
        stories = [driver.run(self.machine, 5, 1, people=20)[1] for _run in range(2)]
        self.assertEqual(*map(str, stories))

    def test_a_story_is_told_as_a_script_that_runs(self):
        lived, story = driver.run(self.machine, 6, 1, people=20)
        exec(str(story), {'self': self})
        self.assertEqual([mail.recipients for mail in self.w.left], [mail.recipients for mail in lived.left])

    def test_every_parameter_of_a_rule_has_something_to_draw_from(self):
        world = self.world()
        world.do('2026-02-03 00:10', 'save', segment='utc', group='sprint', batch=3, addresses=['ann@one.example'])
        world.go('2026-02-03 12:00')
        for rule in RULES.values():
            self.assertIsNotNone(rule.pick(world, Random(1)), rule.name)


class TestJudge(SimulationCase):
    """The judge sees what it is there for: a mail that must not have left is a violation, by its name."""

    def setUp(self):
        super().setUp()
        self.world()
        self.w.do('2026-02-03 00:10', 'save', segment='utc', group='sprint', batch=3, addresses=['ann@one.example'])
        self.w.go('2026-02-03 10:30')
        self.assertHolds()

    def _leave(self, address='ann@one.example', subject='[utc/sprint/2] new cranes'):
        self.w.office.accept(Mail(self.w.now, 'default.sim', 'utc@me.example', (address,), '<1@me>', {'Subject': subject}, ''))
        return {kind for _moment, kind, _text in self.w.violations}

    def test_a_second_mail_of_the_day(self):
        self.assertIn('twice', self._leave())

    def test_a_mail_in_the_other_form_of_the_address(self):
        for address in ('a@grün.example', 'A@xn--grn-ioa.example'):
            kinds = self._leave(address)
        self.assertIn('twice', kinds)

    def test_a_mail_to_whom_no_contact_is(self):
        self.assertIn('excluded', self._leave('nobody@two.example'))

    def test_a_mail_to_an_archived_contact(self):
        self.w.do('2026-02-03 10:40', 'archive', contact='ann@one.example')
        self.assertIn('excluded', self._leave())

    def test_a_mail_after_an_opt_out(self):
        self.w.do('2026-02-03 10:40', 'blacklist', contact='ann@one.example')
        self.assertIn('excluded', self._leave())

    def test_a_mail_of_an_archived_segment(self):
        self.w.do('2026-02-03 10:40', 'archive_segment', segment='utc')
        self.assertIn('stopped', self._leave())

    def test_more_mails_than_the_cap(self):
        self.w.do('2026-02-03 00:00', 'set_cap', company='a', cap=1)
        self.w.judge.caps['a'] = [(self.w.start, 1)]
        for number in range(2):
            kinds = self._leave(f'{number}@acme.example')
        self.assertIn('cap', kinds)

    def test_more_mails_in_an_hour_than_the_pace(self):
        sender = self.w.machine.read("SELECT sender_id FROM cadence_segment WHERE name->>'en_US' = 'utc'")[0]['sender_id']
        self.w.judge.paces[sender] = [(self.w.start, 2)]
        self.w.go('2026-02-03 13:30')
        kinds = [self._leave(f'{number}@firm{number}.example') for number in range(3)]
        self.assertNotIn('pace', kinds[1])
        self.assertIn('pace', kinds[2])

    def test_more_mails_to_a_provider_than_its_share(self):
        self.w.do('2026-02-03 12:00', 'share_sender', segment='utc', share=1)
        self.w.do('2026-02-03 12:10', 'save', segment='utc', group='sprint', batch=4, addresses=['bob@acme.example'])
        self.w.go('2026-02-04 12:30')
        self.assertHolds()
        self.assertNotIn('share', self._leave('eve@acme.example', '[utc/sprint/1] new cranes'))
        self.assertIn('share', self._leave('fay@acme.example', '[utc/sprint/1] new cranes'))

    def test_the_same_letter_again(self):
        self.w.go('2026-02-04 00:00')
        self.assertIn('step', self._leave(subject='[utc/sprint/1] new cranes'))

    def test_a_mail_that_the_ledger_does_not_know(self):
        self._leave('bob@two.example')
        self.w.go('2026-02-04 02:00')
        self.assertIn('ledger', {kind for _moment, kind, _text in self.w.violations})

    def test_a_due_contact_whom_no_row_of_the_day_tells_of(self):
        self.w.ask(lambda env: env.cr.execute("DELETE FROM cadence_touch"))
        self.w.ask(lambda env: env.cr.execute("UPDATE cadence_run SET state = 'missed' WHERE date = '2026-02-03'"))
        self.w.go('2026-02-04 02:00')
        self.assertIn('passed in silence', {kind for _moment, kind, _text in self.w.violations})
