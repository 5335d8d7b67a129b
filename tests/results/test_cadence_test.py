from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import ResultCase

START = '2026-07-08'


class LetterTestCase(ResultCase):
    """Two variants of step 1 that are compared from 9 July on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_letter(step=1, subject='Variant')
        cls.test = cls._create_test()

    @classmethod
    def _create_test(cls, **values):
        return cls.env['cadence.test'].create({
            'segment_id': cls.segment.id, 'tag_group_id': cls.marketing.id, 'step': 1} | values)

    def _start(self, test=None, day=START):
        with self.at(day):
            (test or self.test).action_start()

    def _look(self, day, test=None):
        with self.at(day):
            (test or self.test).sudo()._look()
        self.env.invalidate_all()


@tagged('post_install', '-at_install')
class TestTest(LetterTestCase):

    def test_without_a_choice_all_letters_of_the_step_are_compared_from_tomorrow_on(self):
        self._start()
        self.assertEqual(self.test.arm_ids.letter_id, self.letter + self.other)
        self.assertEqual((self.test.state, str(self.test.start_date)), ('running', '2026-07-09'))
        self.assertEqual(self.test.planned, 7750, "one percent against one and a half, where nothing was mailed yet")

    def test_one_letter_alone_is_no_test(self):
        self.other.active = False
        with self.assertRaises(UserError):
            self._start()

    def test_a_step_is_tested_once_at_a_time(self):
        self._start()
        again = self._create_test()
        with self.assertRaises(UserError):
            self._start(again)
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            again.sudo().state = 'running'  # two who press the button at once
            self.env.flush_all()

    def test_a_letter_of_another_step_is_no_variant(self):
        stranger = self._create_letter(step=2)
        with self.assertRaises(ValidationError):
            self.test.arm_ids = [Command.create({'letter_id': stranger.id})]

    def test_the_usual_rate_plans_how_many_companies_are_needed(self):
        self.env['cadence.result'].create({
            'run_id': self._queue('2026-07-02')['marketing'].id if self._create_partners(1, batch=2) else 0,
            'company_id': self.env.company.id, 'segment_id': self.segment.id, 'tag_group_id': self.marketing.id,
            'date': '2026-07-02', 'step': 1, 'grain': 'x', 'counted_date': '2026-07-02', 'delivered': 1000, 'replied': 20})
        self._start()
        self.assertAlmostEqual(self.test.planned, 3826, delta=2)

    def test_a_stopped_test_deals_no_more_and_can_begin_anew(self):
        self._start()
        self.test.action_stop()
        self.assertEqual(self.test.state, 'stopped')
        with self.at('2026-07-10'):
            run = self._queue('2026-07-09')['marketing'] if self._create_partners(1, batch=9) else None
            self.assertFalse(self.env['cadence.test']._find_running(run))
        self._start(day='2026-08-08')
        self.assertEqual((self.test.state, str(self.test.start_date)), ('running', '2026-08-09'))

    def test_what_lost_is_archived_written_down_and_brought_back(self):
        self._start()
        arm = self.test.arm_ids.filtered(lambda arm: arm.letter_id == self.other)
        with self.assertRaises(UserError):
            self.test.action_switch()
        arm.sudo().is_loser = True
        self.test.sudo().write({'state': 'decided', 'verdict': 'better', 'best_arm_id': self.test.arm_ids[0].id})
        self.assertTrue(self.test.can_switch)
        self.test.with_user(self.user).action_switch()
        self.assertFalse(self.other.active)
        self.assertTrue(self.letter.active)
        for record in (self.test, self.segment):
            self.assertIn('Archived after the test', record.message_ids[0].body)
            self.assertIn('Variant', record.message_ids[0].body)
        self.assertTrue(self.test.can_undo)
        self.test.with_user(self.user).action_undo()
        self.assertTrue(self.other.active)
        self.assertIn('Brought back', self.segment.message_ids[0].body)
        with self.assertRaises(UserError):
            self.test.action_undo()

    def test_a_running_test_is_not_deleted(self):
        self._start()
        with self.assertRaises(UserError):
            self.test.unlink()
        self.test.action_stop()
        self.test.unlink()

    def test_salespeople_see_tests_and_start_none(self):
        test = self.test.with_user(self.salesman)
        self.assertTrue(test.sentence)
        for action in ('action_start', 'action_stop', 'action_switch', 'action_undo', 'action_look'):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(test, action)()
        with self.assertRaises(AccessError):
            self.test.with_user(self.user).state = 'decided'
        with self.assertRaises(AccessError):
            self.env['cadence.test'].with_user(self.nobody).search([])

    def test_tests_of_other_companies_are_not_seen(self):
        company = self.env['res.company'].create({'name': 'Other'})
        self._create_letter(segment=(segment := self._create_segment('base.lang_fr', company_id=company.id)))
        test = self._create_test(segment_id=segment.id)
        self.assertNotIn(test, self.env['cadence.test'].with_user(self.manager).search([]))
        self.assertIn(self.test, self.env['cadence.test'].with_user(self.manager).search([]))

    def test_the_letters_are_opened(self):
        self._start()
        self.assertEqual(self.test.action_open_letters()['domain'], [('id', 'in', (self.letter + self.other).ids)])
