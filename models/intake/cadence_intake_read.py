import time
from itertools import islice

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import domain_cap
from ...tools.address import address_file, address_text, canonical
from ...tools.address.address_finding import Finding, examine
from .cadence_intake_line import CELL_SEPARATOR
from .cadence_intake_source import RECORD_FIELDS

BLOCK = 20_000  # rows a transaction
MAX_IN_CELL = 20  # addresses: each is a line with the whole row, and a cell of thousands of them is no list of addresses
SEVERAL = Finding(None, None, 'several', None, False)
OTHER = Finding(None, None, 'other', None, False)
BROKEN = Finding(None, None, 'broken', None, False)
# Each new start has to find its place in the file again, so a worker keeps at it for longer than a cron's turn of ten seconds.
READ_SECONDS = 60


class CadenceIntake(models.Model):
    """The first step of an intake: from its source to lines, a block of rows a transaction.

    Every line gets the place that it has if no address is known or comes twice; the match then looks at the others only.
    """
    _inherit = 'cadence.intake'

    def _read_at_once(self, source):
        """Read the first block, and finish if there is no more; returns whether it is finished."""
        if is_finished := self._read_blocks(self._get_line_values(source), commit=lambda _lines: False, seconds=0):
            self._finish_reading()
        return is_finished

    def _read_on(self, commit):
        """Go on reading where the last block ended; a fault of the input sends the intake back to its draft, with the reason.

        :param commit: called with the rows of each block; says whether to go on
        """
        self.ensure_one()
        if self.source in RECORD_FIELDS:
            self._forget_lines()  # they are others by now: there is no place in them to go on from
        try:
            source = self._open_source()
            if self._read_blocks(self._get_line_values(source), commit, source.get_share):
                self._finish_reading()
        except UserError as error:
            self._forget_lines()
            self._move_on('draft', problem=str(error))
        commit(0)

    def _read_blocks(self, values, commit, get_share=None, seconds=READ_SECONDS):
        """Write the values of lines; returns whether all of them were written.

        :param seconds: after which it stops, at the end of a block
        """
        number = len(self.chunk_ids)
        started = time.monotonic()
        while True:
            block_started = fields.Datetime.now()
            if not (count := self._copy_lines(islice(values, BLOCK))):
                return True
            number += 1
            self.env['cadence.intake.chunk'].sudo().create({
                'intake_id': self.id, 'kind': 'read', 'number': number, 'line_count': count, 'state': 'done',
                'share': get_share and get_share() or 0, 'started': block_started, 'finished': fields.Datetime.now(),
            })
            self.env.flush_all()
            self._hold()
            has_time = commit(count) or time.monotonic() - started < seconds or self.source in RECORD_FIELDS
            is_at_work = self._is_at_work('reading')
            if count < BLOCK or not has_time or not is_at_work:
                return count < BLOCK and is_at_work

    def _copy_lines(self, values):
        if self.source in RECORD_FIELDS:
            values = list(values)  # reading records asks the database, which is busy while it copies
        return self.env['cadence.intake.line']._copy_in(values)

    def _get_line_values(self, source):
        """An iterator of the values of the lines that are not read yet, as `_copy_in` takes them."""
        places = domain_cap.DomainCap({}, **self._get_cap_rules())
        rows = islice(self._part_cells(source), self._replay(places), None)
        public = self.env['cadence.mailbox.domain']._get_public()  # the database is busy while lines are copied
        return self._iterate_values(rows, source.positions, places, self._get_problem_texts(), public)

    def _part_cells(self, source):
        """The rows with what is to be read as their address, or what is found of them anyway, and of how many in the row it
        is one: a row for each of them, with the same other cells. A contact with several addresses stays one row, without any,
        and so does a row with too many.
        """
        position, second = source.positions['email'], source.positions.get('email_2')
        for number, cells, partner_id in source.rows:
            text = cells[position]
            if cells.__class__ is address_file.BrokenRow:
                yield number, cells, partner_id, BROKEN, 1
                continue
            if second is not None and cells[second]:
                text = f'{text} {cells[second]}'.strip()
            emails = canonical.read(text).emails if text.count('@') > 1 or '＠' in text else ()
            if len(emails) < 2 or len(emails) > MAX_IN_CELL or partner_id:
                yield number, cells, partner_id, text if len(emails) < 2 else SEVERAL, 1
            else:
                yield number, cells, partner_id, emails[0], len(emails)
                for email in emails[1:]:
                    yield number, cells, partner_id, email if self.several == 'all' else OTHER, len(emails)

    def _iterate_values(self, rows, positions, places, texts, public):
        intake_id = self.id
        for number, cells, partner_id, text, count in rows:
            if text.__class__ is Finding:
                finding = text
            else:
                finding = examine(text, public)
                if count > 1:
                    cells = self._take_name(cells, positions, text)
                elif finding.problem and finding.email is None and text and (email := canonical.canonical(text)):
                    cells, finding = self._take_name(cells, positions, email), examine(email, public)
            rank, batch = 0, None
            if not finding.problem:
                rank, batch = places.place(finding.domain)
                batch = batch or 0
            reason = texts.get(finding.problem) or (texts['part'] % {'count': count} if count > 1 else None)
            yield (
                intake_id, number, CELL_SEPARATOR.join(cells), partner_id, finding.email, finding.domain,
                'invalid' if finding.problem else 'new', reason, finding.suggestion, finding.is_role, rank, batch)

    def _take_name(self, cells, positions, email):
        """Some tables hold “Bob <bob@acme.com>” in one cell: take the name of `email` out, unless there is one."""
        entries = address_text.parse(cells[positions['email']])
        name = next((entry.name for entry in entries if canonical.canonical(entry.email) == email), '')
        position = positions['name']
        cells = list(cells) + [''] * (position + 1 - len(cells))
        cells[position] = cells[position] or name
        return cells

    def _replay(self, places):
        """Give the lines of earlier blocks their places again; returns how many rows of the source they were."""
        # A server-side cursor would not outlive the commits between the blocks.
        done = sum(self.chunk_ids.mapped('line_count'))
        if done:
            for [domain] in self.env.execute_query(SQL("""
                SELECT company_domain FROM cadence_intake_line WHERE intake_id = %s AND batch IS NOT NULL ORDER BY id
                    """, self.id)):
                places.place(domain)
        return done

    def _get_cap_rules(self):
        return {
            'cap': self.cap, 'batch_count': self.tag_group_id.batch_count, 'start': self._get_start(),
            'batch_size': self.batch_size, 'is_single': self.spread == 'single',
            'refill': self.company_id.cadence_batch_domain_cap,
        }

    def _get_problem_texts(self):
        return {
            'no_at': self.env._("No e-mail address in it"),
            'syntax': self.env._("Not an e-mail address"),
            'too_long': self.env._("Too long"),
            'no_top_level': self.env._("There is no domain with this ending"),
            'empty': self.env._("No address"),
            'disposable': self.env._("A disposable address"),
            'typo': self.env._("Looks mistyped"),
            'several': self.env._("Several addresses in one field"),
            'other': self.env._("Another address of the same row"),
            'broken': self.env._("A quotation mark that is not closed, or broken characters in this row"),
            'part': self.env._("One of %(count)s addresses in the cell", count='%(count)s'),
        }

    def _finish_reading(self):
        if not self.chunk_ids:
            raise UserError(self.env._("The file holds no rows."))
        self._match()
        self._place()
        self._move_on('preview')
