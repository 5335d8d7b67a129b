from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.address import company_domain
from ...tools.sender import warmup

CHANGING = ('warming', 'resting', 'new')  # states of a sender that mailbox providers do not know well (any more)


class CadenceSender(models.Model):
    """Who mails come from, as mailbox providers see it: a domain, or a single mailbox, over a mail server of a company.

    new → warming → warm → resting      what may leave on a day grows with what has left, and falls back after weeks of silence
    any → paused                        too much came back, or somebody complained; what has not left is next in line
    paused → trial                      after a day by itself, or by a manager: a tenth of a day
    trial → paused, warming, warm       as the tenth went

    `_set_state` is the only writer of the state. Made by itself for each segment's sender address.
    """
    _name = 'cadence.sender'
    _description = 'Sender'
    _inherit = ['mail.thread', 'mail.activity.mixin', 'cadence.guarded.mixin']
    _order = 'company_id, name, id'

    name = fields.Char(
        'Domain or Address', required=True,
        help="A domain counts all addresses at it together, as mailbox providers do; a whole address counts alone, as for a "
             "mailbox at Gmail or Microsoft 365 with limits of its own.")
    kind = fields.Selection([
        ('bulk', 'Whole domain'),
        ('mailbox', 'Single mailbox'),
    ], compute='_compute_kind', store=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    mail_server_id = fields.Many2one(
        'ir.mail_server', ondelete='restrict', help="Empty: Odoo chooses by the sender's address.")
    segment_ids = fields.One2many('cadence.segment', 'sender_id', 'Segments')
    further_segment_ids = fields.One2many('cadence.segment.sender', 'sender_id', 'Also Sends For')
    profile = fields.Selection([
        ('mailbox', 'Single mailbox: 20 a day at first, 50 in the end'),
        ('careful', 'Careful: 50 a day at first, a fifth more each day'),
        ('normal', 'Normal: 200 a day at first, a third more each day'),
        ('fast', 'Fast: 500 a day at first, a half more each day'),
        ('steady', 'Warm already: no limit but the target'),
    ], 'Warm-up', required=True, compute='_compute_profile', store=True, readonly=False, precompute=True, tracking=True,
        help="How fast the number of mails a day grows. Days on which nothing is sent do not count.")
    target = fields.Integer(
        'Mails a Day', tracking=True,
        help="At this many mails a day the sender is warm. Empty: the usual number for its warm-up; none for a sender that is "
             "warm.")
    state = fields.Selection([
        ('new', 'New'),
        ('warming', 'Warming Up'),
        ('warm', 'Warm'),
        ('resting', 'Rested'),
        ('paused', 'Paused'),
        ('trial', 'Trying Again'),
    ], default='new', required=True, readonly=True, copy=False, tracking=True)
    light = fields.Selection([
        ('green', 'Healthy'),
        ('amber', 'Watch'),
        ('red', 'Poor'),
    ], 'Health', default='green', required=True, readonly=True, copy=False)
    cause = fields.Selection([
        ('hard', 'Addresses that do not exist'),
        ('bounced', 'Mails that came back'),
        ('complaints', 'Complaints about spam'),
        ('policy', 'Refused for what we are'),
        ('hand', 'Paused by hand'),
    ], readonly=True, copy=False)
    paused_datetime = fields.Datetime('Paused Since', readonly=True, copy=False)
    trial_datetime = fields.Datetime('Tried Again On', readonly=True, copy=False, help="Mails before it count no more.")
    evidence = fields.Json(readonly=True, copy=False, help="What came back when it was paused: counts by name.")
    has_culprit = fields.Boolean(compute='_compute_has_culprit')
    is_culprit_held = fields.Boolean(compute='_compute_has_culprit')
    day_ids = fields.One2many('cadence.sender.day', 'sender_id')
    provider_ids = fields.One2many('cadence.sender.provider', 'sender_id', 'At Mailbox Providers')
    source_ids = fields.One2many('cadence.sender.source', 'sender_id')
    unknown_count = fields.Integer(
        'Unknown Mails', compute='_compute_unknown_count', help="Mails in your name that nothing proves to be yours, in 30 days.")

    _guarded_fields = ('state', 'light', 'cause', 'paused_datetime', 'trial_datetime', 'evidence')

    _name_unique = models.UniqueIndex(
        '(company_id, name, COALESCE(mail_server_id, 0)) WHERE active', "This sender exists already.")
    _target_not_negative = models.Constraint('CHECK (target >= 0)', "A number of mails a day is not negative.")

    @api.depends('name')
    def _compute_kind(self):
        for sender in self:
            sender.kind = 'mailbox' if '@' in (sender.name or '') else 'bulk'

    @api.depends('evidence', 'state', 'provider_ids.evidence', 'provider_ids.state')
    def _compute_has_culprit(self):
        for sender in self:
            culprit = sender._get_culprit()
            sender.has_culprit = bool(culprit)
            sender.is_culprit_held = culprit.is_held

    def _get_culprit(self):
        """The load of addresses that most of what came back is from, at one provider or at all of them."""
        told = [self.evidence if self.state == 'paused' else None,
                *(part.evidence for part in self.provider_ids if part.state == 'paused')]
        ids = [evidence['intake'] for evidence in told if evidence and evidence.get('intake')]
        return self.env['cadence.intake'].sudo().browse(ids[:1]).exists()

    @api.depends('source_ids')
    def _compute_unknown_count(self):
        first = fields.Date.subtract(fields.Date.today(), days=30)
        counts = dict(self.env['cadence.sender.source']._read_group(
            [('sender_id', 'in', self.ids), ('standing', '=', 'unknown'), ('date', '>=', first)], ['sender_id'],
            ['mail_count:sum']))
        for sender in self:
            sender.unknown_count = counts.get(sender, 0)

    @api.depends('name')
    def _compute_profile(self):
        for sender in self:
            sender.profile = sender.profile or ('mailbox' if '@' in (sender.name or '') else 'normal')

    @api.constrains('name')
    def _check_name(self):
        for sender in self:
            mailbox, at, host = sender.name.rpartition('@')
            if bool(mailbox) != bool(at) or '@' in mailbox or not company_domain.look_up(host)[0]:
                raise ValidationError(self.env._("“%(name)s” is neither a domain nor an address.", name=sender.name))

    @api.model_create_multi
    def create(self, vals_list):
        senders = super().create([
            vals | ({'name': vals['name'].strip().lower()} if vals.get('name') else {}) for vals in vals_list])
        senders.filtered(lambda sender: sender.profile == 'steady')._follow_ramp()
        return senders

    def write(self, vals):
        if vals.get('name'):
            vals = vals | {'name': vals['name'].strip().lower()}
        if vals.get('active') is False:
            self.filtered('active')._check_unused()
        result = super().write(vals)
        if vals.get('active') is False:
            self.further_segment_ids.segment_id._get_open_runs()._replace_waiting([('sender_id', 'in', self.ids)])
        if vals.keys() & {'profile', 'target'}:
            self._forget_today()
            self._follow_ramp()
        return result

    def _check_unused(self):
        """Archived, a segment's own sender would go on mailing where nobody sees it."""
        for sender in self.sudo():
            if segment := sender.segment_ids[:1]:
                raise UserError(self.env._(
                    "%(segment)s mails from %(sender)s: pause the sender, or let the segment send from another address first.",
                    segment=segment.name, sender=sender.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for sender in self:
            has_mailed = self.env['cadence.touch'].sudo().search_count([('sender_id', '=', sender.id)], limit=1)
            if sender.segment_ids or sender.further_segment_ids or has_mailed:
                raise UserError(self.env._(
                    "%(sender)s has mailed, or a segment mails from it: archive it instead.", sender=sender.name))

    # Who is whose

    @api.model
    def _find_or_create(self, company, address, server, alone=False):
        """The sender of an address over a mail server: the mailbox of its own, else its domain; made where there is none.

        Mailboxes at public providers are each their own: the domain is Google's, not ours. `alone`: so is this one.
        """
        domain = None if alone else company_domain.company_domain(
            address, self.env['cadence.mailbox.domain']._get_public())
        names = [address, domain] if domain else [address]
        known = self.sudo().search([
            ('company_id', '=', company.id), ('name', 'in', names), ('mail_server_id', '=', server.id)])
        if known:
            return min(known, key=lambda sender: names.index(sender.name))
        return self.sudo().create({'company_id': company.id, 'name': names[-1], 'mail_server_id': server.id})

    def _get_responsible(self):
        """The user who is told of a trouble."""
        segment = (self.sudo().with_context(active_test=False).segment_ids or self.sudo().further_segment_ids.segment_id)[:1]
        if segment:
            return segment._get_responsible()
        managers = self.env.ref('mass_mailing_cadence.group_manager').sudo().all_user_ids
        return managers.filtered(lambda user: self.company_id in user.company_ids)[:1] or self.env.user

    # States

    def _set_state(self, state, **values):
        """The only writer of the state."""
        for sender in self.sudo():
            if sender.state != state or values:
                sender.write({'state': state} | values)

    def _follow_ramp(self):
        """Neither paused nor tried again: what the days behind it make of the sender."""
        for sender in self.filtered(lambda sender: sender.state not in ('paused', 'trial')):
            sender._set_state(sender._get_cap().state)

    def _get_profile(self):
        return warmup.PROFILES.get(self.profile)

    # Buttons

    def _check_may_decide(self):
        if not self.env.su and not self.env.user.has_group('mass_mailing_cadence.group_manager'):
            raise AccessError(self.env._("Only managers of Mailing Cadence decide about senders."))
        self.check_access('write')

    def action_pause(self):
        """Nothing leaves any more until a manager lets it."""
        self._check_may_decide()
        self._pause('hand')
        return True

    def action_try_again(self):
        """A tenth of a day, of which one sees whether it comes through; all of it where only a person had paused it."""
        self._check_may_decide()
        paused = self.filtered(lambda sender: sender.state == 'paused')
        by_hand = paused.filtered(lambda sender: sender.cause == 'hand')
        by_hand._set_state('warming', cause=False, paused_datetime=False)
        by_hand._follow_ramp()
        by_hand._let_go()
        (paused - by_hand)._begin_trial()
        return True

    def action_set_warm(self):
        """It has been mailing for long, from elsewhere: no warm-up."""
        self._check_may_decide()
        self.filtered(lambda sender: sender.state not in ('paused', 'trial')).write({'profile': 'steady'})
        return True

    def action_open_intake(self):
        """The load of addresses that most of what came back is from."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'res_model': 'cadence.intake', 'res_id': self._get_culprit().id,
            'views': [(False, 'form')]}

    def action_hold_intake(self):
        """Nothing leaves to the contacts of that load any more."""
        self.ensure_one()
        self._check_may_decide()
        return self._get_culprit().action_hold()

    def action_open_sources(self):
        """Who sends in the domain's name, as receivers report it."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('mass_mailing_cadence.cadence_sender_source_action')
        return dict(action, domain=[('sender_id', '=', self.id)], context={'search_default_group_source': 1})

    def action_open_mailed(self):
        """The mails of today."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.actions']._for_xml_id('mass_mailing_cadence.cadence_touch_action')
        return dict(action, domain=[('sender_id', '=', self.id)], context={}, name=self.name)
