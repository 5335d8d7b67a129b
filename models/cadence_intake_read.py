import base64
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import address_file, address_text, company_domain

MAX_LINES = 20_000


class CadenceIntake(models.Model):
    """The first step of an intake: from pasted text, a file or selected contacts to lines."""
    _inherit = 'cadence.intake'

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
