from functools import reduce

from markupsafe import Markup, escape
from odoo import models
from odoo.tools.mail import html_normalize

from ..models.constants import COMPILED, LINKS
from ..tools.mail import letter_fill

RUN_BATCH = 500  # mails of a run composed at once; Odoo's fifty suit letters that are prepared anew for each of them


class MailComposeMessage(models.TransientModel):
    """A run's letter is prepared once and filled in for each contact; what comes out is what Odoo's own composing gives."""
    _inherit = 'mail.compose.message'

    @property
    def _batch_size(self):
        return RUN_BATCH if self._cadence_is_run() else super()._batch_size

    def _cadence_is_run(self):
        return self.composition_mode == 'mass_mail' and bool(self.mass_mailing_id.cadence_run_id)

    def _render_template_qweb(self, template_src, model, res_ids, **options):
        composer = self.with_context(**{COMPILED: {}}) if self._cadence_is_run() else self
        return super(MailComposeMessage, composer)._render_template_qweb(template_src, model, res_ids, **options)

    def _render_template_qweb_regex(self, template_src, model, res_ids):
        """A letter without code: Odoo normalizes all of it again for each contact, though the first time changes all there is."""
        pieces = self._cadence_cut(template_src, model) if self._cadence_is_run() else None
        if not pieces:
            return super()._render_template_qweb_regex(template_src, model, res_ids)
        records = self.env[model].browse(res_ids)
        return {record.id: Markup(''.join(_fill(piece, record) for piece in pieces)) for record in records}

    def _cadence_cut(self, template_src, model):
        letter = _normalize(template_src)
        pieces = letter_fill.cut(letter)
        is_known = pieces and _normalize(letter) == letter and all(
            self.env['ir.qweb']._is_expression_allowed(piece.path, model) for piece in pieces if piece.tag)
        return pieces if is_known else None

    def _render_template_postprocess(self, model, rendered):
        composer = self.with_context(**{LINKS: {}}) if self._cadence_is_run() else self
        return super(MailComposeMessage, composer)._render_template_postprocess(model, rendered)


def _normalize(letter):
    # Odoo's way: the element around it keeps its beginning and end as they are.
    return html_normalize(f'<div>{letter}</div>').removeprefix('<div>').removesuffix('</div>')


def _fill(piece, record):
    """The text of the piece with the contact's value behind it."""
    if not piece.tag:
        return piece.text
    try:
        value = reduce(lambda value, name: value[name], piece.path.split('.')[1:], record) or piece.default
    except KeyError:
        value = piece.default
    value = str(escape(value or ''))
    return piece.text + (value if piece.tag.lower() == 't' else f'<{piece.tag}>{value}</{piece.tag}>')
