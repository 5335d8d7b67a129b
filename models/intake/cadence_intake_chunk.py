from odoo import fields, models

LINE_FIELDS = ('state', 'cells', 'email', 'company_domain', 'batch', 'partner_id', 'is_created', 'tag_id')


class CadenceIntakeChunk(models.Model):
    """A part of an intake's work that is done in one transaction, by whichever worker locks its row.

    waiting → done
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
    share = fields.Float(readonly=True, help="Share of the file that was read by then, 0 to 1.")
    state = fields.Selection([('waiting', 'Waiting'), ('done', 'Done')], required=True, readonly=True)
    started = fields.Datetime(readonly=True)
    finished = fields.Datetime(readonly=True)

    _number = models.UniqueIndex('(intake_id, kind, number)', "Another worker has read this block already.")
    _waiting = models.Index("(intake_id, kind, number) WHERE state = 'waiting'")

    def _work(self):
        """Do what the chunk is for; the lock on its row keeps other workers out until the transaction ends."""
        started = fields.Datetime.now()
        if self.kind == 'place':
            self.intake_id._prepare_saving()
        elif self.kind == 'company':
            self._create_companies()
        elif self.kind == 'undo':
            self._get_lines([('state', '=', 'saved')])._undo()
        else:
            self._save()
        self.write({'state': 'done', 'started': started, 'finished': fields.Datetime.now()})
        if self.kind in ('place', 'company'):
            self.intake_id._trigger()  # those who found nothing to do meanwhile

    def _save(self):
        placed = [('batch', '>', 0), ('state', 'in', ('new', 'known'))]
        if self.intake_id.check_mx:
            self._get_lines([*placed, ('state', '=', 'new')])._check_mail_servers()
        self.env['cadence.intake.claim'].sudo()._claim(self._get_lines(placed, ['email']).mapped('email'))
        # Somebody may have created the same address since the preview.
        self.intake_id._match(self)
        lines = self._get_lines(placed)
        if lines:
            lines._save_together()

    def _create_companies(self):
        self.intake_id._create_companies(self.first_domain, self.last_domain)

    def _get_lines(self, domain, names=LINE_FIELDS):
        return self.env['cadence.intake.line'].search_fetch(
            [('intake_id', '=', self.intake_id.id), ('id', '>=', self.first_line_id), ('id', '<=', self.last_line_id), *domain],
            names, order='id')
