from smtplib import SMTPServerDisconnected

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import file_open


class CadenceLetter(models.Model):
    """A letter before anybody gets it: what it begins with, how it looks to a real contact, and in one's own inbox."""
    _inherit = 'cadence.letter'

    template_id = fields.Many2one(
        'cadence.letter.template', 'Begin With', compute='_compute_template_id', readonly=False, store=False,
        help="The text that the new letter begins with; empty: a blank one.")
    template_lang = fields.Char(compute='_compute_template_lang')
    template_html = fields.Html(compute='_compute_template_html', sanitize=False)

    @api.depends('segment_id.lang_id')
    def _compute_template_lang(self):
        """The segment's language if there are templates in it, to choose from them alone."""
        langs = set(self.env['cadence.letter.template'].search([]).mapped('lang'))  # pylint: disable=no-search-all; there are few
        for letter in self:
            lang = letter.segment_id._get_language()
            letter.template_lang = lang if lang in langs else False

    @api.depends('segment_id', 'tag_group_id', 'step')
    def _compute_template_id(self):
        for letter in self:
            is_new = letter.segment_id and not letter.mailing_id
            letter.template_id = bool(is_new) and self.env['cadence.letter.template']._find(
                letter.segment_id, letter.tag_group_id, letter.step)

    @api.depends('template_id')
    def _compute_template_html(self):
        for letter in self:
            letter.template_html = letter.template_id and letter.template_id._fill(letter.segment_id)[1]

    @api.onchange('template_id')
    def _onchange_template_id(self):
        """The template's subject, unless somebody has typed one."""
        known = {template._fill(self.segment_id)[0] for template in self.env['cadence.letter.template'].search([])} \
            if self.subject else ()  # pylint: disable=no-search-all; there are few
        if self.template_id and (not self.subject or self.subject in known):
            self.subject = self.template_id._fill(self.segment_id)[0]

    @api.model_create_multi
    def create(self, vals_list):
        templates = [vals.pop('template_id', False) for vals in vals_list]
        are_new = [not vals.get('mailing_id') for vals in vals_list]
        letters = super().create(vals_list)
        for letter, template_id, is_new in zip(letters, templates, are_new, strict=True):
            if template_id and is_new:
                letter._begin_with(self.env['cadence.letter.template'].browse(template_id))
        return letters

    def _begin_with(self, template):
        subject, body = template._fill(self.segment_id)
        has_subject = self.subject and self.subject != self.env._("New letter")
        # The text is ours or a manager's; who may write a letter may begin with it.
        self.mailing_id.sudo().write(
            {'body_arch': body, 'body_html': body} | ({} if has_subject else {'subject': subject}))

    # For a real contact

    def _get_example(self):
        """A contact of the segment's batches who has an address, of those that the user may see."""
        self.ensure_one()
        batches = [('cadence_segment_id', '=', self.segment_id.id), ('cadence_batch', '>', 0)]
        return self.env['res.partner'].search(
            [('category_id', 'any', batches), ('cadence_email', '!=', False)], order='id', limit=1)

    def _render_for(self, partner):
        """(subject, body) as the contact gets them.

        :raise UserError: a placeholder that does not exist, and the like
        """
        self.ensure_one()
        self.check_access('read')
        partner.check_access('read')
        if problem := self.problem or self._get_render_problem(partner):
            raise UserError(problem)
        mailing = self.mailing_id.sudo()
        body = mailing._render_field('body_html', partner.ids, options={'preserve_comments': True})[partner.id]
        preview = mailing._render_field('preview', partner.ids)[partner.id]
        return mailing._render_field('subject', partner.ids)[partner.id], mailing._prepend_preview(Markup(body), preview)

    def action_preview(self):
        """The letter as a real contact gets it."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Preview"), 'res_model': 'cadence.letter.preview',
            'views': [(False, 'form')], 'target': 'new', 'context': {'default_letter_id': self.id},
        }

    # In one's own inbox

    def action_send_test(self):
        """Send the letter to who asks, as the first contact of the segment gets it."""
        self.ensure_one()
        return self._send_test(self._get_example() or self.env.user.partner_id)

    def _send_test(self, partner):
        if not self.env.user.has_group('mass_mailing_cadence.group_user'):
            raise AccessError(self.env._("Only cadence users send test mails."))
        # Who has no address of their own reads it where the mails come from.
        recipient = self.env.user.email_formatted or self.segment_id.email_from
        subject, body = self._render_for(partner)
        # Odoo's test mail takes any contact, and a sender of its own.
        mail = self.env['mail.mail'].sudo().create(self._prepare_test_values(recipient, subject, body))
        if failure := self._send_and_forget(mail):
            raise UserError(self.env._("The test mail could not be sent: %(reason)s", reason=failure))
        message = self.env._("The test mail is on its way to %(address)s.", address=recipient)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {'type': 'success', 'message': message}}

    def _send_and_forget(self, mail):
        """Returns why the mail did not leave, if it did not."""
        try:
            mail.with_context(mailing_test_mail=True).send()
        except SMTPServerDisconnected as error:  # Odoo hands on what makes a connection useless
            return str(error)
        failure = mail.state == 'exception' and (mail.failure_reason or self.env._("Unknown error"))
        mail.unlink()
        return failure

    def _prepare_test_values(self, recipient, subject, body):
        segment, mailing = self.segment_id.sudo(), self.mailing_id.sudo()
        with file_open('mass_mailing/static/src/scss/mass_mailing_mail.scss') as styles:
            style = Markup('<style>%s</style>') % Markup(styles.read())
        body = self.env['mail.render.mixin']._replace_local_links(body)
        return {
            'email_from': segment.email_from,
            'reply_to': segment.reply_to or segment.email_from,
            'email_to': recipient,
            'subject': self.env._("[TEST] %(subject)s", subject=subject),
            'body_html': self.env['ir.qweb']._render(
                'mass_mailing.mass_mailing_mail_layout', {'body': body, 'mailing_style': style}, minimal_qcontext=True),
            'is_notification': True,
            'mailing_id': mailing.id,
            'attachment_ids': [(4, attachment.id) for attachment in mailing.attachment_ids],
            'auto_delete': False,
            'mail_server_id': segment.mail_server_id.id or mailing.mail_server_id.id,
        }
