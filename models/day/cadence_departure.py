from contextlib import closing, contextmanager
from functools import partial
from uuid import uuid4

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL


class CadenceDeparture(models.Model):
    """What a worker notes of the mails that it has taken: which of them it has begun, and which the mail server has accepted.

    A block of mails is *leaving* at once. If its worker dies, those that it had not begun are known to be here still, those that
    the server had accepted are known to have left, and one is in doubt. The note is written outside of the block's transaction,
    a moment before each mail, and asks in the same statement whether it may still go: a stop holds from the next mail on.

    The table is unlogged: a note costs no wait for the disk, and when the database itself dies PostgreSQL empties it. A touch
    that is leaving without a note is therefore in doubt, never *not begun*.
    """
    _name = 'cadence.departure'
    _description = 'Departure'
    _log_access = False

    touch_id = fields.Integer(required=True, help="No foreign key: a table that is kept cannot be tied to one that is not.")
    block = fields.Char(required=True, help="Who took it: a worker that comes late finds another name and begins nothing.")
    is_begun = fields.Boolean(help="The mail server may have heard of it.")
    is_taken = fields.Boolean(help="The mail server has taken it.")

    _touch = models.UniqueIndex('(touch_id)')

    def init(self):
        [[persistence]] = self.env.execute_query(SQL("SELECT relpersistence FROM pg_class WHERE oid = %s::regclass", self._table))
        if persistence != 'u':
            self.env.cr.execute(SQL("ALTER TABLE %s SET UNLOGGED", SQL.identifier(self._table)))

    @api.model
    def _open(self, touch_ids):
        """Note that the touches are taken, in the transaction that makes them *leaving*; returns the name of the block."""
        block = uuid4().hex
        self.env.execute_query(SQL("""
            INSERT INTO cadence_departure (touch_id, block, is_begun, is_taken)
            SELECT id, %s, FALSE, FALSE FROM UNNEST(%s::int[]) id
                ON CONFLICT (touch_id) DO UPDATE SET block = EXCLUDED.block, is_begun = FALSE, is_taken = FALSE
         RETURNING NULL
            """, block, touch_ids))
        return block

    @api.model
    @contextmanager
    def _apart(self, auto_commit):
        """`_begin`, on a cursor of its own whose notes are there at once; on the caller's where nothing may be committed."""
        if not auto_commit:
            yield self._begin
            return
        with closing(self.env.registry.cursor()) as cr:
            cr._cnx.autocommit = True  # one round trip a mail
            # To plan the statement takes PostgreSQL four times as long as to run it.
            cr.execute(SQL("PREPARE cadence_begin (int, int[], text) AS %s", self._sql_begin(SQL('$1'), SQL('$2'), SQL('$3'))))
            try:
                yield partial(self._begin_prepared, cr)
            finally:
                cr.execute("DEALLOCATE cadence_begin")
                cr._cnx.autocommit = False

    @api.model
    def _begin(self, block, touch_id, accepted_ids=()):
        """Note that the touch's mail is handed to the mail server now, and which were accepted before it; whether it may be."""
        try:
            return bool(self.env.execute_query(self._sql_begin(touch_id, list(accepted_ids), block)))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return False  # somebody takes it away just now

    @staticmethod
    def _begin_prepared(cr, block, touch_id, accepted_ids=()):
        try:
            cr.execute("EXECUTE cadence_begin (%s, %s, %s)", [touch_id, list(accepted_ids), block])
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return False
        return bool(cr.rowcount)

    @api.model
    def _sql_begin(self, touch_id, accepted_ids, block):
        # The touch by its id alone: an index of what is under way would be read through, whose size nobody counts that fast.
        return SQL("""
            WITH accepted AS (
                UPDATE cadence_departure SET is_taken = TRUE WHERE touch_id = ANY(%(accepted_ids)s) AND block = %(block)s
            )
            UPDATE cadence_departure
               SET is_begun = TRUE
             WHERE touch_id = %(touch_id)s
               AND block = %(block)s
               AND EXISTS (
                   SELECT FROM (SELECT * FROM cadence_touch WHERE id = %(touch_id)s OFFSET 0) touch
                     JOIN cadence_run run ON run.id = touch.run_id
                     JOIN cadence_segment segment ON segment.id = run.segment_id
                    WHERE touch.outcome = 'leaving' AND NOT %(stopped)s)
         RETURNING TRUE
            """, touch_id=touch_id, accepted_ids=accepted_ids, block=block, stopped=self._sql_stopped())

    @api.model
    def _sql_stopped(self):
        """Whether somebody has stopped what a mail of a block belongs to, over the tables touch, run and segment."""
        return self.env['cadence.run']._sql_held()

    @api.model
    def _close(self, touch_ids):
        """Forget the notes: the ledger says what became of the touches, in the same transaction."""
        self.env.execute_query(SQL(
            "DELETE FROM cadence_departure WHERE touch_id = ANY(%s) RETURNING NULL", touch_ids))

    @api.model
    def _take_unbegun(self, touches):
        """Those of the touches whose mails no server has heard of; their worker cannot begin them any more."""
        return touches.browse(id_ for id_, in self.env.execute_query(SQL("""
            DELETE FROM cadence_departure
             WHERE touch_id = ANY(%s) AND NOT is_begun
         RETURNING touch_id
            """, touches.ids)))

    @api.model
    def _take_accepted(self, touches):
        """Those of the touches whose mails a server has taken, whoever was to write it down."""
        return touches.browse(id_ for id_, in self.env.execute_query(SQL("""
            DELETE FROM cadence_departure
             WHERE touch_id = ANY(%s) AND is_taken
         RETURNING touch_id
            """, touches.ids)))

    @api.autovacuum
    def _gc_departures(self):
        """Notes of touches that have been settled, or are gone."""
        self.env.execute_query(SQL("""
            DELETE FROM cadence_departure
             WHERE NOT EXISTS (
                   SELECT FROM cadence_touch touch WHERE touch.id = cadence_departure.touch_id AND touch.outcome = 'leaving')
         RETURNING NULL
            """))
