from odoo import api, models

from ...tools.mail import auto_reply, mail_text
from ..constants import BOUNCED, DECIDED


class CadenceRisk(models.AbstractModel):
    """Who must not be mailed any more, and how one knows: opt-outs, complaints, addresses that do not exist."""
    _name = 'cadence.risk'
    _description = 'Risk'

    @api.model
    def _find(self, emails, setting='cadence_follow_risks'):
        """The contacts with these addresses, in any spelling, who are in a segment of a company that follows this."""
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        return Partner.search(
            Partner._cadence_get_email_domain(emails) & Partner._cadence_get_followed_domain(setting))

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
    def _take_returned(self, trace, detail):
        """The mail of `trace` came back; `detail` says that the address does not exist, or is empty: then nothing follows."""
        if detail and trace:
            self._give(self._get_followed(trace.cadence_touch_id), 'tag_bounced', 'hard_bounce', detail=detail,
                       **self._prepare_source_values(trace))

    @api.model
    def _bounce_refused(self, touches, detail=False):
        """The mail server that we hand our mails to says that these touches' addresses are dead; `detail` are its words."""
        for touch in touches.sudo():
            self._give(self._get_followed(touch), 'tag_bounced', 'refused', detail=detail, company_id=touch.company_id.id,
                       mailing_id=touch.mailing_id.id, trace_id=touch.trace_ids[:1].id)

    @api.model
    def _take_complaint(self, message):
        """Unsubscribe who told their provider that a mail of ours is spam (RFC 5965); returns whether that is what it is.

        Anybody can write a report about anybody: one that names none of our mails decides nothing.
        """
        if not auto_reply.is_complaint(message):
            return False
        trace = self.env['mailing.trace']._cadence_find(mail_text.find_ids(message))
        partners = self._get_followed(trace.cadence_touch_id)
        if not partners:
            return False
        self._block(partners, 'complaint', detail=auto_reply.feedback_address(message), **self._prepare_source_values(trace))
        return True

    def _prepare_source_values(self, trace):
        return {'trace_id': trace.id, 'mailing_id': trace.mass_mailing_id.id, 'company_id': trace.cadence_touch_id.company_id.id}

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
        return self.env['cadence.journal']._give(partners, self.env.ref(f'mass_mailing_cadence.{xmlid}'), reason, **source)
