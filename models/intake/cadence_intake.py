from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LINE_STATES = [
    ('new', 'New'),
    ('known', 'Already Known'),
    ('duplicate', 'Duplicate'),
    ('invalid', 'Invalid'),
    ('over_cap', 'Over the Cap'),
    ('saved', 'Saved'),
    ('undone', 'Undone'),
]
COUNTS = (
    'line', *(state for state, _label in LINE_STATES), 'kept', 'to_save', 'suggestion', 'role', 'deleted')
# Those of a row that was set aside: it can be downloaded, corrected and loaded again.
SET_ASIDE = ('invalid', 'over_cap')


class CadenceIntake(models.Model):
    """A load of addresses on its way into the batches of a segment.

    draft → reading → preview   read, compared with the contacts, ranked and capped; nothing of it is a contact yet
    preview → saving → done     the lines become contacts, chunk by chunk, by as many workers as there are
    reading, saving → cancelled what is saved stays saved
    done, cancelled → undoing → undone

    A small intake passes reading, saving and undoing within the request; a large one is worked by the crons, which go on after a
    restart where the last chunk ended, and wait while it is `paused`.
    """
    _name = 'cadence.intake'
    _description = 'Intake'
    _order = 'id DESC'

    name = fields.Char(compute='_compute_name', store=True)
    segment_id = fields.Many2one(
        'cadence.segment', required=True, ondelete='restrict', index=True,
        default=lambda self: self._get_only_segment())
    company_id = fields.Many2one(related='segment_id.company_id', store=True, index=True)
    tag_group_id = fields.Many2one(
        'cadence.tag.group', required=True, ondelete='restrict', domain=[('batch_count', '>', 0)],
        default=lambda self: self.env['cadence.tag.group'].search([('batch_count', '>', 0)], order='sequence DESC', limit=1))
    start_date = fields.Date(
        'First Day', required=True, compute='_compute_start_date', store=True, readonly=False, precompute=True,
        help="The day of the first batch that is filled; by default the segment's today.")
    spread = fields.Selection([
        ('cycle', 'Fill batch after batch'),
        ('single', 'All into the batch of the first day'),
    ], 'Batches', default='cycle', required=True)
    cap = fields.Integer(
        'Per Company Domain', default=lambda self: self.env.company.cadence_batch_domain_cap,
        help="At most so many addresses of one company in one batch; the next ones go into the next day's batch. With all in one "
             "batch: the last rank in its company that is saved, those of other batches counted. 0: no cap.")
    batch_size = fields.Integer(
        'Per Batch', help="At most so many contacts in one batch, whatever their company; 0: no limit.")
    on_existing = fields.Selection([
        ('skip', 'Only new: skip them'),
        ('add', 'Add them to the batch'),
        ('move', 'Move them to the batch'),
    ], 'Known Addresses', default='skip', required=True)
    revive_archived = fields.Boolean(
        'Bring Back Archived Contacts',
        help="Known addresses whose contact is archived are made active again and join the batch.")
    link_companies = fields.Boolean(
        help="New contacts become contacts of their company: the one of the same company domain, or a new one by the company "
             "name in the table.")
    check_mx = fields.Boolean(
        'Look Up Mail Servers', help="Set addresses aside whose domain has no mail server by DNS. Unknown ones are saved.")
    source = fields.Selection([
        ('paste', 'Pasted text'),
        ('file', 'File'),
        ('contacts', 'Contacts'),
        ('lists', 'Mailing lists'),
        ('leads', 'Leads'),
    ], required=True, compute='_compute_source', store=True, readonly=False, precompute=True)
    pasted_text = fields.Text('Pasted Addresses')
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    contact_domain = fields.Char('Contacts', default='[]')
    lead_domain = fields.Char('Leads', default='[]')
    list_ids = fields.Many2many('mailing.list', 'cadence_intake_list_rel', string='Mailing Lists')
    header_key = fields.Char(
        compute='_compute_header_key', store=True, help="The headers of the table; what its columns mean is remembered for them.")
    column_ids = fields.One2many(
        'cadence.intake.column', 'intake_id', 'Columns', compute='_compute_column_ids', store=True, readonly=False)
    state = fields.Selection([
        ('draft', 'Addresses'),
        ('reading', 'Reading'),
        ('preview', 'Preview'),
        ('saving', 'Saving'),
        ('done', 'Saved'),
        ('cancelled', 'Cancelled'),
        ('undoing', 'Undoing'),
        ('undone', 'Undone'),
    ], default='draft', required=True, readonly=True)
    paused = fields.Boolean(readonly=True)
    problem = fields.Char(compute='_compute_header_key', store=True, help="Why the addresses could not be read.")
    line_ids = fields.One2many('cadence.intake.line', 'intake_id', 'Addresses')
    chunk_ids = fields.One2many('cadence.intake.chunk', 'intake_id', 'Chunks')
    tally = fields.Json(readonly=True, help="The numbers of lines by what they were found to be, at the end of the last work.")
    worker_id = fields.Many2one(
        'res.users', readonly=True, help="Who started the work that is going on; it is done in their name.")
    line_count = fields.Integer('In the Input', compute='_compute_counts')
    new_count = fields.Integer('New', compute='_compute_counts')
    known_count = fields.Integer('Already Known', compute='_compute_counts')
    duplicate_count = fields.Integer('Duplicates', compute='_compute_counts')
    invalid_count = fields.Integer('Invalid', compute='_compute_counts')
    over_cap_count = fields.Integer('Over the Cap', compute='_compute_counts')
    saved_count = fields.Integer('Saved', compute='_compute_counts')
    undone_count = fields.Integer('Undone', compute='_compute_counts')
    kept_count = fields.Integer('Kept', compute='_compute_counts')
    to_save_count = fields.Integer(compute='_compute_counts')
    suggestion_count = fields.Integer(compute='_compute_counts')
    role_count = fields.Integer('Role Addresses', compute='_compute_counts')
    deleted_count = fields.Integer('Deleted Since', compute='_compute_counts')
    progress = fields.Json(compute='_compute_progress')
    plan = fields.Json(compute='_compute_plan')
    day_load = fields.Json('How Full the Days Are', compute='_compute_day_load')

    _cap_positive = models.Constraint('CHECK (cap >= 0 AND batch_size >= 0)', "The caps cannot be negative.")

    @api.model
    def _get_only_segment(self):
        segments = self.env['cadence.segment'].search([('company_id', '=', self.env.company.id)], limit=2)
        return segments if len(segments) == 1 else segments.browse()

    @api.depends('file')
    def _compute_source(self):
        for intake in self:
            intake.source = 'file' if intake.file else intake.source or 'paste'

    @api.depends('source', 'file_name', 'list_ids.name')
    def _compute_name(self):
        names = {
            'paste': self.env._("Pasted addresses"),
            'file': self.env._("File"),
            'contacts': self.env._("Selected contacts"),
            'lists': self.env._("Mailing lists"),
            'leads': self.env._("Selected leads"),
        }
        for intake in self:
            own_name = {'file': intake.file_name, 'lists': ', '.join(intake.list_ids.mapped('name'))}.get(intake.source)
            intake.name = own_name or names[intake.source]

    @api.depends('segment_id')
    def _compute_start_date(self):
        for intake in self:
            if not intake.start_date or intake.segment_id != intake._origin.segment_id:
                intake.start_date = intake.segment_id._get_local_day() if intake.segment_id else fields.Date.context_today(intake)

    @api.depends('tally')
    def _compute_counts(self):
        for intake in self:
            for name in COUNTS:
                intake[f'{name}_count'] = (intake.tally or {}).get(name, 0)

    def _tally(self):
        """Count the lines, once at the end of each piece of work: a list of intakes may stand for millions."""
        self.env['cadence.intake.line'].flush_model()
        self.tally = self.env.execute_query_dict(self._query_counts())[0]

    def _query_counts(self):
        return SQL("""
            SELECT COUNT(*) AS line,
                   COUNT(*) FILTER (WHERE state = 'new') AS new,
                   COUNT(*) FILTER (WHERE state = 'known') AS known,
                   COUNT(*) FILTER (WHERE state = 'duplicate') AS duplicate,
                   COUNT(*) FILTER (WHERE state = 'invalid') AS invalid,
                   COUNT(*) FILTER (WHERE state = 'over_cap') AS over_cap,
                   COUNT(*) FILTER (WHERE state = 'saved') AS saved,
                   COUNT(*) FILTER (WHERE state = 'undone') AS undone,
                   COUNT(*) FILTER (WHERE state = 'undone' AND partner_id IS NOT NULL) AS kept,
                   COUNT(*) FILTER (WHERE state IN ('new', 'known') AND batch > 0) AS to_save,
                   COUNT(*) FILTER (WHERE state = 'invalid' AND suggestion IS NOT NULL) AS suggestion,
                   COUNT(*) FILTER (WHERE is_role AND state IN ('new', 'known', 'saved')) AS role,
                   COUNT(*) FILTER (WHERE was_deleted AND state IN ('new', 'saved')) AS deleted
              FROM cadence_intake_line
             WHERE intake_id = %s
            """, self.id)

    @api.depends('tally')
    def _compute_plan(self):
        for intake in self:
            intake.plan = [
                {'batch': batch, 'first': first, 'last': last, 'count': count, 'companies': companies}
                for batch, first, last, count, companies in self.env.execute_query(intake._query_plan())
            ] if intake.state not in ('draft', 'reading', 'saving', 'undoing') else []

    def _query_plan(self):
        return SQL("""
            SELECT batch, MIN(NULLIF(rank, 0)), MAX(NULLIF(rank, 0)), COUNT(*), COUNT(DISTINCT company_domain COLLATE "C")
              FROM cadence_intake_line
             WHERE intake_id = %(id)s AND batch > 0 AND state IN ('new', 'known', 'saved')
          GROUP BY batch
          ORDER BY MOD(batch - %(start)s + %(batch_count)s, %(batch_count)s)
            """, id=self.id, start=self._get_start(), batch_count=self.tag_group_id.batch_count or 1)

    def _get_planned_batches(self):
        return [batch for batch, *_numbers in self.env.execute_query(self._query_plan())]

    def _get_start(self):
        """The batch of the first day; a 31st counts as the 1st, on which the cycle begins anew."""
        return (min(self.start_date.day, 31) - 1) % (self.tag_group_id.cycle_days or 30) % (
            self.tag_group_id.batch_count or 30) + 1

    @api.depends('state', 'segment_id.company_id')
    def _compute_day_load(self):
        for intake in self:
            intake.day_load = intake._get_day_load() if intake.state in ('draft', 'preview') and intake.segment_id else []

    def _get_day_load(self):
        """[{'day': 1..30, 'contacts': those of every batch that is due then}] over all segments of the company."""
        segments = self.env['cadence.segment'].search([('company_id', '=', self.company_id.id)])
        groups = {group.id: group.cycle_days for group in self.env['cadence.tag.group']._get_mailed_groups()}
        contacts = dict.fromkeys(range(1, 31), 0)
        for (_segment_id, group_id, batch), (_tag_id, count) in segments._get_batch_counts().items():
            for day in range(batch, 31, groups.get(group_id, 30)):
                contacts[day] += count
        return [{'day': day, 'contacts': count} for day, count in contacts.items()]

    def action_start_lightest(self):
        """Begin on the day of the month on which the fewest contacts are due, the next one of these from today on."""
        self.ensure_one()
        load = {row['day']: row['contacts'] for row in self._get_day_load()}
        today = self.segment_id._get_local_day()
        days = [day for day in (today + timedelta(days=ahead) for ahead in range(31)) if day.day in load]
        self.start_date = min(days, key=lambda day: load[day.day])

    def unlink(self):
        for intake in self:
            intake._forget_lines()
        return super().unlink()

    # Screens

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
        self.ensure_one()
        self._check_state('preview', 'cancelled')
        if self.saved_count:
            raise UserError(self.env._("Some of these addresses are saved already: undo them first, or make a new intake."))
        self._forget_lines()
        self.write({'state': 'draft', 'tally': False})
        return self._get_action()

    def _check_state(self, *states):
        """:raise UserError: somebody else moved the intake on since the button was drawn"""
        if self.state not in states:
            labels = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._("This cannot be done now: the intake is at “%(state)s”.", state=labels[self.state]))

    def action_open_contacts(self):
        self.ensure_one()
        return self.env['res.partner']._cadence_get_action(
            self.name, [('cadence_intake_line_ids', 'any', [('intake_id', '=', self.id), ('state', '=', 'saved')])])

    def action_open_lines(self):
        """The rows behind one number, which the button's context names."""
        self.ensure_one()
        state = self.env.context.get('cadence_line_state')
        domains = {
            'suggestion': [('state', '=', 'invalid'), ('suggestion', '!=', False)],
            'role': [('is_role', '=', True)],
            'deleted': [('was_deleted', '=', True)],
            'kept': [('state', '=', 'undone'), ('partner_id', '!=', False)],
        }
        return {
            'type': 'ir.actions.act_window',
            'name': self.name,
            'res_model': 'cadence.intake.line',
            'views': [(False, 'list')],
            'domain': [('intake_id', '=', self.id)] + domains.get(state, [('state', '=', state)] if state else []),
        }

    def action_download(self):
        """The rows that were set aside, as they came, with the reason beside them."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'url': f'/cadence/intake/{self.id}/set_aside.csv', 'target': 'download'}

    @api.autovacuum
    def _gc_previews(self):
        """Previews that nobody saved for a month are of no use to anybody."""
        self.search([
            ('state', 'in', ('draft', 'preview')), ('write_date', '<', fields.Datetime.now() - timedelta(days=30))]).unlink()
