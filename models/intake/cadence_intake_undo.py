from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL
from psycopg2 import IntegrityError

from ..constants import LIGHT_CONTEXT


class CadenceIntakeLine(models.Model):
    """Taking an intake back: contacts that it created and nobody has touched since are removed; of all others only the batch."""
    _inherit = 'cadence.intake.line'

    def _undo(self):
        reasons = self._get_keep_reasons()
        removed = self.filtered(lambda line: line.partner_id and line.is_created and line.id not in reasons)
        kept = self - removed
        for tag, lines in kept.grouped('tag_id').items():
            lines.partner_id.with_context(**LIGHT_CONTEXT).write({'category_id': [Command.unlink(tag.id)]})
        for line in kept:
            line._set_undone(reasons.get(line.id) or self.env._("The contact was known before; the batch was taken off"))
        removed._remove_contacts()

    def _remove_contacts(self):
        """Remove the contacts; one that another module holds on to stays without the batch."""
        try:
            with self.env.cr.savepoint():
                self._set_undone(self.env._("The contact was removed"))
                self.partner_id.with_context(**LIGHT_CONTEXT).unlink()
        except (UserError, IntegrityError) as error:
            if len(self) > 1:
                for line in self:
                    line._remove_contacts()
                return
            self.partner_id.write({'category_id': [Command.unlink(self.tag_id.id)]})
            self._set_undone(self.env._("Kept: %(reason)s", reason=str(error).strip()))

    def _get_keep_reasons(self):
        """{line id: why the contact that was created for it stays}."""
        self.flush_model()
        self.env['res.partner'].flush_model()
        texts = {
            'edited': self.env._("Kept: somebody has edited the contact since"),
            'mailed': self.env._("Kept: a mail was sent to the contact"),
            'used': self.env._("Kept: there are messages, activities, leads, users or contacts that belong to it"),
        }
        return {line_id: texts[why] for line_id, why in self.env.execute_query(self._query_keep())}

    def _query_keep(self):
        return SQL("""
            SELECT id, why
              FROM (SELECT line.id,
                           CASE WHEN EXISTS (SELECT FROM cadence_touch touch
                                              WHERE touch.partner_id = partner.id AND touch.outcome <> 'waiting')
                                  OR EXISTS (SELECT FROM mailing_trace trace
                                              WHERE trace.res_id = partner.id AND trace.model = 'res.partner') THEN 'mailed'
                                WHEN EXISTS (SELECT FROM mail_message message
                                              WHERE message.res_id = partner.id AND message.model = 'res.partner')
                                  OR EXISTS (SELECT FROM mail_activity activity
                                              WHERE activity.res_id = partner.id AND activity.res_model = 'res.partner')
                                  OR EXISTS (SELECT FROM crm_lead lead WHERE lead.partner_id = partner.id)
                                  OR EXISTS (SELECT FROM calendar_attendee attendee WHERE attendee.partner_id = partner.id)
                                  OR EXISTS (SELECT FROM res_partner_bank bank WHERE bank.partner_id = partner.id)
                                  OR EXISTS (SELECT FROM mail_followers follower
                                              WHERE follower.res_id = partner.id AND follower.res_model = 'res.partner')
                                  OR EXISTS (SELECT FROM res_users WHERE res_users.partner_id = partner.id)
                                  OR EXISTS (SELECT FROM res_partner child WHERE child.parent_id = partner.id) THEN 'used'
                                WHEN partner.write_date <> partner.create_date THEN 'edited'
                           END AS why
                      FROM cadence_intake_line line
                      JOIN res_partner partner ON partner.id = line.partner_id
                     WHERE line.id = ANY(%s) AND line.is_created) judged
             WHERE why IS NOT NULL
            """, self.ids)
