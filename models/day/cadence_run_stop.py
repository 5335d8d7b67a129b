from odoo import api, fields, models
from odoo.tools import SQL


class CadenceRun(models.Model):
    """Stop: hold every mail of a run that has not left, within seconds, and let it go again."""
    _inherit = 'cadence.run'

    is_stopped = fields.Boolean('Stopped', readonly=True, copy=False, tracking=True,
        help="Nothing leaves until somebody resumes it.")
    is_held = fields.Boolean('Nothing Leaves', compute='_compute_is_held', compute_sudo=True)

    @api.depends('is_stopped', 'state', 'segment_id.is_stopped', 'segment_id.active', 'tag_group_id.active')
    def _compute_is_held(self):
        for run in self:
            segment = run.segment_id
            run.is_held = (run.is_stopped or run.state == 'cancelled' or segment.is_stopped or not segment.active
                           or not run.tag_group_id.active)

    @api.model
    def _sql_held(self):
        """`is_held` over the tables run and segment: asked of the database for each mail, so that a stop holds within seconds."""
        return SQL("""
            (run.is_stopped IS TRUE OR run.state = 'cancelled' OR segment.is_stopped IS TRUE OR NOT segment.active
             OR EXISTS (SELECT FROM cadence_tag_group tag_group WHERE tag_group.id = run.tag_group_id AND NOT tag_group.active))
            """)

    def action_stop(self):
        """Hold everything of these runs that has not left; says how many had left."""
        self._check_may_run()
        self.sudo().is_stopped = True
        return self.sudo()._notify_stopped()

    def action_resume(self):
        """Let go what was held: at the sending time, or at once when it has passed."""
        self._check_may_run()
        self.sudo().is_stopped = False
        self.sudo()._let_go()
        return True

    def action_stop_today(self):
        """Hold everything that leaves today in the user's companies, whatever cards are ticked."""
        return self._get_of_today().action_stop()

    def action_resume_today(self):
        return self._get_of_today().action_resume()

    @api.model
    def _get_of_today(self):
        return self.search([('is_today', '=', True), ('company_id', 'in', self.env.companies.ids)])

    def _let_go(self):
        self.env['cadence.touch'].search([('run_id', 'in', self.ids), ('outcome', '=', 'waiting')])._release_mails()
        self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').sudo()._trigger()
        self.env.ref('mass_mailing_cadence.ir_cron_queue_today').sudo()._trigger()

    def _ask_for_review(self):
        """Somebody wants to look first: what is queued becomes a draft again, what is composed is held."""
        for run in self:
            run.mailing_ids.filtered(lambda mailing: mailing.state == 'in_queue').action_cancel()
            if {'sending', 'done'} & set(run.mailing_ids.mapped('state')) and run._is_under_way():
                run.is_stopped = True

    def _notify_stopped(self):
        held = sum(self.mapped('waiting_count'))
        message = self.env._("Stopped: %(left)s mails had left, %(held)s are held.",
                             left=f"{sum(self.mapped('mailed_count')):,}", held=f'{held:,}')
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'message': message, 'type': 'warning', 'sticky': True,
                       'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}},
        }
