from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty


class CadenceLetter(models.Model):
    """The mail of one step of a segment and tag group; its design is copied into the mailings of the runs.

    Letters with the same step are variants: each contact gets one of them, always the same.
    """
    _name = 'cadence.letter'
    _inherit = ['cadence.rhythm.mixin']
    _description = 'Letter'
    _order = 'segment_id, tag_group_id, step, id'
    _rec_name = 'subject'

    segment_id = fields.Many2one(index=True, default=lambda self: self.env['cadence.segment']._get_only())
    company_id = fields.Many2one(related='segment_id.company_id', store=True, index=True)
    tag_group_id = fields.Many2one(
        domain=[('batch_count', '>', 0)],
        default=lambda self: self.env['cadence.tag.group'].search([('batch_count', '>', 0)], limit=1, order='sequence DESC'))
    step = fields.Integer(
        required=True, compute='_compute_step', store=True, readonly=False, precompute=True,
        help="A contact's first mail is step 1, its next one step 2, … Letters with the same step are variants.")
    mailing_id = fields.Many2one(
        'mailing.mailing', 'Design', required=True, ondelete='restrict', index=True,
        domain=[('mailing_type', '=', 'mail'), ('cadence_run_id', '=', False)],
        help="The Email Marketing design that is copied into each run.")
    active = fields.Boolean(default=True)
    subject = fields.Char(related='mailing_id.subject', readonly=False)
    body_html = fields.Html(related='mailing_id.body_html', string='Thumbnail')
    problem = fields.Char(compute='_compute_problem', compute_sudo=True)

    _step_positive = models.Constraint('CHECK (step > 0)', "Steps are numbered 1, 2, …")

    @api.constrains('tag_group_id')
    def _check_tag_group(self):
        for letter in self:
            if not letter.tag_group_id.batch_count:
                raise ValidationError(self.env._("%(group)s is never mailed: its letters would never leave.",
                                                 group=letter.tag_group_id.name))

    @api.depends('segment_id', 'tag_group_id')
    def _compute_step(self):
        for letter in self:
            if not letter.step:
                siblings = letter.segment_id.letter_ids.filtered(
                    lambda other, letter=letter: other != letter and other.tag_group_id == letter.tag_group_id)
                letter.step = max(siblings.mapped('step'), default=0) + 1

    @api.depends('subject', 'step')
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = self.env._("%(step)s. %(subject)s", step=letter.step, subject=letter.subject or '')

    @api.depends('mailing_id.subject', 'mailing_id.body_html', 'mailing_id.body_arch', 'mailing_id.active')
    def _compute_problem(self):
        for letter in self:
            letter.problem = letter._get_problem()

    def _get_problem(self):
        """Why the letter cannot be mailed, as a sentence, or None."""
        self.ensure_one()
        if not self.mailing_id.active:
            return self.env._("The design of letter “%(letter)s” is archived: bring it back.", letter=self.display_name)
        if is_html_empty(self.mailing_id.body_html):
            return self.env._("Letter “%(letter)s” is empty: open its design and write it.", letter=self.display_name)
        return None

    def _get_render_problem(self, partner):
        """Why the letter fails for this contact, such as a placeholder that does not exist, or None."""
        self.ensure_one()
        mailing = self.mailing_id.sudo()
        try:
            with self.env.cr.savepoint():
                mailing._render_field('subject', partner.ids)
                mailing._render_field('body_html', partner.ids)
        except (UserError, ValueError, KeyError, AttributeError, TypeError) as error:
            return self.env._("Letter “%(letter)s” cannot be filled in: %(error)s", letter=self.display_name, error=error)
        return None

    # Design

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get('mailing_id'):
                vals['mailing_id'] = self._create_design(vals).id
        return super().create(vals_list)

    def _create_design(self, vals):
        """:raise UserError: neither the segment nor who asks has an address that the mail could come from"""
        segment = self.env['cadence.segment'].browse(vals.get('segment_id'))
        sender = segment.email_from or segment._get_default_sender()
        if not sender:
            raise UserError(segment._get_no_sender_text())
        return self.env['mailing.mailing'].create({
            'subject': vals.get('subject') or self.env._("New letter"),
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr([('id', 'in', [])]),
            'email_from': sender,
            'reply_to_mode': 'new',
            'reply_to': segment.reply_to or sender,
            'user_id': segment.user_id.id or self.env.uid,
        })

    def copy_data(self, default=None):
        return [
            # Archived until it is written: half of the contacts would get it otherwise.
            vals | {'active': False, 'mailing_id': (default or {}).get('mailing_id') or letter.mailing_id.copy().id}
            for letter, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_design(self):
        """Open the design in Email Marketing's own editor."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'name': self.display_name,
            'res_model': 'mailing.mailing',
            'res_id': self.mailing_id.id,
            'views': [(False, 'form')],
        }
