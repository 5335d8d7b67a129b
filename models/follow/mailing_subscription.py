from odoo import api, models


class MailingSubscription(models.Model):
    _inherit = 'mailing.subscription'

    @api.model_create_multi
    def create(self, vals_list):
        subscriptions = super().create(vals_list)
        subscriptions.filtered('opt_out')._cadence_follow()
        return subscriptions

    def write(self, vals):
        before = {subscription: subscription.opt_out for subscription in self}
        result = super().write(vals)
        self.filtered(lambda subscription: subscription.opt_out != before[subscription])._cadence_follow()
        return result

    def _cadence_follow(self):
        """An opt-out from any list counts for the cadence, as in the audience of the runs."""
        Risk = self.env['cadence.risk']
        opted_out = self.sudo().filtered('opt_out')
        if emails := set(filter(None, opted_out.contact_id.mapped('cadence_email'))):
            Risk._opt_out(emails, 'list_opt_out')
            # Also where the company wants no tags for it.
            Partner = self.env['res.partner'].sudo()
            Partner.search(Partner._cadence_get_email_domain(emails))._cadence_stop_mails()
        if emails := set(filter(None, (self.sudo() - opted_out).contact_id.mapped('cadence_email'))):
            Risk._subscribe_again(emails)
