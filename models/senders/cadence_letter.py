from urllib.parse import urlsplit

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open
from odoo.tools.cache import ormcache

from ...tools.sender import letter_checks, letter_marks, letter_words

SAMPLE = 1_000  # contacts that are looked at for fields that are empty


class CadenceLetter(models.Model):
    """What keeps a letter out of the inbox, before anybody gets it: what is grave stops it, until a manager lets it pass."""
    _inherit = 'cadence.letter'

    # Stored: every card and contact form asks whether the letter leaves, and to fill it in takes a dozen queries.
    check_result = fields.Json(compute='_compute_check_result', store=True, compute_sudo=True)
    findings = fields.Json(compute='_compute_findings', compute_sudo=True)
    check_page = fields.Json(compute='_compute_check_page', compute_sudo=True, help="The letter with its findings in it.")
    light = fields.Selection([
        ('green', 'Fine'),
        ('amber', 'Could be better'),
        ('red', 'Does not leave'),
    ], 'Check', compute='_compute_light', compute_sudo=True)
    accepted_findings = fields.Json(
        readonly=True, copy=False, help="Codes of what would stop the letter, and a manager lets pass.")

    _guarded_fields = ('accepted_findings',)

    @api.depends(
        'mailing_id.subject', 'mailing_id.body_html', 'mailing_id.preview', 'mailing_id.attachment_ids', 'step', 'tag_group_id',
        'segment_id.email_from', 'segment_id.company_id.partner_id.street', 'segment_id.company_id.partner_id.zip',
        'segment_id.letter_ids.mailing_id.body_html')
    def _compute_check_result(self):
        """The findings as lists, the worst first; [] where the letter cannot be filled in, which its run says."""
        for letter in self:
            rendered = letter._render_example() if letter.mailing_id and letter.segment_id else None
            letter.check_result = [
                list(finding) for finding in letter_checks.check(letter._prepare_letter(*rendered))] if rendered else []

    @api.depends('accepted_findings', 'check_result')
    def _compute_problem(self):
        return super()._compute_problem()

    def _get_problem(self):
        return super()._get_problem() or self._get_finding_problem()

    def _get_finding_problem(self):
        """What of the letter's findings keeps it from being mailed, as a sentence, or None."""
        finding = next((finding for finding in self._check() if self._is_blocking(finding)), None)
        return finding and self.env._(
            "Letter “%(letter)s”: %(finding)s", letter=self.display_name, finding=self._get_finding_text(finding))

    def _is_blocking(self, finding):
        return finding.severity == 'block' and finding.code not in (self.accepted_findings or ())

    @api.depends('check_result', 'accepted_findings')
    @api.depends_context('lang')
    def _compute_findings(self):
        for letter in self:
            findings = [*letter._check(), *letter._check_batches()] if letter.mailing_id.body_html else []
            letter.findings = [letter._prepare_finding(finding) for finding in findings]

    @api.depends('check_result', 'accepted_findings')
    def _compute_light(self):
        """Of what is stored: to ask whose fields are empty takes a query a letter."""
        for letter in self:
            findings = letter._check() if letter.mailing_id.body_html else []
            letter.light = 'red' if any(map(letter._is_blocking, findings)) else 'amber' if findings else 'green'

    @api.depends('findings')
    @api.depends_context('lang')
    def _compute_check_page(self):
        """{email_from, subject, preview, html, findings}: a finding's `place` is letter or subject where it has one."""
        for letter in self:
            rendered = letter._render_example() if letter.mailing_id.body_html and letter.segment_id else None
            letter.check_page = rendered and letter._get_check_page(*rendered)

    def _get_check_page(self, subject, body, preview):
        findings = [*self._check(), *self._check_batches()]
        html, placed = letter_marks.mark(str(body), findings)
        return {
            'email_from': self.segment_id.email_from or '', 'subject': str(subject), 'preview': str(preview), 'html': html,
            'findings': [self._prepare_finding(finding) | {
                'place': 'letter' if number in placed else 'subject' if finding.code in letter_marks.SUBJECT else '',
            } for number, finding in enumerate(findings)],
        }

    def _prepare_finding(self, finding):
        is_accepted = finding.severity == 'block' and not self._is_blocking(finding)
        return {
            'code': finding.code, 'text': self._get_finding_text(finding), 'where': finding.where, 'fix': finding.fix,
            'severity': 'warn' if is_accepted else finding.severity, 'is_accepted': is_accepted,
        }

    # What is looked at

    def _check(self):
        """[letter_checks.Finding], the worst first, of the letter as a contact gets it."""
        return [letter_checks.Finding(*finding) for finding in self.check_result or []]

    def _render_example(self):
        """(subject, body, preview) for a contact of the segment, or for the company's own where there is none yet."""
        mailing, company = self.mailing_id.sudo(), self.segment_id.company_id or self.env.company
        partner = self._get_example() if self.segment_id._origin else None
        ids = (partner or company.partner_id).ids
        try:
            with self.env.cr.savepoint(flush=False):  # within a computation there is nothing to be flushed
                return tuple(mailing._render_field(name, ids)[ids[0]] or '' for name in ('subject', 'body_html', 'preview'))
        except (UserError, ValueError, KeyError, AttributeError, TypeError):
            return None  # the run says what is wrong with the placeholder

    def _prepare_letter(self, subject, body, preview):
        segment = self.segment_id.sudo()
        address = (segment.company_id or self.env.company).partner_id.sudo()
        base_url = self.env['ir.config_parameter'].sudo().get_param('web.base.url') or ''
        return letter_checks.Letter(
            html=str(body), subject=str(subject), preview=str(preview), email_from=segment.email_from or '',
            street=address.street or '', zip=address.zip or '', host=urlsplit(base_url).hostname or '',
            is_first=self.step == 1, attachments=len(self.mailing_id.sudo().attachment_ids), wrapping=self._get_wrapping(),
            public=self.env['cadence.mailbox.domain']._get_public(),
            others=tuple(letter_checks.get_prose(str(other.mailing_id.sudo().body_html or '')) for other in self._get_others()))

    @api.model
    @ormcache()
    def _get_wrapping(self):
        """The bytes that Odoo puts around the body of a mailing."""
        with file_open('mass_mailing/static/src/scss/mass_mailing_mail.scss') as styles:
            return len(self.env['ir.qweb']._render('mass_mailing.mass_mailing_mail_layout', {
                'body': '', 'mailing_style': Markup('<style>%s</style>') % Markup(styles.read())}, minimal_qcontext=True))

    def _get_others(self):
        """The letters of the rhythm's other steps."""
        return self.segment_id.letter_ids.filtered(
            lambda other: other != self and other.tag_group_id == self.tag_group_id and other.step != self.step)

    def _check_batches(self):
        """A finding for each field of the contact that the letter fills in and that is empty for some of the batches.

        The newest contacts stand for all: a share is told, and to count a hundred thousand would keep the screen waiting.
        """
        Partner = self.env['res.partner'].sudo()
        batches = [('category_id', 'any', [('cadence_segment_id', '=', self.segment_id.id), ('cadence_batch', '>', 0)])]
        names = [name for name in letter_words.find_fields(f"{self.subject or ''}{self.mailing_id.sudo().body_html or ''}")
                 if (field := Partner._fields.get(name.partition('.')[0])) and field.store and not field.type.endswith('2many')]
        roots = {name.partition('.')[0] for name in names}
        partners = Partner.search_fetch(batches, roots, order='id DESC', limit=SAMPLE) if names else Partner
        for name in names if partners else ():
            if count := sum(not any(partner.mapped(name)) for partner in partners):
                label = Partner._fields[name.partition('.')[0]]._description_string(self.env)
                yield letter_checks.Finding('empty_field', 'warn', f'object.{name}', (
                    ('percent', f'{max(1, round(100 * count / len(partners)))}'), ('field', label)))

    # Buttons

    def action_accept_findings(self):
        """Let the letters go out with what would stop them; said on the segment."""
        if not self.env.su and not self.env.user.has_group('mass_mailing_cadence.group_manager'):
            raise AccessError(self.env._("Only managers of Mailing Cadence let a letter pass."))
        self.check_access('write')
        for letter in self.sudo():
            if blocking := [finding for finding in letter._check() if letter._is_blocking(finding)]:
                letter.accepted_findings = sorted({*(letter.accepted_findings or ()), *(finding.code for finding in blocking)})
                letter.segment_id._message_log(body=self.env._(
                    "%(user)s lets the letter “%(letter)s” go out: %(findings)s", user=self.env.user.name,
                    letter=letter.display_name, findings=' '.join(map(letter._get_finding_text, blocking))))
        return True

    def action_mend(self, code):
        """Mend what a finding says: cut the subject's prefix, or add the company's address and the unsubscribe link."""
        self.ensure_one()
        self.check_access('write')
        finding = next((finding for finding in self.sudo()._check() if finding.code == code and finding.fix), None)
        mailing = self.mailing_id.sudo()
        if finding and finding.fix == 'subject':
            mailing.subject = letter_checks.cut_prefixes(mailing.subject)
        elif finding:
            self._add_footer(mailing, has_link=code == 'no_address')
        return True

    def _add_footer(self, mailing, has_link):
        words = self.segment_id.sudo()._get_letter_words()
        template = self.env['cadence.letter.template'].sudo().search([('lang', '=', self.segment_id._get_language())], limit=1)
        label = '' if has_link else template.unsubscribe or 'Unsubscribe'
        imprint = words['imprint'] if self._lacks_address() else ''
        mailing.write({
            name: letter_checks.add_footer(str(mailing[name] or ''), imprint, label) for name in ('body_arch', 'body_html')})

    def _lacks_address(self):
        return any(finding.code == 'no_address' for finding in self.sudo()._check())
