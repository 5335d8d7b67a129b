from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

# Why somebody is not mailed, in the order in which it is asked; a deferred touch goes first in the next runs.
REASONS = [
    ('archived', 'Archived'),
    ('company', "Other company's contact"),
    ('view', 'In a customer view'),
    ('opt_out', 'Opted out'),
    ('no_address', 'No valid address'),
    ('address_changed', 'Address changed since'),
    ('letters_done', 'Got all letters'),
    ('mailed_today', 'Already mailed today'),
    ('not_sent', 'Left out by Email Marketing'),
    ('domain_cap', 'Domain cap'),
    ('late', 'Not sent in time'),
]
DEFERRALS = ('domain_cap', 'late')


class CadenceTouch(models.Model):
    """The ledger: one row for each candidate of a run, and what became of them.

    reserved → the address has its place of the day and is mailed by `mailing_id`
    deferred → over a cap or too late; taken up first by the next runs of the segment and group
    excluded → must not be mailed, with the reason; also a reserved touch that fell out before its mail left

    One writer makes the rows (`cadence.audience`), `_set_state` changes them, and `_merge_contacts` where contacts become one.
    The partial unique index is the promise that nobody is mailed twice on a day: it holds in the database, whatever workers,
    retries and crashes do.
    """
    _name = 'cadence.touch'
    _description = 'Touch'
    _order = 'date DESC, id DESC'
    _rec_name = 'email'

    run_id = fields.Many2one('cadence.run', required=True, ondelete='cascade', index=True, readonly=True)
    segment_id = fields.Many2one('cadence.segment', required=True, ondelete='cascade', readonly=True)
    tag_group_id = fields.Many2one('cadence.tag.group', required=True, ondelete='restrict', readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    partner_id = fields.Many2one('res.partner', 'Contact', ondelete='set null', index=True, readonly=True)
    email = fields.Char('Address', readonly=True)
    date = fields.Date(required=True, readonly=True)
    company_domain = fields.Char(readonly=True)
    letter_id = fields.Many2one('cadence.letter', ondelete='set null', readonly=True)
    step = fields.Integer(readonly=True, aggregator=False)
    mailing_id = fields.Many2one('mailing.mailing', ondelete='set null', readonly=True)
    trace_ids = fields.One2many('mailing.trace', 'cadence_touch_id')
    state = fields.Selection([
        ('reserved', 'Mailed'),
        ('deferred', 'Deferred'),
        ('excluded', 'Excluded'),
    ], required=True, readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    view_id = fields.Many2one('cadence.view', 'In View', ondelete='set null', readonly=True)
    deferred_since = fields.Date(readonly=True, help="The day on which the contact was first deferred.")

    _address_day = models.UniqueIndex(
        "(company_id, date, email) WHERE state = 'reserved'", "The address is mailed on that day already.")
    _partner_run = models.UniqueIndex('(partner_id, run_id)', "The contact is in the run already.")
    _domain_day = models.Index("(company_id, date, company_domain) WHERE state = 'reserved'")
    _deferred = models.Index("(segment_id, tag_group_id, date) WHERE state = 'deferred'")

    def _set_state(self, state, reason, view=None):
        """The only writer of a touch's state after its birth."""
        self.write({'state': state, 'reason': reason, 'view_id': view.id if view else False})

    def _get_code(self):
        """What became of the touch, in a word: queued, leaving, mailed, deferred or excluded."""
        if self.state != 'reserved':
            return self.state
        return 'mailed' if self.trace_ids.filtered('sent_datetime') else 'queued'

    def _get_note(self):
        """What happened to the contact on the touch's day, in a sentence."""
        self.ensure_one()
        if self.state == 'reserved':
            return self.env._("Mailed today: %(letter)s", letter=self.letter_id.display_name or self.mailing_id.subject)
        reason = self._get_reason_text(self.partner_id, self.reason, self.view_id)
        if self.state == 'deferred':
            return self.env._("Deferred to the next run: %(reason)s", reason=reason)
        return self.env._("Not mailed today: %(reason)s", reason=reason)

    @api.model
    def _get_reason_text(self, partner, reason, view):
        if reason == 'view':
            return self.env._("in view %(view)s, because of %(reason)s", view=view.name, reason=view._get_reason(partner))
        return dict(self._fields['reason']._description_selection(self.env)).get(reason, '')

    def _look_again(self):
        """Exclude the reserved touches whose contact must not be mailed any more, and return them.

        Called when a mailing is composed and again before its mails leave: hours may lie between.
        """
        self.flush_recordset()
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        fallen = self.browse()
        Audience = self.env['cadence.audience']
        for run, touches in self.grouped('run_id').items():
            rows = self.env.execute_query(Audience._query_look_again(run, touches.ids))
            fallen += self.browse(id_ for id_, in rows)
        fallen.invalidate_recordset()
        return fallen

    @api.autovacuum
    def _gc_touches(self, limit=100_000):
        """Sum old touches up in their runs and remove them; how long they are kept is a setting of the company."""
        self.flush_model()
        done = 0
        for company in self.env['res.company'].search([]):  # pylint: disable=no-search-all; there are few
            rows = self.env.execute_query(self._query_gc(company, limit))
            self.env['cadence.run']._add_to_summary(rows)
            done += sum(count for _run_id, _state, _reason, _view_id, count in rows)
        self.invalidate_model()
        return done, done >= limit

    def _query_gc(self, company, limit):
        today = fields.Date.today()
        return SQL("""
            WITH gone AS (
                DELETE FROM cadence_touch
                 WHERE id IN (
                    SELECT id
                      FROM cadence_touch
                     WHERE company_id = %(company_id)s
                       AND (state <> 'reserved' AND date < %(excluded_until)s OR date < %(mailed_until)s)
                     LIMIT %(limit)s)
             RETURNING run_id, state, reason, view_id
            )
            SELECT run_id, state, reason, view_id, COUNT(*)
              FROM gone
          GROUP BY run_id, state, reason, view_id
            """, company_id=company.id, limit=limit,
            excluded_until=today - relativedelta(days=company.cadence_excluded_days),
            mailed_until=today - relativedelta(months=company.cadence_mailed_months))

    # Merged contacts

    @api.model
    def _merge_contacts(self, src_ids, dst_id):
        """Give the touches of merged contacts to the survivor; returns those that waited and must not be mailed any more.

        Of several in one run that of the mail that left is the survivor's, else the one that will be mailed. The others stay
        in the run's counts without a contact; what waited among them becomes excluded: the contact has its mail of the day.
        """
        self.env.flush_all()
        # First those who make room: an index is asked at each row.
        rows = self.env.execute_query(self._query_set_aside([*src_ids, dst_id], dst_id))
        self.env.execute_query(SQL(
            "UPDATE cadence_touch SET partner_id = %s WHERE partner_id = ANY(%s) RETURNING NULL", dst_id, list(src_ids)))
        self.invalidate_model()
        return self.browse(id_ for id_, has_waited in rows if has_waited)

    def _query_set_aside(self, partner_ids, survivor_id):
        return SQL("""
            WITH known AS (
                SELECT touch.id, touch.run_id, touch.partner_id, touch.state, touch.email,
                       touch.state = 'reserved' AND EXISTS (
                           SELECT FROM mailing_trace trace
                            WHERE trace.cadence_touch_id = touch.id
                              AND trace.trace_status NOT IN ('outgoing', 'cancel', 'error')) AS has_left
                  FROM cadence_touch touch
                 WHERE touch.partner_id = ANY(%(partner_ids)s)
            ),
            ranked AS (
                SELECT known.id,
                       known.state = 'reserved' AND NOT known.has_left AS has_waited,
                       ROW_NUMBER() OVER (
                           PARTITION BY known.run_id
                           ORDER BY known.has_left DESC, known.state = 'reserved' DESC, known.state = 'deferred' DESC,
                                    known.email = survivor.cadence_email DESC NULLS LAST,
                                    known.partner_id = survivor.id DESC, known.id) AS place
                  FROM known
                  JOIN res_partner survivor ON survivor.id = %(survivor_id)s
            )
            UPDATE cadence_touch
               SET partner_id = NULL,
                   state = CASE WHEN ranked.has_waited THEN 'excluded' ELSE cadence_touch.state END,
                   reason = CASE WHEN ranked.has_waited THEN 'mailed_today' ELSE cadence_touch.reason END
              FROM ranked
             WHERE ranked.id = cadence_touch.id
               AND ranked.place > 1
         RETURNING cadence_touch.id, ranked.has_waited
            """, partner_ids=partner_ids, survivor_id=survivor_id)
