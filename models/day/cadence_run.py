from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import calendar

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

    segment_id = fields.Many2one('cadence.segment', required=True, ondelete='cascade', index=True, readonly=True)
    tag_group_id = fields.Many2one('cadence.tag.group', required=True, ondelete='restrict', readonly=True)
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
    mailing_ids = fields.One2many(
        'mailing.mailing', 'cadence_run_id', 'Mailings', groups='mass_mailing.group_mass_mailing_user')
    touch_ids = fields.One2many('cadence.touch', 'run_id', 'Touches')
    expected_count = fields.Integer(
        'Expected', readonly=True, aggregator='sum',
        help="How many contacts of the batches may be mailed, as of the last planning.")
    decision_count = fields.Integer(
        readonly=True, help="How often the audience was decided; tells a worker with an older snapshot that it is outdated.")
    summary = fields.Json(readonly=True, help="Counts of the touches that were removed from the ledger since.")
    opportunity_count = fields.Integer('Opportunities', compute='_compute_revenue', compute_sudo=True)
    expected_revenue = fields.Monetary('Revenue', compute='_compute_revenue', compute_sudo=True, currency_field='currency_id')
    currency_id = fields.Many2one(related='company_id.currency_id')
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
    is_draft = fields.Boolean('Waits for Review', compute='_compute_is_draft', compute_sudo=True)
    color = fields.Integer(related='tag_group_id.sequence')

    _segment_group_date = models.UniqueIndex('(segment_id, tag_group_id, date)', "The segment has this run already.")
    _company_date = models.Index('(company_id, date)')

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
                # A day's cell is narrow, and the colour tells the segment.
                count = run.expected_count if run.state in ('planned', 'blocked') else run.mailed_count
                run.display_name = f"{count:,} · {run.tag_group_id.name} {run.batches}"
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
        mailings = self.env['mailing.mailing'].sudo().search_fetch([('cadence_run_id', 'in', self.ids)], ['cadence_run_id'])
        for run in self:
            own = mailings.filtered(lambda mailing, run=run: mailing.cadence_run_id == run)
            run.opened_count = sum(own.mapped('opened'))
            run.clicked_count = sum(own.mapped('clicked'))
            run.replied_count = sum(own.mapped('replied'))
            run.bounced_count = sum(own.mapped('bounced'))

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
        runs = self.filtered('is_today').sudo()
        if not runs:
            raise UserError(self.env._("Only runs of today can be run; a missed day's contacts come back with their next batch."))
        runs.filtered(lambda run: run.state in ('cancelled', 'missed'))._set_state('planned')
        for run in runs.sorted(self._get_warmth):
            if not run._run():
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
