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

    One writer makes the rows (`cadence.audience`), one changes them (`_set_state`). The partial unique index is the promise that
    nobody is mailed twice on a day: it holds in the database, whatever workers, retries and crashes do.
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
        for company in self.env['res.company'].search([]):
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
