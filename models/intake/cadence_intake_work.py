from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

from .cadence_intake_chunk import KINDS

# More is read by the cron: about a second and a half of work.
READ_AT_ONCE = 600_000  # bytes or characters
# Up to so many addresses are saved while the user waits (about two seconds), more by the crons in chunks.
SAVE_AT_ONCE = 2_000
CLAIM_AHEAD = 20  # chunks that a worker looks at for one that nobody has locked


class CadenceIntake(models.Model):
    """The work of an intake: what the buttons begin is done at once if it is little, else by any number of workers, who share the
    chunks. They are the crons, and go on after a restart where the last chunk ended.
    """
    _inherit = 'cadence.intake'

    # Buttons

    def action_preview(self):
        """Read the input, compare, rank and cap it, without making a contact: a small one at once, a large one by the cron."""
        self._check_state('draft', 'preview')
        self._forget_lines()
        is_small = self._get_input_size() <= READ_AT_ONCE
        source = self._open_source() if is_small else self._check_source()
        self._move_on('reading')
        if not (is_small and self._read_at_once(source)):
            self._trigger()
        return self._get_action()

    def action_back(self):
        """Back to the input, to correct it."""
        self._check_state('preview', 'cancelled')
        if self.saved_count:
            raise UserError(self.env._("Some of these addresses are saved already: undo them first, or make a new intake."))
        self._forget_lines()
        self._move_on('draft')
        return self._get_action()

    def action_save(self):
        """Make the placed lines contacts of their batches: few at once, many by the crons."""
        self._check_state('preview')
        # Of two that begin in the same moment one has to wait here, and then sees the other.
        self.env['cadence.intake.claim'].sudo()._claim([f'batches:{self.segment_id.id}:{self.tag_group_id.id}'])
        others = [('state', '=', 'saving'), ('segment_id', '=', self.segment_id.id), ('tag_group_id', '=', self.tag_group_id.id)]
        if other := self.search(others, limit=1):
            raise UserError(self.env._(
                "“%(intake)s” is being saved into the same batches: wait until it is done, or cancel it.", intake=other.name))
        count = self.to_save_count
        self._move_on('saving')
        self.env['cadence.intake.chunk'].sudo().create(
            {'intake_id': self.id, 'kind': 'place', 'number': 1, 'state': 'waiting'})
        self._start_work(count)
        return self._get_action()

    def action_undo(self):
        """Take back what was saved: contacts that nobody touched since go, the others lose the batch and are listed. While lines
        are being saved, it stops that first.
        """
        self._check_state('saving', 'done', 'cancelled')
        self._move_on('undoing')
        self._void_waiting()
        self._tally()
        self.env['cadence.intake.chunk']._add(self, 'undo', SQL("state = 'saved'"))
        self._start_work(self.saved_count)
        return self._get_action()

    def action_pause(self):
        self._set_paused(True)

    def action_resume(self):
        """Go on, in the name of whoever wants it to."""
        self._set_paused(False)
        self._trigger()

    def action_cancel(self):
        """Stop for good; what is saved stays saved, and can be undone."""
        self._check_state('reading', 'saving')
        self._move_on('cancelled')
        self._void_waiting()
        self._refresh_expected()

    def _void_waiting(self):
        """Nothing more is saved. The chunks that workers are at are left to them: they find out when they have done with it.

        :raise psycopg2.errors.SerializationFailure: one was done in this moment; begin anew, and know of its lines
        """
        self.sudo().chunk_ids.filtered(lambda chunk: chunk.state == 'waiting').try_lock_for_update().unlink()

    def _start_work(self, count):
        """Do the work on `count` lines now if these are few, else leave it to the workers."""
        if count > SAVE_AT_ONCE or self.link_companies:
            self._trigger()
            return
        while chunk := self._claim_chunk():
            chunk._work()
        self._finish_work()

    def _trigger(self):
        """Wake every worker, the copies that an administrator made included."""
        for cron in self.env['ir.cron'].sudo().search([('model_id.model', '=', self._name)]):
            cron._trigger()

    # Workers

    @api.model
    def _cron_intake(self):
        """Read the intakes that wait for it, then help to save. The cron's own lock keeps this to one worker."""
        read_ids = []
        commit_progress = self.env['ir.cron']._commit_progress

        def read(intake):
            intake._as_worker()._read_on(lambda count: commit_progress(count, remaining=1))
            read_ids.append(intake.id)  # as far as the time allowed
            return 0

        self.env['cadence.work']._work_off(
            claim=lambda: self.search([
                ('state', '=', 'reading'), ('paused', '=', False), ('id', 'not in', read_ids)], order='id', limit=1),
            work=read, stop=lambda intake, error: intake._stop(error),
            retry_on=(UniqueViolation,))  # an administrator's copy of the cron has read the same block
        self._cron_save()

    @api.model
    def _cron_save(self):
        """Work chunk after chunk of the intakes under way, a chunk a transaction; any number of workers at once."""
        engine = self.env['cadence.work']
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=self._get_work_left())
        if engine._work_off(self._claim_chunk, self._work_chunk, lambda chunk, error: chunk.intake_id._stop(error)):
            engine._work_off(
                claim=self._claim_finished, work=lambda intake: intake._as_worker()._finish_work(),
                stop=lambda intake, error: intake._stop(error))
            commit_progress(remaining=self._get_work_left())

    @api.model
    def _work_chunk(self, chunk):
        done = chunk._work()
        if chunk.kind in ('place', 'company'):
            chunk.intake_id._trigger()  # those who found nothing to do meanwhile
        return done

    def _claim_chunk(self):
        """The next chunk that no other worker has, locked until the end of the transaction; companies before their contacts."""
        Chunk = self.env['cadence.intake.chunk']
        waiting = Chunk._get_waiting_domain(self)
        chunk = Chunk.search(waiting, order='intake_id, kind, number', limit=CLAIM_AHEAD).try_lock_for_update(limit=1)
        if chunk.kind == 'save' and Chunk.search_count(
                [('intake_id', '=', chunk.intake_id.id), ('kind', '=', 'company'), ('state', '=', 'waiting')], limit=1):
            return Chunk  # another worker is at the last of the companies
        return chunk

    @api.model
    def _claim_finished(self):
        """An intake whose last chunk is done, locked."""
        waiting = Domain('chunk_ids', 'any', self.env['cadence.intake.chunk']._get_waiting_domain(self.browse()))
        return self.search(
            Domain('state', 'in', ('saving', 'undoing')) & Domain('paused', '=', False) & ~waiting).try_lock_for_update(limit=1)

    def _finish_work(self):
        """Close an intake none of whose chunks waits."""
        if self.state == 'undoing':
            self._remove_companies()
        self._move_on({'saving': 'done', 'undoing': 'undone'}[self.state])
        self._refresh_expected()
        return 0

    def _refresh_expected(self):
        # The runs belong to nobody who saves addresses.
        self.env['cadence.run'].sudo()._refresh_expected(self.segment_id.sudo(), fields.Datetime.now())

    def _stop(self, error):
        """Pause an intake that cannot go on, and say why; its rows stay where they are until somebody resumes it."""
        if self.state in KINDS:
            in_words = self.with_context(lang=self.worker_id.lang).env._
            self._set_paused(True, problem=in_words("Paused by a fault: %(error)s", error=error))

    def _as_worker(self):
        """As the user who started the work: their rights and language hold, in the intake's company and no other, and the
        contacts say who created them.

        :raise AccessError: they may not do it any more
        """
        user = self.worker_id
        if not user.active and user.id != SUPERUSER_ID:
            raise AccessError(self.env._("Whoever started this is no longer a user: somebody else has to resume it."))
        intake = self.with_user(user).with_context(allowed_company_ids=self.company_id.ids, lang=user.lang)
        intake.check_access('write')
        return intake

    @api.model
    def _get_work_left(self):
        """In lines, an intake to be read as one."""
        chunks = self.env['cadence.intake.chunk']
        lines = chunks._read_group(chunks._get_waiting_domain(self.browse()), aggregates=['line_count:sum'])[0][0] or 0
        return lines + self.search_count([('state', '=', 'reading'), ('paused', '=', False)])
