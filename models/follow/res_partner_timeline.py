from odoo import api, fields, models
from odoo.tools import SQL

from ..constants import READERS
from .cadence_journal import MACHINES

MAX_EVENTS = 200  # that one request gets
# What a journal entry looks like on the timeline; the others gave a tag.
KINDS = {
    **dict.fromkeys(MACHINES, 'machine_open'),
    **dict.fromkeys(('out_of_office', 'ticket_robot'), 'auto_reply'),
    **dict.fromkeys(('freed', 'merged', 'subscribed_again', 'silent', 'soft_bounce', 'moved'), 'note'),
    'undone': 'undone',
}


class ResPartner(models.Model):
    """The 360° view of a contact: mails, what became of them, and every decision, in one line of time."""
    _inherit = 'res.partner'

    cadence_timeline = fields.Json(compute='_compute_cadence_timeline', compute_sudo=True, groups=READERS)

    @api.depends_context('allowed_company_ids')
    def _compute_cadence_timeline(self):
        counts = {id_: numbers for id_, *numbers in self.env.execute_query(SQL("""
            SELECT res_id, COUNT(*), COUNT(open_datetime), COUNT(links_click_datetime), COUNT(reply_datetime)
              FROM mailing_trace trace
             WHERE res_id = ANY(%(ids)s)
               AND model = 'res.partner'
               AND trace_status NOT IN ('outgoing', 'cancel', 'error')
               AND %(visible)s
          GROUP BY res_id
            """, ids=self.ids, visible=self.sudo(False)._sql_visible_trace()))}
        for partner in self:
            numbers = counts.get(partner._origin.id, [0] * 4)
            partner.cadence_timeline = {
                'counts': dict(zip(('mailed', 'opened', 'clicked', 'replied'), numbers, strict=True))}

    def get_cadence_timeline(self, offset=0, limit=30):
        """{entries, more}: the newest events first; whoever may read the contact may read its time."""
        self.ensure_one()
        self.check_access('read')
        self.env['cadence.touch'].check_access('read')
        self.env.flush_all()
        limit = min(limit, MAX_EVENTS)
        rows = self.env.execute_query(self._query_timeline(offset, limit + 1))
        return {'entries': [self._prepare_event(*row) for row in rows[:limit]], 'more': len(rows) > limit}

    def _query_timeline(self, offset, limit):
        """(kind, id, date) over all that happened; the ids are of touches, traces, replies and journal entries."""
        return SQL("""
            SELECT kind, id, date
              FROM (SELECT CASE WHEN touch.outcome = 'refused' THEN 'excluded' WHEN touch.state = 'reserved' THEN 'touch'
                                ELSE touch.state END AS kind, touch.id,
                           COALESCE(trace.sent_datetime, CASE WHEN touch.outcome = 'waiting'
                                        THEN COALESCE(touch.send_datetime, run.send_datetime) END,
                                    touch.outcome_date, run.send_datetime, touch.date::timestamp) AS date
                      FROM cadence_touch touch
                      JOIN cadence_run run ON run.id = touch.run_id
                 LEFT JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
                     WHERE touch.partner_id = %(id)s AND touch.company_id = ANY(%(companies)s)
                 UNION ALL
                    SELECT event.kind, trace.id, event.date
                      FROM mailing_trace trace,
                           LATERAL (VALUES
                               (CASE WHEN trace.cadence_touch_id IS NULL THEN 'mail' END, trace.sent_datetime),
                               (CASE WHEN trace.cadence_follow_up IN ('machine', 'privacy') THEN NULL ELSE 'open' END,
                                trace.open_datetime),
                               ('click', trace.links_click_datetime),
                               (CASE WHEN trace.trace_status = 'bounce' THEN 'bounce' END, trace.write_date)) event(kind, date)
                     WHERE trace.res_id = %(id)s AND trace.model = 'res.partner' AND event.kind IS NOT NULL AND %(visible)s
                 UNION ALL
                    SELECT 'reply', id, date
                      FROM cadence_reply
                     WHERE partner_id = %(id)s AND company_id = ANY(%(companies)s) AND kind = 'person'
                 UNION ALL
                    SELECT 'journal', id, date
                      FROM cadence_journal
                     WHERE partner_id = %(id)s AND (company_id IS NULL OR company_id = ANY(%(companies)s))) event
             WHERE date IS NOT NULL
          ORDER BY date DESC, kind = 'journal' DESC, id DESC
             LIMIT %(limit)s OFFSET %(offset)s
            """, id=self.id, companies=self.env.companies.ids, limit=limit, offset=offset, visible=self._sql_visible_trace())

    def _sql_visible_trace(self):
        """Another company's mails are its own; a mailing outside the cadence has no company."""
        return SQL("""
            (trace.cadence_touch_id IS NULL
             OR EXISTS (SELECT FROM cadence_touch WHERE id = trace.cadence_touch_id AND company_id = ANY(%s)))
            """, self.env.companies.ids)

    def _prepare_event(self, kind, id_, date):
        event = {
            'key': f'{kind}-{id_}', 'kind': kind, 'date': fields.Datetime.to_string(date), 'title': '', 'text': '', 'tag': '',
            'tag_color': 0, 'by': '', 'action': False, 'undo_id': False, 'is_undone': False,
        }
        return event | getattr(self.sudo(), f'_prepare_{kind}_event')(id_)

    def _prepare_touch_event(self, id_):
        touch = self.env['cadence.touch'].browse(id_)
        title, text = touch._get_event()
        return {'title': title, 'text': text, 'action': _open(touch.run_id)}

    _prepare_excluded_event = _prepare_deferred_event = _prepare_touch_event

    def _prepare_mail_event(self, id_):
        trace = self.env['mailing.trace'].browse(id_)
        return {'kind': 'touch', 'title': self.env._("Mailed: %(letter)s", letter=trace.mass_mailing_id.subject or ''),
                'text': self.env._("A mailing outside the cadence")}

    def _prepare_open_event(self, id_):
        return self._prepare_trace_event(id_, self.env._("Opened"))

    def _prepare_click_event(self, id_):
        return self._prepare_trace_event(id_, self.env._("Clicked"))

    def _prepare_bounce_event(self, id_):
        return self._prepare_trace_event(id_, self.env._("Bounced"))

    def _prepare_trace_event(self, id_, title):
        return {'title': title, 'text': self.env['mailing.trace'].browse(id_).mass_mailing_id.subject or ''}

    def _prepare_reply_event(self, id_):
        reply = self.env['cadence.reply'].browse(id_)
        return {
            'title': self.env._("Replied: %(subject)s", subject=reply.subject or ''),
            'text': (reply.text or '')[:300],
            'action': _open(reply),
        }

    def _prepare_journal_event(self, id_):
        entry = self.env['cadence.journal'].browse(id_)
        return {
            'kind': KINDS.get(entry.reason, 'tag'),
            'title': entry._get_title(),
            'text': entry.mailing_id.subject or self._get_lead_name(entry.lead_id),
            'tag': entry.tag_id.name or '',
            'tag_color': entry.tag_id.color,
            'by': entry.user_id.name or '',
            'action': entry.action_open_source() or False,
            'undo_id': entry._can_undo() and id_,
            'is_undone': bool(entry.undone_by_id),
        }

    def _get_lead_name(self, lead):
        """Salespeople of their own opportunities only do not read the others' here."""
        return lead.name if lead and lead.sudo(False).has_access('read') else ''


def _open(record):
    return {'type': 'ir.actions.act_window', 'res_model': record._name, 'res_id': record.id, 'views': [(False, 'form')]}
