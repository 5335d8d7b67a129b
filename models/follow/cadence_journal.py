from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..constants import DECIDED, LIGHT_CONTEXT

REASONS = [
    ('opened', 'Opened a mail'),
    ('machine_fast', 'Opened by a machine: right after delivery'),
    ('machine_links', 'Opened by a machine: all links at once'),
    ('machine_agent', 'Opened by a machine: a known scanner'),
    ('privacy', 'Opened by a mail program by itself: perhaps a person'),
    ('silent', 'Silent for too long'),
    ('replied', 'Replied'),
    ('moved', 'New address'),
    ('out_of_office', 'Out of office'),
    ('ticket_robot', 'Answered by a machine'),
    ('sorted', 'Reply was sorted'),
    ('opt_out', 'Opted out'),
    ('list_opt_out', 'Opted out of a mailing list'),
    ('by_hand', 'Tag given by hand'),
    ('complaint', 'Complained about spam'),
    ('hard_bounce', 'Address does not exist'),
    ('soft_bounce', 'Came back for now'),
    ('soft_bounces', 'Came back again and again'),
    ('refused', 'Refused by its mail server: address does not exist'),
    ('opportunity', 'New opportunity'),
    ('won', 'Opportunity won'),
    ('lost', 'Opportunity lost'),
    ('taken_off', 'Tag taken off'),
    ('subscribed_again', 'Subscribed again'),
    ('freed', 'Freed by a person'),
    ('merged', 'Merged with another contact'),
    ('undone', 'Undone'),
]
MACHINES = ('machine_fast', 'machine_links', 'machine_agent', 'privacy')
DAYS_TO_COME_BACK = 3  # mail servers try for days
# The only fields of an entry that change after its birth: that it was taken back.
UNDOING = {'undone_by_id'}


class CadenceJournal(models.Model):
    """What the module decided about a contact, why, and because of what: one row a decision, never changed or removed.

    Taking a decision back is an entry of its own, and points to the one it takes back.
    """
    _name = 'cadence.journal'
    _description = 'Journal'
    _order = 'date DESC, id DESC'
    _rec_name = 'reason'

    partner_id = fields.Many2one('res.partner', 'Contact', required=True, ondelete='cascade', index=True, readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    detail = fields.Char(readonly=True, help="What showed it: a header, a number of seconds, a salesperson's note.")
    tag_id = fields.Many2one('res.partner.category', 'Tag Given', ondelete='set null', index='btree_not_null', readonly=True)
    is_blocked = fields.Boolean('Put on the Blacklist', readonly=True)
    mailing_id = fields.Many2one('mailing.mailing', ondelete='set null', index='btree_not_null', readonly=True)
    trace_id = fields.Many2one('mailing.trace', ondelete='set null', index='btree_not_null', readonly=True)
    reply_id = fields.Many2one('cadence.reply', ondelete='set null', index='btree_not_null', readonly=True)
    lead_id = fields.Many2one('crm.lead', 'Opportunity', ondelete='set null', index='btree_not_null', readonly=True)
    user_id = fields.Many2one('res.users', 'By', readonly=True, help="Empty: the module by itself.")
    undone_by_id = fields.Many2one(
        'cadence.journal', 'Taken Back By', ondelete='set null', index='btree_not_null', readonly=True)

    # Two workers that judge the same open at once cannot both write it down.
    _open = models.UniqueIndex(
        "(trace_id, reason) WHERE reason IN ('opened', 'machine_fast', 'machine_links', 'machine_agent', 'privacy')")

    def write(self, vals):
        if not vals.keys() <= UNDOING:
            raise UserError(self.env._("The journal is only added to: what was decided stays written."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The journal is only added to: what was decided stays written."))

    # Decisions

    @api.model
    def _give(self, partners, tag, reason, **values):
        """Give a tag to those contacts that lack it, write down why, and stop their mails that wait; returns the entries.

        :param values: the entries' `detail` and source: `mailing_id`, `trace_id`, `reply_id`, `lead_id`, `user_id`, `is_blocked`
        """
        fresh = self._add_tag(partners.sudo(), tag)
        fresh._cadence_stop_mails()
        return self._note(fresh, reason, tag_id=tag.id, **values)

    @api.model
    def _get_tag(self, xmlid):
        """A shipped tag; without `ref`, which asks the database each time whether it is still there."""
        id_ = self.env['ir.model.data']._xmlid_to_res_id(f'mass_mailing_cadence.{xmlid}', raise_if_not_found=True)
        return self.env['res.partner.category'].browse(id_)

    @api.model
    def _take_off(self, partners, tag, reason, **values):
        """Take a tag that does not hold any more off those contacts who have it, and write down why; returns the entries."""
        held = partners.sudo().filtered(lambda partner: tag in partner.with_context(active_test=False).category_id)
        self._remove_tag(held, tag)
        return self._note(held, 'taken_off', tag_id=tag.id, detail=reason, **values)

    def _remove_tag(self, partners, tag):
        # Odoo takes an archived tag off only where archived ones are seen.
        partners.with_context(**LIGHT_CONTEXT, **{DECIDED: True}, active_test=False).write({
            'category_id': [Command.unlink(tag.id)]})

    def _add_tag(self, partners, tag):
        """Returns those who did not have it. A statement and not a write, which takes longer than all else about a reply."""
        partners.flush_recordset(['category_id'])
        rows = self.env.execute_query(SQL("""
            INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
            SELECT partner_id, %s FROM UNNEST(%s::int[]) partner_id
       ON CONFLICT DO NOTHING
         RETURNING partner_id
            """, tag.id, partners.ids))
        fresh = partners.browse(id_ for id_, in rows)
        fresh.invalidate_recordset(['category_id'])
        fresh.modified(['category_id'])
        tag.invalidate_recordset(['partner_ids'])
        return fresh

    @api.model
    def _note(self, partners, reason, **values):
        """Write something down about each of the contacts.

        The entry's company is that of the segment, reply or opportunity because of which it is written: the caller gives it.
        What holds for all companies, as an opt-out does, has the contact's or none.
        """
        has_company = 'company_id' in values  # to read the contact's takes a query
        return self.sudo().create([
            {'partner_id': partner.id, 'company_id': not has_company and partner.company_id.id, 'reason': reason} | values
            for partner in partners])

    @api.model
    def _sql_insert(self, decisions, now):
        """The statement that writes down what `decisions` gives: the columns (partner_id, company_id, reason, detail, tag_id,
        mailing_id, trace_id) of one row a decision, for statements that judge many contacts at once."""
        return SQL("""
            INSERT INTO cadence_journal (
                   partner_id, company_id, reason, detail, tag_id, mailing_id, trace_id, date, create_uid, create_date, write_uid,
                   write_date)
            SELECT decision.*, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM (%(decisions)s) decision
       ON CONFLICT DO NOTHING
            """, decisions=decisions, now=now, uid=self.env.uid)

    @api.model
    def _get_soft_bounces(self, partner, address):
        """The moments at which mails to the address came back, the contact's last ones in a row.

        A mail that left, and has not come back after days, ends the row.
        """
        self.flush_model()
        self.env['mailing.trace'].flush_model()
        return [date for date, in self.env.execute_query(SQL("""
            SELECT journal.date
              FROM cadence_journal journal
              JOIN mailing_trace trace ON trace.id = journal.trace_id
             WHERE journal.partner_id = %(partner_id)s
               AND journal.reason = 'soft_bounce'
               AND trace.email = %(address)s
               AND NOT EXISTS (
                   SELECT
                     FROM cadence_touch touch
                     JOIN mailing_trace other ON other.cadence_touch_id = touch.id
                    WHERE touch.partner_id = %(partner_id)s
                      AND other.email = %(address)s
                      AND other.sent_datetime > trace.sent_datetime
                      AND other.sent_datetime < %(now)s - %(days)s * INTERVAL '1 day'
                      AND other.trace_status IN ('sent', 'open', 'reply'))
          ORDER BY journal.date
            """, partner_id=partner.id, address=address, now=fields.Datetime.now(), days=DAYS_TO_COME_BACK))]

    # Undo

    def action_undo(self):
        """Take decisions back: the tag that they gave, and the place on the blacklist."""
        if not self._may_decide():
            raise AccessError(self.env._("Only salespeople and users of Mailing Cadence take decisions back."))
        self.check_access('read')
        self.partner_id.check_access('write')
        for entry in self.sudo():
            if not entry._can_undo():
                raise UserError(self.env._("This was taken back already, or gave no tag."))
            entry._undo()
        return True

    @api.model
    def _may_decide(self):
        user = self.env.user
        return user.has_group('sales_team.group_sale_salesman') or user.has_group('mass_mailing_cadence.group_user')

    def _can_undo(self):
        return bool(self.tag_id) and not self.undone_by_id and self.reason != 'undone'

    def _undo(self):
        partner = self.partner_id
        source = {'company_id': self.company_id.id, 'reply_id': self.reply_id.id, 'lead_id': self.lead_id.id}
        if self.reason == 'taken_off':
            self._add_tag(partner, self.tag_id)._cadence_stop_mails()
        # What another decision gave as well stays: only the last of them takes the tag with it.
        elif not self._get_others():
            self._remove_tag(partner, self.tag_id)
            if self.is_blocked:
                self.env['cadence.risk']._unblock(partner, self.env._(
                    "%(user)s took back: %(decision)s", user=self.env.user.name, decision=self._get_title()))
        self.undone_by_id = self._note(partner, 'undone', detail=self._get_title(), user_id=self.env.uid, **source)

    def _get_others(self):
        return self.search([
            ('partner_id', '=', self.partner_id.id), ('tag_id', '=', self.tag_id.id), ('undone_by_id', '=', False),
            ('reason', 'not in', ('undone', 'taken_off')), ('id', '!=', self.id)], limit=1)

    # Words

    def _get_title(self):
        self.ensure_one()
        reason = dict(self._fields['reason']._description_selection(self.env))[self.reason]
        detail = self.detail
        if self.reason in ('sorted', 'taken_off'):
            detail = dict(self.env['cadence.reply']._fields['sorting']._description_selection(self.env)).get(detail, detail)
        return self.env._("%(reason)s: %(detail)s", reason=reason, detail=detail) if detail else reason

    @api.depends('reason', 'detail')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry._get_title()

    def action_open_source(self):
        """What the decision was made because of: the opportunity, the reply or the mailing."""
        self.ensure_one()
        self.check_access('read')
        source = self.lead_id or self.reply_id or self.mailing_id
        return source and {
            'type': 'ir.actions.act_window', 'res_model': source._name, 'res_id': source.id, 'views': [(False, 'form')]}
