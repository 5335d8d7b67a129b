from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import calendar, rates

COUNTED = ('dealt', 'trials', 'successes', 'opt_outs', 'bounces', 'mails')


class CadenceTestArm(models.Model):
    """A variant of a test, and what was counted of it at the last look."""
    _name = 'cadence.test.arm'
    _description = 'Variant of a Test'
    _inherit = ['cadence.guarded.mixin']
    _order = 'test_id, letter_id, hour, id'

    test_id = fields.Many2one('cadence.test', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='test_id.company_id', store=True)
    letter_id = fields.Many2one('cadence.letter', ondelete='cascade', index=True)
    hour = fields.Float('Sending Time', help="On the segment's clock.")
    subject = fields.Char(related='letter_id.subject')
    body_html = fields.Html(related='letter_id.body_html', string='Thumbnail')
    is_mailable = fields.Boolean(compute='_compute_is_mailable', compute_sudo=True)
    since = fields.Date(readonly=True, copy=False, help="The day on which the first companies were dealt to it.")
    fingerprint = fields.Char(readonly=True, copy=False)
    dealt = fields.Integer('Companies', readonly=True, copy=False, help="That were dealt to this variant.")
    trials = fields.Integer('Judged', readonly=True, copy=False, help="Companies whose first mail is some days old.")
    successes = fields.Integer(readonly=True, copy=False, help="Companies of which somebody did what the test is judged by.")
    opt_outs = fields.Integer('Unsubscribed', readonly=True, copy=False)
    bounces = fields.Integer('Came Back', readonly=True, copy=False)
    mails = fields.Integer(readonly=True, copy=False)
    is_loser = fields.Boolean('Lost', readonly=True, copy=False)
    is_archived = fields.Boolean('Archived by the Test', readonly=True, copy=False)
    rate = fields.Json('Rate and Interval', compute='_compute_rate', help="{value, text, is_small, low, high}")
    rate_text = fields.Char('Rate', compute='_compute_rate')

    _guarded_fields = (
        'since', 'fingerprint', 'dealt', 'trials', 'successes', 'opt_outs', 'bounces', 'mails', 'is_loser', 'is_archived')

    _letter_once = models.UniqueIndex('(test_id, letter_id)', "The letter is in the test already.")

    _hour_once = models.UniqueIndex('(test_id, hour) WHERE letter_id IS NULL', "The sending time is in the test already.")
    _hour_range = models.Constraint(
        'CHECK (hour IS NULL OR hour >= 0 AND hour < 24)', "A sending time lies between 00:00 and 23:59.")

    @api.depends('letter_id', 'hour')
    def _compute_display_name(self):
        for arm in self:
            arm.display_name = calendar.clock(arm.hour) if arm._is_hour() else arm.letter_id.display_name

    def _is_hour(self):
        return self.test_id.kind == 'hour'

    @api.depends('letter_id.active', 'letter_id.problem')
    def _compute_is_mailable(self):
        for arm in self:
            arm.is_mailable = arm.letter_id.active and not arm.letter_id.problem

    @api.depends('trials', 'successes')
    def _compute_rate(self):
        for arm in self:
            cell = rates.tell(arm.successes, arm.trials)
            arm.rate = cell._asdict()
            arm.rate_text = cell.text

    @api.constrains('letter_id', 'test_id')
    def _check_letter(self):
        for arm in self:
            if arm._is_hour():
                if arm.letter_id:
                    raise ValidationError(self.env._("A test of sending times compares hours, not letters."))
            elif not arm.letter_id or arm.letter_id._get_place() != arm.test_id._get_place():
                raise ValidationError(self.env._(
                    "%(letter)s is not a letter of %(test)s.", letter=arm.letter_id.display_name or '–',
                    test=arm.test_id.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        """A variant that joins later: companies keep what they have, and all are counted from now on."""
        arms = super().create(vals_list)
        for arm in arms.filtered(lambda arm: arm.test_id.state == 'running').sudo():
            arm.test_id._check_ready()
            arm._begin(arm.test_id._get_next_day())
        arms.test_id.filtered(lambda test: test.kind == 'hour' and test.state == 'running')._follow()
        return arms

    def write(self, vals):
        if 'test_id' in vals and self.filtered(lambda arm: arm.since and arm.test_id.id != vals['test_id']):
            raise UserError(self.env._("A variant that companies were dealt to stays in its test."))
        return super().write(vals)

    @api.constrains('hour')
    def _check_hour_frozen(self):
        if self.filtered(lambda arm: arm.since and arm.test_id.state in ('running', 'decided')):
            raise ValidationError(self.env._("Companies keep their sending time as long as a test runs: stop it first."))

    @api.ondelete(at_uninstall=False)
    def _unlink_not_dealt(self):
        if self.filtered(lambda arm: arm._is_hour() and arm.test_id.state == 'running'):
            raise UserError(self.env._("Companies keep their sending time as long as a test runs: stop it first."))

    def _is_current(self):
        """Whether mails still go out with it."""
        return self._is_hour() or self.letter_id.active

    def _begin(self, since):
        for arm in self:
            arm.write(dict.fromkeys(COUNTED, 0) | {
                'since': since, 'fingerprint': not arm._is_hour() and arm.letter_id._get_fingerprint(),
                'is_loser': False, 'is_archived': False})

    def _is_changed(self):
        """Whether the letter says something else than when it began."""
        return not self._is_hour() and self.fingerprint != self.letter_id._get_fingerprint()
