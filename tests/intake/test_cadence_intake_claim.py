from contextlib import closing
from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .common import ChunkCase


@tagged('post_install', '-at_install')
class TestIntakeClaim(ChunkCase):

    def test_a_chunk_that_meets_another_worker_is_begun_anew(self):
        intake = self._start(15)
        Claim = type(self.env['cadence.intake.claim'])
        original, calls = Claim._claim, []

        def claim(model, keys):
            calls.append(len(keys))
            if len(calls) == 1:
                raise SerializationFailure()
            return original(model, keys)

        with patch.object(Claim, '_claim', claim), patch.object(type(self.cr), 'rollback', lambda _cursor: None):
            self._work()
        self.assertEqual(calls, [10, 10, 5])
        self.assertEqual((intake.state, intake.saved_count), ('done', 15))

    def test_claims_are_forgotten_after_a_day(self):
        self._start(5)
        self._work()
        Claim = self.env['cadence.intake.claim'].sudo()
        self.assertEqual(Claim.search_count([('key', 'like', '@acme')]), 5)
        Claim._gc_claims()
        self.assertEqual(Claim.search_count([('key', 'like', '@acme')]), 5)
        self.cr.execute("UPDATE cadence_intake_claim SET date = date - INTERVAL '2 days'")
        Claim._gc_claims()
        self.assertFalse(Claim.search_count([]))

    def test_of_two_transactions_the_second_one_that_wants_an_address_begins_anew(self):
        """Not on the test's cursor: both see the database as it was when they began, and only one may create the contact."""
        self.addCleanup(self._forget_claims)
        first, second = (self.enterContext(closing(db_connect(self.cr.dbname).cursor())) for _number in range(2))
        for cursor in (first, second):
            cursor.execute("SELECT SET_CONFIG('lock_timeout', '10s', FALSE)")  # from here on it sees nothing new
        self._claim_on(first, ['b@claim.example', 'a@claim.example', 'a@claim.example'])
        first.commit()  # pylint: disable=invalid-commit
        with self.assertRaises(SerializationFailure), mute_logger('odoo.sql_db'):
            self._claim_on(second, ['a@claim.example'])
        second.rollback()
        self._claim_on(second, ['a@claim.example'])  # anew, it sees what the first one did

    def _claim_on(self, cursor, keys):
        self.env(cr=cursor)['cadence.intake.claim'].sudo()._claim(keys)

    def _forget_claims(self):
        with db_connect(self.cr.dbname).cursor() as cursor:
            cursor.execute("DELETE FROM cadence_intake_claim WHERE key LIKE '%@claim.example'")
