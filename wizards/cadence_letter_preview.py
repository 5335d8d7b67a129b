from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CadenceLetterPreview(models.TransientModel):
    """A letter as a real contact gets it, before anybody does."""
    _name = 'cadence.letter.preview'
    _description = 'Preview of a Letter'

    letter_id = fields.Many2one('cadence.letter', required=True, readonly=True, ondelete='cascade')
    segment_id = fields.Many2one(related='letter_id.segment_id', related_sudo=False)
    email_from = fields.Char(related='letter_id.segment_id.email_from', related_sudo=False)
    partner_id = fields.Many2one(
        'res.partner', 'Contact', compute='_compute_partner_id', store=True, readonly=False, precompute=True,
        ondelete='cascade', domain="[('category_id.cadence_segment_id', '=', segment_id)]")
    subject = fields.Char(compute='_compute_text')
    body_html = fields.Html(compute='_compute_text', sanitize=False)
    problem = fields.Char(compute='_compute_text')

    @api.depends('letter_id')
    def _compute_partner_id(self):
        for preview in self:
            preview.partner_id = preview.letter_id and preview.letter_id._get_example() or self.env.user.partner_id

    @api.depends('letter_id', 'partner_id')
    def _compute_text(self):
        for preview in self:
            preview.subject, preview.body_html, preview.problem = preview._get_text()

    def _get_text(self):
        """(subject, body, None), or (False, False, why the letter fails for this contact)"""
        if not (self.letter_id and self.partner_id):
            return False, False, False
        try:
            return *self.letter_id._origin._render_for(self.partner_id._origin), False
        except AccessError:
            raise
        except UserError as error:
            return False, False, str(error)

    def action_send_test(self):
        self.ensure_one()
        return self.letter_id._send_test(self.partner_id)
