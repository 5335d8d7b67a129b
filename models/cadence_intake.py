import base64
from datetime import timedelta
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import address_file, address_text, company_domain, domain_cap

# Up to so many addresses are saved while the user waits (about two seconds), more by the cron in chunks.
SAVE_AT_ONCE = 2_000
CHUNK = 500
MAX_LINES = 20_000


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
    segment_id = fields.Many2one('cadence.segment', 'Segment', required=True, ondelete='restrict', index=True)
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

    @api.depends('file')
    def _compute_column_ids(self):
        for intake in self:
            intake.column_ids = [fields.Command.clear()]
            if intake.file:
                headers, rows = intake._read_table(20)
                sample = [cells for _row, cells in rows]
                guesses = address_file.guess_columns(headers, sample)
                intake.column_ids = [fields.Command.create({
                    'position': position,
                    'header': header,
                    'sample': next((cells[position] for cells in sample if position < len(cells) and cells[position]), ''),
                    'field': guesses.get(position, False),
                }) for position, header in enumerate(headers)]

    def _get_start(self):
        """The batch of the first day; a 31st counts as the 1st, on which the cycle begins anew."""
        return (min(self.start_date.day, 31) - 1) % (self.tag_group_id.cycle_days or 30) % (
            self.tag_group_id.batch_count or 30) + 1

    # Read: from text, file or contacts to lines

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

    def _read_rows(self):
        """[values of a line] in input order."""
        if self.partner_ids:
            rows = self._read_partners()
        elif self.file:
            rows = self._read_file()
        else:
            rows = [
                {'row': address.row, 'text': address.text, 'email': address.email, 'name': address.name,
                 'problem': address.problem}
                for address in address_text.parse(self.pasted_text or '')
            ]
        if len(rows) > MAX_LINES:
            raise UserError(self.env._(
                "%(count)s addresses are too many for one intake: the limit is %(limit)s. Split the file and save the parts.",
                count=f'{len(rows):,}', limit=f'{MAX_LINES:,}'))
        return rows

    def _read_partners(self):
        partners = self.partner_ids
        partners.fetch(['name', 'email', 'email_normalized'])
        return [
            {'row': row, 'text': partner.email or '', 'email': partner.email_normalized or None, 'name': partner.name or '',
             'problem': None if partner.email_normalized else 'empty', 'partner_id': partner.id}
            for row, partner in enumerate(partners, 1)
        ]

    def _read_file(self):
        positions = {column.field: column.position for column in self.column_ids if column.field}
        if 'email' not in positions:
            raise UserError(self.env._("Which column holds the addresses? Choose “E-mail” for one of the columns."))
        rows = []
        for row, cells in self._read_table(MAX_LINES + 1)[1]:
            values = {field: cells[position] if position < len(cells) else '' for field, position in positions.items()}
            if not any(cells):
                continue
            rows.append(self._prepare_file_row(row, values))
        return rows

    def _prepare_file_row(self, row, values):
        email, problem = address_text.check(values['email'])
        name = values.get('name', '')
        if problem and len(entries := address_text.parse(values['email'])) == 1:
            # Some tables hold “Bob <bob@acme.com>” in one cell.
            email, problem, name = entries[0].email, entries[0].problem or None, name or entries[0].name
        return {
            'row': row, 'text': values['email'][:500], 'email': email, 'problem': problem,
            'name': address_text.clean_name(name),
            'company_name': address_text.clean_name(values.get('company', '')),
            'phone': address_text.clean_name(values.get('phone', '')),
            'website': address_text.clean_name(values.get('website', '')),
            'country': address_text.clean_name(values.get('country', '')),
        }

    def _read_table(self, limit):
        """The headers and up to `limit` rows (number, cells) of the file.

        :raise UserError: what is wrong with the file and what to do
        """
        content = base64.b64decode(self.with_context(bin_size=False).file)
        try:
            table = address_file.read(self.file_name or '', content)
            return table.headers, list(islice(table.rows, limit))
        except address_file.TableError as error:
            raise UserError(self._get_table_problem(error)) from error

    def _get_table_problem(self, error):
        return {
            'unknown_type': self.env._(
                "This is neither a CSV nor an XLSX file: save the table as one of these and load it again."),
            'old_excel': self.env._("This is an old Excel file (.xls): save it as .xlsx and load it again."),
            'encrypted': self.env._("The file is protected by a password: save it without one and load it again."),
            'damaged': self.env._("The file is damaged: open it in your spreadsheet program, save it again and load it."),
            'empty': self.env._("The file holds no rows."),
            'quotes': self.env._("A quotation mark in the file is opened and never closed: correct it and load the file again."),
            'too_big': self.env._("The file is too big: split it and load the parts."),
            'too_many_rows': self.env._("The file has too many rows: split it and load the parts."),
            'encoding': self.env._("The text encoding of the file is not readable: save it as CSV UTF-8 and load it again."),
        }.get(error.code, str(error))

    def _get_problem_text(self, problem):
        return {
            'no_at': self.env._("No e-mail address in it"),
            'syntax': self.env._("Not an e-mail address"),
            'too_long': self.env._("Too long"),
            'empty': self.env._("No address"),
        }.get(problem, problem)

    def _insert_lines(self, rows):
        """One statement for all rows: 20,000 lines are no work for the ORM."""
        self.env['cadence.intake.line'].flush_model()
        columns = ('row', 'text', 'email', 'name', 'company_name', 'phone', 'website', 'country', 'partner_id')
        for row in rows:
            row['email'] = row['email'] and company_domain.deliverable(row['email'])
        domains = [company_domain.company_domain(row['email']) for row in rows]
        texts = {code: self._get_problem_text(code) for code in {row['problem'] for row in rows if row['problem']}}
        self.env.execute_query(SQL("""
            INSERT INTO cadence_intake_line (
                   intake_id, company_id, "row", text, email, name, company_name, phone, website, country, partner_id,
                   company_domain, reason, state, rank, batch, create_uid, write_uid, create_date, write_date)
            SELECT %(intake_id)s, %(company_id)s, data."row", data.text, data.email, data.name, data.company_name, data.phone,
                   data.website, data.country, data.partner_id, data.company_domain, data.reason,
                   CASE WHEN data.reason IS NULL THEN 'new' ELSE 'invalid' END, 0, 0, %(uid)s, %(uid)s,
                   NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
              FROM UNNEST(%(row)s::int[], %(text)s::text[], %(email)s::text[], %(name)s::text[], %(company_name)s::text[],
                          %(phone)s::text[], %(website)s::text[], %(country)s::text[], %(partner_id)s::int[],
                          %(domains)s::text[], %(reasons)s::text[])
                   data("row", text, email, name, company_name, phone, website, country, partner_id, company_domain, reason)
         RETURNING NULL
            """,
            intake_id=self.id, company_id=self.company_id.id, uid=self.env.uid, domains=domains,
            reasons=[texts.get(row['problem']) for row in rows],
            **{column: [row.get(column) or None for row in rows] for column in columns}))
        self.invalidate_recordset()

    # Match: which are known, which are twice in the input

    def _match(self):
        self.env['res.partner'].flush_model(['email_normalized', 'company_id', 'active'])
        self.env['cadence.intake.line'].flush_model()
        self.env.execute_query(self._query_duplicates())
        self.env.execute_query(self._query_known())
        self.env['cadence.intake.line'].invalidate_model()

    def _query_duplicates(self):
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'duplicate', reason = FORMAT(%(reason)s, seen.first_row)
              FROM (SELECT id, "row",
                           FIRST_VALUE("row") OVER same AS first_row,
                           ROW_NUMBER() OVER same AS copy
                      FROM cadence_intake_line
                     WHERE intake_id = %(id)s AND state = 'new'
                    WINDOW same AS (PARTITION BY email ORDER BY "row", id)) seen
             WHERE seen.id = line.id AND seen.copy > 1
         RETURNING NULL
            """, id=self.id, reason=self.env._("The same address as in row %(row)s", row='%s'))

    def _query_known(self):
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'known',
                   partner_id = known.id,
                   batch = CASE WHEN %(skip)s THEN 0 ELSE line.batch END,
                   reason = CASE WHEN known.active THEN %(known)s ELSE %(archived)s END
              FROM (SELECT DISTINCT ON (partner.email_normalized) partner.email_normalized, partner.id, partner.active
                      FROM res_partner partner
                      JOIN cadence_intake_line mine ON mine.email = partner.email_normalized
                     WHERE mine.intake_id = %(id)s
                       AND (partner.company_id IS NULL OR partner.company_id = %(company_id)s)
                  ORDER BY partner.email_normalized, partner.active DESC, partner.id) known
             WHERE line.intake_id = %(id)s
               AND line.state = 'new'
               AND line.email = known.email_normalized
         RETURNING NULL
            """, id=self.id, company_id=self.company_id.id, skip=self.on_existing == 'skip',
            known=self.env._("Already a contact"), archived=self.env._("Already a contact, archived"))

    # Place: rank within the company domain, cap, batch

    def _place(self):
        """Give every line that will be saved its rank and batch; what fits into no batch of the cycle is over the cap."""
        lines = self.env.execute_query(self._query_to_place())
        places = domain_cap.assign(
            [domain for _id, domain in lines], self._get_taken({domain for _id, domain in lines if domain}),
            cap=self.cap, batch_count=self.tag_group_id.batch_count, start=self._get_start(),
            batch_size=self.batch_size, filled=self._get_filled())
        ids, ranks, batches = [], [], []
        for (line_id, _domain), place in zip(lines, places, strict=True):
            ids.append(line_id)
            ranks.append(place.rank)
            batches.append(place.batch or 0)
        self.env.execute_query(SQL("""
            UPDATE cadence_intake_line line
               SET rank = place.rank,
                   batch = place.batch,
                   state = CASE WHEN place.batch = 0 THEN 'over_cap' ELSE line.state END,
                   reason = CASE WHEN place.batch = 0 THEN %(reason)s ELSE line.reason END
              FROM UNNEST(%(ids)s::int[], %(ranks)s::int[], %(batches)s::int[]) place(id, rank, batch)
             WHERE place.id = line.id
         RETURNING NULL
            """, ids=ids, ranks=ranks, batches=batches,
            reason=self.env._("The company has no place left in any batch of the cycle")))
        self.env['cadence.intake.line'].invalidate_model()

    def _query_to_place(self):
        """(line id, company domain) in input order: new addresses, and known ones without a batch here where they are wanted."""
        states = ['new'] if self.on_existing == 'skip' else ['new', 'known']
        return SQL("""
            SELECT line.id, line.company_domain
              FROM cadence_intake_line line
             WHERE line.intake_id = %(id)s
               AND line.state = ANY(%(states)s)
               AND (%(move)s OR line.partner_id IS NULL OR NOT EXISTS (
                    SELECT FROM res_partner_res_partner_category_rel rel
                      JOIN res_partner_category tag ON tag.id = rel.category_id
                     WHERE rel.partner_id = line.partner_id
                       AND tag.cadence_segment_id = %(segment_id)s
                       AND tag.cadence_group_id = %(tag_group_id)s))
          ORDER BY line."row", line.id
            """, id=self.id, states=states, move=self.on_existing == 'move',
            segment_id=self.segment_id.id, tag_group_id=self.tag_group_id.id)

    def _get_taken(self, domains):
        """{(company domain, batch): places taken by saved contacts} of these domains."""
        return {(domain, batch): count for domain, batch, count in self.env.execute_query(SQL("""
            SELECT partner.cadence_company_domain, tag.cadence_batch, COUNT(*)
              FROM res_partner partner
              JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = partner.id
              JOIN res_partner_category tag ON tag.id = rel.category_id
             WHERE partner.cadence_company_domain = ANY(%(domains)s)
               AND tag.cadence_segment_id = %(segment_id)s
               AND tag.cadence_group_id = %(tag_group_id)s
               AND NOT (%(move)s AND EXISTS (
                   SELECT FROM cadence_intake_line line WHERE line.intake_id = %(id)s AND line.partner_id = partner.id))
          GROUP BY partner.cadence_company_domain, tag.cadence_batch
            """, domains=list(domains), segment_id=self.segment_id.id, tag_group_id=self.tag_group_id.id, id=self.id,
            move=self.on_existing == 'move'))}

    def _get_filled(self):
        """{batch: contacts} of the segment, where a batch has a limit at all."""
        if not self.batch_size:
            return {}
        cells = self.segment_id._get_batch_counts()
        return {
            batch: contacts
            for (_segment_id, group_id, batch), (_tag_id, contacts) in cells.items() if group_id == self.tag_group_id.id
        }

    # Save: from lines to contacts

    def action_save(self):
        """Make the placed lines contacts of their batches: few at once, many by the cron."""
        self.ensure_one()
        if self.state != 'preview':
            raise UserError(self.env._("Preview the addresses first, then save them."))
        self.state = 'saving'
        if self.to_save_count <= SAVE_AT_ONCE:
            while self._save_chunk():
                pass
        else:
            self.env.ref('mass_mailing_cadence.ir_cron_intake').sudo()._trigger()
        return self._get_action()

    @api.model
    def _cron_save(self):
        """Save the intakes that are under way, a chunk a transaction."""
        commit_progress = self.env['ir.cron']._commit_progress
        for intake in self.search([('state', '=', 'saving')], order='id').try_lock_for_update():
            commit_progress(remaining=intake.to_save_count)
            intake = intake.with_user(intake.create_uid).with_company(intake.company_id)
            while saved := intake._save_chunk():
                if not commit_progress(saved):
                    return

    def _save_chunk(self):
        """Save the next lines; returns how many were taken up, 0 when the intake is done."""
        # Somebody may have created the same address since the preview.
        self._match()
        lines = self.env['cadence.intake.line'].search(
            [('intake_id', '=', self.id), ('batch', '>', 0), ('state', 'in', ('new', 'known'))], order='row, id', limit=CHUNK)
        if not lines:
            self.state = 'done'
            self.env['cadence.run'].sudo()._refresh_expected(self.segment_id.sudo(), fields.Datetime.now())
            return 0
        try:
            with self.env.cr.savepoint():
                lines._save()
        except (UserError, ValidationError):
            lines._save_one_by_one()
        return len(lines)

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
