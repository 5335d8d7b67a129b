from odoo import api, fields, models
from odoo.fields import Domain

from ..constants import AUTOMATIC


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    cadence_run_id = fields.Many2one(
        'cadence.run', 'Run', ondelete='set null', index='btree_not_null', help="The run whose mail brought the opportunity.")

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if not self.env.context.get(AUTOMATIC):  # what a machine's answer made by an alias
            leads.filtered(lambda lead: lead.type == 'opportunity')._cadence_follow_new()
            leads.filtered(lambda lead: lead.won_status == 'won')._cadence_follow_won()
        return leads

    def write(self, vals):
        before = {lead: (lead.type, lead.won_status) for lead in self}
        result = super().write(vals)
        for lead, (old_type, old_status) in before.items():
            if lead.type == 'opportunity' != old_type:
                lead._cadence_follow_new()
            if lead.won_status == 'won' != old_status:
                lead._cadence_follow_won()
            # Odoo archives a lost opportunity first and writes the reason after it.
            if lead.won_status == 'lost' and (old_status != 'lost' or 'lost_reason_id' in vals):
                lead._cadence_follow_lost()
        return result

    def _cadence_follow_new(self):
        for lead in self:
            lead._cadence_give(lead._cadence_get_contacts(), self.env.ref('mass_mailing_cadence.tag_inquiry'), 'opportunity')

    def _cadence_follow_won(self):
        for lead in self:
            contacts = lead._cadence_get_contacts()
            lead._cadence_give(
                contacts | lead._cadence_get_colleagues(contacts), self.env.ref('mass_mailing_cadence.tag_deal'), 'won')

    def _cadence_follow_lost(self):
        for lead in self:
            if tag := lead.lost_reason_id.sudo().cadence_tag_id:
                contacts = lead._cadence_get_contacts()
                lead._cadence_give(contacts, tag, 'lost', lead.lost_reason_id.name)
                if tag.cadence_group_id == self.env.ref('mass_mailing_cadence.tag_group_risk').sudo():
                    lead._cadence_end_inquiry(contacts, lead.lost_reason_id.name, **lead._cadence_get_source())

    @api.model
    def _cadence_end_inquiry(self, contacts, reason, **source):
        """Take Inquiry off those who inquire nothing any more: no opportunity of theirs is open."""
        open_leads = self.env['crm.lead'].sudo().search([
            ('partner_id', 'in', contacts.ids), ('type', '=', 'opportunity'), ('won_status', '=', 'pending')])
        over = contacts.filtered(lambda contact: contact not in open_leads.partner_id)
        self.env['cadence.journal']._take_off(
            over, self.env.ref('mass_mailing_cadence.tag_inquiry'), reason,
            **{key: value for key, value in source.items() if key != 'detail'})

    def _cadence_give(self, partners, tag, reason, detail=None):
        self.env['cadence.journal']._give(partners, tag, reason, detail=detail, **self._cadence_get_source())

    def _cadence_get_source(self):
        user = self.env.user if self.env.user._is_internal() and not self.env.su else self.env['res.users']
        return {'lead_id': self.id, 'user_id': user.id, 'company_id': self._cadence_get_company().id}

    def _cadence_get_company(self):
        """Whose opportunity it is; its contacts and segments alone are touched by what becomes of it."""
        lead = self.sudo()
        return lead.company_id or lead.user_id.company_id or self.env.company

    def _cadence_get_contacts(self):
        """The contacts in a segment whom the opportunity is about: its customer, else whoever has its address."""
        self.ensure_one()
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        who = Domain.FALSE
        if self.partner_id:
            who = Domain('id', '=', self.partner_id.id)
        elif self.email_from:
            who = Partner._cadence_get_email_domain([self.email_from])
        return Partner.search(who & Partner._cadence_get_followed_domain('cadence_follow_deals', self._cadence_get_company()))

    def _cadence_get_colleagues(self, contacts):
        """Who else is at the customer's company: by the company contact, or by the company domain."""
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        customers = contacts | self.sudo().partner_id
        domains = set(customers.mapped('cadence_company_domain')) - {False}
        companies = customers.commercial_partner_id.filtered('is_company')
        colleagues = Domain('cadence_company_domain', 'in', list(domains)) | Domain('commercial_partner_id', 'in', companies.ids)
        company = self._cadence_get_company()
        return Partner.search(colleagues & Partner._cadence_get_followed_domain('cadence_follow_deals', company)
                              & Partner._cadence_get_followed_domain('cadence_deal_company', company))
