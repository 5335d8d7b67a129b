import itertools
from contextlib import nullcontext

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import calendar


class CadenceTagGroup(models.Model):
    """A stage of the customer's life and its rhythm.

    A group with batches mails batch *b* on the days of the month that `tools/calendar.py` gives it;
    a group without batches only holds tags (an inquiry, a competitor) and is never mailed.
    """
    _name = 'cadence.tag.group'
    _description = 'Tag Group'
    _inherit = ['mail.thread']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short name that other modules and imports refer to.")
    marker = fields.Char(
        translate=True,
        help="The word before the number in a batch tag's name: Marketing in English-Equipment dealers-Marketing01.")
    sequence = fields.Integer(
        default=10, help="On one day the group with the lower sequence takes a company domain's places first.")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one('res.company', help="Empty: every company uses this group.")
    batch_count = fields.Integer('Batches', help="How many batches the contacts are spread over; 0: never mailed.")
    cycle_days = fields.Integer('Days per Cycle', help="After how many days the same batch is mailed again.")
    every_rounds = fields.Integer(
        'Mailed Every (rounds)', default=1, required=True,
        help="1: in every round. 2 or 3: a batch is mailed in every second or third one, for a rhythm slower than 30 days.")
    reader_group_id = fields.Many2one(
        'cadence.tag.group', 'Openers Go To', help="The group whose rhythm a contact joins after opening a mail.")
    exclude_view_ids = fields.Many2many(
        'cadence.view', 'cadence_tag_group_exclude_view_rel', 'tag_group_id', 'view_id', 'Not Mailed If In',
        context={'active_test': False}, tracking=True, default=lambda self: self._get_protective_views(),
        help="Contacts in one of these views are left out of the group's runs, in this order.")
    exclude_warning = fields.Char(compute='_compute_exclude_warning')
    tag_ids = fields.One2many('res.partner.category', 'cadence_group_id', 'Tags')

    _code_unique = models.UniqueIndex('(code)', "Another tag group has this code already.")
    _rhythm = models.Constraint(
        'CHECK (batch_count >= 0 AND cycle_days BETWEEN 0 AND 30 AND batch_count <= cycle_days)',
        "A group has at most one batch a day, and a cycle is at most 30 days: batches ≤ days per cycle ≤ 30.")
    _every_rounds = models.Constraint(
        'CHECK (every_rounds BETWEEN 1 AND 12)', "A batch is mailed at least in every twelfth round: enter 1 to 12.")

    @api.constrains('batch_count', 'marker')
    def _check_marker(self):
        for group in self:
            if group.batch_count and (not group.marker or any(sign == '-' or sign.isdigit() for sign in group.marker)):
                raise ValidationError(self.env._(
                    "%(group)s has batches: give it a marker without digits and hyphens, such as Marketing.", group=group.name))

    @api.constrains('batch_count')
    def _check_batches_in_use(self):
        """A batch beyond the last one is never due: its contacts would be lost without a word."""
        for group in self:
            lost = self.env['res.partner.category'].sudo().with_context(active_test=False).search([
                ('cadence_group_id', '=', group.id), ('cadence_batch', '>', group.batch_count), ('partner_ids', '!=', False),
            ], limit=1)
            if lost:
                raise ValidationError(self.env._(
                    "%(tag)s has contacts, archived ones perhaps, who would never be due any more: move them into another "
                    "batch first.", tag=lost.name))

    @api.constrains('exclude_view_ids', 'company_id')
    def _check_exclude_views(self):
        """A view of one company says nothing about the contacts of another one's runs."""
        for group in self:
            if foreign := group.exclude_view_ids.filtered(lambda view, group=group: view.company_id not in (
                    group.company_id, self.env['res.company'])):
                raise ValidationError(self.env._(
                    "%(group)s is mailed for more companies than %(company)s, whose view %(view)s is: take the company off the "
                    "view, or give the group the same one.",
                    group=group.name, company=foreign[0].company_id.name, view=foreign[0].name))

    # When

    def _get_due_numbers(self, day, company):
        """The numbers of the batches that are due on a local day in the company's runs, ascending."""
        return calendar.due_batches(day, *self._get_calendar(company))

    def _get_next_due(self, number, day, company):
        """The batch's first due day from `day` on, or None."""
        return calendar.next_due(number, day, *self._get_calendar(company))

    def _get_next_run(self, day, company):
        """The first day from `day` on that has a run, or None."""
        return calendar.next_run(day, *self._get_calendar(company))

    def _get_calendar(self, company):
        return self.batch_count, self.cycle_days, company.cadence_short_month or 'last_day', self.every_rounds or 1

    # Whom not

    @api.depends('batch_count', 'exclude_view_ids')
    def _compute_exclude_warning(self):
        for group in self:
            missing = group._get_protective_views() - group.exclude_view_ids._origin if group.batch_count else None
            group.exclude_warning = self.env._(
                "Mailed as well: whoever is in %(views)s.", views=', '.join(missing.mapped('name'))) if missing else False

    @api.model
    def _get_protective_views(self):
        """The shipped views of contacts whom a new group leaves in peace, unless somebody decides otherwise."""
        return self.env['cadence.view'].search([('stage', 'in', ('intention', 'risk', 'no_send'))])

    def copy_data(self, default=None):
        """A copy needs a code of its own, and a marker, for its batches are named by it."""
        codes = set(self.sudo().with_context(active_test=False).search_fetch([], ['code']).mapped('code'))
        all_vals = super().copy_data(default)
        for vals in all_vals:
            if not (default or {}).get('code'):
                vals['code'] = next(
                    code for number in itertools.count(2) for code in [f'{vals["code"]}_{number}'] if code not in codes)
                codes.add(vals['code'])
            for name in {'name', 'marker'} - (default or {}).keys():
                vals[name] = vals[name] and self.env._("%(name)s (copy)", name=vals[name])
        return all_vals

    # What relies on a group

    def write(self, vals):
        if vals.get('active') is False:
            self.filtered('active')._check_unused()
        with self._renaming_batches('marker' in vals):
            return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=''):
        with self._renaming_batches(field_name == 'marker'):
            return super().update_field_translations(field_name, translations, source_lang)

    def _renaming_batches(self, is_renamed):
        # The marker is a part of the names of the group's batches.
        segments = self.sudo().with_context(active_test=False).tag_ids.cadence_segment_id if is_renamed else None
        return segments._renaming() if segments else nullcontext()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.with_context(active_test=False)._check_unused()

    def _check_unused(self):
        """Archived, a group still holds its tags; what it must not do is vanish from the rules that keep contacts in peace."""
        for group in self:
            if sentence := group._get_use_sentence():
                raise UserError(sentence)

    def _get_use_sentence(self):
        self.ensure_one()
        sources = self.sudo().search([('reader_group_id', '=', self.id)]) - self
        if sources:
            return self.env._(
                "Openers of %(sources)s go to %(group)s, and would not be mailed any more. Choose another group there first.",
                sources=', '.join(sources.mapped('name')), group=self.name)
        conditions = self.env['cadence.view.condition'].sudo().search([('tag_group_ids', 'in', self.ids)])
        for view in conditions.view_id:
            if sentence := view._get_use_sentence():
                return self.env._("%(group)s is what view %(view)s asks for. %(sentence)s",
                                  group=self.name, view=view.name, sentence=sentence)
        return None

    @api.model
    def _get_mailed_groups(self):
        """The groups that have a rhythm, the warmest first."""
        return self.search([('batch_count', '>', 0)])
