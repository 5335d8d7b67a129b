from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
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
# State → those that may come after it
TRANSITIONS = {
    'draft': ('reading',),
    'reading': ('preview', 'draft', 'cancelled'),
    'preview': ('reading', 'saving', 'draft'),
    'saving': ('done', 'cancelled', 'undoing'),
    'done': ('undoing',),
    'cancelled': ('draft', 'undoing'),
    'undoing': ('undone',),
    'undone': (),
}
AT_WORK = ('reading', 'saving', 'undoing')
# What is worked on in somebody's name must be what they saw: only a draft takes another input.
INPUT_FIELDS = frozenset((
    'segment_id', 'tag_group_id', 'start_date', 'spread', 'cap', 'batch_size', 'on_existing', 'revive_archived', 'link_companies',
    'check_mx', 'source', 'pasted_text', 'file', 'file_name', 'contact_domain', 'lead_domain', 'list_ids', 'column_ids',
    'encoding', 'sheet', 'several'))


class CadenceIntake(models.Model):
    """A load of addresses on its way into the batches of a segment.

    draft, preview → reading            `action_preview`: the input is read, compared with the contacts, ranked and capped
    reading → preview                   nothing of it is a contact yet
    reading → draft                     the input cannot be read; `problem` says why
    preview, cancelled → draft          `action_back`, as long as nothing is saved
    preview → saving → done             `action_save`: the lines become contacts
    reading, saving → cancelled         `action_cancel`: what is saved stays saved
    saving, done, cancelled → undoing → undone    `action_undo`

    Only `_move_on` writes the state, and only `_set_paused` whether the work waits. Workers who are at an intake that is moved on
    have worked in vain: see `_hold` and the README of this folder.
    """
    _name = 'cadence.intake'
    _inherit = ['cadence.guarded.mixin', 'cadence.rhythm.mixin', 'mail.thread']
    _description = 'Intake'
    _order = 'id DESC'
    _mail_post_access = 'read'

    _guarded_fields = ('state', 'paused', 'problem', 'tally', 'worker_id', 'company_id', 'header_key', 'chunk_ids', 'line_ids')

    name = fields.Char(compute='_compute_name', compute_sudo=True, search='_search_name')
    segment_id = fields.Many2one(
        ondelete='restrict', index=True,
        default=lambda self: self.env['cadence.segment']._get_only())
    company_id = fields.Many2one(related='segment_id.company_id', store=True, index=True)
    tag_group_id = fields.Many2one(
        domain=[('batch_count', '>', 0)],
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
        help="At most this many addresses of one company in one batch; the next ones go into the next day's batch. With all in "
             "one batch: the last rank in its company that is saved, those of other batches counted. 0: no cap.")
    batch_size = fields.Integer(
        'Per Batch', help="At most this many contacts in one batch, whatever their company; 0: no limit.")
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
        'Look Up Mail Servers',
        help="Sets aside addresses whose domain has no mail server in DNS. Where DNS gives no answer, they are saved.")
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
    encoding = fields.Char(
        compute='_compute_choices', store=True, readonly=False, precompute=True, help="Of a text file, as somebody chose it.")
    encoding_choices = fields.Json('Characters', compute='_compute_header', store=True)
    sheet = fields.Char(
        compute='_compute_choices', store=True, readonly=False, precompute=True, help="Of a spreadsheet, as somebody chose it.")
    sheet_choices = fields.Json(compute='_compute_header', store=True)
    several = fields.Selection([
        ('all', 'Each becomes a contact'),
        ('first', 'The first one; set the others aside'),
    ], 'Several Addresses in a Row', default='all', required=True)
    contact_domain = fields.Char('Contacts', default='[]')
    lead_domain = fields.Char('Leads', default='[]')
    list_ids = fields.Many2many(
        'mailing.list', 'cadence_intake_list_rel', string='Mailing Lists', groups='mass_mailing.group_mass_mailing_user')
    header_key = fields.Char(
        compute='_compute_header', store=True, help="The headers of the table; what its columns mean is remembered for them.")
    column_ids = fields.One2many(
        'cadence.intake.column', 'intake_id', 'Columns', compute='_compute_columns', store=True, readonly=False)
    state = fields.Selection([
        ('draft', 'Addresses'),
        ('reading', 'Reading'),
        ('preview', 'Preview'),
        ('saving', 'Saving'),
        ('done', 'Saved'),
        ('cancelled', 'Cancelled'),
        ('undoing', 'Undoing'),
        ('undone', 'Undone'),
    ], default='draft', required=True, readonly=True, copy=False, tracking=True)
    paused = fields.Boolean(readonly=True, copy=False)
    problem = fields.Char(compute='_compute_header', store=True, help="Why the addresses could not be read.")
    line_ids = fields.One2many('cadence.intake.line', 'intake_id', 'Addresses')
    chunk_ids = fields.One2many('cadence.intake.chunk', 'intake_id', 'Chunks')
    tally = fields.Json(
        readonly=True, copy=False, help="The numbers of lines by what they were found to be, at the end of the last work.")
    worker_id = fields.Many2one(
        'res.users', readonly=True, copy=False, help="Who started the work that is going on; it is done in their name.")
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

    @api.depends('file')
    def _compute_source(self):
        for intake in self:
            intake.source = 'file' if intake.file else intake.source or 'paste'

    @api.depends('source', 'file_name', 'list_ids.name')
    @api.depends_context('lang')
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

    def _search_name(self, operator, value):
        named = Domain('file_name', operator, value) | Domain('list_ids.name', operator, value)
        return Domain('id', 'in', self.sudo()._search(named))  # salespeople see no mailing lists

    @api.depends('segment_id')
    def _compute_start_date(self):
        for intake in self:
            if not intake.start_date or intake.segment_id != intake._origin.segment_id:
                intake.start_date = intake.segment_id._get_local_day() if intake.segment_id else fields.Date.context_today(intake)

    @api.model_create_multi
    def create(self, vals_list):
        intakes = super().create(vals_list)
        intakes._check_reachable()
        return intakes

    def write(self, vals):
        if not self.env.su and not INPUT_FIELDS.isdisjoint(vals):
            self._check_draft()
        result = super().write(vals)
        if 'segment_id' in vals or 'tag_group_id' in vals:
            self._check_reachable()
        return result

    def _check_reachable(self):
        """Not a constraint: these are checked with all rights."""
        self.segment_id.check_access('read')
        self.tag_group_id.check_access('read')

    def _check_draft(self):
        """:raise UserError: the input is read already"""
        if any(intake.state != 'draft' for intake in self):
            raise UserError(self.env._("These addresses are read already: go back to the input to change it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_at_work(self):
        if any(intake.state in AT_WORK and not intake.paused for intake in self):
            raise UserError(self.env._("This intake is being worked on: pause or cancel it, or wait until it is done."))

    def unlink(self):
        for intake in self:
            intake._forget_lines()
        return super().unlink()

    def _forget_lines(self):
        self.ensure_one()
        self.sudo().chunk_ids.unlink()
        self.env['cadence.intake.line']._forget(self)

    # The state

    def _check_state(self, *states):
        """For a button: whoever may change the intake may press it, if it still is at one of the states.

        :raise UserError: somebody else moved the intake on since the button was drawn
        """
        self.ensure_one()
        self.check_access('write')
        if self.state not in states:
            labels = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._("This cannot be done now: the intake is at “%(state)s”.", state=labels[self.state]))

    def _move_on(self, state, problem=False):
        """Write the state, and with it the numbers of lines and in whose name the work is done."""
        self._check_state(*(before for before, after in TRANSITIONS.items() if state in after))
        values = {'state': state, 'paused': False, 'problem': problem}
        if state in AT_WORK:
            values['worker_id'] = self.env.uid
        self.sudo().write(values)
        # At once: who moves the same intake on in the same moment has to wait here, and to begin anew.
        self.flush_recordset()
        if state not in AT_WORK:
            self._tally()

    def _set_paused(self, paused, problem=False):
        self._check_state(*AT_WORK)
        values = {'paused': paused, 'problem': problem}
        if not paused:
            values['worker_id'] = self.env.uid
        self.sudo().write(values)
        self.flush_recordset()

    def _hold(self):
        """Keep the intake at its state until the transaction ends. Workers call it when a piece of work is done: who moves the
        intake on later waits for it, who did so since the piece was begun has made it void.

        :raise psycopg2.errors.SerializationFailure: it was moved on or paused
        """
        self.env.cr.execute(SQL("SELECT FROM cadence_intake WHERE id = %s FOR SHARE", self.id))

    def _is_at_work(self, state):
        """Whether the intake is still to be worked on; what a user clicked meanwhile counts."""
        self.invalidate_recordset(['state', 'paused'])
        return self.state == state and not self.paused

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

    def action_open_contacts(self):
        self.ensure_one()
        self.check_access('read')
        return self.env['res.partner']._cadence_get_action(
            self.name, [('cadence_intake_line_ids', 'any', [('intake_id', '=', self.id), ('state', '=', 'saved')])])

    def action_open_lines(self):
        """The rows behind one number, which the button's context names."""
        self.ensure_one()
        self.check_access('read')
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
        self.check_access('read')
        return {'type': 'ir.actions.act_url', 'url': f'/cadence/intake/{self.id}/set_aside.csv', 'target': 'download'}

    @api.autovacuum
    def _gc_previews(self):
        """Previews that nobody saved for a month are of no use to anybody."""
        self.search([
            ('state', 'in', ('draft', 'preview')), ('write_date', '<', fields.Datetime.now() - timedelta(days=30))]).unlink()
