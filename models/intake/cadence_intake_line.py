from odoo import api, fields, models
from odoo.tools import SQL, split_every
from psycopg2 import OperationalError

from ...tools import pg_copy
from ...tools.address import address_columns, address_text, company_domain
from .cadence_intake import LINE_STATES

COLUMNS = (
    'intake_id', 'row', 'cells', 'partner_id', 'email', 'company_domain', 'state', 'reason', 'suggestion', 'is_role', 'rank',
    'batch')
CELL_SEPARATOR = '\x1f'  # ASCII's unit separator: readers of text and tables drop it from cells


class UncheckedMany2one(fields.Many2one):
    """A many2one without a foreign key: to check a million new lines against their one intake takes as long as to write them.

    The intake removes its lines itself.
    """

    def update_db_foreign_key(self, model, column):
        return


class CadenceIntakeLine(models.Model):
    """One row of an intake: what it said, what it was found to be, and the contact that it became.

    (input) → new, invalid       `_copy_in`             read
    new, known → duplicate       `_mark_duplicates`     the same address as in an earlier row
    new → known                  `_mark_known`          a contact of the company has the address
    known → new                  `_ask_again`           before it is marked anew: the contact may be gone, or in a batch by now
    new, known → over_cap        `_mark_over_cap`       its company has no place left
    invalid → new                `_settle_suggestions`  somebody decided about an address that looks mistyped
    new, known → invalid         `_set_aside`           it reaches nobody, or another module does not take it
    new, known → saved           `_set_saved`
    saved → undone               `_set_undone`
    any → gone                   `_forget`              with its intake, or when the input is read anew

    Nobody else writes this table; users and workers have no rights to.
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
    tag_id = fields.Many2one(
        'res.partner.category', 'Saved in Batch', ondelete='set null', index='btree_not_null', readonly=True)
    partner_id = fields.Many2one('res.partner', 'Contact', ondelete='set null', index='btree_not_null', readonly=True)
    is_created = fields.Boolean(readonly=True, help="The contact was created for this row.")
    left_ids = fields.Json('Batches Left', readonly=True, help="Ids of the batches that the contact was moved from.")
    deleted_date = fields.Datetime(readonly=True, help="When the contact that was saved was deleted.")
    was_deleted = fields.Boolean('Deleted Since', readonly=True, help="The address was saved before, and its contact deleted.")
    suggestion = fields.Char('Did You Mean', readonly=True)
    state = fields.Selection(LINE_STATES, required=True, readonly=True)
    reason = fields.Char(readonly=True)

    _deleted = models.Index('(email) WHERE deleted_date IS NOT NULL')

    # Transitions

    @api.model
    def _copy_in(self, values):
        """Write rows of values in the order of `COLUMNS`; returns how many."""
        self.flush_model()
        return pg_copy.copy(self.env.cr, self._table, COLUMNS, values)

    @api.model
    def _forget(self, intake):
        self.flush_model()
        self._execute(SQL("DELETE FROM cadence_intake_line WHERE intake_id = %s", intake.id))

    @api.model
    def _mark_duplicates(self, intake):
        """Joined by nothing but the id: a join by address would be a loop of loops wherever the planner expects one line."""
        self._execute(SQL("""
            UPDATE cadence_intake_line line
               SET state = 'duplicate', rank = 0, batch = NULL, reason = FORMAT(%(reason)s, same.first_row)
              FROM (SELECT id, FIRST_VALUE("row") OVER same AS first_row, ROW_NUMBER() OVER same AS number
                      FROM cadence_intake_line
                     WHERE intake_id = %(id)s AND state IN ('new', 'known')
                    WINDOW same AS (PARTITION BY email COLLATE "C" ORDER BY id)) same
             WHERE line.id = same.id AND same.number > 1
            """, id=intake.id, reason=self.env._("The same address as in row %(row)s", row='%s')))

    @api.model
    def _ask_again(self, intake, scope):
        """:param scope: condition on `line`, as below"""
        self._execute(SQL("""
            UPDATE cadence_intake_line line
               SET state = 'new', reason = NULL
             WHERE line.intake_id = %s AND line.state = 'known' AND line.batch > 0 AND %s
            """, intake.id, scope))

    @api.model
    def _mark_known(self, intake, scope):
        """Of several contacts with an address one that the user may read counts, of these an active one, of these the oldest; a
        selected contact is itself. Contacts of other companies are none. Of a contact of the own company that the user may not
        read (a rule of another module) they learn no more than that the address is taken: it is not mailed behind their back.
        """
        for same_address in (
            SQL("partner.cadence_email = line.email"),
            # Two statements: with an OR between them no index would help.
            SQL("STRING_TO_ARRAY(partner.cadence_several_emails, ' ') @> ARRAY[line.email::text]"
                " AND partner.cadence_several_emails IS NOT NULL"),
        ):
            self._execute(self._query_known(intake, scope, same_address))

    def _query_known(self, intake, scope, same_address):
        readable = self.env['res.partner'].with_context(active_test=False)._search([])
        readable.add_where("res_partner.id = partner.id")
        return SQL("""
            UPDATE cadence_intake_line line
               SET state = 'known',
                   partner_id = CASE WHEN known.is_readable THEN known.id END,
                   rank = CASE WHEN known.is_wanted THEN line.rank ELSE 0 END,
                   batch = CASE WHEN known.is_wanted THEN line.batch END,
                   reason = CASE WHEN NOT known.is_readable THEN %(hidden)s WHEN known.active THEN %(known)s ELSE %(archived)s END
              FROM (SELECT DISTINCT ON (line.id) line.id AS line_id, partner.id, partner.active, access.is_readable,
                           access.is_readable
                           AND CASE WHEN partner.active THEN %(takes_known)s ELSE %(takes_archived)s END
                           AND (%(move)s OR NOT EXISTS (
                               SELECT FROM res_partner_res_partner_category_rel rel
                                 JOIN res_partner_category tag ON tag.id = rel.category_id
                                WHERE rel.partner_id = partner.id
                                  AND tag.cadence_segment_id = %(segment_id)s
                                  AND tag.cadence_group_id = %(tag_group_id)s)) AS is_wanted
                      FROM cadence_intake_line line
                      JOIN res_partner partner ON %(same_address)s
                CROSS JOIN LATERAL (SELECT EXISTS (%(readable)s) AS is_readable) access
                     WHERE line.intake_id = %(id)s
                       AND line.state = 'new'
                       AND %(scope)s
                       AND (partner.company_id IS NULL OR partner.company_id = %(company_id)s)
                  ORDER BY line.id, partner.id IS NOT DISTINCT FROM line.partner_id DESC, access.is_readable DESC,
                           partner.active DESC, partner.id) known
             WHERE line.id = known.line_id
            """, id=intake.id, scope=scope, same_address=same_address, company_id=intake.company_id.id,
            move=intake.on_existing == 'move', segment_id=intake.segment_id.id, tag_group_id=intake.tag_group_id.id,
            readable=readable.select("1"), takes_known=intake.on_existing != 'skip', takes_archived=intake.revive_archived,
            known=self.env._("Already a contact"), archived=self.env._("Already a contact, archived"),
            hidden=self.env._("Already a contact that you may not see"))

    @api.model
    def _note_deleted(self, intake, scope):
        """An address that the company saved once and whose contact was deleted is new, but told apart."""
        self._execute(SQL("""
            UPDATE cadence_intake_line line
               SET was_deleted = TRUE,
                   reason = FORMAT(%(reason)s, TO_CHAR(gone.deleted_date, 'YYYY-MM-DD'))
              FROM (SELECT line.id, MAX(old.deleted_date) AS deleted_date
                      FROM cadence_intake_line line
                      JOIN cadence_intake_line old ON old.email = line.email AND old.deleted_date IS NOT NULL
                      JOIN cadence_intake source ON source.id = old.intake_id AND source.company_id = %(company_id)s
                     WHERE line.intake_id = %(id)s AND line.state = 'new' AND %(scope)s
                  GROUP BY line.id) gone
             WHERE line.id = gone.id
            """, id=intake.id, scope=scope, company_id=intake.company_id.id,
            reason=self.env._("Was saved before, deleted on %(date)s", date='%s')))

    @api.model
    def _set_places(self, places):
        """:param places: an iterator of (line id, rank, batch), which must not ask the database"""
        cr = self.env.cr
        cr.execute("CREATE TEMPORARY TABLE cadence_intake_place (id int, rank int, batch int) ON COMMIT DROP")
        pg_copy.copy(cr, 'cadence_intake_place', ('id', 'rank', 'batch'), places)
        cr.execute("ANALYZE cadence_intake_place")
        self._execute(SQL("""
            UPDATE cadence_intake_line line
               SET rank = place.rank, batch = place.batch
              FROM cadence_intake_place place
             WHERE place.id = line.id AND (line.rank, line.batch) IS DISTINCT FROM (place.rank, place.batch)"""))
        cr.execute("DROP TABLE cadence_intake_place")

    @api.model
    def _mark_over_cap(self, intake):
        self._execute(SQL("""
            UPDATE cadence_intake_line
               SET state = 'over_cap', reason = %(reason)s
             WHERE intake_id = %(id)s AND state IN ('new', 'known') AND batch = 0
            """, id=intake.id, reason=self.env._("Its company has no place left in the batch") if intake.spread == 'single'
            else self.env._("The company has no place left in any batch of the cycle")))

    @api.model
    def _settle_suggestions(self, intake, is_accepted):
        """What was no address at all cannot be kept as it was typed: it stays aside."""
        self.flush_model()
        public = self.env['cadence.mailbox.domain']._get_public()
        hosts = [host for [host] in self.env.execute_query(SQL("""
            SELECT DISTINCT SUBSTRING(CASE WHEN %(is_accepted)s THEN suggestion ELSE email END FROM '[^@]*$')
              FROM cadence_intake_line
             WHERE intake_id = %(id)s AND state = 'invalid' AND suggestion IS NOT NULL
            """, id=intake.id, is_accepted=is_accepted)) if host]
        self._execute(SQL("""
            UPDATE cadence_intake_line line
               SET email = CASE WHEN %(is_accepted)s THEN suggestion ELSE email END,
                   company_domain = known.company_domain,
                   suggestion = NULL, state = 'new', reason = NULL, rank = 0, batch = 0
              FROM UNNEST(%(hosts)s::text[], %(domains)s::text[]) known(host, company_domain)
             WHERE intake_id = %(id)s AND state = 'invalid' AND suggestion IS NOT NULL
               AND SUBSTRING(CASE WHEN %(is_accepted)s THEN suggestion ELSE email END FROM '[^@]*$') = known.host
            """, id=intake.id, is_accepted=is_accepted, hosts=hosts,
            domains=[company_domain.look_up(host, public)[1] for host in hosts]))

    def _set_aside(self, reason):
        self.sudo().write({'state': 'invalid', 'batch': 0, 'reason': reason})

    def _set_saved(self, partner_ids, tags):
        """One statement: a write per contact would take as long as creating it.

        :param partner_ids: {line id: contact that was created for it}
        :param tags: {batch: tag}
        """
        self.flush_model()
        self._execute(SQL("""
            UPDATE cadence_intake_line line
               SET state = 'saved',
                   partner_id = COALESCE(saved.partner_id, line.partner_id),
                   is_created = saved.partner_id IS NOT NULL,
                   tag_id = saved.tag_id
              FROM UNNEST(%(ids)s::int[], %(partner_ids)s::int[], %(tag_ids)s::int[]) saved(id, partner_id, tag_id)
             WHERE saved.id = line.id
            """, ids=self.ids, partner_ids=[partner_ids.get(line.id) for line in self],
            tag_ids=[tags[line.batch].id for line in self]))

    def _set_left(self, tags):
        """Remember the batches that each contact is taken out of.

        :param tags: those of which it may be in one
        """
        for line in self.sudo():
            line.left_ids = (line.partner_id.with_context(active_test=False).category_id & tags).ids or False

    def _set_undone(self, reason):
        self.sudo().write({'state': 'undone', 'reason': reason})

    @api.model
    def _stamp_deleted(self, partners):
        """Remember when contacts are deleted that were saved by an intake."""
        self.flush_model()
        self._execute(SQL("""
            UPDATE cadence_intake_line SET deleted_date = NOW() AT TIME ZONE 'UTC'
             WHERE partner_id = ANY(%s) AND state = 'saved'""", partners.ids))

    @api.model
    def _execute(self, statement):
        self.env.cr.execute(statement)
        self.invalidate_model()

    # Work that may fail for some of the lines

    def _work_apart(self, work, give_up):
        """Do some work on the lines together; where it fails, in halves, until it is known which lines it fails for.

        :param work: takes lines
        :param give_up: takes one line and the error
        """
        try:
            with self.env.cr.savepoint():
                work(self)
        except OperationalError:
            raise  # another worker was faster: the chunk is begun anew
        except Exception as error:  # noqa: BLE001 whatever another module's rules raise for one row, the other rows go on
            if len(self) == 1:
                give_up(self, error)
            for half in split_every(max(1, (len(self) + 1) // 2), self.ids, self.browse) if len(self) > 1 else ():
                half._work_apart(work, give_up)

    # What its cells say

    @api.depends('cells')
    def _compute_from_cells(self):
        for intake, lines in self.grouped('intake_id').items():
            positions = intake._get_positions()
            for line in lines:
                values = line._get_values(positions)
                line.text = values.get('email') or values.get('email_2')
                line.name = line._get_name(values)

    @api.model
    def _get_name(self, values):
        """:param values: {field: text} of a row"""
        clean = address_text.clean_name
        parts = clean(values.get('first_name')), clean(values.get('last_name'))
        return address_columns.join_name(*parts) or clean(values.get('name'))

    def _get_values(self, positions):
        """{field: text} of the row's cells.

        :param positions: {field: column}
        """
        self.ensure_one()
        cells = (self.cells or '').split(CELL_SEPARATOR)
        return {field: cells[position] for field, position in positions.items() if position < len(cells)}
