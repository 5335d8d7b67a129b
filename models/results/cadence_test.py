import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import ab_test, rates

# What a success is: the column of the results that counts it, and the condition on a row of the counting's facts.
METRICS = {
    'replied': 'fact.has_replied',
    'positive': 'fact.is_positive',
    'clicked': 'fact.clicked_date IS NOT NULL',
    'opened': "fact.opener = 'person'",
}
USUAL_DAYS = 90  # of which the usual rate is taken when a test begins
USUAL_RATE = 0.01  # where nothing was mailed yet


class CadenceTest(models.Model):
    """Variants compared until one is better, letters of a step or sending times: companies are dealt to them by lot, and they
    are looked at every day.

    draft → running → decided (one is better) | open (no verdict: nothing that matters, or the split is broken) | stopped

    A company keeps its variant as long as the test runs, also when another variant joins: it is kept in `cadence.test.unit`.
    The evidence (`tools/ab_test.py`) holds at each look; at the planned number of companies the last one is taken.
    """
    _name = 'cadence.test'
    _description = 'Test'
    _inherit = ['mail.thread', 'mail.activity.mixin', 'cadence.guarded.mixin', 'cadence.rhythm.mixin']
    _order = 'start_date DESC NULLS FIRST, id DESC'

    segment_id = fields.Many2one(index=True)
    tag_group_id = fields.Many2one(required=False, domain=[('batch_count', '>', 0)], help="Of sending times: empty is all.")
    company_id = fields.Many2one(related='segment_id.company_id', store=True)
    kind = fields.Selection([
        ('letter', 'Letters'),
        ('hour', 'Sending Times'),
    ], 'Compares', required=True, default='letter')
    step = fields.Integer(required=True, default=1)
    arm_ids = fields.One2many('cadence.test.arm', 'test_id', 'Variants')
    metric = fields.Selection([
        ('replied', 'Replies'),
        ('positive', 'Positive replies'),
        ('clicked', 'Clicks'),
        ('opened', 'Opens'),
    ], 'Judged By', required=True, default='replied')
    difference = fields.Float(
        'Smallest Difference That Matters', required=True, default=0.5,
        help="Relative: 50 % is 1.5 replies from a hundred companies instead of 1. The smaller it is, the longer the test takes.")
    on_verdict = fields.Selection([
        ('propose', 'Propose'),
        ('switch', 'Switch automatically'),
    ], 'When One Is Better', required=True, default='propose')
    state = fields.Selection([
        ('draft', 'Draft'),
        ('running', 'Running'),
        ('decided', 'Decided'),
        ('open', 'No Verdict'),
        ('stopped', 'Stopped'),
    ], default='draft', required=True, readonly=True, copy=False, tracking=True)
    start_date = fields.Date('Since', readonly=True, copy=False)
    end_date = fields.Date('Until', readonly=True, copy=False)
    planned = fields.Integer(
        'Planned Companies', readonly=True, copy=False, help="Of each variant: there the last look is taken.")
    verdict = fields.Selection([
        ('better', 'One is better'),
        ('promising', 'One looks better'),
        ('same', 'No difference that matters'),
        ('unclear', 'No difference was found'),
        ('harmful', 'One does harm'),
        ('broken', 'The split is broken'),
        ('changed', 'A letter was changed'),
        ('open', 'Not known yet'),
    ], readonly=True, copy=False)
    best_arm_id = fields.Many2one(
        'cadence.test.arm', 'Best', ondelete='set null', index='btree_not_null', readonly=True, copy=False)
    evidence = fields.Float(
        readonly=True, copy=False, digits=(12, 2), help="How many times likelier with a difference than by chance.")
    needed = fields.Integer('Companies Missing', readonly=True, copy=False, help="Of each variant.")
    pace = fields.Float(readonly=True, copy=False, help="Companies of a variant a day.")
    mails_a_unit = fields.Float(readonly=True, copy=False, default=1.0, help="Mails to a company.")
    looks = fields.Json(readonly=True, copy=False, help="[[day, evidence], …]")
    looked_date = fields.Datetime('Looked On', readonly=True, copy=False)

    _guarded_fields = (
        'state', 'start_date', 'end_date', 'planned', 'verdict', 'best_arm_id', 'evidence', 'needed', 'pace', 'mails_a_unit',
        'looks', 'looked_date')

    _difference_range = models.Constraint(
        'CHECK (difference >= 0.05 AND difference <= 5)', "The smallest difference that matters lies between 5 % and 500 %.")
    _one_running = models.UniqueIndex(
        "(segment_id, tag_group_id, step) WHERE state = 'running' AND kind = 'letter'",
        "The letters of this step are being tested already.")

    _letters_have_group = models.Constraint(
        "CHECK (kind = 'hour' OR tag_group_id IS NOT NULL)", "Letters are compared within a tag group: choose one.")

    @api.depends('kind', 'segment_id', 'tag_group_id', 'step')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for test in self:
            test.display_name = test._get_name()

    def _get_name(self):
        rhythm = ' · '.join(filter(None, (self.segment_id.name, self.tag_group_id.name)))
        if self.kind == 'hour':
            return self.env._("%(rhythm)s, sending times", rhythm=rhythm) if rhythm else self.env._("Test of Sending Times")
        if not rhythm:
            return self.env._("Test of Letters")
        return self.env._("%(rhythm)s, step %(step)s", rhythm=rhythm, step=self.step)

    @api.constrains('segment_id', 'tag_group_id', 'step')
    def _check_frozen(self):
        for test in self:
            if test.kind == 'letter' and test.state != 'draft' and any(
                    arm.letter_id._get_place() != test._get_place() for arm in test.arm_ids):
                raise ValidationError(self.env._("A test that has begun stays with its letters."))

    @api.ondelete(at_uninstall=False)
    def _unlink_not_running(self):
        if self.filtered(lambda test: test.state == 'running'):
            raise UserError(self.env._("Stop the test before you delete it."))

    def _get_place(self):
        return *self._get_rhythm(), self.step

    def _get_candidates(self):
        """The letters of the step that can be mailed."""
        return self._get_letters().filtered(lambda letter: letter.step == self.step)

    # Life

    def action_start(self):
        """Begin: from now on the companies are dealt to the variants.

        :raise UserError: there are no two letters to compare
        """
        self._check_may_test()
        for test in self:
            if test.state == 'running' or test._find_rival():
                raise UserError(self.env._("The letters of this step are being tested already: stop that test first.")
                                if test.kind == 'letter' else self.env._(
                                    "Sending times of this segment are being tested already: stop that test first."))
            test.sudo()._start()
        return True

    def _find_rival(self):
        """Another test of the same that runs."""
        return self.sudo().search(
            [*self._get_rival_domain(), ('state', '=', 'running'), ('id', '!=', self.id)], limit=1)

    def _get_rival_domain(self):
        return [
            ('kind', '=', 'letter'), ('segment_id', '=', self.segment_id.id), ('tag_group_id', '=', self.tag_group_id.id),
            ('step', '=', self.step)]

    def _check_ready(self):
        """Whether there is something to compare: without a choice all letters of the step."""
        if not self.arm_ids:
            self.arm_ids = [fields.Command.create({'letter_id': letter.id}) for letter in self._get_candidates()]
        if len(self.arm_ids.filtered('is_mailable')) < 2:
            raise UserError(self.env._(
                "A test compares at least two letters of step %(step)s that can be mailed: write a variant first.",
                step=self.step))

    def _start(self):
        self._check_ready()
        self.env['cadence.test.unit'].search([('test_id', '=', self.id)]).unlink()
        since = self._get_next_day()
        self.arm_ids._begin(since)
        self.write({
            'state': 'running', 'start_date': since, 'end_date': False, 'looks': [], 'verdict': 'open', 'evidence': 1.0,
            'best_arm_id': False, 'pace': 0,
            'planned': ab_test.needed_trials(self._get_usual_rate(), self.difference)})
        self.needed = self.planned

    def _get_next_day(self):
        """From when on the lot holds: today's contacts may have been dealt already, each by itself."""
        return fields.Date.add(self.segment_id._get_local_day(), days=1)

    @api.model
    def _find_running(self, run):
        """The tests of the run's letters."""
        return self.sudo().search([
            ('kind', '=', 'letter'), ('segment_id', '=', run.segment_id.id), ('tag_group_id', '=', run.tag_group_id.id),
            ('state', '=', 'running'), ('start_date', '<=', run.date)])

    def _get_usual_rate(self):
        """The rate of these mails in the months before, by which the number of companies is planned."""
        since = fields.Date.subtract(fields.Date.today(), days=USUAL_DAYS)
        domain = [('segment_id', '=', self.segment_id.id), ('date', '>=', since)]
        if self.tag_group_id:
            domain.append(('tag_group_id', '=', self.tag_group_id.id))
        if self.kind == 'letter':
            domain.append(('step', '=', self.step))
        [[count, delivered]] = self.env['cadence.result']._read_group(domain, [], [f'{self.metric}:sum', 'delivered:sum'])
        if rates.is_small(delivered or 0) or not count:
            return USUAL_RATE
        return min(max(count / delivered, 0.001), 0.5)

    def action_stop(self):
        """End the test without a verdict; letters are dealt to the contacts, and mails leave, as before."""
        self._check_may_test()
        self.filtered(lambda test: test.state == 'running').sudo()._end('stopped')
        return True

    def _end(self, state):
        self.write({'state': state, 'end_date': fields.Date.today(), 'needed': 0})

    # What follows from the verdict

    def action_switch(self):
        """Archive what is not the best letter, or mail at the better time; it is written down, and can be undone."""
        self._check_may_test()
        for test in self:
            if test.state != 'decided' or not test._may_switch():
                raise UserError(self.env._("There is nothing to archive: no letter has lost.") if test.kind == 'letter'
                                else self.env._("There is nothing to switch: no other sending time is better."))
            test.sudo()._switch()
        return True

    def _may_switch(self):
        return bool(self._get_losers())

    def _may_undo(self):
        return bool(self._get_archived())

    def _get_losers(self):
        """The variants that a verdict says should go, and are still there."""
        return self.arm_ids.filtered(lambda arm: arm.is_loser and arm.letter_id.active)

    def _get_archived(self):
        return self.arm_ids.filtered(lambda arm: arm.is_archived and not arm.letter_id.active)

    def _switch(self):
        losers = self._get_losers()
        names = ', '.join(losers.letter_id.mapped('display_name'))
        losers.letter_id.active = False
        losers.is_archived = True
        self._note_both(self.env._(
            "Archived after the test %(test)s: %(letters)s. %(sentence)s It can be undone on the test.",
            test=self.display_name, letters=names, sentence=self.sentence))

    def _note_both(self, body):
        """Where somebody looks for it: on the test and on the segment. What was proposed is done."""
        self.activity_ids.filtered('automated').action_feedback()
        for record in (self, self.segment_id):
            record.message_post(body=body)

    def action_undo(self):
        """Bring back the letters that the test archived, or the sending time that it changed."""
        self._check_may_test()
        for test in self.sudo():
            if not test._may_undo():
                raise UserError(self.env._("The test has archived no letter.") if test.kind == 'letter'
                                else self.env._("The segment's sending time is not this test's any more."))
            test._undo()
        return True

    def _undo(self):
        back = self._get_archived()
        back.letter_id.active = True
        back.is_archived = False
        self._note_both(self.env._("Brought back: %(letters)s", letters=', '.join(back.letter_id.mapped('display_name'))))

    def _propose(self):
        """Tell the responsible what the test found."""
        user = self.segment_id.user_id
        self.activity_schedule(
            'mail.mail_activity_data_todo', user_id=user.id or self.env.uid,
            summary=self.env._("The test is decided: %(test)s", test=self.display_name), note=self.sentence)

    # Access

    def _check_may_test(self):
        if not self.env.user.has_group('mass_mailing_cadence.group_user'):
            raise AccessError(self.env._("Only users of Mailing Cadence test letters."))
        self.check_access('read')

    def action_open_letters(self):
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id('mass_mailing_cadence.cadence_letter_action')
        return dict(action, domain=[('id', 'in', self.arm_ids.letter_id.ids)], context={'active_test': False})


def get_fingerprint(*texts):
    """What a letter says, as a short text that is another one after any change."""
    return hashlib.sha256('\0'.join(str(text or '') for text in texts).encode()).hexdigest()[:16]
