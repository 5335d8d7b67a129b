from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.sender import breaker

PROVEN_BY_DAYS = 3  # whose mails are looked at
FINISHED = ('done', 'cancelled', 'undone')  # states in which no address comes any more


class CadenceIntake(models.Model):
    """What a load of addresses does to its sender: some of it are mailed first, and what hurts is held."""
    _inherit = 'cadence.intake'

    is_proven = fields.Boolean(
        readonly=True, copy=False, help="Enough of its addresses were mailed, and the mails came through.")
    is_held = fields.Boolean(
        'Contacts Held', readonly=True, copy=False, tracking=True, help="Nothing leaves to its contacts until somebody lets it.")

    _guarded_fields = ('is_proven', 'is_held')

    _unproven = models.Index('(segment_id) WHERE is_proven IS NOT TRUE')
    _held = models.Index('(id) WHERE is_held IS TRUE')

    # Hold

    def _check_may_hold(self):
        if not self.env.su and not self.env.user.has_group('mass_mailing_cadence.group_user'):
            raise AccessError(self.env._("Only users of Mailing Cadence hold contacts."))
        self.check_access('write')

    def action_hold(self):
        """Nothing leaves to the contacts of these loads any more; they are next in line until somebody lets them go."""
        self._check_may_hold()
        self.sudo().is_held = True
        self.flush_recordset(['is_held'])
        waiting = self.env['cadence.touch'].sudo().search([
            ('outcome', '=', 'waiting'), ('company_id', 'in', self.company_id.ids),
            ('partner_id', 'any', [('cadence_intake_line_ids', 'any', self._get_saved_domain())])])
        fallen = waiting._look_again()
        fallen._cancel_mails()
        fallen.run_id._settle()
        return True

    def action_release(self):
        self._check_may_hold()
        self.sudo().is_held = False
        self.flush_recordset(['is_held'])
        self._decide_anew('intake_held')
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        """Nobody would know any more whose mails were to be held, and they would leave."""
        if held := self.filtered(lambda intake: intake.is_held and intake.state != 'undone')[:1]:
            raise UserError(self.env._(
                "The contacts of %(intake)s are held: let them go or undo the intake before you delete it.", intake=held.name))

    def _get_saved_domain(self):
        return [('intake_id', 'in', self.ids), ('state', '=', 'saved')]

    def _decide_anew(self, reason):
        """Whom today's runs deferred for the reason they decide about once more."""
        runs = self.env['cadence.run'].sudo().search([
            ('is_today', '=', True), ('is_closed', '!=', True), ('state', '!=', 'cancelled'),
            ('segment_id.company_id', 'in', self.company_id.ids), ('touch_ids', 'any', [('reason', '=', reason)])])
        runs._decide_anew([('reason', '=', reason)])

    @api.model
    def _sql_held(self, partner, company):
        """Whether a contact is of a load that is held in the company; both are SQL of an id.

        A contact that companies share may be in a load of each: what one holds is not the other's to wait for.
        """
        return SQL("""
            EXISTS (SELECT FROM cadence_intake_line line
                      JOIN cadence_intake held ON held.id = line.intake_id
                     WHERE line.partner_id = %s AND line.state = 'saved' AND held.is_held IS TRUE AND held.company_id = %s)
            """, partner, company)

    # Prove

    @api.model
    def _prove(self, now):
        """Let the rest of a load go whose first mails came through for some hours."""
        proven = self.browse()
        for company in self.env['res.company'].search([('cadence_canary_count', '>', 0)]):
            unproven = self.search([
                ('company_id', '=', company.id), ('is_proven', '!=', True), ('state', 'in', ('saving', *FINISHED))])
            if not unproven:
                continue
            proven += unproven._filter_small(company.cadence_canary_count)
            ids = [
                id_ for id_, *row in self.env.execute_query(self._query_samples(company, now))
                if row[0] >= company.cadence_canary_count and breaker.judge(breaker.Window(*row)).light == 'green']
            proven += self.browse(ids)
        if proven:
            proven = proven.browse(set(proven.ids))
            proven.sudo().is_proven = True
            proven.flush_recordset(['is_proven'])
            proven._decide_anew('canary')

    def _filter_small(self, count):
        """Those with no more addresses than go first in any case: nobody need look at them again."""
        return self.browse(id_ for id_, in self.env.execute_query(SQL("""
            SELECT intake.id
              FROM cadence_intake intake
             WHERE intake.id = ANY(%(ids)s)
               AND intake.state = ANY(%(finished)s)
               AND (SELECT COUNT(*)
                      FROM (SELECT FROM cadence_intake_line line
                             WHERE line.intake_id = intake.id AND line.state = 'saved'
                             LIMIT %(more)s) few) <= %(count)s
            """, ids=self.ids, finished=list(FINISHED), count=count, more=count + 1)))

    def _query_samples(self, company, now):
        """(intake id, mails, of these to addresses that do not exist, of these that came back) of loads that are not proven."""
        return SQL("""
            SELECT line.intake_id,
                   COUNT(*),
                   COUNT(*) FILTER (WHERE mailed.has_returned AND NOT EXISTS (
                       SELECT FROM cadence_journal entry
                        WHERE entry.trace_id = mailed.trace_id AND entry.reason = 'soft_bounce')),
                   COUNT(*) FILTER (WHERE mailed.has_returned)
              FROM (SELECT touch.partner_id,
                           trace.id AS trace_id,
                           touch.outcome = 'refused' OR trace.trace_status = 'bounce' AS has_returned
                      FROM cadence_touch touch
                 LEFT JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
                     WHERE touch.company_id = %(company_id)s
                       AND touch.day >= %(first_date)s
                       AND touch.state = 'reserved'
                       AND touch.outcome IN ('left', 'refused')
                       AND touch.outcome_date <= %(until)s) mailed
              JOIN cadence_intake_line line ON line.partner_id = mailed.partner_id AND line.state = 'saved'
              JOIN cadence_intake intake
                ON intake.id = line.intake_id AND intake.is_proven IS NOT TRUE AND intake.company_id = %(company_id)s
          GROUP BY line.intake_id
            """, company_id=company.id, first_date=company._cadence_get_day(now) - timedelta(days=PROVEN_BY_DAYS),
            until=now - timedelta(hours=company.cadence_canary_hours))
