from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools import calendar
from .cadence_touch import DEFERRALS, REASONS

PLANNED_DAYS = 30


class CadenceRun(models.Model):
    """One segment and tag group on one day.

    planned → queued       the audience is reserved and its mailings wait for the sending time
    planned → blocked      no usable letter, no sender …; tried again until the day ends
    planned → done         nobody to mail
    queued  → done         every mailing is composed
    planned, blocked → missed      the day went by
    planned, blocked, queued → cancelled by a user, until they run it again

    `_set_state` is the only writer of the state. A run that is queued or done takes up contacts who are saved into its batches
    later on the same day, so running it again never harms and finishes what a crash left.
    """
    _name = 'cadence.run'
    _description = 'Run'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'date DESC, segment_id, tag_group_id'

    segment_id = fields.Many2one('cadence.segment', 'Segment', required=True, ondelete='cascade', index=True, readonly=True)
    tag_group_id = fields.Many2one('cadence.tag.group', 'Tag Group', required=True, ondelete='restrict', readonly=True)
    company_id = fields.Many2one(related='segment_id.company_id', store=True)
    user_id = fields.Many2one(related='segment_id.user_id', string='Responsible', store=True)
    date = fields.Date(required=True, readonly=True, help="The segment's local day.")
    send_datetime = fields.Datetime('Sending Time', compute='_compute_send_datetime', store=True)
    tag_ids = fields.Many2many('res.partner.category', 'cadence_run_tag_rel', 'run_id', 'tag_id', 'Batches', readonly=True)
    batches = fields.Char('Batch Numbers', compute='_compute_batches')
    state = fields.Selection([
        ('planned', 'Planned'),
        ('queued', 'Queued'),
        ('done', 'Sent'),
        ('blocked', 'Blocked'),
        ('missed', 'Missed'),
        ('cancelled', 'Cancelled'),
    ], default='planned', required=True, readonly=True, tracking=True, group_expand=True)
    blocked_reason = fields.Char(readonly=True)
    mailing_ids = fields.One2many('mailing.mailing', 'cadence_run_id', 'Mailings')
    touch_ids = fields.One2many('cadence.touch', 'run_id', 'Touches')
    expected_count = fields.Integer(
        'Expected', readonly=True, aggregator='sum', help="How many contacts of the batches may be mailed, as of the last planning.")
    summary = fields.Json(readonly=True, help="Counts of the touches that were removed from the ledger since.")
    audience_count = fields.Integer('Audience', compute='_compute_counts')
    mailed_count = fields.Integer('Mailed', compute='_compute_counts')
    deferred_count = fields.Integer('Deferred', compute='_compute_counts')
    excluded_count = fields.Integer('Excluded', compute='_compute_counts')
    opened_count = fields.Integer('Opened', compute='_compute_results')
    clicked_count = fields.Integer('Clicked', compute='_compute_results')
    replied_count = fields.Integer('Replied', compute='_compute_results')
    bounced_count = fields.Integer('Bounced', compute='_compute_results')
    story = fields.Json(compute='_compute_story')
    is_today = fields.Boolean(compute='_compute_is_today', search='_search_is_today')
    is_draft = fields.Boolean('Waits for Review', compute='_compute_is_draft')
    color = fields.Integer(related='tag_group_id.sequence')

    _segment_group_date = models.UniqueIndex('(segment_id, tag_group_id, date)', "The segment has this run already.")
    _company_date = models.Index('(company_id, date)')

    @api.depends('segment_id', 'tag_group_id', 'date')
    @api.depends_context('lang', 'cadence_calendar')
    def _compute_display_name(self):
        for run in self:
            if self.env.context.get('cadence_calendar'):
                # A day's cell is narrow, and the colour tells the segment.
                count = run.expected_count if run.state in ('planned', 'blocked') else run.mailed_count
                run.display_name = f"{count:,} · {run.tag_group_id.name} {run.batches}"
                continue
            run.display_name = f"{run.segment_id.name} · {run.tag_group_id.name} {run.batches} · {format_date(self.env, run.date)}"

    @api.depends('date', 'segment_id.tz', 'segment_id.send_time')
    def _compute_send_datetime(self):
        for run in self:
            run.send_datetime = run.segment_id._get_send_moment(run.date)

    @api.depends('date', 'tag_group_id')
    def _compute_batches(self):
        for run in self:
            run.batches = ', '.join(f'{number:02}' for number in run._get_due_numbers())

    def _get_due_numbers(self):
        group = self.tag_group_id
        return calendar.due_batches(
            self.date, group.batch_count, group.cycle_days, self.company_id.cadence_short_month or 'last_day')

    def _compute_counts(self):
        counts = {
            (run.id, state): count
            for run, state, count in self.env['cadence.touch']._read_group(
                [('run_id', 'in', self.ids)], ['run_id', 'state'], ['__count'])
        }
        for run in self:
            removed = run._get_removed_counts()
            run.mailed_count, run.deferred_count, run.excluded_count = (
                counts.get((run.id, state), 0) + sum(count for key, count in removed.items() if key[0] == state)
                for state in ('reserved', 'deferred', 'excluded'))
            run.audience_count = run.mailed_count + run.deferred_count + run.excluded_count or run.expected_count

    def _compute_results(self):
        counts = {
            run.id: results
            for run, *results in self.env['mailing.trace'].sudo()._read_group(
                [('cadence_run_id', 'in', self.ids)], ['cadence_run_id'],
                ['open_datetime:count', 'links_click_datetime:count', 'reply_datetime:count'])
        }
        bounced = dict(self.env['mailing.trace'].sudo()._read_group(
            [('cadence_run_id', 'in', self.ids), ('trace_status', '=', 'bounce')], ['cadence_run_id'], ['__count']))
        for run in self:
            run.opened_count, run.clicked_count, run.replied_count = counts.get(run.id, (0, 0, 0))
            run.bounced_count = bounced.get(run, 0)

    @api.depends('mailing_ids.state')
    def _compute_is_draft(self):
        for run in self:
            run.is_draft = run.state == 'queued' and 'draft' in run.mailing_ids.mapped('state')

    @api.depends('date', 'segment_id.tz')
    def _compute_is_today(self):
        for run in self:
            run.is_today = run.date == run.segment_id._get_local_day()

    def _search_is_today(self, operator, value):
        if operator != 'in':
            return NotImplemented
        now = fields.Datetime.now()
        zones = [tz for tz, in self.env['cadence.segment'].sudo().with_context(active_test=False)._read_group([], ['tz'])]
        today = Domain.OR(
            Domain('segment_id.tz', '=', tz) & Domain('date', '=', calendar.local_day(now, tz)) for tz in zones)
        return today if True in value else ~today

    # The audience as a story

    @api.depends_context('lang', 'uid')
    def _compute_story(self):
        for run in self:
            run.story = run._get_story()

    def _get_story(self):
        """[{key, label, count, kind}] from everybody tagged to those mailed; the counts add up exactly."""
        self.ensure_one()
        counts = self._get_outcome_counts()
        total = sum(counts.values())
        views = self.env['cadence.view'].sudo().with_context(active_test=False).browse(
            dict.fromkeys(view_id for _state, _reason, view_id in counts if view_id))
        labels = dict(self.env['cadence.touch']._fields['reason']._description_selection(self.env))
        order = {reason: position for position, (reason, _label) in enumerate(REASONS)}
        ranks = {view.id: rank for rank, view in enumerate(self.tag_group_id.sudo().exclude_view_ids)}
        hindrances = sorted(
            (key for key in counts if key[0] != 'reserved'),
            key=lambda key: (key[0] == 'deferred', order.get(key[1], 99), ranks.get(key[2], 99)))
        names = {view.id: view.name for view in views}
        story = [{'key': None, 'label': self.env._("In the batches"), 'count': total, 'kind': 'start'}]
        for key in hindrances:
            state, reason, view_id = key
            label = names.get(view_id) if reason == 'view' else labels.get(reason)
            if state == 'deferred':
                label = self.env._("Deferred: %(reason)s", reason=label)
            story.append({'key': list(key), 'label': label, 'count': counts[key], 'kind': state})
        mailed = counts.get(('reserved', None, None), 0)
        label = self.env._("Mailed") if self.state == 'done' else self.env._("To be mailed")
        return [*story, {'key': ['reserved', None, None], 'label': label, 'count': mailed, 'kind': 'reserved'}]

    def _get_outcome_counts(self):
        """{(state, reason, view id): contacts}: of the ledger, or of a preview where nothing is reserved yet."""
        if not self.summary and self._can_run() and not self._has_touches():
            rows = self.env['cadence.audience']._preview(self, self._get_letters())
            return {(state, reason, view_id): count for state, reason, view_id, count in rows}
        counts = self._get_removed_counts()
        for state, reason, view, count in self.env['cadence.touch']._read_group(
                [('run_id', '=', self.id)], ['state', 'reason', 'view_id'], ['__count']):
            key = (state, reason or None, view.id or None)
            counts[key] = counts.get(key, 0) + count
        return counts

    def _has_touches(self, state=None):
        domain = [('run_id', '=', self.id)] + ([('state', '=', state)] if state else [])
        return bool(self.env['cadence.touch'].search_count(domain, limit=1))

    def _get_removed_counts(self):
        return {tuple(key): count for *key, count in self.summary or []}

    @api.model
    def _add_to_summary(self, rows):
        """Add [(run id, state, reason, view id, count)] of touches that leave the ledger to their runs' stories."""
        for run_id, *key, count in rows:
            run = self.browse(run_id)
            counts = run._get_removed_counts()
            counts[tuple(key)] = counts.get(tuple(key), 0) + count
            run.summary = [[*key_, count_] for key_, count_ in counts.items()]

    def action_open_outcome(self, key):
        """The contacts behind one number of the story; `key` is [state, reason, view id], or None for all."""
        self.ensure_one()
        if self._has_touches():
            domain = [('run_id', '=', self.id)]
            if key:
                domain += [('state', '=', key[0]), ('reason', '=', key[1] or False), ('view_id', '=', key[2] or False)]
            contacts = [('cadence_touch_ids', 'any', domain)]
        elif key:
            ids = self.env['cadence.audience']._preview_partner_ids(self, self._get_letters(), *key)
            contacts = [('id', 'in', ids)]
        else:
            contacts = [('category_id', 'in', self._get_due_tags().ids)]
        action = self.env['res.partner']._cadence_get_action(self.display_name, contacts)
        return dict(action, context={'active_test': False})

    # The day: plan → claim → decide → reserve → queue

    @api.model
    def _cron_queue_today(self):
        """Queue what is due on each segment's local day, and plan the days ahead. Safe to run at any time, any number of times."""
        now = fields.Datetime.now()
        self._close_past_days(now)
        self._plan_ahead(now)
        runs = self.search(self._get_open_domain(now), order='date, id').sorted(self._get_warmth)
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=len(runs))
        for run in runs:
            run._run(now)
            if not commit_progress(1):
                break

    @api.model
    def _get_open_domain(self, now):
        """The runs of the segments' local today that may still take up somebody."""
        zones = [tz for tz, in self.env['cadence.segment']._read_group([], ['tz'])]
        return Domain('state', 'in', ('planned', 'blocked', 'queued', 'done')) & Domain('segment_id.active', '=', True) & Domain.OR(
            Domain('segment_id.tz', '=', tz) & Domain('date', '=', calendar.local_day(now, tz)) for tz in zones)

    @staticmethod
    def _get_warmth(run):
        # On one day the warmer group takes a company domain's places first.
        return run.date, run.tag_group_id.sequence, run.id

    def _run(self, now):
        """One unit of work: lock the day, decide, reserve, queue. Returns False where another worker holds the day."""
        self.ensure_one()
        if not self._claim():
            return False
        self._assign_due_tags()
        try:
            with self.env.cr.savepoint():
                if self._has_new_candidates():
                    self._queue()
                elif self.state in ('planned', 'blocked') and not self._has_touches():
                    self._set_state('done')
        except (UserError, ValidationError) as error:
            self._block(str(error))
        return True

    def _claim(self):
        """Lock every run of the day in the company: caps reach across segments, so a day is decided by one worker at a time.

        All rows or none. A worker whose snapshot is older than the last decision gets a serialization error from the lock
        (each decision writes a run of the day) and is tried again, so no decision is made on stale counts.
        """
        day = self.search([('company_id', '=', self.company_id.id), ('date', '=', self.date)])
        if day.try_lock_for_update() != day:
            return False
        self.invalidate_recordset()
        return self.state in ('planned', 'blocked', 'queued', 'done')

    def _has_new_candidates(self):
        return bool(self.env.execute_query(SQL(
            "%s LIMIT 1", self.env['cadence.audience']._query_candidates(self))))

    def _queue(self):
        letters = self._get_letters()
        if problem := self._get_problem(letters):
            raise UserError(problem)
        reserved = self.env['cadence.audience']._reserve(self, letters)
        mailings = self._queue_mailings()
        self._set_state('queued' if mailings or self.state == 'queued' else 'done')
        # The write tells a worker with an older snapshot that the day has moved on (see _claim).
        self.write({'expected_count': self.expected_count or reserved})

    def _get_all_letters(self):
        return self.env['cadence.letter'].search([
            ('segment_id', '=', self.segment_id.id), ('tag_group_id', '=', self.tag_group_id.id)])

    def _get_letters(self):
        """The letters that can be mailed; the steps of the others are passed over."""
        return self._get_all_letters().filtered(lambda letter: not letter.problem)

    def _get_problem(self, letters):
        """Why nothing can be mailed today, as a sentence that says what to do, or None."""
        if not letters:
            return next((letter.problem for letter in self._get_all_letters()), self.env._(
                "%(segment)s has no letter for %(group)s: add one on the segment.",
                segment=self.segment_id.name, group=self.tag_group_id.name))
        if not self.segment_id.email_from:
            return self.env._("%(segment)s has no sender: enter an address in Send From.", segment=self.segment_id.name)
        example = self.env['res.partner'].search([('category_id', 'in', self.tag_ids.ids)], limit=1)
        return next(filter(None, (letter._get_render_problem(example) for letter in letters if example)), None)

    # Planning

    @api.model
    def _plan_ahead(self, now):
        """Create the runs of the next days and count whom they may expect; once a day is enough, more does no harm."""
        segments = self.env['cadence.segment'].search([])
        planned = self.browse()
        for segment in segments:
            today = segment._get_local_day(now)
            planned += self._plan(segment, [today + timedelta(days=ahead) for ahead in range(PLANNED_DAYS + 1)])
        self._refresh_expected(planned.segment_id, now)
        return planned

    @api.model
    def _plan_day(self, segments, now):
        """The segments' runs of their local today, created where missing."""
        runs = self.browse()
        for segment in segments:
            today = segment._get_local_day(now)
            self.sudo()._plan(segment, [today])
            runs += self.search([('segment_id', '=', segment.id), ('date', '=', today)])
        return runs

    @api.model
    def _plan(self, segment, days):
        """Create the segment's missing runs of these local days."""
        known = {(run.tag_group_id.id, run.date) for run in self.search_fetch(
            [('segment_id', '=', segment.id), ('date', 'in', days)], ['tag_group_id', 'date'])}
        runs = self.create([
            {'segment_id': segment.id, 'tag_group_id': group.id, 'date': day}
            for group in self.env['cadence.tag.group']._get_mailed_groups()
            for day in days
            if (group.id, day) not in known and calendar.due_batches(
                day, group.batch_count, group.cycle_days, segment.company_id.cadence_short_month)
        ])
        runs._assign_due_tags()
        return runs

    @api.model
    def _refresh_expected(self, segments, now):
        """Count, for the coming runs of the segments, the contacts of their batches that may be mailed as things are."""
        for company in segments.company_id:
            runs = self.search([
                ('segment_id', 'in', segments.filtered(lambda segment, company=company: segment.company_id == company).ids),
                ('state', 'in', ('planned', 'blocked')), ('date', '>=', fields.Date.to_date(now) - timedelta(days=1))])
            for group, group_runs in runs.grouped('tag_group_id').items():
                tags = self.env['res.partner.category'].sudo().search([
                    ('cadence_group_id', '=', group.id), ('cadence_segment_id', 'in', group_runs.segment_id.ids)])
                counts = self.env['cadence.audience']._count_mailable(tags, group, company)
                for run in group_runs:
                    expected = sum(counts.get(tag_id, 0) for tag_id in run._get_due_tags().ids)
                    if expected != run.expected_count:
                        run.expected_count = expected

    def _get_due_tags(self):
        return self.env['res.partner.category'].sudo().with_context(active_test=False).search([
            ('cadence_segment_id', '=', self.segment_id.id), ('cadence_group_id', '=', self.tag_group_id.id),
            ('cadence_batch', 'in', self._get_due_numbers())])

    def _assign_due_tags(self):
        for run in self:
            tags = run._get_due_tags()
            if tags != run.tag_ids:
                run.tag_ids = tags

    def _reschedule(self):
        """Follow a changed sending time or time zone, as long as the mailing has not begun."""
        for run in self.filtered(lambda run: run.state == 'queued'):
            run.mailing_ids.filtered(lambda mailing: mailing.state == 'in_queue')._cadence_schedule(run.send_datetime)

    # Mailings

    def _queue_mailings(self):
        """One mailing a letter in use; returns those that have somebody new to mail."""
        letters = self.env['cadence.touch']._read_group(
            [('run_id', '=', self.id), ('state', '=', 'reserved'), ('mailing_id', '=', False)], ['letter_id'])
        mailings = self.env['mailing.mailing']
        for letter, in letters:
            mailing = self.mailing_ids.filtered(lambda mailing, letter=letter: mailing.cadence_letter_id == letter) \
                or self._create_mailing(letter)
            self.env.execute_query(self._query_assign_mailing(mailing, letter))
            mailings += mailing
        self.env['cadence.touch'].invalidate_model()
        if self.segment_id.auto_send:
            mailings.filtered(lambda mailing: mailing.state in ('draft', 'done'))._cadence_schedule(self.send_datetime)
        return mailings

    def _query_assign_mailing(self, mailing, letter):
        return SQL("""
            UPDATE cadence_touch
               SET mailing_id = %(mailing_id)s
             WHERE run_id = %(run_id)s AND letter_id = %(letter_id)s AND state = 'reserved' AND mailing_id IS NULL
         RETURNING NULL
            """, mailing_id=mailing.id, run_id=self.id, letter_id=letter.id)

    def _create_mailing(self, letter):
        mailing = letter.mailing_id.sudo().with_context(mail_notrack=True).copy(self._prepare_mailing_values(letter))
        return mailing.sudo(False)

    def _prepare_mailing_values(self, letter):
        segment = self.segment_id
        return {
            'cadence_run_id': self.id,
            'cadence_letter_id': letter.id,
            'subject': letter.mailing_id.subject,
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr(list(self._get_recipients_domain(letter))),
            'email_from': segment.email_from,
            'reply_to_mode': 'new',
            'reply_to': letter.mailing_id.reply_to if letter.mailing_id.reply_to_mode == 'new' else segment.email_from,
            'mail_server_id': segment.mail_server_id.id or letter.mailing_id.mail_server_id.id,
            'user_id': segment.user_id.id,
            'campaign_id': self._get_campaign().id,
            # The letters' mailings share the letter's UTM source: making one for each mailing scans all of them by ilike.
            'source_id': letter.mailing_id.source_id.id,
            'use_exclusion_list': True,
            'ab_testing_enabled': False,
            # Its default would set an A/B test's end on the campaign and wake that cron at each write.
            'ab_testing_schedule_datetime': False,
        }

    def _get_recipients_domain(self, letter):
        """Who gets the letter, as Odoo's own sending reads it: reserved, and in none of the excluding views at that moment."""
        touched = [('run_id', '=', self.id), ('letter_id', '=', letter.id), ('state', '=', 'reserved')]
        domain = Domain('cadence_touch_ids', 'any', touched)
        if views := self.tag_group_id.sudo().exclude_view_ids:
            domain &= Domain('cadence_view_ids', 'not in', views.ids)
        return domain

    def _get_campaign(self):
        """One UTM campaign for each segment and month."""
        month = self.date.replace(day=1)
        Campaign = self.env['utm.campaign'].sudo()
        return Campaign.search([('cadence_segment_id', '=', self.segment_id.id), ('cadence_month', '=', month)], limit=1) \
            or Campaign.create({
                'title': f"{self.segment_id.name} {month:%Y-%m}",
                'cadence_segment_id': self.segment_id.id,
                'cadence_month': month,
                'user_id': self.segment_id.user_id.id or self.env.uid,
            })

    # States

    def _set_state(self, state, reason=False):
        """The only writer of the state. Says the reason to the responsible where the run is blocked."""
        for run in self:
            if state == 'blocked' and (run.state, run.blocked_reason) != (state, reason):
                run._notify_blocked(reason)
            elif state != 'blocked' and run.state == 'blocked':
                run.activity_feedback(['mail.mail_activity_data_warning'])
        self.write({'state': state, 'blocked_reason': reason})

    def _block(self, reason):
        # A run that has begun keeps its state: its mails leave, only the latecomers wait.
        self._set_state(self.state if self._has_touches() else 'blocked', reason)

    def _notify_blocked(self, reason):
        self.activity_unlink(['mail.mail_activity_data_warning'])
        self.activity_schedule(
            'mail.mail_activity_data_warning', date_deadline=self.date, summary=self.env._("The run is blocked"), note=reason,
            user_id=self.user_id.id or self.env.uid)

    def _settle(self):
        """A mailing is composed: what Odoo left out is excluded in the ledger, and the run is done when all its mailings are."""
        self.env.flush_all()
        for run in self:
            self.env.execute_query(run._query_exclude_unsent())
            if run.state == 'queued' and set(run.mailing_ids.mapped('state')) <= {'done'}:
                run._set_state('done')
        self.env['cadence.touch'].invalidate_model()

    def _query_exclude_unsent(self):
        """Reserved touches of composed mailings that got no mail: cancelled by the composer, or their contact is gone."""
        return SQL("""
            UPDATE cadence_touch
               SET state = 'excluded',
                   reason = CASE WHEN trace.failure_type IN ('mail_bl', 'mail_optout') THEN 'opt_out'
                                 WHEN trace.failure_type = 'mail_dup' THEN 'mailed_today'
                                 WHEN trace.failure_type LIKE 'mail_email%%' THEN 'no_address'
                                 ELSE 'not_sent'
                             END
              FROM cadence_touch touch
              JOIN mailing_mailing mailing ON mailing.id = touch.mailing_id AND mailing.state = 'done'
         LEFT JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
             WHERE touch.id = cadence_touch.id
               AND touch.run_id = %s
               AND touch.state = 'reserved'
               AND (trace.id IS NULL OR trace.trace_status = 'cancel')
         RETURNING cadence_touch.id
            """, self.id)

    @api.model
    def _close_past_days(self, now):
        """The local day is over: what was not mailed is deferred to the next runs, so that nobody is lost and nobody mailed late."""
        tomorrow = fields.Date.to_date(now) + timedelta(days=1)
        past = self.search([('state', 'in', ('planned', 'blocked', 'queued')), ('date', '<=', tomorrow)]).filtered(
            lambda run: run.date < run.segment_id._get_local_day(now))
        for run in past:
            run._defer_unsent()
            run.mailing_ids.filtered(lambda mailing: mailing.state != 'done')._cadence_give_up()
            run._set_state('done' if run._has_touches('reserved') else 'missed', run.blocked_reason)

    def _defer_unsent(self):
        self.env.flush_all()
        self.env.execute_query(SQL("""
            UPDATE cadence_touch
               SET state = 'deferred', reason = 'late', deferred_since = COALESCE(deferred_since, date)
             WHERE run_id = %s
               AND state = 'reserved'
               AND NOT EXISTS (SELECT FROM mailing_trace WHERE mailing_trace.cadence_touch_id = cadence_touch.id)
         RETURNING id
            """, self.id))
        self.env['cadence.touch'].invalidate_model()

    def _can_run(self):
        return self.state in ('planned', 'blocked', 'queued')

    def _get_day_bounds(self):
        """The UTC moments between which the run's local day lies."""
        return tuple(
            calendar.utc_moment(day, self.segment_id.tz, 0.0) for day in (self.date, self.date + timedelta(days=1)))

    # Buttons

    def action_run_now(self):
        """Run today's runs at once, by the cron's own code path; their mails still leave at the sending time."""
        if not self.env.user.has_group('mass_mailing_cadence.group_user'):
            raise UserError(self.env._("Only cadence users may run the cadence."))
        self.check_access('read')
        now = fields.Datetime.now()
        runs = self.filtered('is_today').sudo()
        if not runs:
            raise UserError(self.env._("Only runs of today can be run; a missed day's contacts come back with their next batch."))
        runs.filtered(lambda run: run.state in ('cancelled', 'missed'))._set_state('planned')
        for run in runs.sorted(self._get_warmth):
            if not run._run(now):
                raise UserError(self.env._("Another worker is deciding this day: try again in a moment."))
        return self._get_action(self.env._("Runs")) if len(self) > 1 else True

    def action_preview_audience(self):
        self.ensure_one()
        return self._get_action(self.display_name)

    def action_refresh_expected(self):
        self.sudo()._refresh_expected(self.sudo().segment_id, fields.Datetime.now())

    def action_send_drafts(self):
        """Send the day's drafts that were reviewed; at the sending time, or at once when it has passed."""
        for run in self:
            run.mailing_ids.filtered(lambda mailing: mailing.state == 'draft')._cadence_schedule(run.send_datetime)

    def action_cancel(self):
        """Nobody is mailed by these runs; their places of the day are free again. Undone by Run Now."""
        for run in self.filtered(lambda run: run.state in ('planned', 'blocked', 'queued')):
            run.mailing_ids.filtered(lambda mailing: mailing.state in ('draft', 'in_queue')).unlink()
            run.sudo()._forget_unsent()
            run._set_state('cancelled')

    def _forget_unsent(self):
        self.env['cadence.touch'].search([('run_id', '=', self.id), ('trace_ids', '=', False)]).unlink()

    def action_open_mailings(self):
        self.ensure_one()
        action = self.env['ir.actions.actions']._for_xml_id('mass_mailing.mailing_mailing_action_mail')
        return dict(action, domain=[('cadence_run_id', '=', self.id)], context={}, name=self.display_name)

    def action_open_segment(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'cadence.segment', 'res_id': self.segment_id.id,
            'views': [(False, 'form')],
        }

    def _get_action(self, name):
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': 'cadence.run',
            'domain': [('id', 'in', self.ids)],
            'views': [(False, 'form')] if len(self) == 1 else [(False, 'kanban'), (False, 'list'), (False, 'form')],
            'res_id': self.id if len(self) == 1 else False,
        }
