from odoo import api, models
from odoo.fields import Domain

from ...tools.mail import auto_reply, mail_text, soft_bounces
from ..constants import BOUNCED, DECIDED


class CadenceRisk(models.AbstractModel):
    """Who must not be mailed any more, and how one knows: opt-outs, complaints, addresses that do not exist."""
    _name = 'cadence.risk'
    _description = 'Risk'

    @api.model
    def _find(self, emails, setting='cadence_follow_risks'):
        """The contacts with these addresses, in any spelling, who are in a segment of a company that follows this.

        Also those whom we mailed there and who have another address by now: whoever answers a mail of ours is its contact.
        """
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        mailed = self.env['cadence.touch']._get_mailed_contacts(emails)
        return Partner.search(
            (Partner._cadence_get_email_domain(emails) | Domain('id', 'in', mailed.ids))
            & Partner._cadence_get_followed_domain(setting))

    @api.model
    def _opt_out(self, emails, reason, **source):
        """Tag the contacts of addresses that do not want mails any more."""
        tag, reason = ('tag_bounced', 'hard_bounce') if self.env.context.get(BOUNCED) else ('tag_unsubscribed', reason)
        return self._give(self._find(emails), tag, reason, **source)

    @api.model
    def _subscribe_again(self, emails):
        """Only a person frees somebody: until then the tag stays, and the journal says what happened."""
        tag = self.env.ref('mass_mailing_cadence.tag_unsubscribed')
        partners = self._find(emails).filtered(lambda partner: tag in partner.category_id)
        return self.env['cadence.journal']._note(partners, 'subscribed_again')

    @api.model
    def _take_returned(self, mail, returned):
        """`mail` came back, and a :class:`bounce.Bounce` says why. A dead address is one for good, a row of others as well."""
        if not mail.partner_id or not mail.follows_risks or not returned.is_final:
            return
        partner = self.env['res.partner'].sudo().browse(mail.partner_id)
        source = self._prepare_source_values(mail)
        if returned.kind == 'dead':
            self._give(partner, 'tag_bounced', 'hard_bounce', detail=returned.detail, **source)
        elif returned.kind in soft_bounces.COUNTED:
            self.env['cadence.journal']._note(partner, 'soft_bounce', detail=returned.detail, **source)
            self._judge_row(partner, mail, source)

    def _judge_row(self, partner, mail, source):
        company = self.env['res.company'].sudo().browse(mail.company_id)
        dates = self.env['cadence.journal']._get_soft_bounces(partner, mail.address)
        if soft_bounces.is_dead(dates, company.cadence_soft_bounces, company.cadence_soft_bounce_weeks):
            self._give(partner, 'tag_bounced', 'soft_bounces', detail=str(len(dates)), **source)

    @api.model
    def _bounce_refused(self, touches, detail=False):
        """The mail server that we hand our mails to says that these touches' addresses are dead; `detail` are its words."""
        for touch in touches.sudo():
            self._give(self._get_followed(touch), 'tag_bounced', 'refused', detail=detail, company_id=touch.company_id.id,
                       mailing_id=touch.mailing_id.id, trace_id=touch.trace_ids[:1].id)

    @api.model
    def _take_complaint(self, message):
        """Unsubscribe who told their provider by this mail that one is spam (RFC 5965); returns whether it is one of ours.

        Anybody can write a report about anybody: one that names none of our mails decides nothing.
        """
        mail = self.env['mailing.trace']._cadence_find(mail_text.find_ids(message))
        if not mail or not mail.partner_id or not mail.follows_risks:
            return False
        self._block(self.env['res.partner'].sudo().browse(mail.partner_id), 'complaint',
                    detail=auto_reply.feedback_address(message), **self._prepare_source_values(mail))
        return True

    def _prepare_source_values(self, mail):
        return {'trace_id': mail.trace_id, 'mailing_id': mail.mailing_id, 'company_id': mail.company_id}

    def _get_followed(self, touch):
        return touch._get_contact() if touch.company_id.cadence_follow_risks else touch.partner_id.browse()

    @api.model
    def _block(self, partners, reason, **source):
        """Unsubscribe contacts by what they said elsewhere: the tag, and Odoo's blacklist."""
        Blacklist = self.env['mail.blacklist'].sudo().with_context(**{DECIDED: True})
        label = dict(self.env['cadence.journal']._fields['reason']._description_selection(self.env))[reason]
        for email in set(partners._cadence_get_emails()):
            Blacklist._add(email, message=label)
        partners.invalidate_recordset(['is_blacklisted'])
        return self._give(partners, 'tag_unsubscribed', reason, is_blocked=True, **source)

    @api.model
    def _unblock(self, partner, note):
        """Take the contact's address off the blacklist; the contact is freed by whoever calls this."""
        for email in partner._cadence_get_emails():
            self.env['mail.blacklist'].sudo().with_context(**{DECIDED: True})._remove(email, note)
        partner.invalidate_recordset(['is_blacklisted'])

    @api.model
    def _give(self, partners, xmlid, reason, **source):
        return self.env['cadence.journal']._give(partners, self.env['cadence.journal']._get_tag(xmlid), reason, **source)
