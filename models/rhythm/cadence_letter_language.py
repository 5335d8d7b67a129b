from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from ...tools.mail import language


class CadenceLetter(models.Model):
    """A letter in another language than its segment's is not mailed, unless a manager says that it is right."""
    _name = 'cadence.letter'
    _inherit = ['cadence.letter', 'cadence.guarded.mixin']

    language_warning = fields.Char(compute='_compute_language_warning', compute_sudo=True)
    accepted_language = fields.Char(
        readonly=True, copy=False, help="The language, other than the segment's, in which a manager lets the letter go out.")

    _guarded_fields = ('accepted_language',)

    @api.depends('mailing_id.subject', 'mailing_id.body_html', 'segment_id.lang_id', 'accepted_language')
    def _compute_language_warning(self):
        for letter in self:
            letter.language_warning = letter._get_language_warning()

    @api.depends('segment_id.lang_id', 'accepted_language')
    def _compute_problem(self):
        return super()._compute_problem()

    def _get_problem(self):
        return super()._get_problem() or self._get_language_problem()

    def _get_language_problem(self):
        """Why the letter's language keeps it from being mailed, as a sentence, or None."""
        warning = self._get_language_warning()
        return warning and self.env._("%(warning)s Rewrite it, or let a manager accept the language.", warning=warning)

    def _get_language_warning(self):
        if not (found := self._get_foreign_language()):
            return None
        return self.env._(
            "Letter “%(letter)s” reads like %(found)s, but the segment's language is %(wanted)s.",
            letter=self.display_name, found=self.env['res.lang']._cadence_get_language_name(found),
            wanted=self.segment_id._get_language_name(self.env.lang or 'en_US'))

    def _get_foreign_language(self):
        """The ISO 639-1 code of the letter's language where it surely is not the segment's, nor accepted; None in doubt."""
        text = f"{self.subject or ''}\n{html2plaintext(self.mailing_id.body_html or '', include_references=False)}"
        found = language.find_other(text, self.segment_id.lang_id.code or '')
        return found if found != self.accepted_language else None

    def action_accept_language(self):
        """Let the letters go out in the language in which they are; said on the segment."""
        if not self.env.su and not self.env.user.has_group('mass_mailing_cadence.group_manager'):
            raise AccessError(self.env._("Only managers of Mailing Cadence accept another language."))
        self.check_access('write')
        for letter in self.sudo():
            if found := letter._get_foreign_language():
                warning, letter.accepted_language = letter._get_language_warning(), found
                letter.segment_id._message_log(body=self.env._(
                    "%(user)s lets it go out: %(warning)s", user=self.env.user.name, warning=warning))
        return True
