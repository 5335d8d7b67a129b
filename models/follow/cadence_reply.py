import logging

from odoo import api, fields, models
from odoo.tools import html2plaintext
from psycopg2 import IntegrityError, OperationalError

from ...tools.mail import auto_reply, mail_text

_logger = logging.getLogger(__name__)

KINDS = [
    ('person', 'A person'),
    ('out_of_office', 'Out of office'),
    ('ticket_robot', 'Answered by a machine'),
]
VERDICTS = [
    ('inquiry', 'Inquiry'),
    ('sample', 'Sample'),
    ('deal', 'Deal'),
    ('competitor', 'Competitor'),
    ('unsubscribe', 'Unsubscribe'),
    ('not_interested', 'Not interested'),
    ('not_reply', 'Not a reply'),
    ('no_send', 'Never mail this address'),
]
TEXT_LENGTH = 20_000
SCHEDULED_AT_ONCE = 200


class CadenceReply(models.Model):
    """An answer to one of our mails, as it came in through Odoo's mail gateway.

    waiting → sorted       a person's, or a machine's whose address one may want to leave out
    automatic              an absence note: the rhythm goes on
    """
    _name = 'cadence.reply'
    _description = 'Reply'
    _order = 'date DESC, id DESC'
    _inherit = 'cadence.guarded.mixin'
    _rec_name = 'subject'

    _guarded_fields = (
        'partner_id', 'company_id', 'trace_id', 'message_ref', 'kind', 'is_machine', 'state', 'verdict', 'sorted_by_id',
        'sorted_date', 'lead_id', 'activity_id', 'needs_activity')

    partner_id = fields.Many2one('res.partner', 'Contact', required=True, ondelete='cascade', index=True, readonly=True)
    segment_id = fields.Many2one('cadence.segment', ondelete='cascade', readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    user_id = fields.Many2one('res.users', 'Salesperson', readonly=True)
    run_id = fields.Many2one('cadence.run', ondelete='set null', index='btree_not_null', readonly=True)
    mailing_id = fields.Many2one('mailing.mailing', 'Answers', ondelete='set null', readonly=True)
    trace_id = fields.Many2one('mailing.trace', ondelete='set null', index='btree_not_null', readonly=True)
    email = fields.Char('From', readonly=True)
    subject = fields.Char(readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    text = fields.Text(readonly=True, help="The answer without what it quotes.")
    quoted = fields.Text(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    is_machine = fields.Boolean(readonly=True)
    sign = fields.Char('Recognised By', readonly=True, help="The header or the words that told a machine from a person.")
    state = fields.Selection([
        ('waiting', 'Waiting'),
        ('sorted', 'Sorted'),
        ('automatic', 'Automatic'),
    ], required=True, readonly=True)
    verdict = fields.Selection(VERDICTS, readonly=True)
    sorted_by_id = fields.Many2one('res.users', readonly=True)
    sorted_date = fields.Datetime('Sorted On', readonly=True)
    lead_id = fields.Many2one('crm.lead', 'Opportunity', ondelete='set null', readonly=True)
    activity_id = fields.Many2one('mail.activity', ondelete='set null', readonly=True)
    needs_activity = fields.Boolean(readonly=True)
    message_ref = fields.Char('Message-ID', readonly=True)

    _message = models.UniqueIndex('(message_ref) WHERE message_ref IS NOT NULL')
    _waiting = models.Index("(is_machine, date, id) WHERE state = 'waiting'")
    _needs_activity = models.Index('(id) WHERE needs_activity')

    # The mail gateway

    @api.model
    def _take(self, message, message_dict, trace, verdict):
        """Take up an answer to the mail of `trace`. Whatever fails here, the mail itself must not be lost."""
        try:
            with self.env.cr.savepoint():
                reply = self.sudo().create(self._prepare_values(message, message_dict, trace, verdict))
                reply._follow()
        except OperationalError:
            raise
        except IntegrityError:
            _logger.info("The reply %s was taken up already", message_dict['message_id'])
        except Exception:
            _logger.exception("The reply %s cannot be taken up", message_dict['message_id'])

    @api.model
    def _prepare_values(self, message, message_dict, trace, verdict):
        touch = trace.cadence_touch_id
        body = mail_text.get_body(message) or html2plaintext(message_dict['body'] or '')
        text, quoted = mail_text.split_quoted(body[:TEXT_LENGTH])
        follows = touch.company_id.cadence_follow_replies
        lead = self._find_lead(message_dict['message_id'])
        lead.cadence_run_id = touch.run_id
        return {
            'partner_id': touch.partner_id.id,
            'segment_id': touch.segment_id.id,
            'company_id': touch.company_id.id,
            'user_id': (touch.partner_id.user_id or touch.segment_id.user_id).id,
            'run_id': touch.run_id.id,
            'mailing_id': trace.mass_mailing_id.id,
            'trace_id': trace.id,
            'email': message_dict['email_from'],
            'subject': message_dict['subject'],
            'date': fields.Datetime.now(),
            'text': text,
            'quoted': quoted,
            'kind': verdict.kind,
            'is_machine': verdict.kind != 'person',
            'sign': verdict.sign,
            'state': 'automatic' if verdict.kind == 'out_of_office' else 'waiting',
            'needs_activity': verdict.kind == 'person' and follows,
            'message_ref': message_dict['message_id'],
            'lead_id': lead.id,
        }

    def _find_lead(self, message_id):
        """The opportunity or lead that an alias made of the message."""
        message = self.env['mail.message'].sudo().search([('message_id', '=', message_id), ('model', '=', 'crm.lead')], limit=1)
        return self.env['crm.lead'].sudo().browse(message.res_id or ())

    def _follow(self):
        """A person's answer takes the contact out of the cadence at once; a machine's is written down."""
        self.ensure_one()
        Journal = self.env['cadence.journal']
        source = {'reply_id': self.id, 'mailing_id': self.mailing_id.id}
        if self.kind != 'person':
            Journal._note(self.partner_id, self.kind, detail=self.sign, **source)
        elif self.company_id.cadence_follow_replies:
            Journal._give(self.partner_id, self.env.ref('mass_mailing_cadence.tag_replied'), 'replied', **source)
            # The activity takes longer than all else: the cron makes it, at once.
            self.env.ref('mass_mailing_cadence.ir_cron_follow_up')._trigger()

    @api.model
    def _judge_message(self, message, message_dict):
        """(trace, verdict) of an inbound mail that answers a run's mail of a contact who is still there, else (None, None)."""
        references = mail_text.get_references(message_dict['references'] or message_dict['in_reply_to'])
        trace = self.env['mailing.trace']._cadence_find(references)
        if not trace.cadence_touch_id.partner_id:
            return None, None
        return trace, auto_reply.classify(message)

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
            user = self.user_id or self.segment_id.create_uid
            self.activity_id = self.partner_id.activity_schedule(
                'mail.mail_activity_data_todo', date_deadline=self.segment_id._get_local_day(), user_id=user.id,
                summary=self.with_context(lang=user.lang).env._("Replied: %(subject)s", subject=self.subject or ''))
        self.needs_activity = False
