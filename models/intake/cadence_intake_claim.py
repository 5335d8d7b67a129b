from odoo import api, fields, models
from odoo.tools import SQL


class CadenceIntakeClaim(models.Model):
    """Addresses that a transaction is about to make contacts of, so that two of them never create the same one.

    Both work on the contacts as they were when they began. Whoever claims an address second waits for the first, and then
    PostgreSQL refuses it (serialization failure): it begins anew, and finds the contact. Claims older than a day are of no use.
    """
    _name = 'cadence.intake.claim'
    _description = 'Intake Claim'
    _log_access = False

    key = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    _key = models.UniqueIndex('(key)')

    @api.model
    def _claim(self, keys):
        """:raise psycopg2.errors.SerializationFailure: another worker claimed one of them meanwhile; retry the transaction"""
        # In one order for all, so that two workers wait for each other at most one way.
        self.env.cr.execute(SQL("""
            INSERT INTO cadence_intake_claim (key, date)
            SELECT key, NOW() AT TIME ZONE 'UTC' FROM UNNEST(%s) key ORDER BY key
       ON CONFLICT (key) DO UPDATE SET date = EXCLUDED.date""", list(set(keys))))

    @api.autovacuum
    def _gc_claims(self):
        self.env.cr.execute("DELETE FROM cadence_intake_claim WHERE date < NOW() AT TIME ZONE 'UTC' - INTERVAL '1 day'")
