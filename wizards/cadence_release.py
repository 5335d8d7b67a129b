from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class CadenceRelease(models.TransientModel):
    """Free somebody who asked for it: a person takes the responsibility, with a note."""
    _name = 'cadence.release'
    _description = 'Mail a Contact Again'

    partner_id = fields.Many2one('res.partner', 'Contact', required=True, readonly=True, ondelete='cascade')
    email = fields.Char(related='partner_id.email', related_sudo=False)
    tag_ids = fields.Many2many(
        'res.partner.category', string='Tags to Take Off', compute='_compute_tag_ids', context={'active_test': False})
    is_blacklisted = fields.Boolean('On the Blacklist', compute='_compute_tag_ids')
    note = fields.Text(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        releases = super().create(vals_list)
        # The wizard shows the contact's address and tags: to those who may read the contact.
        releases.partner_id.check_access('read')
        return releases

    def write(self, vals):
        result = super().write(vals)
        self.partner_id.check_access('read')
        return result

    def _compute_tag_ids(self):
        risk = self.env.ref('mass_mailing_cadence.tag_group_risk')
        self.partner_id.invalidate_recordset(['is_blacklisted'])
        for release in self:
            # An archived tag keeps its contact out as well.
            tags = release.partner_id.with_context(active_test=False).category_id
            release.tag_ids = tags.filtered(lambda tag: tag.cadence_group_id == risk)
            release.is_blacklisted = release.partner_id.sudo().is_blacklisted

    def action_release(self):
        self.ensure_one()
        Journal = self.env['cadence.journal']
        if not Journal._may_decide():
            raise AccessError(self.env._("Only salespeople and users of Mailing Cadence free a contact."))
        if not (self.note or '').strip():
            raise UserError(self.env._(
                "Write down who asked for it and when: it is the proof that the contact wants mails again."))
        self.partner_id.check_access('write')
        partner = self.partner_id.sudo()
        entries = Journal.sudo().search([
            ('partner_id', '=', partner.id), ('tag_id', 'in', self.tag_ids.ids), ('undone_by_id', '=', False)])
        if entries.company_id - self.env.companies:
            raise AccessError(self.env._("Another company has decided this: only its people free the contact."))
        # Odoo takes an archived tag off only where archived ones are seen.
        partner.with_context(cadence_decided=True, active_test=False).write({
            'category_id': [Command.unlink(tag.id) for tag in self.tag_ids]})
        if self.is_blacklisted:
            self.env['cadence.risk']._unblock(partner, self.note)
        entries.undone_by_id = Journal._note(partner, 'freed', detail=self.note.strip(), user_id=self.env.uid)
        return {'type': 'ir.actions.act_window_close'}
