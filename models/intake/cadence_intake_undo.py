from odoo import SUPERUSER_ID, models
from odoo.fields import Command
from odoo.tools import SQL

from ..constants import LIGHT_CONTEXT
from .cadence_intake_values import part_names


class CadenceIntakeLine(models.Model):
    """Taking an intake back: contacts that it created and nobody has touched since are removed; all others leave the batch, and
    are back where they were moved from.
    """
    _inherit = 'cadence.intake.line'

    def _undo(self):
        reasons = self._get_keep_reasons()
        removed = self.filtered(lambda line: line.partner_id and line.is_created and line.id not in reasons)
        for reason, lines in (self - removed).grouped(lambda line: reasons.get(line.id) or line._get_other_reason()).items():
            lines._take_off(reason)
        removed._work_apart(
            lambda lines: lines._remove_contacts(),
            lambda line, error: line._take_off(self.env._("Kept: %(reason)s", reason=str(error).strip())))

    def _remove_contacts(self):
        self._set_undone(self.env._("The contact was removed"))
        self.partner_id.with_context(**LIGHT_CONTEXT).unlink()

    def _take_off(self, reason):
        """Take the contacts out of the batches."""
        def work(lines):
            for tag, tagged in lines.grouped('tag_id').items():
                # The tag is the intake's own; whoever undoes it need not be allowed to edit what became of the contact since.
                # Odoo takes an archived tag off only where archived ones are seen.
                partners = tagged.partner_id.sudo().with_context(**LIGHT_CONTEXT, active_test=False)
                partners.write({'category_id': [Command.unlink(tag.id)]})
            for left_ids, moved in lines.grouped(lambda line: tuple(line.left_ids or ())).items():
                moved._put_back(left_ids)
            lines._set_undone(reason)

        self._work_apart(work, lambda line, error: line._set_undone(
            self.env._("The batch cannot be taken off: %(reason)s", reason=str(error).strip())))

    def _put_back(self, left_ids):
        """Put moved contacts back into the batches that they were in, unless they are in another one of these by now."""
        if not left_ids:
            return
        tags = self.env['res.partner.category'].browse(left_ids).exists()
        group = self.intake_id.tag_group_id
        segment = self.intake_id.segment_id
        partners = self.partner_id.sudo().with_context(**LIGHT_CONTEXT, active_test=False).filtered(
            lambda partner: not partner.category_id.filtered(
                lambda tag: tag.cadence_group_id == group and tag.cadence_segment_id == segment))
        partners.write({'category_id': [Command.link(tag.id) for tag in tags]})

    def _get_other_reason(self):
        if not self.partner_id:
            return self.env._("The contact is gone already")
        if self.left_ids:
            return self.env._("The contact was known before; it is back in the batch where it was")
        return self.env._("The contact was known before; the batch was taken off")

    def _get_keep_reasons(self):
        """{line id: why the contact that was created for it stays}."""
        created = self.filtered(lambda line: line.is_created and line.partner_id)
        self.env.flush_all()
        mailed = dict(self.env.execute_query(created._query_mailed()))
        uses = created.partner_id._cadence_get_uses()
        tagged, edited = created._get_tagged(), created._get_edited()
        reasons = {}
        for line in created:
            if line.id in mailed:
                reasons[line.id] = self.env._("Kept: a mail was sent to the contact") if mailed[line.id] else self.env._(
                    "Kept: a mail to the contact is written already; without the batch it does not leave")
            elif models_in_use := uses.get(line.partner_id.id):
                reasons[line.id] = self.env._("Kept: used by %(records)s", records=', '.join(
                    self.env['ir.model']._get(model).name for model in models_in_use))
            elif line in tagged:
                reasons[line.id] = self.env._("Kept: somebody gave the contact another tag")
            elif line in edited:
                reasons[line.id] = self.env._("Kept: somebody has edited the contact since")
        return reasons

    def _query_mailed(self):
        """(line id, whether a mail has left): by the ledger, and by the traces of mailings that are none of ours."""
        return SQL("""
            SELECT line.id, BOOL_OR(mail.has_left)
              FROM cadence_intake_line line
        CROSS JOIN LATERAL (
                   SELECT TRUE AS has_left
                     FROM cadence_touch touch
                    WHERE touch.partner_id = line.partner_id AND touch.outcome <> 'waiting'
                UNION ALL
                   SELECT trace.sent_datetime IS NOT NULL
                     FROM mailing_trace trace
                    WHERE trace.res_id = line.partner_id AND trace.model = 'res.partner') mail
             WHERE line.id = ANY(%s)
          GROUP BY line.id
            """, self.ids)

    def _get_tagged(self):
        """The lines whose contacts have tags that neither the intake nor their row gave them."""
        given = {name for line in self for name in line._get_tag_names()}
        ids = self.env['res.partner.category'].sudo().with_context(active_test=False).search([('name', 'in', list(given))])
        names = {tag.id: tag.name for tag in ids}
        return self.filtered(lambda line: any(
            tag != line.tag_id and names.get(tag.id) not in line._get_tag_names()
            for tag in line.partner_id.with_context(active_test=False).category_id))

    def _get_tag_names(self):
        return part_names(self._get_values(self.intake_id._get_positions()).get('tags'))

    def _get_edited(self):
        """What is recomputed at the end of a transaction is written by whoever it belongs to, often the superuser."""
        return self.filtered(lambda line: line.partner_id.write_date != line.partner_id.create_date or (
            line.partner_id.write_uid.id not in (line.partner_id.create_uid.id, SUPERUSER_ID)))
