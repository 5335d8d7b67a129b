from odoo import fields, models


class CadenceRhythmMixin(models.AbstractModel):
    """What belongs to a rhythm: the segment and tag group whose batches are mailed the same letters on the same days."""
    _name = 'cadence.rhythm.mixin'
    _description = 'Rhythm'

    segment_id = fields.Many2one('cadence.segment', required=True, ondelete='cascade')
    tag_group_id = fields.Many2one('cadence.tag.group', required=True, ondelete='restrict')

    def _get_rhythm(self):
        """(segment, tag group), a key to compare records of several models by."""
        self.ensure_one()
        return self.segment_id, self.tag_group_id

    def _get_rhythm_tags(self, numbers=None):
        """The rhythm's batches, archived ones as well; with `numbers` only those."""
        self.ensure_one()
        domain = [('cadence_segment_id', '=', self.segment_id.id), ('cadence_group_id', '=', self.tag_group_id.id)]
        if numbers is not None:
            domain += [('cadence_batch', 'in', numbers)]
        return self.env['res.partner.category'].sudo().with_context(active_test=False).search(domain)

    def _get_all_letters(self):
        self.ensure_one()
        return self.env['cadence.letter'].search([
            ('segment_id', '=', self.segment_id.id), ('tag_group_id', '=', self.tag_group_id.id)])

    def _get_letters(self):
        """The letters that can be mailed; the steps of the others are passed over."""
        return self._get_all_letters().filtered(lambda letter: not letter.problem)
