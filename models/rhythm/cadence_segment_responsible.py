from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class CadenceSegment(models.Model):
    """Who is told what a segment needs: never somebody who has left, for nobody would read it."""
    _inherit = 'cadence.segment'

    responsible_warning = fields.Char(compute='_compute_responsible_warning', compute_sudo=True)

    @api.depends('user_id.active', 'user_id.share', 'company_id')
    def _compute_responsible_warning(self):
        for segment in self:
            responsible = segment._get_responsible()
            segment.responsible_warning = self.env._(
                "%(user)s no longer has access: %(responsible)s is told instead. Choose another responsible.",
                user=segment.user_id.name, responsible=responsible.name,
            ) if segment.user_id and segment.user_id != responsible else False

    @api.model
    def get_own_action(self, xmlid, grouped=False):
        """A menu's action that begins with what is the user's own, where they answer for segments and others do as well.

        Who answers for none sees them by company, or by responsible, if it is to be `grouped`.
        """
        self.check_access('read')
        if not xmlid.startswith('mass_mailing_cadence.'):
            raise ValueError(f"{xmlid} is no action of this module")
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        users, companies = (
            {record for record, in self._read_group([], [name])} for name in ('user_id', 'company_id'))
        if len(users) > 1 and self.env.user in users:
            default = 'mine'
        elif grouped and len(companies) > 1 and self.env.user.has_group('base.group_multi_company'):
            default = 'group_company'
        elif grouped and len(users) > 1:
            default = 'group_user'
        else:
            return action
        action['context'] = safe_eval(action['context'] or '{}') | {f'search_default_{default}': 1}
        return action

    def _get_responsible(self, preferred=None):
        """The user who is told: an active one, whatever people have left.

        `preferred`, such as a contact's salesperson → the responsible → a manager of the cadence → an administrator → who asks
        """
        self.ensure_one()
        users = (preferred or self.env['res.users']).sudo() + self.sudo().user_id
        present = users.filtered(lambda user: user.active and user._is_internal())[:1]
        found = (present or self._find_present('mass_mailing_cadence.group_manager') or self._find_present('base.group_system')
                 or self.env.user)
        return found.with_env(self.env)

    def _find_present(self, group):
        """Who is in the group and the company, those first who are not everybody's administrators."""
        users = self.env['res.users'].sudo().search(
            Domain('all_group_ids', 'in', self.env.ref(group).ids) & Domain('share', '=', False)
            & Domain('company_ids', 'in', self.company_id.ids), order='id')
        return users.sorted(lambda user: user._has_group('base.group_system'))[:1]
