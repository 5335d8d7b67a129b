from email import message_from_string
from email.policy import default as policy

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools.sender import auth_results


class CadenceProbe(models.TransientModel):
    """A real letter through the real mail server, and what its receiver says of it: nothing else tells whether it is signed."""
    _name = 'cadence.probe'
    _description = 'Probe of a Sender'

    sender_id = fields.Many2one('cadence.sender', required=True, readonly=True, ondelete='cascade')
    letter_id = fields.Many2one(
        'cadence.letter', compute='_compute_letter_id', store=True, readonly=False, precompute=True, ondelete='cascade',
        domain="[('segment_id.sender_id', '=', sender_id)]")
    email_to = fields.Char(
        'Send To', default=lambda self: self.env.user.email, help="One of your own mailboxes, preferably at Gmail or Outlook.")
    source = fields.Text(
        'The Mail as It Came', help="In Gmail: ⋮ / Show original / Copy. In Outlook: … / View / View message source.")
    findings = fields.Json(compute='_compute_findings')

    @api.depends('sender_id')
    def _compute_letter_id(self):
        for probe in self:
            probe.letter_id = self.env['cadence.letter'].search([('segment_id.sender_id', '=', probe.sender_id.id)], limit=1)

    @api.depends('source')
    def _compute_findings(self):
        for probe in self:
            probe.findings = probe._get_findings() if (probe.source or '').strip() else []

    # Sending

    def action_send(self):
        """Send the letter as a run does, with the headers by which one unsubscribes."""
        self.ensure_one()
        self.sender_id._check_may_decide()
        if not self.letter_id:
            raise UserError(self.env._("No segment with a letter mails from %(sender)s yet.", sender=self.sender_id.name))
        if not email_normalize(self.email_to or ''):
            raise UserError(self.env._("Enter the address of a mailbox that you can read."))
        partner = self.letter_id._get_example() or self.env.user.partner_id
        subject, body = self.letter_id._render_for(partner)
        values = self.letter_id._prepare_test_values(self.email_to, subject, body) | {
            'subject': subject, 'model': 'res.partner', 'res_id': partner.id}
        mail = self.env['mail.mail'].sudo().create(values)
        mail.with_context(mailing_test_mail=True).send()
        failure = mail.state == 'exception' and (mail.failure_reason or self.env._("Unknown error"))
        mail.unlink()
        if failure:
            raise UserError(self.env._("The probe could not be sent: %(reason)s", reason=failure))
        return self._reopen()

    def action_read(self):
        """Keep what the mail tells of its signature: its selector is looked up in DNS from now on."""
        self.ensure_one()
        self.sender_id._check_may_decide()
        delivery = self._read()
        if not delivery.receiver and not delivery.signatures:
            raise UserError(self.env._(
                "This is not a mail as it came: copy all of it, beginning with lines such as “Delivered-To” or “Received”."))
        own = [one.selector for one in delivery.signatures if one.selector and self._is_ours(one.domain)]
        if own:
            self.sender_id.dkim_selectors = ' '.join(dict.fromkeys(own))
        if delivery.ip:
            self.sender_id.sudo().sending_ip = delivery.ip
        self.sender_id._message_log(body=self.env._(
            "Probe at %(receiver)s: SPF %(spf)s, DKIM %(dkim)s, DMARC %(dmarc)s.", receiver=delivery.receiver or '–',
            spf=delivery.spf or '–', dkim=delivery.dkim or '–', dmarc=delivery.dmarc or '–'))
        return self._reopen()

    def _reopen(self):
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'views': [(False, 'form')],
                'target': 'new', 'name': self.env._("Probe")}

    def _read(self):
        return auth_results.read(message_from_string((self.source or '').lstrip(), policy=policy.clone(utf8=True)))

    def _is_ours(self, domain):
        own = self.sender_id._get_domain()
        return domain == own or own.endswith(f'.{domain}') or domain.endswith(f'.{own}')

    # What it tells

    def _get_findings(self):
        delivery = self._read()
        findings = [self._judge(name, getattr(delivery, name)) for name in ('dmarc', 'dkim', 'spf')]
        findings.append(self._judge_signature(delivery))
        findings.append(self._judge_unsubscribe(delivery.unsubscribe))
        if delivery.ip:
            findings.append(('info', self.env._("It came from the address %(ip)s.", ip=delivery.ip)))
        return [{'code': str(number), 'severity': severity, 'text': text} for number, (severity, text) in enumerate(findings)]

    def _judge(self, name, result):
        if not result:
            return 'info', self.env._(
                "%(name)s: the receiver says nothing of it. Send the probe to a mailbox at Gmail or Outlook.", name=name.upper())
        if result == 'pass':
            return 'ok', self.env._("%(name)s: passed.", name=name.upper())
        severity = 'warn' if name == 'spf' or result in ('temperror', 'none') else 'block'
        return severity, self.env._("%(name)s: %(result)s. Look at the DNS of the sender.", name=name.upper(), result=result)

    def _judge_signature(self, delivery):
        if not delivery.signatures:
            return 'warn', self.env._("The mail is not signed (DKIM): switch it on at your mail provider.")
        if not any(self._is_ours(one.domain) for one in delivery.signatures):
            return 'warn', self.env._(
                "It is signed by %(domain)s, not by your own domain: receivers do not count that for you.",
                domain=', '.join(dict.fromkeys(one.domain for one in delivery.signatures)))
        return 'ok', self.env._("It is signed by your own domain.")

    def _judge_unsubscribe(self, state):
        texts = {
            'signed': ('ok', self.env._("The unsubscribe button of mailboxes works: both headers are there and signed.")),
            'unsigned': ('block', self.env._(
                "The signature leaves out List-Unsubscribe-Post, so Gmail and Yahoo do not count the unsubscribe button. Ask "
                "your mail provider to sign both List-Unsubscribe headers (RFC 8058).")),
            'unknown': ('info', self.env._("Both unsubscribe headers are there, but nothing signs them.")),
            'missing': ('block', self.env._("The unsubscribe headers are missing: your mail server takes them out.")),
        }
        return texts[state]
