from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..constants import DECIDED, INTERNAL


class ResPartner(models.Model):
    """What follows for a contact from tags, replies and silence."""
    _inherit = 'res.partner'

    cadence_cooled_date = fields.Date(
        'Cooled Down On', readonly=True, copy=False, groups=INTERNAL,
        help="Has not opened a mail of the faster rhythm for many rounds.")

    @api.model
    def _cadence_get_followed_domain(self, setting, company=None):
        """The contacts in a segment of a company whose setting is on: for nobody else does anything happen by itself.

        Batches and segments that are archived count where the caller looks with `active_test=False`, as all do: what rests
        today is mailed again tomorrow.

        :param company: only the segments of this company count, and only its contacts and those without a company
        """
        segments = Domain('cadence_segment_id.company_id.' + setting, '=', True)
        if not company:
            return Domain('category_id', 'any', segments)
        segments &= Domain('cadence_segment_id.company_id', '=', company.id)
        return Domain('category_id', 'any', segments) & Domain('company_id', 'in', (company.id, False))

    # The tag Unsubscribed by hand

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(vals.get('category_id') for vals in vals_list):
            partners._cadence_follow_tag([command for vals in vals_list for command in vals.get('category_id') or ()])
        return partners

    def write(self, vals):
        is_import = 'category_id' in vals and self.env.context.get('import_file')
        kept = {partner: partner._cadence_get_protective_tags() for partner in self} if is_import else {}
        result = super().write(vals)
        if 'category_id' in vals:
            self._cadence_follow_tag(vals['category_id'] or ())
        for partner, tags in kept.items():
            if lost := tags - partner.category_id:
                partner.category_id += lost
        return result

    def _cadence_get_protective_tags(self):
        """The tags that an import does not take off: a table from last week knows nothing of who has replied since."""
        return self.category_id.filtered(
            lambda tag: tag.sudo().cadence_group_id and not tag.sudo().cadence_group_id.batch_count)

    def _cadence_follow_tag(self, commands):
        """Whoever gives the tag Unsubscribed means the address: Odoo's blacklist holds for all other mailings."""
        tag = self.env.ref('mass_mailing_cadence.tag_unsubscribed', raise_if_not_found=False)
        if not tag or self.env.context.get(DECIDED) or not _mentions(commands, tag.id):
            return
        self.invalidate_recordset(['is_blacklisted'])
        partners = self.sudo().with_context(active_test=False).search(
            Domain('id', 'in', self.ids) & self._cadence_get_followed_domain('cadence_follow_risks'))
        partners = partners.filtered(lambda partner: tag in partner.category_id and not partner.is_blacklisted)
        if partners:
            self.env['cadence.risk']._block(partners, 'by_hand')
            self.env['cadence.journal']._note(
                partners, 'by_hand', tag_id=tag.id, is_blocked=True, user_id=self.env.uid)

    # Mails on their way

    def _cadence_stop_mails(self):
        """Cancel the run mails to these contacts that wait in Odoo's mail queue; one that leaves just now cannot be held."""
        if not self:
            return
        self.env['mailing.trace'].flush_model()
        mail_ids = [id_ for id_, in self.env.execute_query(SQL("""
            SELECT mail.id
              FROM mailing_trace trace
              JOIN mail_mail mail ON mail.id = trace.mail_mail_id
             WHERE trace.res_id = ANY(%s)
               AND trace.model = 'res.partner'
               AND trace.trace_status = 'outgoing'
               AND trace.cadence_touch_id IS NOT NULL
               AND mail.state = 'outgoing'
               FOR UPDATE OF mail SKIP LOCKED
            """, self.ids))]
        self.env['mail.mail'].sudo().browse(mail_ids)._cadence_keep_back()

    # Silence

    @api.model
    def _cadence_cool_down(self, now):
        """Mark the readers who opened nothing for so many rounds; nothing else changes, but a view can ask for the mark."""
        for company in self.env['res.company'].search([('cadence_cool_rounds', '>', 0)]):
            for group in self.env['cadence.tag.group'].search([('reader_group_id', '!=', False)]).reader_group_id:
                self.env['cadence.run'].flush_model()
                self.env['cadence.touch'].flush_model()
                self.env['mailing.trace'].flush_model()
                self.env.execute_query(self._query_cool_down(company, group, now))
        self.invalidate_model(['cadence_cooled_date'])
        self.env['cadence.journal'].invalidate_model()
        return False

    def _query_cool_down(self, company, group, now):
        """Asked of those whose last mail is one cycle old: that one had its time as well."""
        return SQL("""
            WITH mailed AS (
                SELECT DISTINCT touch.partner_id
                  FROM cadence_run run
                  JOIN cadence_touch touch ON touch.run_id = run.id
                 WHERE run.company_id = %(company_id)s
                   AND run.tag_group_id = %(group_id)s
                   AND run.date BETWEEN %(today)s - %(cycle_days)s - 3 AND %(today)s - %(cycle_days)s
                   AND touch.outcome = 'left'
            ),
            cooled AS (
                UPDATE res_partner
                   SET cadence_cooled_date = %(today)s
                  FROM mailed
                 WHERE mailed.partner_id = res_partner.id
                   AND res_partner.cadence_cooled_date IS NULL
                   AND %(rounds)s = (
                       SELECT COUNT(*) FILTER (WHERE trace.open_datetime IS NULL
                                                 OR trace.cadence_follow_up IN ('machine', 'privacy'))
                         FROM (SELECT last.id
                                 FROM cadence_touch last
                                WHERE last.partner_id = mailed.partner_id
                                  AND last.tag_group_id = %(group_id)s
                                  AND last.company_id = %(company_id)s
                                  AND last.outcome = 'left'
                                  AND last.date <= %(today)s - %(cycle_days)s
                             ORDER BY last.date DESC
                                LIMIT %(rounds)s) last
                         JOIN mailing_trace trace ON trace.cadence_touch_id = last.id)
                   AND NOT EXISTS (
                       SELECT FROM cadence_touch later
                         JOIN mailing_trace trace ON trace.cadence_touch_id = later.id
                        WHERE later.partner_id = mailed.partner_id
                          AND later.company_id = %(company_id)s
                          AND later.date > %(today)s - %(cycle_days)s
                          AND trace.open_datetime IS NOT NULL)
             RETURNING res_partner.id
            )
            %(written)s
         RETURNING 1
            """, company_id=company.id, group_id=group.id, cycle_days=group.cycle_days, rounds=company.cadence_cool_rounds,
            today=now.date(), written=self.env['cadence.journal']._sql_insert(SQL("""
                SELECT id, %s::int, 'silent', %s, NULL::int, NULL::int, NULL::int FROM cooled
                """, company.id, str(company.cadence_cool_rounds)), now))

    # Freeing

    def action_cadence_free(self):
        """Ask for the note with which somebody who subscribed again is freed."""
        self.ensure_one()
        self.check_access('write')
        self.env['cadence.release'].check_access('create')
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Mail This Contact Again"), 'res_model': 'cadence.release',
            'views': [(False, 'form')], 'target': 'new', 'context': {'default_partner_id': self.id},
        }


def _mentions(commands, tag_id):
    """Whether x2many commands may link the record."""
    return any(
        (command[0] == Command.LINK and command[1] == tag_id) or (command[0] == Command.SET and tag_id in command[2])
        if isinstance(command, (list, tuple)) else command == tag_id
        for command in commands)
