from odoo import api, models

from .cadence_touch import REASONS


class CadenceRun(models.Model):
    """The audience of a run as a story, from everybody in the batches to those mailed."""
    _inherit = 'cadence.run'

    @api.depends_context('lang', 'uid')
    def _compute_story(self):
        for run in self:
            run.story = run._get_story()

    def _get_story(self):
        """[{key, label, count, kind}] from everybody tagged to those mailed; the counts add up exactly."""
        self.ensure_one()
        counts = self._get_outcome_counts()
        total = sum(counts.values())
        views = self.env['cadence.view'].sudo().with_context(active_test=False).browse(
            dict.fromkeys(view_id for _state, _reason, view_id in counts if view_id))
        labels = dict(self.env['cadence.touch']._fields['reason']._description_selection(self.env))
        order = {reason: position for position, (reason, _label) in enumerate(REASONS)}
        ranks = {view.id: rank for rank, view in enumerate(self.tag_group_id.sudo().exclude_view_ids)}
        hindrances = sorted(
            (key for key in counts if key[0] != 'reserved'),
            key=lambda key: (key[0] == 'deferred', order.get(key[1], 99), ranks.get(key[2], 99)))
        names = {view.id: view.name for view in views}
        story = [{'key': None, 'label': self.env._("In the batches"), 'count': total, 'kind': 'start'}]
        for key in hindrances:
            state, reason, view_id = key
            label = names.get(view_id) if reason == 'view' else labels.get(reason)
            if state == 'deferred':
                label = self.env._("Deferred: %(reason)s", reason=label)
            story.append({'key': list(key), 'label': label, 'count': counts[key], 'kind': state})
        mailed = counts.get(('reserved', None, None), 0)
        label = self.env._("Mailed") if self.state == 'done' else self.env._("To be mailed")
        return [*story, {'key': ['reserved', None, None], 'label': label, 'count': mailed, 'kind': 'reserved'}]

    def _get_outcome_counts(self):
        """{(state, reason, view id): contacts}: of the ledger, or of a preview where nothing is reserved yet."""
        if not self.summary and self._can_run() and not self._has_touches():
            rows = self.env['cadence.audience']._preview(self, self._get_letters())
            return {(state, reason, view_id): count for state, reason, view_id, count in rows}
        counts = self._get_removed_counts()
        for state, reason, view, count in self.env['cadence.touch']._read_group(
                [('run_id', '=', self.id)], ['state', 'reason', 'view_id'], ['__count']):
            key = (state, reason or None, view.id or None)
            counts[key] = counts.get(key, 0) + count
        return counts

    def _has_touches(self, state=None):
        domain = [('run_id', '=', self.id)] + ([('state', '=', state)] if state else [])
        return bool(self.env['cadence.touch'].search_count(domain, limit=1))

    def _get_removed_counts(self):
        return {tuple(key): count for *key, count in self.summary or []}

    @api.model
    def _add_to_summary(self, rows):
        """Add [(run id, state, reason, view id, count)] of touches that leave the ledger to their runs' stories."""
        for run_id, *key, count in rows:
            run = self.browse(run_id)
            counts = run._get_removed_counts()
            counts[tuple(key)] = counts.get(tuple(key), 0) + count
            run.summary = [[*key_, count_] for key_, count_ in counts.items()]

    def action_open_outcome(self, key):
        """The contacts behind one number of the story; `key` is [state, reason, view id], or None for all."""
        self.ensure_one()
        if self._has_touches():
            domain = [('run_id', '=', self.id)]
            if key:
                domain += [('state', '=', key[0]), ('reason', '=', key[1] or False), ('view_id', '=', key[2] or False)]
            contacts = [('cadence_touch_ids', 'any', domain)]
        elif key:
            ids = self.env['cadence.audience']._preview_partner_ids(self, self._get_letters(), *key)
            contacts = [('id', 'in', ids)]
        else:
            contacts = [('category_id', 'in', self._get_due_tags().ids)]
        action = self.env['res.partner']._cadence_get_action(self.display_name, contacts)
        return dict(action, context={'active_test': False})
