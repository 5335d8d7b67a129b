from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import calendar
from ..constants import READERS


class ResPartner(models.Model):
    """The contact's touches, and its next mail or why there is none."""
    _inherit = 'res.partner'

    cadence_touch_ids = fields.One2many('cadence.touch', 'partner_id', 'Touches', groups=READERS)
    cadence_next_date = fields.Date('Next Mail On', compute='_compute_cadence_next', compute_sudo=True)
    cadence_next_note = fields.Char('Next Mail or Why Not', compute='_compute_cadence_next', compute_sudo=True)

    @api.depends('cadence_batch_ids', 'cadence_view_ids', 'email', 'active')
    def _compute_cadence_next(self):
        for partner in self:
            days = partner._cadence_get_days()
            partner.cadence_next_date = min((day for day, _tag in days), default=False)
            partner.cadence_next_note = partner._cadence_get_note(days)

    def _cadence_get_days(self):
        """[(next due day, batch tag)] of the rhythms in which nothing holds the contact back, the next one first."""
        self.ensure_one()
        days = []
        for tag in self.cadence_batch_ids:
            group, segment = tag.cadence_group_id, tag.cadence_segment_id
            if self._cadence_get_block(group, segment.company_id):
                continue
            due = calendar.next_due(
                tag.cadence_batch, segment._get_local_day(), group.batch_count, group.cycle_days,
                segment.company_id.cadence_short_month)
            if due:
                days.append((due, tag))
        return sorted(days, key=lambda item: (item[0], item[1].id))

    def _cadence_get_block(self, group, company):
        """Why the contact is not mailed in the rhythm of `group`, in words, or None: the runs' own verdict."""
        self.ensure_one()
        verdicts = self.env['cadence.audience'].sudo()._judge(self._origin, group, company)
        if self._origin.id not in verdicts:
            return None
        reason, view_id = verdicts[self._origin.id]
        return self.env['cadence.touch']._get_reason_text(self, reason, self.env['cadence.view'].sudo().browse(view_id))

    def _cadence_get_note(self, days):
        if not self.cadence_batch_ids:
            return self.env._("In no batch: save the contact into one.")
        blocks = {
            tag.cadence_group_id: self._cadence_get_block(tag.cadence_group_id, tag.cadence_segment_id.company_id)
            for tag in self.cadence_batch_ids
        }
        touch = self.cadence_touch_ids.filtered(
            lambda touch: touch.date == touch.segment_id._get_local_day())[:1]
        if touch:
            return touch._get_note()
        if days:
            day, tag = days[0]
            return self.env._("%(day)s with %(batch)s", day=format_date(self.env, day), batch=tag.name)
        return self.env._("Not mailed: %(reason)s.", reason='; '.join(
            dict.fromkeys(reason for reason in blocks.values() if reason)))
