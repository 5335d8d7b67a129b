from math import ceil, floor, log10

from odoo import api, fields, models

from ...tools import ab_test


def about(number):
    """A number as one says it: with two digits that count.

    >>> about(3127), about(87), about(4.2)
    (3100, 87, 4)
    """
    digits = max(floor(log10(number)) - 1, 0) if number >= 1 else 0
    return int(round(number / 10 ** digits) * 10 ** digits)


class CadenceTest(models.Model):
    """The verdict as sentences."""
    _inherit = 'cadence.test'

    sentence = fields.Char('Verdict in Words', compute='_compute_sentence')
    warning = fields.Char(compute='_compute_warning')
    picture = fields.Json(compute='_compute_picture', help="{variants: [{name, text, value, low, high}], looks, decided}")
    can_switch = fields.Boolean(compute='_compute_buttons')
    can_undo = fields.Boolean(compute='_compute_buttons')

    @api.depends('kind', 'state', 'verdict', 'needed', 'pace', 'evidence', 'best_arm_id', 'arm_ids.rate_text', 'arm_ids.is_loser')
    @api.depends_context('lang')
    def _compute_sentence(self):
        for test in self:
            test.sentence = test._get_sentence()

    def _get_sentence(self):
        if self.state == 'draft':
            return self.env._("Nothing is compared yet: start the test.")
        if self.state == 'stopped' and self.verdict != 'changed':
            return self.env._("The test was stopped before anything was known.")
        names = {'best': self.best_arm_id.display_name, 'missing': self._get_missing()}
        match self.verdict:
            case 'better':
                return self.env._("“%(best)s” is better: %(rates)s.", rates=self._get_rates(), **names)
            case 'promising':
                return self.env._("“%(best)s” looks better (%(rates)s), but it may be chance: %(missing)s.",
                                  rates=self._get_rates(), **names)
            case 'same':
                return self.env._(
                    "There is no difference that matters: %(rates)s. Keep whichever you like.", rates=self._get_rates())
            case 'unclear' if self.kind == 'hour':
                return self.env._(
                    "All planned companies were mailed and no sending time is better: %(rates)s. Any difference is probably "
                    "smaller than %(difference)s %%.", rates=self._get_rates(), difference=round(100 * self.difference))
            case 'unclear':
                return self.env._(
                    "All planned companies were mailed and no letter is better: %(rates)s. Any difference is probably "
                    "smaller than %(difference)s %%.", rates=self._get_rates(), difference=round(100 * self.difference))
            case 'harmful':
                return self.env._(
                    "“%(letter)s” does harm: more recipients unsubscribe after it, or more mails come back, than of the others.",
                    letter=self.arm_ids.filtered('is_loser')[:1].display_name)
            case 'broken' if self.kind == 'hour':
                return self.env._(
                    "The sending times were not dealt evenly (%(counts)s companies): no verdict can be trusted. Were runs "
                    "stopped before the last hour?", counts=' / '.join(f'{arm.trials:,}' for arm in self._get_arms()))
            case 'broken':
                return self.env._(
                    "The letters were not dealt evenly (%(counts)s companies): no verdict can be trusted. Was a letter empty "
                    "or archived meanwhile?", counts=' / '.join(f'{arm.trials:,}' for arm in self._get_arms()))
            case 'changed':
                return self.env._("A letter was changed or archived while it was compared: start again.")
        return self.env._("Nothing is known yet: %(missing)s.", **names)

    def _get_rates(self):
        """The letters' rates, the best one first."""
        arms = self.arm_ids.sorted(lambda arm: -(arm.rate['value'] or 0))
        return self.env._(" against ").join(arm.rate_text for arm in arms)

    def _get_missing(self):
        mails = about(self.needed * len(self.arm_ids) * (self.mails_a_unit or 1))
        if not self.pace:
            return self.env._("needs about %(mails)s more mails", mails=f'{mails:,}')
        return self.env._("needs about %(mails)s more mails, some %(days)s days", mails=f'{mails:,}',
                          days=f'{about(ceil(self.needed / self.pace)):,}')

    @api.depends('kind', 'metric', 'arm_ids.letter_id', 'arm_ids.hour', 'segment_id', 'tag_group_id', 'step', 'state')
    @api.depends_context('lang')
    def _compute_warning(self):
        for test in self:
            test.warning = ' '.join(filter(None, test._get_warnings()))

    def _get_warnings(self):
        if self.metric == 'opened':
            yield self.env._(
                "Opens are a weak sign: many mail programs open every mail by themselves, and hide who reads. "
                "Replies tell more.")
        if self.kind == 'hour':
            yield from self._get_hour_warnings()
            return
        others = self._get_candidates() - self.arm_ids.letter_id if self.arm_ids else False
        if others and self.state in ('draft', 'running'):
            yield self.env._(
                "Not in the test, and mailed to nobody while it runs: %(letters)s",
                letters=', '.join(others.mapped('display_name')))

    def _get_hour_warnings(self):
        if self.state not in ('draft', 'running') or not self.segment_id:
            return
        if not self.segment_id.auto_send:
            yield self.env._(
                "The segment's drafts wait for a review: what is sent after an hour does not leave at that hour.")
        if self.tag_group_id:
            yield self.env._(
                "The sending time is the segment's: the better one will be that of its other tag groups as well.")

    @api.depends('looks', 'arm_ids.rate', 'arm_ids.letter_id', 'arm_ids.hour')
    @api.depends_context('lang')
    def _compute_picture(self):
        """Between what each letter's rate lies, and how the evidence grew."""
        for test in self:
            arms = test.arm_ids.filtered('trials')
            test.picture = arms and {
                'variants': [{'name': arm.display_name, **arm.rate} for arm in arms],
                'looks': test.looks or [], 'decided': ab_test.EARLY * max(len(test.arm_ids) - 1, 1)}

    @api.depends('state', 'arm_ids.is_loser', 'arm_ids.is_archived', 'arm_ids.letter_id.active', 'best_arm_id', 'is_switched',
                 'segment_id.send_time')
    def _compute_buttons(self):
        for test in self:
            test.can_switch = test.state == 'decided' and test._may_switch()
            test.can_undo = test._may_undo()
