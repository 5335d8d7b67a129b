from string import Template

from markupsafe import Markup, escape
from odoo import api, fields, models


class CadenceLetterTemplate(models.Model):
    """A text that a letter may begin with, in a language of customers, which need not be installed.

    `$company` and `$sender` are the segment's; what is chosen is copied, so that each letter is written on freely.
    """
    _name = 'cadence.letter.template'
    _description = 'Letter Template'
    _order = 'lang, sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    lang = fields.Char('Language', required=True, index=True, help="The ISO code of the text's language, such as de.")
    tag_group_id = fields.Many2one('cadence.tag.group', ondelete='cascade', help="The group for which it is proposed.")
    step = fields.Integer(default=1, required=True, help="The step for which it is proposed, and those after it.")
    company_id = fields.Many2one('res.company', index='btree_not_null')
    subject = fields.Char(required=True)
    # As with the designs of Email Marketing: a mail's own styles would not survive. Only managers of the cadence write it.
    body_html = fields.Html('Text', required=True, sanitize=False)
    unsubscribe = fields.Char('Unsubscribe Link', required=True)

    @api.model
    def _find(self, segment, group, step):
        """What is proposed for a new letter: of the segment's language, its group and the latest step up to this one, or none."""
        return self.search([
            ('lang', '=', segment._get_language()), ('tag_group_id', '=', group.id), ('step', '<=', step or 1)],
            order='step DESC, sequence, id', limit=1)

    def _fill(self, segment):
        """(subject, body) of a letter of the segment."""
        self.ensure_one()
        words = segment._get_letter_words()
        text = Template(str(self.body_html)).safe_substitute({name: escape(word) for name, word in words.items()})
        body = self.env['ir.qweb']._render('mass_mailing_cadence.cadence_letter_layout', {
            'text': Markup(text), 'imprint': words['imprint'], 'unsubscribe': self.unsubscribe}, minimal_qcontext=True)
        return Template(self.subject).safe_substitute(words), body
