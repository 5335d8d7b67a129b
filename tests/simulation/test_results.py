"""What people do with mails, step by step, and what the results say of it."""
from .common import SimulationCase, setUpModule, tearDownModule  # noqa: F401 pytest calls them

ANN, BOB, CY, DOT = 'ann@one.example', 'bob@two.example', 'cy@three.example', 'dot@four.example'


class TestResults(SimulationCase):

    def setUp(self):
        super().setUp()
        self.world()
        self.w.do('2026-02-03 00:10', 'save', segment='utc', group='sprint', batch=3, addresses=[ANN, BOB, CY, DOT])
        self.w.go('2026-02-03 11:00')
        self.assertLeft(ANN, BOB, CY, DOT)

    def _do(self, rule, address, at='2026-02-03 11:10'):
        [nth] = [n for n, mail in enumerate(reversed(self.w.left)) if mail.recipients == (address,)]
        self.w.do(at, rule, mail=nth)

    def _count(self):
        self.w.ask(lambda env: env['cadence.result']._recount(env['cadence.run'].search([])))
        [row] = self.read("""
            SELECT SUM(mailed) AS mailed, SUM(delivered) AS delivered, SUM(returned) AS returned, SUM(opened) AS opened,
                   SUM(privacy_opened) AS privacy_opened, SUM(machine_opened) AS machine_opened, SUM(clicked) AS clicked,
                   SUM(replied) AS replied
              FROM cadence_result""")
        return {name: count for name, count in row.items() if count}

    def test_machines_in_front_of_people_are_told_apart(self):
        self._do('scan', ANN)
        self._do('prefetch', BOB)
        self._do('burst', CY)
        self.assertEqual(self._count(), {'mailed': 4, 'delivered': 4, 'privacy_opened': 1, 'machine_opened': 2})
        self._do('open_mail', ANN, '2026-02-03 12:10')
        self._do('click', BOB, '2026-02-03 12:12')
        self._do('reply', CY, '2026-02-03 12:14')
        self._do('bounce', DOT, '2026-02-03 12:16')
        self.assertEqual(self._count(), {
            'mailed': 4, 'delivered': 3, 'returned': 1, 'opened': 3, 'clicked': 1, 'replied': 1})
        self.assertHolds('2026-02-14 02:00')

    def test_a_deal_is_told_to_the_cent(self):
        self.w.do('2026-02-04 08:10', 'deal', contact=ANN, step=3)
        self.w.do('2026-02-04 08:12', 'deal', contact=BOB, step=2)
        self.assertHolds('2026-02-05 02:00')
        self.w.ask(lambda env: env['cadence.result']._recount(env['cadence.run'].search([])))
        self.assertHolds()
        [row] = self.read("""
            SELECT SUM(revenue) AS revenue, SUM(opportunities) AS opportunities, SUM(won) AS won
              FROM cadence_result""")
        self.assertEqual((float(row['revenue']), row['opportunities'], row['won']), (100.02, 2, 1))

    def test_the_judge_sees_a_figure_that_is_wrong(self):
        self._do('open_mail', ANN)
        self.w.judge.reactions.clear()
        self.w.go('2026-02-04 02:00')
        self.assertEqual({kind for _moment, kind, _text in self.w.violations}, {'results'})
