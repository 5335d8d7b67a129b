from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The chunks that belong to a state of their intake, in the order of their names
KINDS = {'reading': ('read',), 'saving': ('company', 'place', 'save'), 'undoing': ('undo',)}
SIZE = 2_000  # lines a transaction
LINE_FIELDS = ('state', 'cells', 'email', 'company_domain', 'batch', 'partner_id', 'is_created', 'tag_id', 'left_ids')


class CadenceIntakeChunk(models.Model):
    """A part of an intake's work that is done in one transaction, by whichever worker locks its row.

    waiting → done      `_work`; those of kind `read` are done when they are written
    """
    _name = 'cadence.intake.chunk'
    _description = 'Intake Chunk'
    _order = 'intake_id, kind, number'
    _log_access = False

    intake_id = fields.Many2one('cadence.intake', required=True, ondelete='cascade', index=True, readonly=True)
    company_id = fields.Many2one(related='intake_id.company_id')
    kind = fields.Selection(
        [('read', 'Read'), ('place', 'Place'), ('company', 'Companies'), ('save', 'Save'), ('undo', 'Undo')],
        required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    first_line_id = fields.Integer(readonly=True, help="The lines from this id to the last one, both included.")
    last_line_id = fields.Integer(readonly=True)
    first_domain = fields.Char(readonly=True, help="For companies: from this company domain to the last one, both included.")
    last_domain = fields.Char(readonly=True)
    line_count = fields.Integer(readonly=True)
    created_ids = fields.Json(readonly=True, help="The companies that were created.")
    share = fields.Float(readonly=True, help="Share of the file that was read by then, 0 to 1.")
    state = fields.Selection([('waiting', 'Waiting'), ('done', 'Done')], required=True, readonly=True)
    started = fields.Datetime(readonly=True)
    finished = fields.Datetime(readonly=True)

    _number = models.UniqueIndex('(intake_id, kind, number)', "Another worker has read this block already.")
    _waiting = models.Index("(intake_id, kind, number) WHERE state = 'waiting'")

    @api.model
    def _add(self, intake, kind, condition):
        """Part the lines of an intake for which the condition holds into chunks."""
        self.env['cadence.intake.line'].flush_model()
        self.env.cr.execute(SQL("""
            INSERT INTO cadence_intake_chunk (intake_id, kind, number, first_line_id, last_line_id, line_count, state)
            SELECT %(id)s, %(kind)s, number, MIN(id), MAX(id), COUNT(*), 'waiting'
              FROM (SELECT id, (ROW_NUMBER() OVER (ORDER BY id) - 1) / %(size)s + 1 AS number
                      FROM cadence_intake_line
                     WHERE intake_id = %(id)s AND %(condition)s) line
          GROUP BY number
            """, id=intake.id, kind=kind, size=SIZE, condition=condition))
        intake.invalidate_recordset(['chunk_ids'])

    @api.model
    def _get_waiting_domain(self, intakes):
        """Those that a worker may take: of some intakes, or of all."""
        domain = Domain('state', '=', 'waiting') & Domain('intake_id.paused', '=', False) & Domain.OR(
            Domain('intake_id.state', '=', state) & Domain('kind', 'in', kinds) for state, kinds in KINDS.items())
        return domain & Domain('intake_id', 'in', intakes.ids) if intakes else domain

    def _work(self):
        """Do what the chunk is for, in the name of whoever wanted it; the lock on its row keeps other workers out until the
        transaction ends.
        """
        started = fields.Datetime.now()
        chunk = self.with_env(self.intake_id._as_worker().env)
        getattr(chunk, f'_work_{self.kind}')()
        self.sudo().write({'state': 'done', 'started': started, 'finished': fields.Datetime.now()})
        self.env.flush_all()  # or what another worker did shows after the intake is held
        self.intake_id._hold()
        return self.line_count

    def _work_place(self):
        """The first of a saving: what was saved elsewhere since the preview has taken places."""
        intake = self.intake_id
        intake._match()
        intake._place(everything=True)
        # Here and not by the workers: two that meet a missing tag would both create it.
        intake.segment_id._get_batch_tags(intake.tag_group_id, intake._get_planned_batches())
        if intake.link_companies:
            intake._create_company_chunks()
        self._add(intake, 'save', SQL("state IN ('new', 'known') AND batch > 0"))

    def _work_company(self):
        self.sudo().created_ids = self.intake_id._create_companies(self.first_domain, self.last_domain).ids

    def _work_save(self):
        placed = [('batch', '>', 0), ('state', 'in', ('new', 'known'))]
        if self.intake_id.check_mx:
            self._get_lines([*placed, ('state', '=', 'new')])._set_dead_aside()
        self.env['cadence.intake.claim'].sudo()._claim(self._get_lines(placed, ['email']).mapped('email'))
        # Somebody may have created the same address since the preview.
        self.intake_id._match(self)
        if lines := self._get_lines(placed):
            lines._save_together()

    def _work_undo(self):
        self._get_lines([('state', '=', 'saved')])._undo()

    def _get_lines(self, domain, names=LINE_FIELDS):
        return self.env['cadence.intake.line'].search_fetch(
            [('intake_id', '=', self.intake_id.id), ('id', '>=', self.first_line_id), ('id', '<=', self.last_line_id), *domain],
            names, order='id')
