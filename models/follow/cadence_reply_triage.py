from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ...tools import calendar
from .cadence_reply import SORTINGS

# The tag that a sorting gives; the others give none.
TAGS = {
    'inquiry': 'tag_inquiry',
    'sample': 'tag_sample',
    'deal': 'tag_deal',
    'competitor': 'tag_competitor',
    'unsubscribe': 'tag_unsubscribed',
    'not_target': 'tag_not_target',
    'not_interested': 'tag_other_risk',
}
# Of these nobody inquires any more: the tag Inquiry goes, unless an opportunity of theirs is open.
OVER = ('competitor', 'not_target', 'not_interested')
QUEUE_LENGTH = 200


class CadenceReply(models.Model):
    """Sorting replies: each one by a salesperson, with one key."""
    _inherit = 'cadence.reply'

    # What the screen asks

    @api.model
    def get_triage_queue(self, mine=False):
        """{waiting, waiting_count, sorted_today}; people's replies before machines', the oldest first; all, or the user's own."""
        domain = Domain('state', '=', 'waiting')
        if mine:
            domain &= Domain('user_id', '=', self.env.uid)
        tz = self.env.user.tz or 'UTC'
        midnight = calendar.utc_moment(calendar.local_day(fields.Datetime.now(), tz), tz, 0)
        return {
            'waiting': [{
                'id': reply.id, 'name': reply.partner_id.name or reply.email, 'subject': reply.subject or '',
                'date': fields.Datetime.to_string(reply.date), 'kind': reply.kind,
            } for reply in self.search(domain, order='is_machine, date, id', limit=QUEUE_LENGTH)],
            'waiting_count': self.search_count(domain),
            'sorted_today': self.search_count([('state', '=', 'sorted'), ('sorted_date', '>=', midnight)]),
        }

    def get_triage_card(self):
        """A reply with all that one needs to judge it."""
        self.ensure_one()
        self.check_access('read')
        return {
            'id': self.id,
            'partner': {'id': self.partner_id.id, 'name': self.partner_id.display_name},
            'email': self.email or '',
            'company': self.partner_id.commercial_company_name or self.partner_id.cadence_company_domain or '',
            'segment': self.segment_id.name or '',
            'salesperson': self.user_id.name or '',
            'subject': self.subject or '',
            'date': fields.Datetime.to_string(self.date),
            'text': self.text or '',
            'quoted': self.quoted or '',
            'new_email': self.new_email or '',
            'kind': self.kind,
            'kind_label': dict(self._fields['kind']._description_selection(self.env))[self.kind],
            'sign': self.sign or '',
            'answers': self._get_answered(),
            'lead': self._get_lead_card(),
        }

    def _get_lead_card(self):
        lead = self.lead_id
        return lead and {'id': lead.id, 'name': lead.display_name if lead.has_access('read') else ''} or False

    def _get_answered(self):
        mailing = self.mailing_id.sudo()
        return mailing and {
            'subject': mailing.subject,
            'date': fields.Datetime.to_string(self.trace_id.sudo().sent_datetime or mailing.sent_date) or '',
            'html': mailing.body_html or '',
            'run': self.run_id.display_name or '',
        } or False

    # Sorting

    def action_triage(self, sorting):
        """Sort the replies: the sorting's tag, its reason in the journal, and the activity is done."""
        self._check_may_sort()
        if sorting not in dict(SORTINGS):
            raise UserError(self.env._("Replies are not sorted as “%(sorting)s”.", sorting=sorting))
        if done := self.filtered(lambda reply: reply.state == 'sorted')[:1]:
            raise UserError(self.env._("%(user)s has sorted this reply already.", user=done.sudo().sorted_by_id.name))
        for reply in self.sudo():
            reply._sort(sorting)
        return True

    def _sort(self, sorting):
        label = dict(self._fields['sorting']._description_selection(self.env))[sorting]
        if xmlid := TAGS.get(sorting):
            self._give_tag(xmlid, sorting)
        elif sorting == 'not_reply':
            self._forget_reply()
        elif sorting == 'no_send':
            self._leave_out_address()
        elif sorting == 'moved':
            self._take_new_address()
        if self.activity_id:
            self.activity_id.action_feedback(feedback=label)
        self._set_state('sorted', sorting)

    def _give_tag(self, xmlid, sorting):
        source = {'detail': sorting, 'user_id': self.env.uid, **self._prepare_source_values()}
        if xmlid == 'tag_unsubscribed':
            self.env['cadence.risk']._block(self.partner_id, 'sorted', **source)
        else:
            self.env['cadence.journal']._give(
                self.partner_id, self.env.ref(f'mass_mailing_cadence.{xmlid}'), 'sorted', **source)
        if sorting in OVER:
            self.env['crm.lead']._cadence_end_inquiry(self.partner_id, sorting, **source)

    def _forget_reply(self):
        """A machine wrote it after all: the contact is mailed on, as if nothing had come."""
        self._undo_entries('replied')
        self.trace_id._cadence_unset_reply()

    def _take_new_address(self):
        """The contact is mailed on, at the address that the answer names."""
        if not self.new_email:
            raise UserError(self.env._("This reply names no new address."))
        if other := self._find_other(self.new_email):
            raise UserError(self.env._(
                "%(name)s has the address %(email)s already.", name=other.display_name, email=self.new_email))
        self.old_email = self.partner_id.email
        self.partner_id.email = self.new_email
        self._forget_reply()
        self.env['cadence.journal']._note(
            self.partner_id, 'moved', detail=self.new_email, user_id=self.env.uid, **self._prepare_source_values())

    def _find_other(self, email):
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        return Partner.search(Partner._cadence_get_email_domain([email]) & Domain('id', '!=', self.partner_id.id), limit=1)

    def _leave_out_address(self):
        """Add the contact's address to the view No-send, as a pattern that is the whole address."""
        view = self.env.ref('mass_mailing_cadence.view_no_send')
        condition = self._get_address_condition(view)
        known = list(filter(None, (condition.value or '').split(';')))
        value = ';'.join(dict.fromkeys([*known, *self.partner_id._cadence_get_emails()]))
        if condition:
            condition.value = value
        elif value:
            view.condition_ids = [Command.create({'sequence': 99, 'field': 'email', 'operator': 'ends', 'value': value})]

    def _get_address_condition(self, view):
        """The condition of the view that holds whole addresses only, the one that this screen fills."""
        return view.condition_ids.filtered(
            lambda condition: condition.field == 'email' and condition.operator == 'ends' and condition.sequence == 99)[:1]

    def _undo_entries(self, reason):
        entries = self.env['cadence.journal'].sudo().search([
            ('reply_id', '=', self.id), ('reason', '=', reason), ('undone_by_id', '=', False)])
        for entry in entries.filtered(lambda entry: entry._can_undo()):
            entry._undo()

    def _check_may_sort(self):
        if not self.env['cadence.journal']._may_decide():
            raise AccessError(self.env._("Only salespeople and users of Mailing Cadence sort replies."))
        self.check_access('read')

    # Second thoughts

    def action_reopen(self):
        """Take the sorting back; the reply waits again."""
        self._check_may_sort()
        for reply in self.sudo().filtered(lambda reply: reply.state == 'sorted'):
            reply._undo_entries('sorted')
            reply._undo_entries('taken_off')
            if reply.sorting == 'moved' and reply.partner_id.email == reply.new_email:
                reply.partner_id.email = reply.old_email
            if reply.sorting in ('not_reply', 'moved') and reply.kind == 'person':
                self.env['cadence.journal']._give(
                    reply.partner_id, self.env.ref('mass_mailing_cadence.tag_replied'), 'replied',
                    **reply._prepare_source_values())
                reply.trace_id.set_replied()
            if reply.sorting == 'no_send':
                reply._take_back_address()
            reply._set_state('waiting')
        return True

    def _take_back_address(self):
        condition = self._get_address_condition(self.env.ref('mass_mailing_cadence.view_no_send'))
        taken_back = {self.partner_id.email_normalized, *self.partner_id._cadence_get_emails()}
        left = [email for email in (condition.value or '').split(';') if email not in taken_back]
        if left:
            condition.value = ';'.join(left)
        else:
            condition.unlink()

    # Opportunities

    def action_create_opportunity(self):
        """The opportunity of the reply, made now if there is none: its revenue counts for the run and its campaign."""
        self.ensure_one()
        self._check_may_sort()
        if not self.lead_id:
            self.sudo().lead_id = self.env['crm.lead'].sudo().create(self._prepare_lead_values())
        if not self.lead_id.has_access('read'):
            message = self.env._("The opportunity is %(user)s's.", user=self.sudo().lead_id.user_id.name)
            return {
                'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {'type': 'success', 'message': message}}
        return {
            'type': 'ir.actions.act_window', 'res_model': 'crm.lead', 'res_id': self.lead_id.id, 'views': [(False, 'form')]}

    def _prepare_lead_values(self):
        mailing = self.mailing_id.sudo()
        return {
            'name': self.subject or self.partner_id.display_name,
            'type': 'opportunity',
            'partner_id': self.partner_id.id,
            'user_id': self._get_salesperson().id,
            'company_id': self.company_id.id,
            'description': self.text,
            'campaign_id': mailing.campaign_id.id,
            'source_id': mailing.source_id.id,
            'medium_id': mailing.medium_id.id,
            'cadence_run_id': self.run_id.id,
        }
