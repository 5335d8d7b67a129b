from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .test_cadence_test import LetterTestCase

DAY = '2026-07-09'
RIPE = '2026-07-13'
WEEK = '2026-07-20'


@tagged('post_install', '-at_install')
class TestCount(LetterTestCase):

    def _count(self, day=RIPE, test=None):
        self._look(day, test)
        return {arm.letter_id: (arm.dealt, arm.trials, arm.successes, arm.opt_outs, arm.bounces, arm.mails)
                for arm in (test or self.test).arm_ids}

    def _conclude(self, counts, day=WEEK):
        """A look at which these (companies, successes, opt-outs, bounces) were counted of the letters."""
        arms = {arm.letter_id: arm.id for arm in self.test.arm_ids}
        told = {arms[letter]: (trials, trials, successes, opt_outs, bounces, trials)
                for letter, (trials, successes, opt_outs, bounces) in counts.items()}
        with patch.object(type(self.test), '_get_counts', lambda _self: told):
            self._look(day)

    # Counting

    def test_a_company_counts_once_by_the_mails_of_its_first_day(self):
        colleagues = self._create_partners(3, batch=9, domain='firm.example')
        other = self._create_partners(1, batch=9)
        late = self._create_partners(1, batch=10, domain='firm.example')
        self._start()
        _run, traces = self._mail(colleagues + other, DAY)
        _run, late_traces = self._mail(late, '2026-07-10')
        for trace in (*list(traces.values())[:2], late_traces[late]):
            self._open(trace)
            trace.write({'trace_status': 'reply', 'reply_datetime': trace.sent_datetime})
        letter = self._touch(colleagues[0], DAY).letter_id
        expected = dict.fromkeys(self.letter + self.other, (0, 0, 0, 0, 0, 0)) | {letter: (1, 1, 1, 0, 0, 3)}
        mine = self._touch(other, DAY).letter_id
        expected[mine] = tuple(map(sum, zip(expected[mine], (1, 1, 0, 0, 0, 1), strict=True)))
        self.assertEqual(self._count('2026-07-20'), expected)

    def test_mails_of_the_last_days_are_not_judged_yet(self):
        partners = self._create_partners(4, batch=9)
        self._start()
        self._mail(partners, DAY)
        self.assertEqual(sum(dealt for dealt, *_rest in self._count('2026-07-11').values()), 4)
        self.assertEqual(sum(trials for _dealt, trials, *_rest in self._count('2026-07-11').values()), 0)
        self.assertEqual(sum(trials for _dealt, trials, *_rest in self._count(RIPE).values()), 4)

    def test_opt_outs_and_returned_mails_are_counted_and_a_machine_s_click_is_none(self):
        partners = self._create_partners(4, batch=9)
        self.test.metric = 'clicked'
        self._start()
        _run, traces = self._mail(partners, DAY)
        link = self.env['link.tracker'].create({'url': 'https://a.example', 'title': 'a'})
        self._click(traces[partners[0]], link)
        self._click(traces[partners[1]], link, after=1)
        traces[partners[2]].trace_status = 'bounce'
        self.env['cadence.journal']._note(
            partners[3], 'opt_out', trace_id=traces[partners[3]].id, mailing_id=traces[partners[3]].mass_mailing_id.id)
        self.env['cadence.result']._recount(self.env['cadence.run'].search([('date', '=', DAY)]))
        totals = [sum(column) for column in zip(*self._count().values(), strict=True)]
        self.assertEqual(totals, [4, 4, 1, 1, 1, 4])

    def test_a_variant_that_joins_begins_the_count_anew(self):
        partners = self._create_partners(6, batch=9)
        self._start()
        self._mail(partners, DAY)
        third = self._create_letter(step=1, subject='Third')
        with self.at(RIPE):
            self.test.arm_ids = [Command.create({'letter_id': third.id})]
        fresh = self._create_partners(9, batch=14)
        self._mail(fresh, '2026-07-14')
        self.assertEqual(sum(trials for _dealt, trials, *_rest in self._count(WEEK).values()), 9)

    def test_the_cron_looks_once_a_day(self):
        self._start()
        cron = self.env.ref('mass_mailing_cadence.ir_cron_count_results')
        for day, hour, looked in (
                (DAY, 10, f'{DAY} 10:00:00'), (DAY, 22, f'{DAY} 10:00:00'), ('2026-07-10', 8, '2026-07-10 08:00:00')):
            with self.at(day, hour), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(str(self.test.looked_date), looked)
        self.assertEqual([day for day, _evidence in self.test.looks], [DAY, '2026-07-10'])

    # Judging

    def test_what_is_better_is_proposed_and_nothing_is_archived(self):
        self._start()
        self._conclude({self.letter: (9000, 60, 0, 0), self.other: (9000, 140, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict, self.test.best_arm_id.letter_id), ('decided', 'better', self.other))
        self.assertEqual(self.test.arm_ids.filtered('is_loser').letter_id, self.letter)
        self.assertTrue(self.letter.active)
        self.assertEqual(self.test.activity_ids.user_id, self.segment.user_id)
        self.assertIn('is better', self.test.activity_ids.note)

    def test_by_itself_it_archives_what_lost(self):
        self.test.on_verdict = 'switch'
        self._start()
        self._conclude({self.letter: (9000, 60, 0, 0), self.other: (9000, 140, 0, 0)})
        self.assertFalse(self.letter.active)
        self.assertTrue(self.other.active)
        self.test.action_undo()
        self.assertTrue(self.letter.active)

    def test_before_every_weekday_has_counted_nothing_is_decided(self):
        self._start()
        self._conclude({self.letter: (9000, 60, 0, 0), self.other: (9000, 140, 0, 0)}, '2026-07-14')
        self.assertEqual((self.test.state, self.test.verdict), ('running', 'promising'))
        self._conclude({self.letter: (300, 1, 0, 0), self.other: (300, 60, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict), ('running', 'promising'), "five hundred of each at least")

    def test_the_last_look_is_at_the_planned_number_and_never_again(self):
        self._start()
        self._conclude({self.letter: (7800, 78, 0, 0), self.other: (7800, 84, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict), ('open', 'unclear'))
        looks = self.test.looks
        with self.at('2026-07-25'):
            self.env['cadence.test'].search([]).action_look()
        self.assertEqual(self.test.looks, looks)

    def test_a_broken_split_is_no_verdict(self):
        self._start()
        self._conclude({self.letter: (6000, 30, 0, 0), self.other: (9000, 340, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict), ('running', 'broken'))
        self.assertFalse(self.test.best_arm_id.letter_id)
        self.assertTrue(all(self.test.arm_ids.letter_id.mapped('active')))

    def test_a_letter_that_drives_people_away_is_stopped_though_it_is_answered_more(self):
        self.test.on_verdict = 'switch'
        self._start()
        self._conclude({self.letter: (600, 6, 3, 0), self.other: (600, 12, 60, 0)}, '2026-07-12')
        self.assertEqual((self.test.state, self.test.verdict), ('decided', 'harmful'))
        self.assertFalse(self.other.active)
        self.assertTrue(self.letter.active)

    def test_a_changed_letter_ends_the_test_without_a_verdict(self):
        self._start()
        self.other.mailing_id.subject = 'Cheaper cranes'
        self._conclude({self.letter: (9000, 60, 0, 0), self.other: (9000, 140, 0, 0)})
        self.assertEqual((self.test.state, self.test.verdict), ('stopped', 'changed'))
        self.assertFalse(self.test.best_arm_id.letter_id)

    def test_a_letter_that_is_archived_by_hand_ends_it_as_well(self):
        self._start()
        self.other.active = False
        self._look(RIPE)
        self.assertEqual(self.test.state, 'stopped')

    def test_of_three_only_what_is_better_than_both_others_wins(self):
        third = self._create_letter(step=1, subject='Third')
        self._start()
        self._conclude({self.letter: (6000, 30, 0, 0), self.other: (6000, 95, 0, 0), third: (6000, 105, 0, 0)})
        self.assertEqual(self.test.state, 'running')
        self._conclude({self.letter: (6000, 30, 0, 0), self.other: (6000, 35, 0, 0), third: (6000, 115, 0, 0)})
        self.assertEqual((self.test.state, self.test.best_arm_id.letter_id), ('decided', third))
        self.assertEqual(self.test.arm_ids.filtered('is_loser').letter_id, self.letter + self.other)
