from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import calendar

# What a run counts, and the states and outcomes of its touches that are it; together they are the audience.
COUNTS = {
    'mailed_count': ('left',),
    'leaving_count': ('leaving',),
    'waiting_count': ('waiting',),
    'doubt_count': ('in_doubt',),
    'deferred_count': ('deferred',),
    'excluded_count': ('excluded', 'refused'),
}


class CadenceRun(models.Model):
    """One segment and tag group on one day.

    planned → queued       the audience is reserved and its mailings wait for the sending time
    planned → blocked      no usable letter, no sender, a faulty view …; tried again until the day ends
    planned → done         nobody to mail
    queued  → done         every mail has left, or is known never to leave on this day
    done    → queued       somebody was saved into its batches later on the same day
    planned, blocked → missed      the day went by; its contacts are next in line
    planned, blocked, queued → cancelled by a user, until they run it again; what has left stays in the ledger, and who was not
                                   mailed is next in line when the day is over

    `_set_state` is the only writer of the state. Running again never harms and finishes what a crash left: only what waits
    in the ledger is mailed. *Stop* is no state: it holds whatever has not left, in every state (`cadence_run_stop`).
    """
    _name = 'cadence.run'
    _description = 'Run'
    _inherit = ['mail.thread', 'mail.activity.mixin', 'cadence.guarded.mixin', 'cadence.rhythm.mixin']
    _order = 'date DESC, segment_id, tag_group_id'

    segment_id = fields.Many2one(index=True, readonly=True)
    tag_group_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(related='segment_id.company_id', store=True)
    user_id = fields.Many2one(related='segment_id.user_id', string='Responsible', store=True)
    date = fields.Date(required=True, readonly=True, help="The segment's local day.")
    send_datetime = fields.Datetime('Sending Time', compute='_compute_send_datetime', store=True)
    tag_ids = fields.Many2many('res.partner.category', 'cadence_run_tag_rel', 'run_id', 'tag_id', 'Batches', readonly=True)
    batches = fields.Char('Batch Numbers', compute='_compute_batches')
    state = fields.Selection([
        ('planned', 'Planned'),
        ('queued', 'Queued'),
        ('done', 'Done'),
        ('blocked', 'Blocked'),
        ('missed', 'Missed'),
        ('cancelled', 'Cancelled'),
    ], default='planned', required=True, readonly=True, tracking=True, group_expand=True)
    blocked_reason = fields.Char(readonly=True)
    is_closed = fields.Boolean(readonly=True, help="The day is over, and who was not mailed is next in line.")
    mailing_ids = fields.One2many(
        'mailing.mailing', 'cadence_run_id', 'Mailings', groups='mass_mailing.group_mass_mailing_user')
    touch_ids = fields.One2many('cadence.touch', 'run_id', 'Touches')
    expected_count = fields.Integer(
        'Expected', readonly=True, aggregator='sum',
        help="How many contacts of the batches may be mailed, as of the last planning.")
    expected_at = fields.Datetime('Counted', readonly=True, copy=False, help="When the expected contacts were last counted.")
    decision_count = fields.Integer(
        readonly=True, help="How often the audience was decided; tells a worker with an older snapshot that it is outdated.")
    summary = fields.Json(readonly=True, help="Counts of the touches that were removed from the ledger since.")
    opportunity_count = fields.Integer('Opportunities', compute='_compute_revenue', compute_sudo=True)
    expected_revenue = fields.Monetary('Revenue', compute='_compute_revenue', compute_sudo=True, currency_field='currency_id')
    needs_hand = fields.Boolean(compute='_compute_needs_hand', store=True, help="Somebody has to do something for the run.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    audience_count = fields.Integer('Audience', compute='_compute_counts')
    mailed_count = fields.Integer('Mailed', compute='_compute_counts')
    waiting_count = fields.Integer('Queued', compute='_compute_counts')
    leaving_count = fields.Integer('Leaving', compute='_compute_counts')
    doubt_count = fields.Integer('Perhaps Mailed', compute='_compute_counts')
    deferred_count = fields.Integer('Deferred', compute='_compute_counts')
    excluded_count = fields.Integer('Excluded', compute='_compute_counts')
    story = fields.Json(compute='_compute_story')
    is_today = fields.Boolean(compute='_compute_is_today', search='_search_is_today')
    is_draft = fields.Boolean('Waits for Review', compute='_compute_is_draft', compute_sudo=True)
    color = fields.Integer(related='tag_group_id.sequence')

    _guarded_fields = (
        'segment_id', 'tag_group_id', 'date', 'tag_ids', 'state', 'blocked_reason', 'is_closed', 'is_stopped', 'expected_count',
        'expected_at', 'decision_count', 'summary')

    _segment_group_date = models.UniqueIndex('(segment_id, tag_group_id, date)', "The segment has this run already.")
    _company_date = models.Index('(company_id, date)')
    _open_days = models.Index('(date) WHERE is_closed IS NULL OR is_closed = FALSE')

    @api.depends('state', 'blocked_reason', 'is_closed')
    def _compute_needs_hand(self):
        for run in self:
            run.needs_hand = not run.is_closed and (run.state == 'blocked' or bool(run.blocked_reason))

    def _compute_revenue(self):
        groups = self.env['crm.lead'].with_context(active_test=False)._read_group(
            [('cadence_run_id', 'in', self.ids), ('won_status', '!=', 'lost')], ['cadence_run_id'],
            ['__count', 'expected_revenue:sum'])
        numbers = {run: (count, revenue) for run, count, revenue in groups}
        for run in self:
            run.opportunity_count, run.expected_revenue = numbers.get(run, (0, 0))

    @api.depends('segment_id', 'tag_group_id', 'date')
    @api.depends_context('lang', 'cadence_calendar')
    def _compute_display_name(self):
        for run in self:
            if self.env.context.get('cadence_calendar'):
                run.display_name = run._get_calendar_name()
                continue
            name = f"{run.tag_group_id.name} {run.batches}"
            run.display_name = f"{run.segment_id.name} · {name} · {format_date(self.env, run.date)}"

    @api.depends('date', 'segment_id.tz', 'segment_id.send_time')
    def _compute_send_datetime(self):
        for run in self:
            run.send_datetime = run.segment_id._get_send_moment(run.date)

    @api.depends('date', 'tag_group_id')
    def _compute_batches(self):
        for run in self:
            run.batches = ', '.join(f'{number:02}' for number in run._get_due_numbers())

    def _get_due_numbers(self):
        return self.tag_group_id._get_due_numbers(self.date, self.company_id)

    def _compute_counts(self):
        counts = {
            (run.id, outcome or state): count
            for run, state, outcome, count in self.env['cadence.touch']._read_group(
                [('run_id', 'in', self.ids)], ['run_id', 'state', 'outcome'], ['__count'])
        }
        for run in self:
            removed = Counter()
            for (bucket, *_rest), count in run._get_removed_counts().items():
                removed[bucket] += count
            for name, buckets in COUNTS.items():
                run[name] = sum(counts.get((run.id, bucket), 0) + removed.get(bucket, 0) for bucket in buckets)
            run.audience_count = sum(run[name] for name in COUNTS) or run.expected_count

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

    # States

    def _set_state(self, state, reason=False):
        """The only writer of the state. A reason is told to the responsible, and their activity ends when it is gone."""
        for run in self:
            # Of a trouble with new numbers nobody needs to be told every ten minutes.
            if reason and (not run.blocked_reason or state == 'blocked' and reason != run.blocked_reason):
                run._notify_trouble(reason)
            elif not reason and run.blocked_reason:
                run.activity_feedback(['mail.mail_activity_data_warning'])
        self.write({'state': state, 'blocked_reason': reason})

    def _block(self, reason):
        # A run that has begun keeps its state: its mails leave, only the latecomers wait.
        self._set_state(self.state if self._has_touches() else 'blocked', reason)

    def _notify_trouble(self, reason):
        self.activity_unlink(['mail.mail_activity_data_warning'])
        self.activity_schedule(
            'mail.mail_activity_data_warning', date_deadline=self.date, summary=self.env._("The run needs a hand"), note=reason,
            user_id=self.segment_id._get_responsible().id)

    def _can_run(self):
        return self.state in ('planned', 'blocked', 'queued')

    def _get_day_bounds(self):
        """The UTC moments between which the run's local day lies."""
        return tuple(
            calendar.utc_moment(day, self.segment_id.tz, 0.0) for day in (self.date, self.date + timedelta(days=1)))

    def _get_mail_day(self):
        """The company's local day on which the run's mails leave: that of its sending time, or of now when that has passed."""
        last = self._get_day_bounds()[1] - timedelta(seconds=1)
        return self.company_id._cadence_get_day(min(max(self.send_datetime, fields.Datetime.now()), last))

    def _get_mail_day_bounds(self):
        """The UTC moments between which that day lies."""
        return self.company_id._cadence_get_day_bounds(self._get_mail_day())

    def _get_touch_values(self):
        """What all touches of the run have in common, as named parameters of SQL."""
        return {
            'run_id': self.id, 'segment_id': self.segment_id.id, 'tag_group_id': self.tag_group_id.id,
            'company_id': self.company_id.id, 'date': self.date}

    # Buttons

    def action_run_now(self):
        """Run today's runs at once, by the cron's own code path; their mails still leave at the sending time."""
        self._check_may_run()
        runs = self.filtered('is_today').sudo()
        if not runs:
            raise UserError(self.env._("Only runs of today can be run; a missed day's contacts go first on the next days."))
        runs.filtered(lambda run: run.state in ('cancelled', 'missed'))._set_state('planned')
        for run in runs.sorted(self._get_warmth):
            if not run._run():
                raise UserError(self.env._("Another worker is deciding this day: try again in a moment."))
        return runs._get_queued_notice()

    def _check_may_run(self):
        if not self.env.su and not self.env.user.has_group('mass_mailing_cadence.group_user'):
            raise AccessError(self.env._("Only cadence users may run the cadence."))
        self.check_access('read')

    def action_preview_audience(self):
        self.ensure_one()
        return self._get_action(self.display_name)

    def action_refresh_expected(self):
        self._check_may_run()
        self.sudo()._refresh_expected(self.sudo().segment_id, fields.Datetime.now())

    def action_send_drafts(self):
        """Send the day's drafts that were reviewed; at the sending time, or at once when it has passed."""
        self._check_may_run()
        for run in self.sudo():
            run.mailing_ids.filtered(lambda mailing: mailing.state == 'draft')._cadence_schedule(run.send_datetime)

    def action_cancel(self):
        """Nobody else is mailed by these runs, and their places of the day are free again. Undone by Run Now.

        What has left stays in the ledger: nobody gets it a second time. Who was not mailed is next in line on the days after.
        """
        self._check_may_run()
        for run in self.sudo().filtered(lambda run: run._can_run()):
            run._take_back_waiting()
            run.mailing_ids._cadence_withdraw()
            run._set_state('cancelled')

    def _take_back_waiting(self, domain=()):
        """Forget the touches that have not left, and cancel their mails."""
        touches = self.env['cadence.touch'].search(
            Domain('run_id', 'in', self.ids) & (Domain('state', '!=', 'reserved') | Domain('outcome', '=', 'waiting'))
            & Domain(domain))
        touches._cancel_mails()
        touches._take_back()

    def _decide_anew(self, domain=()):
        """What has not left of the runs, or of it what the domain says, is decided once more; if all of it, and written anew."""
        self._take_back_waiting(domain)
        if not domain:
            self.mailing_ids._cadence_withdraw()
        if self:
            self.env.ref('mass_mailing_cadence.ir_cron_queue_today').sudo()._trigger()

    def _replace_waiting(self, domain=()):
        """Those of the runs of which something waits decide about it as the segment and its senders are now."""
        self.env['cadence.touch'].sudo().search(
            Domain('run_id', 'in', self.ids) & Domain('outcome', '=', 'waiting') & Domain(domain)).run_id._decide_anew(domain)

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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mailed(self):
        if self.env['cadence.touch'].sudo().search_count([('run_id', 'in', self.ids), ('state', '=', 'reserved')], limit=1):
            raise UserError(self.env._("A run that has mailed is the proof of its mails: it cannot be deleted."))
