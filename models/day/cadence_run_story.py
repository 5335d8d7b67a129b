import json
from collections import Counter, defaultdict

from odoo import api, models
from odoo.tools import SQL

from .cadence_touch import REASONS
from .cadence_touch_words import OUTCOME_WORDS


class CadenceRun(models.Model):
    """The audience of a run as a story, from everybody in the batches to those mailed."""
    _inherit = 'cadence.run'

    @api.depends_context('lang', 'uid')
    def _compute_story(self):
        for run in self:
            run.story = run._get_story()

    def _get_story(self):
        """[{key, label, count, kind}] from everybody tagged to those mailed; the counts add up exactly.

        A key is [bucket, reason, view id]; a bucket is the state of a touch, or the outcome of a reserved one.
        """
        self.ensure_one()
        counts = self._get_bucket_counts()
        views = self.env['cadence.view'].sudo().with_context(active_test=False).browse(
            dict.fromkeys(view_id for _bucket, _reason, view_id in counts if view_id))
        labels = dict(self.env['cadence.touch']._fields['reason']._description_selection(self.env))
        order = {reason: position for position, (reason, _label) in enumerate(REASONS)}
        ranks = {view.id: rank for rank, view in enumerate(self.tag_group_id.sudo().exclude_view_ids)}
        hindrances = sorted(
            (key for key in counts if key[0] in ('excluded', 'refused', 'deferred')),
            key=lambda key: (key[0] == 'deferred', order.get(key[1], 99), ranks.get(key[2], 99)))
        names = {view.id: view.name for view in views}
        story = [{'key': None, 'label': self.env._("In the batches"), 'count': sum(counts.values()), 'kind': 'start'}]
        for key in hindrances:
            bucket, reason, view_id = key
            label = names.get(view_id) if reason == 'view' else labels.get(reason)
            if bucket == 'deferred':
                label = self.env._("Deferred: %(reason)s", reason=label)
            kind = 'deferred' if bucket == 'deferred' else 'excluded'
            story.append({'key': list(key), 'label': label, 'count': counts[key], 'kind': kind})
        return story + self._get_story_end(counts)

    def _get_story_end(self, counts):
        """The last steps: what is in doubt, waits, leaves and has left; never *mailed* before it has left."""
        buckets = Counter()
        for (bucket, *_rest), count in counts.items():
            buckets['waiting' if bucket == 'reserved' else bucket] += count
        labels = self.env['cadence.touch']._get_word_labels() | {'queued': self._get_waiting_label()}
        steps = [{
            'key': [bucket, None, None], 'label': labels[OUTCOME_WORDS[bucket]], 'count': buckets[bucket],
            'kind': 'excluded' if bucket == 'in_doubt' else 'deferred',
        } for bucket in ('in_doubt', 'waiting', 'leaving', 'left')]
        goal = 'left' if buckets['left'] or self.state == 'done' else 'leaving' if buckets['leaving'] else 'waiting'
        return [
            step | {'kind': 'reserved'} if step['key'][0] == goal else step
            for step in steps if step['count'] or step['key'][0] == goal]

    def _get_waiting_label(self):
        if self.is_held:
            return self.env._("Held: nothing leaves")
        labels = self.env['cadence.touch']._get_word_labels()
        return labels['planned' if self.state in ('planned', 'blocked') else 'queued']

    def _get_bucket_counts(self):
        """{(bucket, reason, view id): contacts}: of the ledger, or of a preview where nothing is reserved yet."""
        if not self.summary and self._can_run() and not self._has_touches():
            rows = self.env['cadence.audience']._preview(self, self._get_letters())
            return {(state, reason, view_id): count for state, reason, view_id, count in rows}
        counts = self._get_removed_counts()
        for state, outcome, reason, view, count in self.env['cadence.touch']._read_group(
                [('run_id', '=', self.id)], ['state', 'outcome', 'reason', 'view_id'], ['__count']):
            key = (outcome or state, reason or None, view.id or None)
            counts[key] = counts.get(key, 0) + count
        return counts

    def _has_touches(self, state=None):
        domain = [('run_id', '=', self.id)] + ([('state', '=', state)] if state else [])
        return bool(self.env['cadence.touch'].search_count(domain, limit=1))

    def _get_removed_counts(self):
        return {
            ('left' if bucket == 'reserved' else bucket, *rest): count  # as earlier versions summed up what was mailed
            for bucket, *rest, count in self.summary or []}

    @api.model
    def _add_to_summary(self, rows):
        """Add [(run id, bucket, reason, view id, count)] of touches that leave the ledger to their runs' stories."""
        added = defaultdict(Counter)
        for run_id, *key, count in rows:
            added[run_id][tuple(key)] += count
        runs = self.browse(added)
        summaries = [added[run.id] + Counter(run._get_removed_counts()) for run in runs]
        # One statement: a write each would be a message to everybody who follows the run, and thousands of queries.
        self.env.execute_query(SQL("""
            UPDATE cadence_run
               SET summary = known.summary
              FROM UNNEST(%(ids)s::int[], %(summaries)s::jsonb[]) known(id, summary)
             WHERE known.id = cadence_run.id
         RETURNING NULL
            """, ids=runs.ids, summaries=[
                json.dumps([[*key, count] for key, count in counts.items()]) for counts in summaries]))
        runs.invalidate_recordset(['summary'])

    def action_open_outcome(self, key):
        """The contacts behind one number of the story; `key` is [bucket, reason, view id], or None for all."""
        self.ensure_one()
        self.check_access('read')
        if self._has_touches():
            domain = [('run_id', '=', self.id)]
            if key:
                domain += self._get_bucket_domain(*key)
            contacts = [('cadence_touch_ids', 'any', domain)]
        elif key:
            state, *rest = key
            state = 'reserved' if state == 'waiting' else state
            ids = self.env['cadence.audience']._preview_partner_ids(self, self._get_letters(), state, *rest)
            contacts = [('id', 'in', ids)]
        else:
            contacts = [('category_id', 'in', self._get_due_tags().ids)]
        action = self.env['res.partner']._cadence_get_action(self.display_name, contacts)
        return dict(action, context={'active_test': False})

    @staticmethod
    def _get_bucket_domain(bucket, reason, view_id):
        if bucket in ('waiting', 'leaving', 'left', 'in_doubt'):  # a reason only as long as a server does not take them
            return [('outcome', '=', bucket)]
        state = ('outcome' if bucket == 'refused' else 'state', '=', bucket)
        return [state, ('reason', '=', reason or False), ('view_id', '=', view_id or False)]
