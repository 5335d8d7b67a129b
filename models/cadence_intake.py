from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CadenceIntake(models.Model):
    """A load of addresses on its way into the batches of a segment.

    draft → preview   read, compared with the contacts, ranked and capped; nothing of it is a contact yet
    preview → saving  the lines become contacts, chunk by chunk; a restart goes on where it was
    saving → done
    """
    _name = 'cadence.intake'
    _description = 'Intake'
    _order = 'id DESC'

    name = fields.Char(compute='_compute_name', store=True)
    segment_id = fields.Many2one(
        'cadence.segment', 'Segment', required=True, ondelete='restrict', index=True,
        default=lambda self: self._get_only_segment())
    company_id = fields.Many2one(related='segment_id.company_id', store=True, index=True)
    tag_group_id = fields.Many2one(
        'cadence.tag.group', 'Tag Group', required=True, ondelete='restrict', domain=[('batch_count', '>', 0)],
        default=lambda self: self.env['cadence.tag.group'].search([('batch_count', '>', 0)], order='sequence DESC', limit=1))
    start_date = fields.Date(
        'First Day', required=True, compute='_compute_start_date', store=True, readonly=False, precompute=True,
        help="The day of the first batch that is filled; by default the segment's today.")
    cap = fields.Integer(
        'Per Company Domain', default=lambda self: self.env.company.cadence_batch_domain_cap,
        help="At most so many addresses of one company in one batch; the next ones go into the next day's batch. 0: no cap.")
    batch_size = fields.Integer(
        'Per Batch', help="At most so many contacts in one batch, whatever their company; 0: no limit.")
    on_existing = fields.Selection([
        ('skip', 'Only new: skip them'),
        ('add', 'Add them to the batch'),
        ('move', 'Move them to the batch'),
    ], 'Known Addresses', default='skip', required=True)
    pasted_text = fields.Text('Pasted Addresses')
    file = fields.Binary('File', attachment=True)
    file_name = fields.Char()
    partner_ids = fields.Many2many(
        'res.partner', 'cadence_intake_partner_rel', string='Selected Contacts', context={'active_test': False})
    column_ids = fields.One2many(
        'cadence.intake.column', 'intake_id', 'Columns', compute='_compute_column_ids', store=True, readonly=False)
    state = fields.Selection([
        ('draft', 'Addresses'),
        ('preview', 'Preview'),
        ('saving', 'Saving'),
        ('done', 'Saved'),
    ], default='draft', required=True, readonly=True)
    line_ids = fields.One2many('cadence.intake.line', 'intake_id', 'Addresses')
    line_count = fields.Integer('In the Input', compute='_compute_counts')
    new_count = fields.Integer('New', compute='_compute_counts')
    known_count = fields.Integer('Already Known', compute='_compute_counts')
    duplicate_count = fields.Integer('Duplicates', compute='_compute_counts')
    invalid_count = fields.Integer('Invalid', compute='_compute_counts')
    over_cap_count = fields.Integer('Over the Cap', compute='_compute_counts')
    saved_count = fields.Integer('Saved', compute='_compute_counts')
    to_save_count = fields.Integer(compute='_compute_counts')
    progress = fields.Float(compute='_compute_counts')
    plan = fields.Json(compute='_compute_plan')

    _cap_positive = models.Constraint('CHECK (cap >= 0 AND batch_size >= 0)', "The caps cannot be negative.")

    @api.model
    def _get_only_segment(self):
        segments = self.env['cadence.segment'].search([('company_id', '=', self.env.company.id)], limit=2)
        return segments if len(segments) == 1 else segments.browse()

    @api.depends('file_name', 'partner_ids')
    def _compute_name(self):
        for intake in self:
            if intake.file_name:
                intake.name = intake.file_name
            elif intake.partner_ids:
                intake.name = self.env._("%(count)s selected contacts", count=len(intake.partner_ids))
            else:
                intake.name = self.env._("Pasted addresses")

    @api.depends('segment_id')
    def _compute_start_date(self):
        for intake in self:
            if not intake.start_date or intake.segment_id != intake._origin.segment_id:
                intake.start_date = intake.segment_id._get_local_day() if intake.segment_id else fields.Date.context_today(intake)

    def _compute_counts(self):
        counts = {
            (intake.id, state): count
            for intake, state, count in self.env['cadence.intake.line']._read_group(
                [('intake_id', 'in', self.ids)], ['intake_id', 'state'], ['__count'])
        }
        placed = dict(self.env['cadence.intake.line']._read_group(
            [('intake_id', 'in', self.ids), ('batch', '>', 0), ('state', 'in', ('new', 'known'))], ['intake_id'], ['__count']))
        for intake in self:
            for state in ('new', 'known', 'duplicate', 'invalid', 'over_cap', 'saved'):
                intake[f'{state}_count'] = counts.get((intake.id, state), 0)
            intake.line_count = sum(count for (intake_id, _state), count in counts.items() if intake_id == intake.id)
            intake.to_save_count = placed.get(intake, 0)
            total = intake.saved_count + intake.to_save_count
            intake.progress = 100 * intake.saved_count / total if total else 0

    @api.depends('state')
    def _compute_plan(self):
        for intake in self:
            intake.plan = [
                {'batch': batch, 'first': first, 'last': last, 'count': count, 'companies': companies}
                for batch, first, last, count, companies in self.env.execute_query(intake._query_plan())
            ] if intake.state != 'draft' else []

    def _query_plan(self):
        return SQL("""
            SELECT batch, MIN(NULLIF(rank, 0)), MAX(NULLIF(rank, 0)), COUNT(*), COUNT(DISTINCT company_domain)
              FROM cadence_intake_line
             WHERE intake_id = %(id)s AND batch > 0
          GROUP BY batch
          ORDER BY MOD(batch - %(start)s + %(batch_count)s, %(batch_count)s)
            """, id=self.id, start=self._get_start(), batch_count=self.tag_group_id.batch_count or 1)

    def _get_start(self):
        """The batch of the first day; a 31st counts as the 1st, on which the cycle begins anew."""
        return (min(self.start_date.day, 31) - 1) % (self.tag_group_id.cycle_days or 30) % (
            self.tag_group_id.batch_count or 30) + 1

    # Screens

    def action_preview(self):
        """Read the input, compare, rank and cap it; shows the result without making a contact."""
        self.ensure_one()
        if self.state not in ('draft', 'preview'):
            raise UserError(self.env._("These addresses are saved already."))
        self.line_ids.unlink()
        rows = self._read_rows()
        if not rows:
            raise UserError(self.env._("There are no addresses yet: paste some, upload a file or select contacts."))
        self._insert_lines(rows)
        self._match()
        self._place()
        self.state = 'preview'
        return self._get_action()

    @api.model
    def _get_context_action(self, context):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Save to Batches"),
            'res_model': 'cadence.intake',
            'views': [(self.env.ref('mass_mailing_cadence.cadence_intake_view_form').id, 'form')],
            'context': context,
        }

    def _get_action(self, context=None):
        action = self._get_context_action(context or {})
        return dict(action, res_id=self.id) if self else action

    def action_back(self):
        """Back to the input, to correct it."""
        self.line_ids.unlink()
        self.state = 'draft'
        return self._get_action()

    def action_open_contacts(self):
        self.ensure_one()
        return self.env['res.partner']._cadence_get_action(
            self.name, [('cadence_intake_line_ids', 'any', [('intake_id', '=', self.id), ('state', '=', 'saved')])])

    def action_open_lines(self):
        """The rows behind one number; the state comes from the button's context."""
        self.ensure_one()
        state = self.env.context.get('cadence_line_state')
        return {
            'type': 'ir.actions.act_window',
            'name': self.name,
            'res_model': 'cadence.intake.line',
            'views': [(False, 'list')],
            'domain': [('intake_id', '=', self.id)] + ([('state', '=', state)] if state else []),
        }

    @api.autovacuum
    def _gc_previews(self):
        """Previews that nobody saved for a month are of no use to anybody."""
        self.search([
            ('state', 'in', ('draft', 'preview')), ('write_date', '<', fields.Datetime.now() - timedelta(days=30))]).unlink()
