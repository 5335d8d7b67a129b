from unittest import TestCase
from unittest.mock import patch

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure, UniqueViolation

from ...models.rhythm import cadence_work
from ..common import CadenceCase

LOGGER = 'odoo.addons.mass_mailing_cadence.models.rhythm.cadence_work'


@tagged('post_install', '-at_install')
class TestCadenceWork(CadenceCase):
    """Pieces are names of contacts to create; what a piece raises is in `errors`, once each."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())
        self.enterContext(patch.object(cadence_work, 'MAX_WAIT', 0))
        self.env = api.Environment(self.enterContext(self.registry.cursor()), self.env.uid, {})
        self.pieces, self.tried, self.stopped = ['Ann', 'Bob', 'Cy'], [], []

    def _work_off(self, errors, **options):
        def work(name):
            self.tried.append(name)
            self.env['res.partner'].create({'name': f'Piece {name}'})
            if errors.get(name):
                raise errors[name].pop(0)
            done.append(name)
            return 1

        done = []

        def claim():
            return next((name for name in self.pieces if name not in done and name not in self.stopped), None)

        return self.env['cadence.work']._work_off(
            claim, work, lambda name, error: self.stopped.append(name) or self.assertIsInstance(error, Exception), **options)

    def _get_done(self):
        return self.env['res.partner'].search([('name', '=like', 'Piece %')], order='id').mapped('name')

    def test_it_goes_on_until_nothing_is_left(self):
        self.assertTrue(self._work_off({}))
        self.assertEqual(self._get_done(), ['Piece Ann', 'Piece Bob', 'Piece Cy'])

    def test_a_piece_that_meets_another_worker_is_begun_anew_and_done_once(self):
        self.assertTrue(self._work_off({'Bob': [SerializationFailure(), SerializationFailure()]}))
        self.assertEqual(self.tried, ['Ann', 'Bob', 'Bob', 'Bob', 'Cy'])
        self.assertEqual(self._get_done(), ['Piece Ann', 'Piece Bob', 'Piece Cy'])

    def test_who_is_always_slower_leaves_it_to_the_next_turn_and_the_log_says_so(self):
        with self.assertLogs(LOGGER, 'WARNING') as logs:
            self.assertFalse(self._work_off({'Bob': [SerializationFailure()] * 9}))
        self.assertIn('next turn', logs.output[0])
        self.assertEqual(self.tried.count('Bob'), cadence_work.MAX_RETRIES)
        self.assertEqual((self._get_done(), self.stopped), (['Piece Ann'], []))

    @mute_logger(LOGGER)
    def test_the_fault_of_a_piece_is_its_own(self):
        self.assertTrue(self._work_off({'Bob': [ValueError('x')]}))
        self.assertEqual((self._get_done(), self.stopped), (['Piece Ann', 'Piece Cy'], ['Bob']))

    @mute_logger(LOGGER)
    def test_a_unique_violation_is_a_fault_unless_the_work_says_that_it_is_another_worker(self):
        self.assertTrue(self._work_off({'Bob': [UniqueViolation()]}))
        self.assertEqual(self.stopped, ['Bob'])
        self.pieces, self.tried = ['Dee'], []
        self.assertTrue(self._work_off({'Dee': [UniqueViolation()]}, retry_on=(UniqueViolation,)))
        self.assertEqual((self.tried, self.stopped), (['Dee', 'Dee'], ['Bob']))

    def test_it_stops_when_the_time_of_the_cron_is_over(self):
        with patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=0):
            self.assertFalse(self._work_off({}))
        self.assertEqual(self.tried, ['Ann'])

    def test_an_error_of_the_claim_itself_is_not_swallowed(self):
        raised = TestCase.assertRaises(self, ZeroDivisionError)  # Odoo's own has a savepoint, which the rollback ends
        with raised:
            self.env['cadence.work']._work_off(lambda: 1 / 0, None, None)
