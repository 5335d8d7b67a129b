from datetime import date, timedelta

from odoo import models
from odoo.fields import Command
from odoo.tools import SQL

from ..models.constants import LIGHT_CONTEXT


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Of merged contacts one place in each rhythm is left, one ledger, and the history of all of them.

    Odoo follows foreign keys, so tags, journal, replies and mails become the survivor's by themselves. It knows neither unique
    indexes (the touches of one run) nor the traces, which name their contact by number. Whoever may merge contacts need not
    know the cadence: like Odoo's own statements, none of this asks for rights on what is moved.
    """
    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_foreign_keys(self, src_partners, dst_partner):  # pylint: disable=missing-return; Odoo's has none
        src, dst = src_partners.sudo().with_context(active_test=False), dst_partner.sudo().with_context(active_test=False)
        opted_out = self._cadence_is_opt_out_lost(src, dst)
        taken_off = self._cadence_keep_one_place(src, dst)
        self.env['cadence.touch'].sudo()._merge_contacts(src.ids, dst.id)._cancel_mails()
        super()._update_foreign_keys(src_partners, dst_partner)
        if opted_out:
            dst.write({'category_id': [Command.link(self.env.ref('mass_mailing_cadence.tag_unsubscribed').id)]})
        if taken_off:
            self._cadence_tell(dst, taken_off)

    def _update_reference_fields(self, src_partners, dst_partner):  # pylint: disable=missing-return; Odoo's has none
        super()._update_reference_fields(src_partners, dst_partner)
        self.env['mailing.trace'].flush_model()
        self.env.execute_query(self._cadence_query_move_traces(src_partners, dst_partner))
        self.env['mailing.trace'].invalidate_model(['res_id'])

    def _cadence_query_move_traces(self, src_partners, dst_partner):
        # As SQL: a write would date the bounces among them anew.
        return SQL("""
            UPDATE mailing_trace SET res_id = %s WHERE model = 'res.partner' AND res_id = ANY(%s) RETURNING NULL
            """, dst_partner.id, src_partners.ids)

    # Opt-outs

    def _cadence_is_opt_out_lost(self, src, dst):
        """Whether somebody in a batch opted out with an address that merging forgets."""
        others = src.filtered(lambda partner: dst.cadence_email and partner.cadence_email != dst.cadence_email)
        if not any((src + dst).category_id.mapped('cadence_batch')):
            return False
        return bool(self.env['cadence.verdict'].sudo()._find_opted_out(others))

    # Places

    def _cadence_keep_one_place(self, src, dst):
        """Take the contacts out of all batches of a rhythm but one contact's, so that the survivor is mailed once a cycle.

        :return: [(batch tags taken off, batch tags kept)]
        """
        taken_off = []
        partners = dst + src
        batches = partners.category_id.filtered('cadence_batch')
        for (segment, group), tags in batches.grouped(lambda tag: (tag.cadence_segment_id, tag.cadence_group_id)).items():
            places = {partner: partner.category_id & tags for partner in partners if partner.category_id & tags}
            kept = places[min(places, key=self._cadence_get_claim(places, segment, group, dst))]
            if off := tags - kept:
                partners.with_context(**LIGHT_CONTEXT).write({'category_id': [Command.unlink(tag.id) for tag in off]})
                taken_off.append((off, kept))
        return taken_off

    def _cadence_get_claim(self, places, segment, group, dst):
        """The sort key by which a contact's place is kept: mailed last in this cycle, else the survivor's, else due first."""
        today = segment._get_local_day()
        mailed = {partner.id: day for partner, day in self.env['cadence.touch'].sudo()._read_group([
            ('partner_id', 'in', [partner.id for partner in places]), ('segment_id', '=', segment.id),
            ('tag_group_id', '=', group.id), ('date', '>', today - timedelta(days=group.cycle_days * group.every_rounds)),
            ('outcome', 'in', ('leaving', 'left', 'in_doubt')),
        ], ['partner_id'], ['date:max'])}

        def claim(partner):
            due = min(group._get_next_due(tag.cadence_batch, today, segment.company_id) or date.max for tag in places[partner])
            return -mailed.get(partner.id, date.min).toordinal(), partner != dst, due, partner.id
        return claim

    # Words

    def _cadence_tell(self, dst, taken_off):
        for off, kept in taken_off:
            detail = self.env._(
                "taken off %(tags)s, stays in %(kept)s", tags=', '.join(off.mapped('name')), kept=', '.join(kept.mapped('name')))
            entry = self.env['cadence.journal']._note(dst, 'merged', detail=detail, user_id=self.env.uid)
            dst.message_post(body=entry.display_name)
