from odoo import fields, models

from .cadence_test import get_fingerprint


class CadenceLetter(models.Model):
    """The test in which the letter is compared with the other variants of its step."""
    _inherit = 'cadence.letter'

    rival_count = fields.Integer('Variants', compute='_compute_rival_count')

    def _compute_rival_count(self):
        counts = {
            (segment, group, step): count for segment, group, step, count in self._read_group([
                ('segment_id', 'in', self.segment_id.ids)], ['segment_id', 'tag_group_id', 'step'], ['__count'])}
        for letter in self:
            letter.rival_count = counts.get(letter._get_place(), 0)

    def _get_place(self):
        """What letters that are variants of each other have in common."""
        return *self._get_rhythm(), self.step

    def _get_fingerprint(self):
        design = self.mailing_id.sudo()
        return get_fingerprint(design.subject, design.preview, design.body_html)

    def action_test(self):
        """Open the test of the step's variants; the newest one, else a new one to begin."""
        self.ensure_one()
        self.check_access('read')
        Test = self.env['cadence.test']
        segment, group, step = self._get_place()
        place = {'kind': 'letter', 'segment_id': segment.id, 'tag_group_id': group.id, 'step': step}
        test = Test.search([(name, '=', value) for name, value in place.items()], limit=1)
        action = {
            'type': 'ir.actions.act_window', 'name': self.env._("Test of Step %(step)s", step=step), 'res_model': 'cadence.test',
            'views': [(False, 'form')], 'context': {f'default_{name}': value for name, value in place.items()}}
        return action | ({'res_id': test.id} if test else {})
