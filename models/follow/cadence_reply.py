import logging
from email import message_from_bytes, policy
from functools import partial
from time import time
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import html2plaintext
from odoo.tools.mail import email_split_tuples

from ...tools.mail import auto_reply, bounce, mail_text, moved
from ...tools.mail import quoted as quoted_text

_logger = logging.getLogger(__name__)

KINDS = [
    ('person', 'A person'),
    ('out_of_office', 'Out of office'),
    ('ticket_robot', 'Answered by a machine'),
]
SORTINGS = [
    ('inquiry', 'Inquiry'),
    ('sample', 'Sample'),
    ('deal', 'Deal'),
    ('competitor', 'Competitor'),
    ('unsubscribe', 'Unsubscribe'),
    ('not_target', 'Not a target'),
    ('not_interested', 'Not interested'),
    ('not_reply', 'Not a reply'),
    ('no_send', 'Never mail this address'),
    ('moved', 'Use the new address'),
]
HTML_LENGTH = 100_000
SCHEDULED_AT_ONCE = 200


class Answered(NamedTuple):
    """The :class:`mailing_trace.OurMail` that an inbound mail answers, and an :class:`auto_reply.Classification` of by whom."""
    mail: Any
    classification: auto_reply.Classification


class CadenceReply(models.Model):
    """An answer to one of our mails, as it came in through Odoo's mail gateway.

            → waiting    a person's, or a machine's whose address one may want to leave out    `_take`
            → automatic  an absence note that names no new address: the rhythm goes on         `_take`
    waiting → sorted     somebody says what it is                                              `action_triage`
  automatic → sorted     … though a machine was thought to have written it                     `action_triage`
     sorted → waiting    second thoughts                                                       `action_reopen`

    A reply is born with its state; after that `_set_state` alone changes it.
    """
    _name = 'cadence.reply'
    _description = 'Reply'
    _order = 'date DESC, id DESC'
    _inherit = 'cadence.guarded.mixin'
    _rec_name = 'subject'

    _guarded_fields = (
        'partner_id', 'company_id', 'trace_id', 'message_ref', 'kind', 'is_machine', 'state', 'sorting', 'sorted_by_id',
        'sorted_date', 'lead_id', 'activity_id', 'needs_activity', 'new_email', 'old_email')

    partner_id = fields.Many2one('res.partner', 'Contact', required=True, ondelete='cascade', index=True, readonly=True)
    segment_id = fields.Many2one('cadence.segment', ondelete='cascade', readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    user_id = fields.Many2one('res.users', 'Salesperson', readonly=True)
    run_id = fields.Many2one('cadence.run', ondelete='set null', index='btree_not_null', readonly=True)
    mailing_id = fields.Many2one('mailing.mailing', 'Answers', ondelete='set null', index='btree_not_null', readonly=True)
    trace_id = fields.Many2one('mailing.trace', ondelete='set null', index='btree_not_null', readonly=True)
    email = fields.Char('From', readonly=True)
    subject = fields.Char(readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    text = fields.Text(readonly=True, help="The answer without what it quotes.")
    quoted = fields.Text(readonly=True, help="What follows it: signature and quoted mail.")
    new_email = fields.Char('New Address', readonly=True, help="The address at which they want to be written to from now on.")
    old_email = fields.Char('Address Before', readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    is_machine = fields.Boolean(readonly=True)
    sign = fields.Char('Recognised By', readonly=True, help="The header or the words that told a machine from a person.")
    state = fields.Selection([
        ('waiting', 'Waiting'),
        ('sorted', 'Sorted'),
        ('automatic', 'Automatic'),
    ], required=True, readonly=True)
    sorting = fields.Selection(SORTINGS, readonly=True)
    sorted_by_id = fields.Many2one('res.users', readonly=True)
    sorted_date = fields.Datetime('Sorted On', readonly=True)
    lead_id = fields.Many2one('crm.lead', 'Opportunity', ondelete='set null', index='btree_not_null', readonly=True)
    activity_id = fields.Many2one('mail.activity', ondelete='set null', index='btree_not_null', readonly=True)
    needs_activity = fields.Boolean(readonly=True)
    message_ref = fields.Char('Message-ID', readonly=True)

    _message = models.UniqueIndex('(message_ref) WHERE message_ref IS NOT NULL')
    _waiting = models.Index("(is_machine, date, id) WHERE state = 'waiting'")
    _needs_activity = models.Index('(id) WHERE needs_activity')

    # The mail gateway

    @api.model
    def _find_answered(self, message, message_dict, classification=None):
        """The mail of ours that an inbound mail answers, and who answers; None where it answers none of ours.

        People answer by their mail program's headers; what a machine sends may name our mail anywhere.
        """
        message = mail_text.as_message(message)
        find = self.env['mailing.trace']._cadence_find
        classification = classification or auto_reply.classify(message)
        mail = find(mail_text.get_references(message_dict.get('references'), message_dict.get('in_reply_to')))
        if not mail and classification.kind != 'person':
            mail = find(mail_text.find_ids(message))
        return mail and Answered(mail, classification)

    @api.model
    def _get_author(self, answered, message_dict):
        """The id of the contact who answers; none where a machine answers for somebody who is no contact any more.

        A person whose contact was deleted is a contact again: to lose an answer costs a customer.
        """
        if answered.mail.partner_id or answered.classification.kind != 'person':
            return answered.mail.partner_id
        touch = self.env['cadence.touch'].sudo().browse(answered.mail.touch_id)
        Partner = self.env['res.partner'].sudo()
        author = Partner.search([('cadence_email', '=', touch.email)], limit=1) or Partner.create({
            'name': (email_split_tuples(message_dict.get('email_from') or '') or [('', '')])[0][0] or touch.email,
            'email': touch.email,
            'company_id': touch.company_id.id,
        })
        return author.id

    @api.model
    def _take(self, message, message_dict, answered):
        """Take up an answer. Whatever fails here, the mail itself must not be lost, and a person gets to see it."""
        author = self._get_author(answered, message_dict)
        if answered.classification.kind == 'complaint' or not author:
            return
        answered = answered._replace(mail=answered.mail._replace(partner_id=author))
        message_id = mail_text.clean(message_dict.get('message_id') or '')
        try:
            with self.env.cr.savepoint():
                if answered.classification.kind == 'bounce':  # one that Odoo does not take for a bounce
                    self.env['cadence.risk']._take_returned(answered.mail, bounce.read(message))
                else:
                    self.sudo().create(self._prepare_values(message, message_dict, answered))._follow()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if getattr(error, 'diag', None) and error.diag.constraint_name == 'cadence_reply_message':
                _logger.info("The reply %s was taken up already", message_id)
                return
            _logger.exception("The reply %s cannot be read", message_id)
            self._take_unread(answered.mail, message_id)

    def _take_unread(self, mail, message_id):
        """A reply of which nothing is known but whose mail it answers: as a person's, for to overlook one costs a customer."""
        reply = self.sudo().create(self._prepare_mail_values(mail) | {
            'date': fields.Datetime.now(),
            'text': self.env._("This reply cannot be read here; look for it in the mailbox."),
            'kind': 'person',
            'state': 'waiting',
            'needs_activity': mail.follows_replies,
            'message_ref': message_id or False,
        })
        try:
            with self.env.cr.savepoint():
                reply._follow()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("The reply %s waits, but nothing follows from it", message_id)

    @api.model
    def _rescue(self, raw):
        """Take up a mail that Odoo cannot take in; returns whether it is an answer to one of ours."""
        octets = getattr(raw, 'data', raw)
        octets = octets.encode('utf-8', 'replace') if isinstance(octets, str) else octets
        message = message_from_bytes(octets, policy=policy.compat32)
        header = partial(mail_text.get_header, message)
        values = {'references': header('References'), 'in_reply_to': header('In-Reply-To')}
        answered = self._find_answered(message, values)
        if answered and answered.classification.kind == 'complaint':
            return self.env['cadence.risk']._take_complaint(message)
        if answered:
            self._take(message, values | {
                'message_id': header('Message-ID') or f'<{time()}@localhost>',
                'email_from': header('From'),
                'subject': header('Subject'),
            }, answered)
        return bool(answered)

    @api.model
    def _prepare_values(self, message, message_dict, answered):
        kind, mail = answered.classification.kind, answered.mail
        body = mail_text.get_notice(message) or html2plaintext((message_dict.get('body') or '')[:HTML_LENGTH])
        text, quoted = quoted_text.split_quoted(mail_text.clean(body)[:mail_text.MAX_BODY])
        new_email = moved.find_new_address(text, (mail.address or '', *mail_text.get_addresses(message_dict.get('to') or '')))
        return self._prepare_mail_values(mail) | {
            'new_email': new_email,
            'email': mail_text.clean(message_dict.get('email_from') or ''),
            'subject': mail_text.clean(message_dict.get('subject') or ''),
            'date': fields.Datetime.now(),
            'text': text,
            'quoted': quoted,
            'kind': kind,
            'is_machine': kind != 'person',
            'needs_activity': kind == 'person' and mail.follows_replies,
            'sign': mail_text.clean(answered.classification.sign),
            'state': 'automatic' if kind == 'out_of_office' and not new_email else 'waiting',
            'message_ref': mail_text.clean(message_dict.get('message_id') or '') or False,
            'lead_id': self._find_lead(message_dict),
        }

    @api.model
    def _prepare_mail_values(self, mail):
        return {
            'partner_id': mail.partner_id,
            'segment_id': mail.segment_id,
            'company_id': mail.company_id,
            'user_id': mail.user_id,
            'run_id': mail.run_id,
            'mailing_id': mail.mailing_id,
            'trace_id': mail.trace_id,
        }

    def _find_lead(self, message_dict):
        """The opportunity or lead that an alias made of the message, or False; looked for only where it went to one."""
        message_id = message_dict.get('message_id')
        if not message_id or 'crm.lead' not in message_dict.get('cadence_models', ()):
            return False
        return self.env['mail.message'].sudo().search(
            [('message_id', '=', message_id), ('model', '=', 'crm.lead')], limit=1).res_id

    def _follow(self):
        """A person's answer takes the contact out of the cadence at once; a machine's is written down."""
        self.ensure_one()
        Journal = self.env['cadence.journal']
        if self.lead_id:
            self.lead_id.cadence_run_id = self.run_id
        if self.kind != 'person':
            Journal._note(self.partner_id, self.kind, detail=self.sign, **self._prepare_source_values())
        elif self.company_id.cadence_follow_replies:
            Journal._give(
                self.partner_id, Journal._get_tag('tag_replied'), 'replied', **self._prepare_source_values())
            # The activity takes longer than all else: the cron makes it, at once.
            cron_id = self.env['ir.model.data']._xmlid_to_res_id('mass_mailing_cadence.ir_cron_follow_up')
            self.env['ir.cron'].sudo().browse(cron_id)._trigger()

    def _set_state(self, state, sorting=False):
        """The only writer of a reply's state after its birth, and of who sorted it as what."""
        is_sorted = state == 'sorted'
        self.write({
            'state': state,
            'sorting': sorting,
            'sorted_by_id': is_sorted and self.env.uid,
            'sorted_date': is_sorted and fields.Datetime.now(),
            'needs_activity': not is_sorted and self.kind == 'person',
        })

    def _prepare_source_values(self):
        """What the journal says about a decision because of the reply."""
        return {'reply_id': self.id, 'mailing_id': self.mailing_id.id, 'company_id': self.company_id.id}

    # Activities

    @api.model
    def _schedule_activities(self):
        """Hand the new replies to their salespeople; returns whether there are more."""
        replies = self.search([('needs_activity', '=', True)], limit=SCHEDULED_AT_ONCE).try_lock_for_update()
        for reply in replies:
            reply._schedule_activity()
        return len(replies) == SCHEDULED_AT_ONCE

    def _schedule_activity(self):
        if self.state == 'waiting' and not self.activity_id:
            user = self._get_salesperson()
            self.activity_id = self.partner_id.activity_schedule(
                'mail.mail_activity_data_todo', date_deadline=self.segment_id._get_local_day(), user_id=user.id,
                summary=self.with_context(lang=user.lang).env._("Replied: %(subject)s", subject=self.subject or ''))
        self.needs_activity = False

    def _get_salesperson(self):
        """Whom the answer is for, as long as they are there; else who looks after the segment."""
        user = self.user_id
        return user if user.active and user._is_internal() else self.segment_id._get_responsible()
