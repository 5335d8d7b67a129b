import base64
import hashlib
import io
from ast import literal_eval
from itertools import islice
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ...tools.address import address_columns, address_file, address_text
from .cadence_intake_line import CELL_SEPARATOR

PAGE = 5_000  # records that are read at once
SAMPLE_ROWS = 20
MAX_ROWS = 3_000_000  # of a file
DOMAIN_FIELDS = {'contacts': 'contact_domain', 'leads': 'lead_domain'}
# {field of a contact: field of the source's records}, in the order of the columns
RECORD_FIELDS = {
    'contacts': {'email': 'email', 'name': 'name'},
    'leads': {
        'email': 'email_from', 'name': 'contact_name', 'company': 'partner_name', 'phone': 'phone', 'website': 'website',
        'country': 'country_id', 'lang': 'lang_code'},
    'lists': {'email': 'email', 'name': 'name', 'company': 'company_name', 'country': 'country_id'},
}


class Source(NamedTuple):
    """Where addresses come from, whatever it is, as a table.

    `positions`: {field of a contact: column}, `rows`: an iterator of (row number, cells, contact id or None), `get_share`:
    a callable, the share that is read, 0..1, or None where it is not known.
    """
    positions: dict
    rows: object
    get_share: object


class CadenceIntake(models.Model):
    """The sources of an intake: pasted text, a file, contacts, mailing lists or leads."""
    _inherit = 'cadence.intake'

    def _open_source(self):
        """:rtype: Source
        :raise UserError: what is wrong with it and what to do
        """
        if self.source == 'paste':
            return self._open_paste()
        return self._open_table() if self.source == 'file' else self._open_records()

    def _check_source(self):
        """What shows at once of a source that is too large to be read while somebody waits.

        :raise UserError: as above
        """
        if self.source == 'file':
            with self._open_file() as file:
                self._check_encoding(self._read_table(file, is_brief=True).encoding)
            self._check_columns()

    def _get_headers(self):
        """The headers of the table that the lines' cells belong to."""
        self.ensure_one()
        if self.source == 'file':
            return tuple(self.column_ids.mapped('header'))
        if self.source == 'paste':
            return self.env._("E-mail"), self.env._("Name")
        Records = self._get_source_records()
        return tuple(Records._fields[name]._description_string(self.env) for name in RECORD_FIELDS[self.source].values())

    def _get_positions(self):
        """{field of a contact: column of the lines' cells}."""
        self.ensure_one()
        if self.source != 'file':
            names = RECORD_FIELDS.get(self.source, ('email', 'name'))
            return {field: position for position, field in enumerate(names)}
        positions = {column.field: column.position for column in self.column_ids if column.field}
        # A name that stood in the address's cell has its place behind the table.
        return {'name': len(self.column_ids)} | positions

    def _get_input_size(self):
        """Roughly how many characters or rows are to be read; says only whether the user can wait for it."""
        self.ensure_one()
        if self.source == 'file':
            if not self._has_file():
                return 0
            with self._open_file() as file:
                return address_file.measure(file)
        if self.source == 'paste':
            return len(self.pasted_text or '')
        return self._get_source_records().search_count(self._get_source_domain()) * 50

    @api.model
    def get_selection_action(self, source, records):
        """An action that saves what the user selected in a list.

        The web client hands over at most so many ids; as many as that mean “all of this search”.
        """
        self.check_access('create')
        context = {'default_source': source}
        if source == 'contacts':
            context['default_on_existing'] = 'add'
        if source == 'lists':
            return self._get_action(context | {'default_list_ids': records.ids})
        limit = int(self.env['ir.config_parameter'].sudo().get_param('web.active_ids_limit', 20_000))
        searched = self.env.context.get('active_domain')
        domain = searched if searched and len(records) >= limit else [('id', 'in', records.ids)]
        return self._get_action(context | {f'default_{DOMAIN_FIELDS[source]}': repr(domain)})

    # Pasted text

    def _open_paste(self):
        addresses = address_text.parse(self.pasted_text or '')
        if not addresses:
            raise UserError(self.env._("There are no addresses yet: paste some, upload a file or select contacts."))
        rows = ((address.row, (address.email or address.text, address.name), None) for address in addresses)
        return Source(self._get_positions(), rows, None)

    # Files

    @api.depends('file', 'encoding', 'sheet')
    def _compute_header(self):
        """Apart from the columns: those a form sends with the file, and what is computed with them would not be then."""
        for intake in self:
            intake.header_key, intake.problem = False, False
            intake.encoding_choices = intake.sheet_choices = False
            if intake.file:
                try:
                    with intake._open_file() as file:
                        table = intake._read_table(file, is_brief=True)
                        intake.encoding_choices = intake._prepare_encoding_choices(file, table.encoding)
                        intake.sheet_choices = intake._prepare_sheet_choices(table)
                    headers, _sample = intake._read_sample()
                    intake.header_key = hashlib.sha256(CELL_SEPARATOR.join(headers).encode()).hexdigest()
                except UserError as error:  # said beside the file; the preview says it again
                    intake.problem = str(error)

    @api.depends('file', 'encoding', 'sheet', 'header_key')
    def _compute_columns(self):
        """What the columns mean: as it was said last time for the same headers, else as the headers and cells tell."""
        for intake in self:
            commands = [fields.Command.clear()]
            if intake.header_key:
                commands += intake._prepare_columns(*intake._read_sample())
            intake.column_ids = commands

    def _prepare_columns(self, headers, sample):
        guesses = self._remember_columns() or self._guess_fields(headers, sample)
        return [fields.Command.create({
            'position': position,
            'header': header,
            'sample': next((cells[position] for cells in sample if cells[position]), '')[:200],
            'field': guesses.get(position, False),
        }) for position, header in enumerate(headers)]

    def _read_sample(self):
        """(headers, first rows) of the file."""
        with self._open_file() as file:
            table = self._read_table(file, is_brief=True)
            return table.headers, [cells for _row, cells in self._iterate(islice(table.rows, SAMPLE_ROWS))]

    def _remember_columns(self):
        last = self.search([
            ('header_key', '=', self.header_key), ('state', '!=', 'draft'), ('id', '!=', self._origin.id),
            ('company_id', 'in', self.env.companies.ids)], limit=1)
        return {column.position: column.field for column in last.column_ids if column.field}

    def _guess_fields(self, headers, sample):
        guesses = address_columns.guess_columns(headers, sample)
        labels = self.env['cadence.intake.column']._get_fields_by_label()
        for position, header in enumerate(headers):
            field = labels.get(header.casefold())
            if field and position not in guesses and field not in guesses.values():
                guesses[position] = field
        return guesses

    def _open_table(self):
        if not self._has_file():
            raise UserError(self.env._("There is no file yet: upload a table of addresses."))
        table = self._read_table(self._open_file())
        self._check_encoding(table.encoding)
        positions = self._check_columns()
        return Source(positions, ((number, cells, None) for number, cells in self._iterate(table.rows)), table.position)

    def _check_columns(self):
        positions = self._get_positions()
        if 'email' not in positions:
            raise UserError(self.env._("Which column holds the addresses? Choose “E-mail” for one of the columns."))
        return positions

    def _has_file(self):
        return bool(self.with_context(bin_size=True).file)  # its size, not all of it

    def _open_file(self):
        """The file as it lies in the filestore, never as a whole in memory; one that is not stored yet comes from the form."""
        if not isinstance(self.id, int):
            return io.BytesIO(base64.b64decode(self.file))
        attachment = self._get_attachment()
        if attachment.store_fname:
            return open(attachment._full_path(attachment.store_fname), 'rb')
        return io.BytesIO(attachment.raw or base64.b64decode(self.with_context(bin_size=False).file))

    def _get_attachment(self):
        # The user owns the intake; the attachment behind its field has no rights of its own.
        return self.env['ir.attachment'].sudo().search([
            ('res_model', '=', self._name), ('res_field', '=', 'file'), ('res_id', 'in', self.ids)], limit=1)

    def _read_table(self, file, is_brief=False):
        try:
            return address_file.read(self.file_name or '', file, MAX_ROWS, is_brief, self._get_file_choices())
        except address_file.TableError as error:
            raise UserError(self._get_table_problem(error)) from error

    def _iterate(self, rows):
        """The rows; an error further on in the file is said as one at its beginning."""
        try:
            yield from rows
        except address_file.TableError as error:
            raise UserError(self._get_table_problem(error)) from error

    def _get_table_problem(self, error):
        return {
            'unknown_type': self.env._(
                "This is neither a CSV nor an XLSX or ODS file: save the table as one of these and load it again."),
            'old_excel': self.env._("This is an old Excel file (.xls): save it as .xlsx and load it again."),
            'encrypted': self.env._("The file is protected by a password: save it without one and load it again."),
            'damaged': self.env._("The file is damaged: open it in your spreadsheet program, save it again and load it."),
            'empty': self.env._("The file holds no rows."),
            'utf7': self.env._("The file is written in UTF-7, which nothing should be: save it as CSV UTF-8 and load it again."),
            'too_big': self.env._("The file is too big: split it and load the parts."),
            'too_many_rows': self.env._("The file has too many rows: split it and load the parts."),
            'encoding': self.env._("The text encoding of the file cannot be read: save it as CSV UTF-8 and load it again."),
        }.get(error.code, str(error))

    # Records of Odoo

    def _get_source_records(self):
        Records = self.env[{'contacts': 'res.partner', 'leads': 'crm.lead', 'lists': 'mailing.contact'}[self.source]]
        # A contact that was selected may be archived: the match says what becomes of it.
        return Records.with_context(active_test=False) if self.source == 'contacts' else Records

    def _get_source_domain(self):
        if self.source == 'lists':
            return [('subscription_ids', 'any', [('list_id', 'in', self.list_ids.ids), ('opt_out', '=', False)])]
        try:
            return literal_eval(self[DOMAIN_FIELDS[self.source]] or '[]')
        except (ValueError, SyntaxError) as error:
            raise UserError(self.env._("The filter cannot be read: choose its conditions again.")) from error

    def _open_records(self):
        """A table of the records that the user may read."""
        ids = self._get_source_records().search(self._get_source_domain(), order='id').ids
        if not ids:
            raise UserError(self.env._("There is nobody in this selection: choose others."))
        return Source(self._get_positions(), self._read_records(ids), None)

    def _read_records(self, ids):
        Records = self._get_source_records()
        names = RECORD_FIELDS[self.source].values()
        row = 0
        for page in split_every(PAGE, ids):
            records = Records.browse(page)
            records.fetch(names)
            for record in records:
                row += 1
                values = (record[name] for name in names)
                cells = tuple(value.name if isinstance(value, models.BaseModel) else value for value in values)
                yield row, tuple(cell or '' for cell in cells), record.id if self.source == 'contacts' else None
            records.invalidate_recordset()
