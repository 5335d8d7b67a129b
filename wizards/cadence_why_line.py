from odoo import fields, models

from ..models.day.cadence_touch_words import WORDS


class CadenceWhyLine(models.TransientModel):
    """The answer for one address and one of its contact's batches."""
    _name = 'cadence.why.line'
    _description = 'Why Not Mailed: Answer'

    why_id = fields.Many2one('cadence.why', required=True, ondelete='cascade', index=True)
    address = fields.Char(readonly=True)
    partner_id = fields.Many2one('res.partner', 'Contact', readonly=True)
    segment_id = fields.Many2one('cadence.segment', readonly=True)
    tag_group_id = fields.Many2one('cadence.tag.group', readonly=True)
    tag_id = fields.Many2one('res.partner.category', 'Batch', readonly=True)
    run_id = fields.Many2one('cadence.run', readonly=True)
    answer = fields.Selection([
        *WORDS,
        ('due', 'Planned Today'),
        ('not_due', 'Not Due'),
        ('unknown', 'Unknown'),
    ], readonly=True)
    explanation = fields.Char(readonly=True)

    def action_open_contact(self):
        return self._get_action(self.partner_id)

    def action_open_run(self):
        return self._get_action(self.run_id)

    def _get_action(self, record):
        return {
            'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id, 'views': [(False, 'form')],
        }
