from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools import calendar


class CadenceSegment(models.Model):
    """Customers of one language and one customer group: who mails them, when, and with which letters."""
    _name = 'cadence.segment'
    _description = 'Segment'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'sequence, id'

    # A copy is of another language or customer group.
    name = fields.Char(translate=True, compute='_compute_name', store=True, readonly=False, precompute=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    lang_id = fields.Many2one(
        'res.lang', 'Language', required=True, ondelete='restrict', context={'active_test': False},
        help="The language of the customers and of their letters; it need not be installed.")
    customer_group_id = fields.Many2one(
        'cadence.customer.group', required=True, ondelete='restrict', index=True)
    company_id = fields.Many2one('res.company', required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one(
        'res.users', 'Responsible', default=lambda self: self.env.user, tracking=True,
        help="Letters go out in their name, and they are told when a run is blocked.")
    reply_to = fields.Char('Answers Go To', help="Empty: to the sender. Point it at an alias or a mailbox that Odoo reads.")
    mail_server_id = fields.Many2one(
        'ir.mail_server', ondelete='restrict', help="Empty: Odoo chooses by the sender's address.")
    tz = fields.Selection(
        _tz_get, 'Time Zone', required=True, default=lambda self: self.env.user.tz or 'UTC',
        help="A batch's day and the sending time are those of this time zone.")
    send_time = fields.Float('Sending Time', default=9.0, required=True)
    auto_send = fields.Boolean(
        'Send Automatically', default=True, tracking=True,
        help="Off: the day's mailings wait as drafts until somebody reviews and sends them.")
    stop_group_ids = fields.Many2many(
        'cadence.tag.group', 'cadence_segment_stop_group_rel', 'segment_id', 'tag_group_id', 'Stop After the Last Letter',
        domain=[('batch_count', '>', 0)],
        help="In these groups a contact who got the last letter is not mailed again; in the others the letters start over.")
    letter_ids = fields.One2many('cadence.letter', 'segment_id', 'Letters')
    tag_ids = fields.One2many('res.partner.category', 'cadence_segment_id', 'Batches')
    contact_count = fields.Integer('Contacts', compute='_compute_contact_count')
    batch_grid = fields.Json(compute='_compute_batch_grid')
    letter_warning = fields.Text(compute='_compute_letter_warning')
    letter_warning_summary = fields.Char(compute='_compute_letter_warning')

    _language_customer_group_unique = models.UniqueIndex(
        '(company_id, lang_id, customer_group_id)', "There is already a segment of this language and customer group.")

    @api.constrains('send_time')
    def _check_send_time(self):
        for segment in self:
            if not 0 <= segment.send_time < 24:
                raise ValidationError(self.env._("The sending time of %(segment)s must lie between 00:00 and 23:59.",
                                                 segment=segment.name))

    @api.depends('lang_id', 'customer_group_id')
    def _compute_name(self):
        for segment in self:
            segment.name = segment._get_name(self.env.lang or 'en_US')

    def _compute_contact_count(self):
        counts = dict(self.env.execute_query(self._query_contact_counts()))
        for segment in self:
            segment.contact_count = counts.get(segment.id, 0)

    def _query_contact_counts(self):
        return SQL("""
            SELECT tag.cadence_segment_id, COUNT(DISTINCT rel.partner_id)
              FROM res_partner_category tag
              JOIN res_partner_res_partner_category_rel rel ON rel.category_id = tag.id
             WHERE tag.cadence_segment_id = ANY(%(ids)s)
          GROUP BY tag.cadence_segment_id
            """, ids=self.ids)

    @api.depends_context('uid', 'lang')
    def _compute_batch_grid(self):
        """For each mailed group: its batches with their tag (None until somebody is saved), contacts and next day."""
        groups = self.env['cadence.tag.group']._get_mailed_groups()
        counts = self._get_batch_counts()
        for segment in self:
            today = segment._get_local_day()
            segment.batch_grid = [{
                'id': group.id,
                'name': group.name,
                'batches': [
                    segment._prepare_batch_cell(group, number, counts, today)
                    for number in range(1, group.batch_count + 1)
                ],
            } for group in groups]

    def _get_batch_counts(self):
        """{(segment id, group id, number): (tag id, contacts)} of the contacts that the user may see."""
        tags = self.env['res.partner.category'].with_context(active_test=False).search_fetch(
            [('cadence_segment_id', 'in', self.ids), ('cadence_batch', '>', 0)],
            ['cadence_segment_id', 'cadence_group_id', 'cadence_batch'])
        contacts = self.env['res.partner']._cadence_count_by_tag(tags)
        return {
            (tag.cadence_segment_id.id, tag.cadence_group_id.id, tag.cadence_batch): (tag.id, contacts.get(tag.id, 0))
            for tag in tags
        }

    def _prepare_batch_cell(self, group, number, counts, today):
        tag_id, contacts = counts.get((self.id, group.id, number), (None, 0))
        due = group._get_next_due(number, today, self.company_id)
        return {
            'number': number, 'tag_id': tag_id, 'contacts': contacts,
            'today': due == today, 'due': fields.Date.to_string(due),
        }

    @api.depends('letter_ids.step', 'letter_ids.active', 'letter_ids.problem', 'lang_id')
    @api.depends_context('lang')
    def _compute_letter_warning(self):
        groups = self.env['cadence.tag.group']._get_mailed_groups()
        # All letters at once: those of one segment alone would fetch their designs alone.
        letters = self.letter_ids.grouped(lambda letter: letter._get_rhythm())
        for segment in self:
            warnings = segment._get_letter_warnings({
                group: letters.get((segment._origin, group), self.letter_ids.browse()) for group in groups})
            segment.letter_warning = '\n'.join(warnings)
            segment.letter_warning_summary = ''.join(warnings) if not warnings[1:] else self.env._(
                "%(first)s And %(count)s more.", first=warnings[0], count=len(warnings) - 1)

    def _get_letter_warnings(self, letters_of_groups):
        """What would block the segment's runs or puzzle its readers, a sentence each; of {tag group: letters}."""
        self.ensure_one()
        warnings = []
        for group, letters in letters_of_groups.items():
            steps = set(letters.mapped('step'))
            missing = sorted(set(range(1, max(steps, default=0) + 1)) - steps)
            if not letters:
                warnings.append(self.env._("%(group)s has no letter yet: its runs will be blocked.", group=group.name))
            elif missing:
                warnings.append(self.env._(
                    "%(group)s has no letter of step %(steps)s: contacts go on with the next step.",
                    group=group.name, steps=', '.join(map(str, missing))))
            warnings += [
                letter.problem or letter.language_warning for letter in letters if letter.problem or letter.language_warning]
        return warnings

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        for segment, vals in zip(segments, vals_list, strict=True):
            if not vals.get('name'):
                segment._translate_names()
        segments._adopt_batch_tags()
        return segments

    def write(self, vals):
        if 'company_id' in vals:
            self._check_company_may_change(vals['company_id'])
        if not {'lang_id', 'customer_group_id'} & vals.keys():
            return super().write(vals)
        with self._renaming():
            super().write({name: value for name, value in vals.items() if name != 'name'})
        return super().write({'name': vals['name']}) if vals.get('name') else True

    def _check_company_may_change(self, company_id):
        # Once a day is promised for each company, from the ledger: it cannot move to another one's.
        for segment in self:
            if segment.company_id.id != company_id and segment._is_used():
                raise UserError(self.env._(
                    "%(segment)s has batches or runs in %(company)s: create a segment in the other company instead.",
                    segment=segment.name, company=segment.company_id.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for segment in self:
            if segment._is_used():
                raise UserError(self.env._(
                    "%(segment)s has batches or runs: archive it instead, and its contacts are left in peace.",
                    segment=segment.name))

    def _is_used(self):
        return bool(self.tag_ids)

    @api.model
    def _get_only(self):
        """The only segment of the user's company, or none where there are several."""
        segments = self.search([('company_id', '=', self.env.company.id)], limit=2)
        return segments if len(segments) == 1 else segments.browse()

    # Batches

    def _get_batch_tags(self, group, numbers):
        """The batch tags of a group with these numbers, in their order; missing ones are created.

        :raise UserError: when the group has no such batch
        """
        self.ensure_one()
        numbers = list(numbers)
        if unknown := [number for number in numbers if not 1 <= number <= group.batch_count]:
            raise UserError(self.env._(
                "%(group)s has the batches 1 to %(last)s, not %(number)s.",
                group=group.name, last=group.batch_count, number=unknown[0]))
        # Whoever may save into a segment may fill its batches, also one whose tag is not there yet.
        Tag = self.env['res.partner.category'].sudo().with_context(active_test=False)
        tags = {tag.cadence_batch: tag for tag in Tag.search([
            ('cadence_segment_id', '=', self.id), ('cadence_group_id', '=', group.id), ('cadence_batch', 'in', numbers)])}
        if set(numbers) - tags.keys():
            tags |= {tag.cadence_batch: tag for tag in self._adopt_batch_tags() if tag.cadence_group_id == group}
        if missing := sorted(set(numbers) - tags.keys()):
            tags |= {tag.cadence_batch: tag for tag in self._create_batch_tags(group, missing)}
        return Tag.browse(tags[number].id for number in numbers).with_env(self.env)

    def _adopt_batch_tags(self):
        """Take up tags that are named like batches of these segments, as an import or an earlier installation left them."""
        tags = self.env['res.partner.category'].sudo().with_context(active_test=False).search(
            [('cadence_group_id', '=', False)], order='id')
        tags._cadence_recognise_batch(self.sudo())
        return tags.filtered('cadence_batch')

    def _create_batch_tags(self, group, numbers):
        langs = [code for code, _name in self.env['res.lang'].get_installed()]
        Tag = self.env['res.partner.category'].sudo().with_context(lang='en_US')
        tags = Tag.create([{
            'name': self._get_tag_name(group, number, 'en_US'),
            'cadence_segment_id': self.id,
            'cadence_group_id': group.id,
            'cadence_batch': number,
        } for number in numbers])
        for tag in tags:
            tag.update_field_translations('name', {
                lang: self._get_tag_name(group, tag.cadence_batch, lang) for lang in langs})
        return tags

    # Days

    def _get_local_day(self, now=None):
        return calendar.local_day(now or fields.Datetime.now(), self.tz or 'UTC')

    def _get_send_moment(self, day):
        """The UTC moment at which the segment's mails of a local day leave."""
        return calendar.utc_moment(day, self.tz, self.send_time)

    # Buttons

    def action_open_contacts(self):
        self.ensure_one()
        self.check_access('read')
        return self.env['res.partner']._cadence_get_action(
            self.name, [('category_id', 'in', self.tag_ids.ids)])

    def action_open_tag(self, tag_id):
        """The contacts of one cell of the grid."""
        self.check_access('read')
        tag = self.env['res.partner.category'].browse(tag_id)
        return self.env['res.partner']._cadence_get_action(tag.name, [('category_id', 'in', tag.ids)])
