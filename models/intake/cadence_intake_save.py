import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from .cadence_intake_progress import KINDS

_logger = logging.getLogger(__name__)

# Up to so many addresses are saved while the user waits (about two seconds), more by the crons in chunks.
SAVE_AT_ONCE = 2_000
CHUNK = 2_000  # lines a transaction
CLAIM_AHEAD = 20  # chunks that a worker looks at for one that nobody has locked
MAX_RETRIES = 5
CONCURRENCY_ERRORS = (SerializationFailure, LockNotAvailable, DeadlockDetected)


class CadenceIntake(models.Model):
    """The work of an intake after its preview, in chunks that any number of workers share: companies, contacts, undo."""
    _inherit = 'cadence.intake'

    # Buttons

    def action_save(self):
        """Make the placed lines contacts of their batches: few at once, many by the crons."""
        self.ensure_one()
        self._check_state('preview')
        others = [('state', '=', 'saving'), ('segment_id', '=', self.segment_id.id), ('tag_group_id', '=', self.tag_group_id.id)]
        if other := self.search(others, limit=1):
            raise UserError(self.env._(
                "“%(intake)s” is being saved into the same batches: wait until it is done, or cancel it.", intake=other.name))
        self._start_work('saving', self.to_save_count, first_chunk='place')
        return self._get_action()

    def action_undo(self):
        """Take back what was saved: contacts that nobody touched since go, the others lose the batch and are listed."""
        self.ensure_one()
        self._check_state('done', 'cancelled')
        count = self.saved_count
        self._create_chunks('undo', SQL("state = 'saved'"))
        self._start_work('undoing', count)
        return self._get_action()

    def action_pause(self):
        self.ensure_one()
        self._check_state('reading', 'saving', 'undoing')
        self.paused = True

    def action_resume(self):
        self.ensure_one()
        self._check_state('reading', 'saving', 'undoing')
        self.write({'paused': False, 'problem': False})
        self._trigger()

    def action_cancel(self):
        """Stop for good; what is saved stays saved, and can be undone."""
        self.ensure_one()
        self._check_state('reading', 'saving')
        # Waits for the chunk that a worker is at, so that nothing is saved any more when this is done.
        self.chunk_ids.filtered(lambda chunk: chunk.state == 'waiting').unlink()
        self._move_on('cancelled')

    def _trigger(self):
        """Wake every worker, the copies that an administrator made included."""
        for cron in self.env['ir.cron'].sudo().search([('model_id.model', '=', self._name)]):
            cron._trigger()

    def _start_work(self, state, count, first_chunk=None):
        """Do the work on `count` lines now if these are few, else leave it to the workers."""
        self.write({'state': state, 'paused': False, 'problem': False, 'worker_id': self.env.uid})
        if first_chunk:
            self.chunk_ids.create({'intake_id': self.id, 'kind': first_chunk, 'number': 1, 'state': 'waiting'})
        if count > SAVE_AT_ONCE or self.link_companies:
            self._trigger()
            return
        while chunk := self._claim_chunk():
            chunk._work()
        self._finish_work()

    def _prepare_saving(self):
        """The first of a saving's chunks: what was saved elsewhere since the preview has taken places."""
        self._match()
        self._place(everything=True)
        # Here and not by the workers: two that meet a missing tag would both create it.
        self.segment_id._get_batch_tags(self.tag_group_id, self._get_planned_batches())
        if self.link_companies:
            self._create_company_chunks()
        self._create_chunks('save', SQL("state IN ('new', 'known') AND batch > 0"))

    def _create_chunks(self, kind, condition):
        self.env['cadence.intake.line'].flush_model()
        self.env.execute_query(SQL("""
            INSERT INTO cadence_intake_chunk (intake_id, kind, number, first_line_id, last_line_id, line_count, state)
            SELECT %(id)s, %(kind)s, number, MIN(id), MAX(id), COUNT(*), 'waiting'
              FROM (SELECT id, (ROW_NUMBER() OVER (ORDER BY id) - 1) / %(size)s + 1 AS number
                      FROM cadence_intake_line
                     WHERE intake_id = %(intake_id)s AND %(condition)s) line
          GROUP BY number
         RETURNING NULL
            """, id=self.id, intake_id=self.id, kind=kind, size=CHUNK, condition=condition))
        self.invalidate_recordset(['chunk_ids'])

    # Workers

    @api.model
    def _cron_intake(self):
        """Read the intakes that wait for it, then help to save. The cron's own lock keeps this to one worker."""
        commit_progress = self.env['ir.cron']._commit_progress
        for intake in self.search([('state', '=', 'reading'), ('paused', '=', False)], order='id'):
            try:
                intake._as_worker()._read_on(lambda count: commit_progress(count, remaining=1))
            except CONCURRENCY_ERRORS:
                self._roll_back()  # somebody paused or cancelled it just then; the next turn sees it
            except Exception as error:  # noqa: BLE001 one intake's fault must not stop those behind it
                self._stop(intake, error)
        self._cron_save()

    @api.model
    def _cron_save(self):
        """Work chunk after chunk of the intakes under way, a chunk a transaction; any number of workers at once."""
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=self._get_work_left())
        retries = 0
        chunk = self.env['cadence.intake.chunk']
        while True:
            try:
                if not (chunk := self._claim_chunk()):
                    self._finish_idle()
                    break
                chunk._work()
                time_left = commit_progress(chunk.line_count)
                retries = 0
            except CONCURRENCY_ERRORS:
                # Another worker saved one of these addresses meanwhile: begin the chunk anew and find its contact.
                self._roll_back()
                retries += 1
                time_left = retries < MAX_RETRIES
            except Exception as error:  # noqa: BLE001 as above
                if not chunk:
                    raise
                self._stop(chunk.intake_id, error)
                time_left = True
            if not time_left:
                return
        commit_progress(remaining=self._get_work_left())

    def _finish_idle(self):
        for intake in self.search([('state', 'in', ('saving', 'undoing')), ('paused', '=', False)]).try_lock_for_update():
            intake._as_worker()._finish_work()

    def _roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    def _stop(self, intake, error):
        """Pause an intake that cannot go on, and say why; its rows stay where they are until somebody resumes it."""
        self._roll_back()
        _logger.exception("The intake %s was paused", intake.id)
        intake.sudo().write({'paused': True, 'problem': self.env._("Paused by a fault: %(error)s", error=error)})
        self.env['ir.cron']._commit_progress()

    def _as_worker(self):
        """As the user who started the work, so that their rights and language hold, and the contacts say who created them."""
        user = self.worker_id
        return self.with_user(user).with_company(self.company_id).with_context(lang=user.lang)

    @api.model
    def _get_work_left(self):
        lines = self.env['cadence.intake.chunk']._read_group(self._get_waiting_domain(), aggregates=['line_count:sum'])[0][0] or 0
        return lines + self.search_count([('state', '=', 'reading'), ('paused', '=', False)])

    def _get_waiting_domain(self):
        domain = Domain('state', '=', 'waiting') & Domain('intake_id.paused', '=', False) & Domain.OR(
            Domain('intake_id.state', '=', state) & Domain('kind', 'in', kinds) for state, kinds in KINDS.items())
        return domain & Domain('intake_id', 'in', self.ids) if self else domain

    def _claim_chunk(self):
        """The next chunk that no other worker has, locked until the end of the transaction; companies before their contacts."""
        Chunk = self.env['cadence.intake.chunk']
        chunks = Chunk.search(self._get_waiting_domain(), order='intake_id, kind, number', limit=CLAIM_AHEAD)
        chunk = chunks.try_lock_for_update(limit=1)
        if chunk.kind == 'save' and Chunk.search_count(
                [('intake_id', '=', chunk.intake_id.id), ('kind', '=', 'company'), ('state', '=', 'waiting')], limit=1):
            return Chunk  # another worker is at the last of the companies
        return chunk.with_env(chunk.intake_id._as_worker().env) if chunk else Chunk

    def _is_at_work(self, state):
        """Whether the intake is still to be worked; what a user clicked meanwhile counts."""
        self.invalidate_recordset(['state', 'paused'])
        return self.state == state and not self.paused

    def _finish_work(self):
        """Close the intake if none of its chunks waits."""
        if self.state in ('saving', 'undoing') and not self.env['cadence.intake.chunk'].search_count(
                [('intake_id', '=', self.id), ('state', '=', 'waiting')], limit=1):
            self._move_on({'saving': 'done', 'undoing': 'undone'}[self.state])

    def _move_on(self, state):
        """The state after some work, with the numbers of its lines."""
        self.write({'state': state, 'paused': False})
        self._tally()
        self.env['cadence.run'].sudo()._refresh_expected(self.segment_id.sudo(), fields.Datetime.now())
