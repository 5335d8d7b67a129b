from typing import NamedTuple

from odoo import fields, models
from odoo.http import request
from odoo.tools import SQL

from ...tools.mail import scanners
from ..constants import AUTOMATIC


class OurMail(NamedTuple):
    """The mail of ours that an inbound mail is about: ids, and what its company wants to follow from it."""
    trace_id: int
    mailing_id: int
    address: str
    touch_id: int
    partner_id: int | None  # whoever the contact is by now; None for one who was deleted
    company_id: int
    segment_id: int
    run_id: int
    user_id: int | None  # whom its answers are for
    follows_replies: bool
    follows_risks: bool


class MailingTrace(models.Model):
    _inherit = 'mailing.trace'

    cadence_follow_up = fields.Selection([
        ('reader', 'Joined the faster rhythm'),
        ('known', 'In it already'),
        ('held', 'Not mailed in it'),
        ('machine', 'Opened by a machine'),
        ('privacy', 'Opened by a privacy program'),
    ], 'Follow-up', readonly=True, help="What became of the open; empty: not judged yet.")
    cadence_last_open = fields.Datetime('Last Opened On', readonly=True)
    cadence_open_agent = fields.Char('Opened With', readonly=True, help="What the program that opened the mail calls itself.")

    # The opens that the follow-up has not judged yet, and no others: it never reads the history.
    _cadence_pending = models.Index(
        '(cadence_touch_id) WHERE open_datetime IS NOT NULL AND cadence_follow_up IS NULL AND cadence_touch_id IS NOT NULL')
    # What an inbound mail asks by, at each reply and bounce.
    _cadence_message = models.Index('(message_id) WHERE message_id IS NOT NULL')
    # What a contact did, and when: the conditions of views ask each contact by itself.
    _cadence_mailed = models.Index("(res_id, sent_datetime) WHERE model = 'res.partner' AND sent_datetime IS NOT NULL")
    _cadence_opened = models.Index(
        "(res_id, open_datetime) WHERE model = 'res.partner' AND open_datetime IS NOT NULL"
        " AND cadence_follow_up IS DISTINCT FROM 'machine'")
    _cadence_clicked = models.Index(
        "(res_id, links_click_datetime) WHERE model = 'res.partner' AND links_click_datetime IS NOT NULL"
        " AND cadence_follow_up IS DISTINCT FROM 'machine'")
    _cadence_replied = models.Index("(res_id, reply_datetime) WHERE model = 'res.partner' AND reply_datetime IS NOT NULL")
    _cadence_bounced = models.Index("(write_date) WHERE trace_status = 'bounce'")

    def set_opened(self, domain=None):
        """Odoo keeps the first open, which may be a gateway's: keep the last one as well, and who it was."""
        traces = self._cadence_get_noted(domain)
        result = super(MailingTrace, traces).set_opened()
        if ours := traces.filtered('cadence_touch_id'):
            ours._cadence_note_open()
        return result

    def _cadence_get_noted(self, domain):
        """The traces that are to be marked: not those of runs when a machine answers, or asks for the head of a page only."""
        traces = self + (self.search(domain) if domain else self.browse())
        if self.env.context.get(AUTOMATIC) or (request and request.httprequest.method == 'HEAD'):
            return traces.filtered(lambda trace: not trace.cadence_touch_id)
        return traces

    def _cadence_note_open(self):
        agent = request and (request.httprequest.user_agent.string[:120].strip() or scanners.NAMELESS)
        self.write({'cadence_last_open': fields.Datetime.now(), 'cadence_open_agent': agent or False})
        # A person after the machine: to be judged once more.
        self.filtered(lambda trace: trace.cadence_follow_up in ('machine', 'privacy')).cadence_follow_up = False

    def set_clicked(self, domain=None):
        return super(MailingTrace, self._cadence_get_noted(domain)).set_clicked()

    def set_replied(self, domain=None):
        """An automatic answer is no reply."""
        return super(MailingTrace, self._cadence_get_noted(domain)).set_replied()

    def _cadence_unset_reply(self):
        """It was no reply after all."""
        self.filtered(lambda trace: trace.trace_status == 'reply').write({'trace_status': 'open', 'reply_datetime': False})

    # Contacts behind inbound mails

    def _cadence_find(self, *references):
        """The newest :class:`OurMail` of a run that one of these message ids is of, or None.

        Each argument is a list of ids, or a function that reads them out of the mail when those before it are of no mail of ours.
        One statement, for it is asked at every inbound mail; the ORM's `search` would order by a column without an index.
        """
        for message_ids in references:
            message_ids = message_ids() if callable(message_ids) else message_ids
            if not message_ids:
                continue
            self.flush_model(['message_id', 'cadence_touch_id'])
            self.env['cadence.touch'].flush_model(['partner_id'])
            self.env['res.partner'].flush_model(['user_id'])
            self.env['res.company'].flush_model(['cadence_follow_replies', 'cadence_follow_risks'])
            if rows := self.env.execute_query(self._query_our_mail(list(message_ids))):
                return OurMail(*rows[0])
        return None

    def _query_our_mail(self, message_ids):
        """Of two mails of a run to contacts who are one by now, a trace alone says whom it was for."""
        return SQL("""
            SELECT trace.id, trace.mass_mailing_id, trace.email, touch.id, partner.id, touch.company_id, touch.segment_id,
                   touch.run_id, COALESCE(partner.user_id, segment.user_id), company.cadence_follow_replies,
                   company.cadence_follow_risks
              FROM mailing_trace trace
              JOIN cadence_touch touch ON touch.id = trace.cadence_touch_id
              JOIN res_company company ON company.id = touch.company_id
         LEFT JOIN cadence_segment segment ON segment.id = touch.segment_id
         LEFT JOIN res_partner partner
                ON partner.id = COALESCE(touch.partner_id, CASE WHEN trace.model = 'res.partner' THEN trace.res_id END)
             WHERE trace.id = (SELECT MAX(id)
                                 FROM mailing_trace
                                WHERE message_id = ANY(%s)
                                  AND cadence_touch_id IS NOT NULL)
            """, message_ids)
