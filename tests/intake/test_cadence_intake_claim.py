from unittest.mock import patch

from odoo.tests import tagged
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
