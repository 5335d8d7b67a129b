from odoo import models


class CadenceTagGroup(models.Model):
    """What a tag group's manager decides holds from that moment on, also for the mails that are on their way.

    An archived one holds what has not left, until it is brought back.
    """
    _inherit = 'cadence.tag.group'

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active'):
            self._get_open_runs()._let_go()
        if 'exclude_view_ids' in vals:
            waiting = self.env['cadence.touch'].sudo().search([
                ('run_id', 'in', self._get_open_runs().ids), ('outcome', '=', 'waiting')])
            waiting._look_again()._cancel_mails()
        return result

    def _get_open_runs(self):
        """The runs of which something may still leave."""
        return self.env['cadence.run'].sudo().search([
            ('tag_group_id', 'in', self.ids), ('state', 'in', ('planned', 'blocked', 'queued'))])
