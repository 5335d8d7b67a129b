import csv
import tempfile

from odoo import http
from odoo.http import content_disposition, request
from werkzeug.wsgi import wrap_file

from ..models.intake.cadence_intake import SET_ASIDE
from ..models.intake.cadence_intake_line import CELL_SEPARATOR
from ..tools.table.table_cells import as_text

PAGE = 5_000


class IntakeController(http.Controller):

    @http.route('/cadence/intake/<model("cadence.intake"):intake>/set_aside.csv', type='http', auth='user', readonly=True)
    def download_set_aside(self, intake):
        """The rows that were not saved, as they came, with the reason in a column behind."""
        intake.check_access('read')
        name = f'{intake.name.rpartition(".")[0] or intake.name} - {request.env._("set aside")}.csv'
        # With a byte order mark, or Excel takes it for another encoding; the response closes it.
        file = tempfile.TemporaryFile('w+', encoding='utf-8-sig', newline='')  # noqa: SIM115
        self._write_rows(intake, csv.writer(file))
        file.flush()
        file.seek(0)
        return request.make_response(wrap_file(request.httprequest.environ, file.detach()), [
            ('Content-Type', 'text/csv; charset=utf-8'),
            ('Content-Disposition', content_disposition(name)),
        ])

    def _write_rows(self, intake, writer):
        headers = intake._get_headers()
        writer.writerow(map(as_text, [*headers, request.env._("Reason")]))
        Line = request.env['cadence.intake.line']
        last_id = 0
        while lines := Line.search_fetch(
                [('intake_id', '=', intake.id), ('state', 'in', SET_ASIDE), ('id', '>', last_id)],
                ['cells', 'reason', 'suggestion'], order='id', limit=PAGE):
            for line in lines:
                cells = line.cells.split(CELL_SEPARATOR)
                cells += [''] * (len(headers) - len(cells))
                note = f'{line.reason}: {line.suggestion}' if line.suggestion else line.reason
                writer.writerow(map(as_text, [*cells[:len(headers)], note]))
            last_id = lines[-1].id
            lines.invalidate_recordset()
