from odoo import api, models


class CadenceLetter(models.Model):
    """What happens to mails that have not left when their letter goes: their run decides anew."""
    _inherit = 'cadence.letter'

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active') is False or {'step', 'segment_id', 'tag_group_id'} & vals.keys():
            self._take_back_waiting()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_take_back(self):
        self._take_back_waiting()

    def _take_back_waiting(self):
        """Their contacts get another letter of the step, or wait for one."""
        runs = self.env['cadence.touch'].sudo().search(
            [('letter_id', 'in', self.ids), ('outcome', '=', 'waiting')]).run_id
        runs._decide_anew([('letter_id', 'in', self.ids)])
        runs.mailing_ids.filtered(lambda mailing: mailing.cadence_letter_id in self)._cadence_withdraw()
