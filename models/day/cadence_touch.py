from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

# Why somebody is not mailed, in the order in which it is asked.
REASONS = [
    ('archived', 'Archived'),
    ('deleted', 'Contact deleted'),
    ('company', "Other company's contact"),
    ('view', 'In a customer view'),
    ('opt_out', 'Opted out'),
    ('several_addresses', 'Several addresses in one field'),
    ('no_address', 'No valid address'),
    ('untagged', 'No longer in a batch'),
    ('letters_done', 'Got all letters'),
    ('mailed_today', 'Already mailed today'),
    ('dead', 'Refused for good: the address does not exist'),
    ('address_changed', 'Address changed since'),
    ('not_sent', 'Left out by Email Marketing'),
    ('domain_cap', 'Domain cap'),
    ('letter_failed', 'The letter fails for this contact'),
    ('mail_server', 'The mail server could not be reached'),
    ('refused', 'Refused by the mail server'),
    ('freed', 'Could be mailed again too late for the day'),
    ('stopped', 'Stopped'),
    ('missed', 'The day was missed'),
    ('late', 'Not sent in time'),
]
# Of these, the ones for which the contact is next in line: nothing about the contact forbids the mail.
DEFERRALS = [
    'address_changed', 'not_sent', 'domain_cap', 'letter_failed', 'mail_server', 'refused', 'freed', 'stopped', 'missed',
    'late']
# How long a place in line is kept: by then every batch has been due anew, in the longest months too.
DEFERRAL_DAYS = 62
# A mail that was with the mail server when its worker died: after so long nobody is at it any more.
DOUBT_MINUTES = 15


class CadenceTouch(models.Model):
    """The ledger: one row for each candidate of a run, and what became of them.

    reserved   the address has its place of the day; `outcome` says what became of the mail
    deferred   over a cap, too late, not taken by a server …; taken up first by the next runs of the segment and group
    excluded   must not be mailed, with the reason

    Every change is one of these methods, and nothing else writes the table:

    ============  ==========================================  ===========================================================
    method        from                                        to
    ============  ==========================================  ===========================================================
    _reserve      (nothing)                                   waiting, deferred or excluded, as the audience decided
    _defer_due    (nothing)                                   deferred: the run's day went by before it was decided
    _assign       waiting                                     waiting, with the mailing that carries it
    _reschedule   waiting                                     waiting, for another moment of the day
    _look_again   waiting                                     excluded or deferred, as the verdict is now
    _settle       waiting, composed without a mail            excluded or deferred, as Email Marketing left it out
    _depart       waiting                                     leaving: committed before the mail server hears of it
    _arrive       leaving                                     left
    _hold_back    leaving, waiting                            waiting: the server may take it in some minutes
    _refuse       leaving, waiting                            refused: there is no such address
    _doubt        leaving                                     in_doubt: nobody knows; never mailed again on that day
    _defer        leaving, waiting                            deferred
    _free         excluded                                    deferred: at the day's end the reason does not hold any more
    _take_back    waiting, deferred, excluded                 (nothing): the run decides anew
    _merge_contacts  any                                      of the contact that they were merged into
    _gc_touches   old                                         (nothing): counted in the run's summary
    ============  ==========================================  ===========================================================

    The partial unique index is the promise that nobody is mailed twice on a day: it holds in the database, whatever workers,
    retries and crashes do. The proof of a mail is the touch alone, whatever people delete.
    """
    _name = 'cadence.touch'
    _inherit = ['cadence.rhythm.mixin']
    _description = 'Touch'
    _order = 'date DESC, id DESC'
    _rec_name = 'email'

    run_id = fields.Many2one('cadence.run', required=True, ondelete='cascade', index=True, readonly=True)
    segment_id = fields.Many2one(readonly=True)
    tag_group_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    partner_id = fields.Many2one('res.partner', 'Contact', ondelete='set null', index=True, readonly=True)
    email = fields.Char('Address', readonly=True)
    date = fields.Date(required=True, readonly=True, help="The segment's local day.")
    day = fields.Date(required=True, readonly=True, help="The company's local day on which the mail leaves.")
    company_domain = fields.Char(readonly=True)
    batch = fields.Integer(readonly=True, aggregator=False)
    letter_id = fields.Many2one('cadence.letter', ondelete='set null', index='btree_not_null', readonly=True)
    step = fields.Integer(readonly=True, aggregator=False)
    channel = fields.Selection([('mail', 'Mail')], default='mail', required=True, readonly=True)
    mailing_id = fields.Many2one('mailing.mailing', ondelete='set null', index='btree_not_null', readonly=True)
    trace_ids = fields.One2many('mailing.trace', 'cadence_touch_id')
    state = fields.Selection([
        ('reserved', 'Reserved'),
        ('deferred', 'Deferred'),
        ('excluded', 'Excluded'),
    ], required=True, readonly=True)
    outcome = fields.Selection([
        ('waiting', 'Queued'),
        ('leaving', 'Leaving'),
        ('left', 'Mailed'),
        ('refused', 'Refused'),
        ('in_doubt', 'Perhaps Mailed'),
    ], readonly=True, help="What became of the mail of a reserved touch.")
    outcome_date = fields.Datetime('Since', readonly=True)
    send_datetime = fields.Datetime(
        'Sending Time', readonly=True, help="Before it the mail does not leave; empty: with the others of the run.")
    reason = fields.Selection(REASONS, readonly=True)
    view_id = fields.Many2one('cadence.view', 'In View', ondelete='set null', index='btree_not_null', readonly=True)
    deferred_since = fields.Date(readonly=True, help="The day on which the contact was first deferred.")
    is_merged = fields.Boolean(readonly=True, help="A second mail of the run, to a contact who is one with another by now.")

    _address_day = models.UniqueIndex(
        "(company_id, day, email) WHERE state = 'reserved'", "The address is mailed on that day already.")
    _partner_run = models.UniqueIndex('(partner_id, run_id) WHERE is_merged IS NOT TRUE', "The contact is in the run already.")
    _domain_day = models.Index("(company_id, day, company_domain) WHERE state = 'reserved'")
    # An address is looked for by its beginning: what stands somewhere in it would read the whole ledger.
    _email = models.Index('(email text_pattern_ops)')
    _newest = models.Index('(date DESC, id DESC)')
    _old = models.Index("(company_id, date) WHERE state <> 'reserved'")
    _deferred = models.Index("(segment_id, tag_group_id, date) WHERE state = 'deferred'")
    _under_way = models.Index("(run_id) WHERE outcome IN ('waiting', 'leaving')")
    _outcome = models.Constraint(
        "CHECK ((state = 'reserved') = (outcome IS NOT NULL))", "What is reserved has an outcome, and nothing else has.")

    @api.model
    def _get_deferrals(self):
        """The reasons that defer: nothing about the contact forbids the mail, and the next run takes them up first."""
        return DEFERRALS

    @api.model_create_multi
    def create(self, vals_list):
        """A touch by hand: of the segment's day, and mailed where it names its mailing."""
        return super().create([
            {'day': vals.get('date'), 'outcome': self._get_default_outcome(vals)} | vals for vals in vals_list])

    @staticmethod
    def _get_default_outcome(vals):
        if vals.get('state') != 'reserved':
            return False
        return 'left' if vals.get('mailing_id') else 'waiting'

    # Birth

    @api.model
    def _reserve(self, run, decided):
        """Insert what the audience's statement `decided`; returns how many rows there were."""
        further = self._get_further_columns(run)
        rows = self.env.execute_query(SQL("""
            %(decided)s
            INSERT INTO cadence_touch (
                   run_id, segment_id, tag_group_id, company_id, date, day, partner_id, email, company_domain, batch, channel,
                   state, outcome, outcome_date, reason, view_id, letter_id, step, deferred_since,
                   create_uid, write_uid, create_date, write_date%(names)s)
            SELECT %(run_id)s, %(segment_id)s, %(tag_group_id)s, %(company_id)s, %(date)s, %(day)s, partner_id, email,
                   company_domain, batch, 'mail', state, CASE WHEN state = 'reserved' THEN 'waiting' END, %(now)s, reason,
                   view_id, letter_id, step, deferred_since, %(uid)s, %(uid)s, %(now)s, %(now)s%(values)s
              FROM decided
         RETURNING 1
            """, decided=decided, now=fields.Datetime.now(), uid=self.env.uid, day=run._get_mail_day(),
            names=SQL("").join(SQL(", %s", SQL.identifier(name)) for name in further),
            values=SQL("").join(SQL(", %s", value) for value in further.values()),
            **run._get_touch_values()))
        self._forget_rows()
        return len(rows)

    def _get_further_columns(self, run):
        """{column: SQL over a row of `decided`} that other parts add to the ledger and fill as a touch is born."""
        return {}

    @api.model
    def _defer_due(self, run, candidates, reason):
        """The run's day went by: those of its candidates(partner_id, batch, deferred_since) nobody decided are next in line.

        Who waits already keeps the touch that says since when.
        """
        self.env['cadence.verdict']._flush()
        self.env.execute_query(SQL("""
            INSERT INTO cadence_touch (
                   run_id, segment_id, tag_group_id, company_id, date, day, partner_id, email, company_domain, batch, channel,
                   state, outcome_date, reason, deferred_since, create_uid, write_uid, create_date, write_date)
            SELECT %(run_id)s, %(segment_id)s, %(tag_group_id)s, %(company_id)s, %(date)s, %(date)s, candidate.partner_id,
                   partner.cadence_email, partner.cadence_company_domain, candidate.batch, 'mail', 'deferred', %(now)s,
                   %(reason)s, %(date)s, %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM (%(candidates)s) candidate
              JOIN res_partner partner ON partner.id = candidate.partner_id
             WHERE candidate.deferred_since IS NULL
         RETURNING 1
            """, candidates=candidates, reason=reason, now=fields.Datetime.now(), uid=self.env.uid, **run._get_touch_values()))
        self._forget_rows()

    @api.model
    def _find_unassigned(self, runs):
        """Those of the runs that have reserved contacts without a mailing to carry them."""
        return runs.browse(run.id for run, in self._read_group(
            [('run_id', 'in', runs.ids), ('outcome', '=', 'waiting'), ('mailing_id', '=', False)], ['run_id']))

    # Before the mail leaves

    @api.model
    def _assign(self, run, letter, mailing):
        """The run's waiting touches of the letter are carried by the mailing."""
        self.env.execute_query(SQL("""
            UPDATE cadence_touch
               SET mailing_id = %(mailing_id)s
             WHERE run_id = %(run_id)s AND letter_id = %(letter_id)s AND outcome = 'waiting' AND mailing_id IS NULL
         RETURNING NULL
            """, mailing_id=mailing.id, run_id=run.id, letter_id=letter.id))
        self.invalidate_model(['mailing_id'])

    @api.model
    def _reschedule(self, run, moment):
        """The run's waiting mails wait for the UTC moment that `moment`, SQL over `touch`, says; NULL: for none of their own."""
        rows = self.env.execute_query(SQL("""
            UPDATE cadence_touch touch
               SET send_datetime = %(moment)s
             WHERE touch.run_id = %(run_id)s AND touch.outcome = 'waiting'
               AND touch.send_datetime IS DISTINCT FROM %(moment)s
         RETURNING touch.id
            """, run_id=run.id, moment=moment))
        touches = self.browse(id_ for id_, in rows)
        touches._forget_cache()
        if touches and not run.is_held:
            touches._release_mails()

    def _look_again(self):
        """Exclude or defer the waiting touches whose contact must not be mailed any more, and return them.

        Called when a mailing is composed and again before its mails leave: hours may lie between.
        """
        self.env['cadence.verdict']._flush()
        fallen = self.browse()
        for run, touches in self.grouped('run_id').items():
            fallen += self._fall(self.env['cadence.audience']._query_fallen(run, touches.ids))
        return fallen

    @api.model
    def _settle(self, mailings):
        """Composed mailings: a waiting touch without a mail was left out by Email Marketing, for the reason that it gives."""
        self.env.flush_all()
        self._fall(SQL("""
            SELECT touch.id AS touch_id,
                   CASE WHEN trace.failure_type IN ('mail_bl', 'mail_optout') THEN 'opt_out'
                        WHEN trace.failure_type = 'mail_dup' THEN 'mailed_today'
                        WHEN trace.failure_type LIKE 'mail_email%%' THEN 'no_address'
                        ELSE 'not_sent'
                    END AS reason,
                   NULL::int AS view_id
              FROM cadence_touch touch
         LEFT JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
             WHERE touch.mailing_id = ANY(%s)
               AND touch.outcome = 'waiting'
               AND (trace.id IS NULL OR trace.trace_status = 'cancel')
            """, mailings.ids))

    def _fall(self, fallen):
        """Exclude or defer the waiting touches of `fallen`(touch_id, reason, view_id), as their reason says; returns them."""
        rows = self.env.execute_query(SQL("""
            WITH fallen AS MATERIALIZED (%(fallen)s)
            UPDATE cadence_touch
               SET state = CASE WHEN fallen.reason = ANY(%(deferrals)s) THEN 'deferred' ELSE 'excluded' END,
                   outcome = NULL, outcome_date = %(now)s, reason = fallen.reason, view_id = fallen.view_id,
                   deferred_since = CASE WHEN fallen.reason = ANY(%(deferrals)s) THEN COALESCE(deferred_since, date) END
              FROM fallen
             WHERE fallen.touch_id = cadence_touch.id
               AND cadence_touch.outcome = 'waiting'
         RETURNING cadence_touch.id
            """, fallen=fallen, deferrals=self._get_deferrals(), now=fields.Datetime.now()))
        touches = self.browse(id_ for id_, in rows)
        touches._forget_cache()
        return touches

    @api.model
    def _free(self, run):
        """Who was excluded when the day was decided, and may be mailed at its end, is next in line."""
        self.env['cadence.verdict']._flush()
        self.env.execute_query(SQL("""
            WITH freed AS MATERIALIZED (%(freed)s)
            UPDATE cadence_touch
               SET state = 'deferred', outcome_date = %(now)s, reason = 'freed', view_id = NULL,
                   deferred_since = COALESCE(deferred_since, date)
              FROM freed
             WHERE freed.touch_id = cadence_touch.id
         RETURNING NULL
            """, freed=self.env['cadence.audience']._query_freed(run), now=fields.Datetime.now()))
        self._forget_rows()

    def _take_back(self):
        """Forget the touches of which nothing has left; their run decides about the contacts anew."""
        self.env.execute_query(SQL("""
            DELETE FROM cadence_touch
             WHERE id = ANY(%s) AND (state <> 'reserved' OR outcome = 'waiting')
         RETURNING NULL
            """, self.ids))
        self.env['mailing.trace'].invalidate_model(['cadence_touch_id'])
        self._forget_rows()

    # With the mail server

    def _depart(self, now, sure=False):
        """Those of the waiting touches whose mail may leave this moment: they are *leaving*, on the company's day of now.

        One statement a block, for it is asked of thousands: not held, and nothing heard of the contact since the run decided;
        `sure` skips the second question, which `_look_again` has answered meanwhile.
        """
        departed = self.browse()
        for company, touches in self.grouped('company_id').items():
            departed += touches._depart_on(company._cadence_get_day(now), now, sure)
        return departed

    def _depart_on(self, day, now, sure):
        rows = self.env.execute_query(SQL("""
            UPDATE cadence_touch touch
               SET outcome = 'leaving', outcome_date = %(now)s, day = %(day)s, reason = NULL
              FROM cadence_run run
              JOIN cadence_segment segment ON segment.id = run.segment_id
             WHERE touch.id = ANY(%(ids)s)
               -- not by the index of what is under way: of this day's rows the planner has no statistics yet
               AND touch.outcome || '' = 'waiting'
               AND (touch.send_datetime IS NULL OR touch.send_datetime <= %(now)s)
               AND run.id = touch.run_id
               AND NOT %(held)s
               AND (touch.day = %(day)s OR NOT EXISTS (
                    -- its place of the day, or one that another of these takes in this statement
                    SELECT FROM cadence_touch other
                     WHERE other.company_id = touch.company_id AND other.email = touch.email AND other.state = 'reserved'
                       AND (other.day = %(day)s OR other.id = ANY(%(ids)s) AND other.id < touch.id)))
               AND (%(sure)s OR NOT %(news)s)
         RETURNING touch.id
            """, ids=self.ids, now=now, day=day, sure=sure, held=self.env['cadence.run']._sql_held(), news=self._sql_news()))
        self._forget_cache()
        return self.browse(id_ for id_, in rows)

    def _sql_news(self):
        """Whether something may have been decided about `touch`'s contact since its run decided; in doubt yes."""
        return SQL("""
            (touch.partner_id IS NULL
             OR EXISTS (SELECT FROM res_partner partner
                         WHERE partner.id = touch.partner_id
                           AND (NOT partner.active OR partner.write_date > touch.create_date - INTERVAL '10 minutes'))
             OR EXISTS (SELECT FROM mail_blacklist blacklist WHERE blacklist.active AND blacklist.cadence_email = touch.email)
             OR EXISTS (SELECT FROM cadence_view view
                         WHERE view.write_date > touch.create_date - INTERVAL '10 minutes')
             OR NOT EXISTS (SELECT FROM res_partner_res_partner_category_rel rel
                              JOIN res_partner_category tag ON tag.id = rel.category_id
                             WHERE rel.partner_id = touch.partner_id AND tag.cadence_segment_id = touch.segment_id
                               AND tag.cadence_group_id = touch.tag_group_id))
            """)

    def _arrive(self):
        """The mail server has taken the mails."""
        self._move(('leaving',), 'reserved', 'left')

    def _hold_back(self, reason):
        """The mail server may take the mails in some minutes: they wait, and say why."""
        self._move(('leaving', 'waiting'), 'reserved', 'waiting', reason)

    def _refuse(self, reason):
        """There is no such address; its place of the day stays taken."""
        self._move(('leaving', 'waiting'), 'reserved', 'refused', reason)

    def _doubt(self):
        """Nobody knows whether the mails have left: they are never sent again on that day."""
        self._move(('leaving',), 'reserved', 'in_doubt')

    def _defer(self, reason):
        """The contacts are next in line."""
        self._move(('leaving', 'waiting'), 'deferred', None, reason)

    def _exclude(self, reason):
        self._move(('leaving', 'waiting'), 'excluded', None, reason)

    def _move(self, origin, state, outcome, reason=None):
        """Move those of the touches whose outcome is one of `origin`."""
        if not self:
            return
        self.env.execute_query(SQL("""
            UPDATE cadence_touch
               SET state = %(state)s, outcome = %(outcome)s, outcome_date = %(now)s, reason = %(reason)s,
                   deferred_since = CASE WHEN %(state)s = 'deferred' THEN COALESCE(deferred_since, date) ELSE deferred_since END
             WHERE id = ANY(%(ids)s) AND outcome || '' = ANY(%(origin)s)  -- see _depart_on
         RETURNING NULL
            """, ids=self.ids, origin=list(origin), state=state, outcome=outcome, reason=reason, now=fields.Datetime.now()))
        self._forget_cache()

    def _forget_rows(self):
        self.invalidate_model()
        self.env['cadence.run'].invalidate_model(['touch_ids'])
        self.env['res.partner'].invalidate_model(['cadence_touch_ids'])

    def _forget_cache(self):
        self.invalidate_recordset([
            'state', 'word', 'outcome', 'outcome_date', 'send_datetime', 'reason', 'view_id', 'deferred_since', 'day'])

    @api.model
    def _get_lost(self, now):
        """The leaving touches whose worker has died."""
        return self.search([
            ('outcome', '=', 'leaving'), ('outcome_date', '<', fields.Datetime.subtract(now, minutes=DOUBT_MINUTES))])

    # Age

    @api.autovacuum
    def _gc_touches(self, limit=20_000):
        """Sum old touches up in their runs and remove them, piece by piece; how long they are kept is the company's setting."""
        self.flush_model()
        rows = self.env.execute_query(self._query_gc(limit))
        if not rows:
            return 0, False
        self.env['cadence.run']._add_to_summary(rows)
        self._forget_rows()
        done = sum(count for *_key, count in rows)
        return done, done >= limit

    def _query_gc(self, limit):
        """Remove at most `limit` touches: [(run id, bucket, reason, view id, count)] of what is gone.

        A company's old touches are found by two indexes: when nothing is due, nothing is read.
        """
        companies = self.env['res.company'].search([])  # pylint: disable=no-search-all; there are few
        today = fields.Date.today()
        return SQL("""
            WITH kept(company_id, excluded_from, deferred_from, mailed_from) AS (
                SELECT * FROM UNNEST(%(ids)s::int[], %(excluded)s::date[], %(deferred)s::date[], %(mailed)s::date[])
            ),
            gone AS (
                DELETE FROM cadence_touch
                 WHERE id = ANY(ARRAY(
                    SELECT old.id
                      FROM kept
                CROSS JOIN LATERAL (
                           (SELECT id
                              FROM cadence_touch
                             WHERE company_id = kept.company_id AND state <> 'reserved' AND date < kept.excluded_from
                               AND (state = 'excluded' OR date < kept.deferred_from)
                             LIMIT %(limit)s)
                         UNION ALL
                           (SELECT id
                              FROM cadence_touch
                             WHERE company_id = kept.company_id AND state = 'reserved' AND day < kept.mailed_from
                             LIMIT %(limit)s)) old
                     LIMIT %(limit)s))
             RETURNING run_id, COALESCE(outcome, state) AS bucket, reason, view_id
            )
            SELECT run_id, bucket, reason, view_id, COUNT(*)
              FROM gone
          GROUP BY run_id, bucket, reason, view_id
            """, limit=limit, ids=companies.ids,
            excluded=[today - relativedelta(days=company.cadence_excluded_days) for company in companies],
            # Who waits keeps the place in line as long as it counts.
            deferred=[today - relativedelta(days=max(company.cadence_excluded_days, DEFERRAL_DAYS)) for company in companies],
            mailed=[today - relativedelta(months=company.cadence_mailed_months) for company in companies])

    # Merged contacts

    @api.model
    def _merge_contacts(self, src_ids, dst_id):
        """Give the touches of merged contacts to the survivor; returns those that waited and must not be mailed any more.

        Of several in one run the mails that left are the survivor's, else the one that will be mailed. The others stay in
        the run's counts without a contact; what waited among them becomes excluded: the contact has its mail of the day.
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
                       touch.state = 'reserved' AND touch.outcome <> 'waiting' AS has_left, touch.is_merged
                  FROM cadence_touch touch
                 WHERE touch.partner_id = ANY(%(partner_ids)s)
            ),
            ranked AS (
                SELECT known.id,
                       known.has_left,
                       known.state = 'reserved' AND NOT known.has_left AS has_waited,
                       ROW_NUMBER() OVER (
                           PARTITION BY known.run_id
                           -- one that is not merged stays so: by it the audience finds that the contact is in the run
                           ORDER BY known.has_left DESC, known.is_merged IS TRUE, known.state = 'reserved' DESC,
                                    known.state = 'deferred' DESC,
                                    known.email = survivor.cadence_email DESC NULLS LAST,
                                    known.partner_id = survivor.id DESC, known.id) AS place
                  FROM known
                  JOIN res_partner survivor ON survivor.id = %(survivor_id)s
            )
            UPDATE cadence_touch
               SET partner_id = CASE WHEN ranked.has_left THEN %(survivor_id)s END,
                   is_merged = ranked.has_left,
                   state = CASE WHEN ranked.has_waited THEN 'excluded' ELSE cadence_touch.state END,
                   outcome = CASE WHEN ranked.has_waited THEN NULL ELSE cadence_touch.outcome END,
                   reason = CASE WHEN ranked.has_waited THEN 'mailed_today' ELSE cadence_touch.reason END
              FROM ranked
             WHERE ranked.id = cadence_touch.id
               AND ranked.place > 1
         RETURNING cadence_touch.id, ranked.has_waited
            """, partner_ids=partner_ids, survivor_id=survivor_id)
