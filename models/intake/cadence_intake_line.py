from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.address import address_text
from .cadence_intake import LINE_STATES

CELL_SEPARATOR = '\x1f'  # ASCII's unit separator: readers of text and tables drop it from cells


class UncheckedMany2one(fields.Many2one):
    """A many2one without a foreign key: to check a million new lines against their one intake takes as long as to write them.

    The intake removes its lines itself.
    """

    def update_db_foreign_key(self, model, column):
        return


class CadenceIntakeLine(models.Model):
    """One row of an intake: what it said, what it was found to be, and the contact that it became.

    new → saved                  and, when the intake is undone, → undone
    known → saved                if known addresses are wanted
    duplicate, invalid, over_cap stay as they are
    """
    _name = 'cadence.intake.line'
    _description = 'Intake Address'
    _order = 'intake_id DESC, id'
    _rec_name = 'email'
    _log_access = False  # a million rows of it: the intake says who and when

    intake_id = UncheckedMany2one('cadence.intake', 'Intake', required=True, index=True, readonly=True)
    company_id = fields.Many2one(related='intake_id.company_id')
    intake_date = fields.Datetime(related='intake_id.create_date')
    intake_user_id = fields.Many2one(related='intake_id.create_uid', string='By')
    row = fields.Integer(readonly=True, aggregator=False, help="The row of the file or the line of the text.")
    cells = fields.Text(readonly=True, help="The row's cells as they came.")
    text = fields.Char('Input', compute='_compute_from_cells')
    name = fields.Char(compute='_compute_from_cells')
    email = fields.Char('Address', readonly=True)
    company_domain = fields.Char(readonly=True)
    is_role = fields.Boolean('Role Address', readonly=True, help="info@, sales@ …: a department rather than a person.")
    rank = fields.Integer('Rank in Company', readonly=True, aggregator=False)
    batch = fields.Integer(readonly=True, aggregator=False)
    tag_id = fields.Many2one('res.partner.category', 'Saved in Batch', ondelete='set null', readonly=True)
    partner_id = fields.Many2one('res.partner', 'Contact', ondelete='set null', index='btree_not_null', readonly=True)
    is_created = fields.Boolean(readonly=True, help="The contact was created for this row.")
    deleted_date = fields.Datetime(readonly=True, help="When the contact that was saved was deleted.")
    was_deleted = fields.Boolean('Deleted Since', readonly=True, help="The address was saved before, and its contact deleted.")
    suggestion = fields.Char('Did You Mean', readonly=True)
    state = fields.Selection(LINE_STATES, required=True, readonly=True)
    reason = fields.Char(readonly=True)

    _deleted = models.Index('(email) WHERE deleted_date IS NOT NULL')

    @api.model
    def _stamp_deleted(self, partners):
        """Remember when contacts are deleted that were saved by an intake."""
        self.flush_model()
        self.env.execute_query(SQL("""
            UPDATE cadence_intake_line SET deleted_date = NOW() AT TIME ZONE 'UTC'
             WHERE partner_id = ANY(%s) AND state = 'saved'
         RETURNING NULL""", partners.ids))
        self.invalidate_model(['deleted_date'])

    @api.depends('cells')
    def _compute_from_cells(self):
        for intake, lines in self.grouped('intake_id').items():
            positions = intake._get_positions()
            for line in lines:
                values = line._get_values(positions)
                line.text, line.name = values.get('email'), address_text.clean_name(values.get('name'))

    def _get_values(self, positions):
        """{field: text} of the row's cells.

        :param positions: {field: column}
        """
        self.ensure_one()
        cells = (self.cells or '').split(CELL_SEPARATOR)
        return {field: cells[position] for field, position in positions.items() if position < len(cells)}
