from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .cadence_touch import DEFERRAL_DAYS

LEDGER_DAYS = DEFERRAL_DAYS + 1  # how far back a deferred contact still waits, and a day for the time zones


class Facts(NamedTuple):
    """What the database says about all the contacts together; a rhythm is a (segment, tag group)."""

    now: datetime
    batches: dict  # {partner: its batch tags, the next due first}
    due_days: dict  # {batch tag: its next due day, or None}
    verdicts: dict  # {(tag group, company): {partner id: (reason, view id)}}, as the runs judge
    faults: dict  # {(tag group, company): why the runs cannot judge}
    touches: dict  # {partner: {rhythm: its latest touch}}
    runs: dict  # {rhythm: its run of today}
    mailed: set  # {(company, address)} that have their place of today
    finished: set  # {(partner, rhythm)} that got the last letter of a rhythm that stops after it
    begun: set  # the contacts that were mailed, on whatever day


class CadenceOutlook(models.AbstractModel):
    """What the outlook asks of the database, each question once for all contacts."""
    _inherit = 'cadence.outlook'

    def _get_facts(self, partners, now):
        batch_tags = {
            partner: partner.with_context(active_test=False).category_id.filtered('cadence_batch') for partner in partners}
        tags = self.env['res.partner.category'].sudo().union(*batch_tags.values())
        segments = self._find_segments(tags)
        tags = tags.filtered(lambda tag: tag.cadence_segment_id in segments)
        due_days = {tag: self._get_due_day(tag, segment_day) for tag, segment_day in self._get_days(tags, now).items()}
        batches = {partner: self._sort_batches(batch_tags[partner] & tags, due_days) for partner in partners}
        touches, runs = self._find_touches(partners, now), self._find_runs(tags, now)
        return Facts(
            now, batches, due_days, *self._judge(batches, touches), touches, runs, self._find_mailed(partners, runs, now),
            self._find_finished(batches), self._find_begun(partners))

    def _get_companies(self):
        # Asked with the module's rights, Odoo takes the context's word for the companies.
        return self.env.companies.filtered(lambda company: company.id in self.env.user._get_company_ids())

    def _find_segments(self, tags):
        return self.env['cadence.segment'].with_context(active_test=False).search([
            ('id', 'in', tags.cadence_segment_id.ids), ('company_id', 'in', self._get_companies().ids)])

    @staticmethod
    def _get_days(tags, now):
        return {tag: tag.cadence_segment_id._get_local_day(now) for tag in tags}

    @staticmethod
    def _get_due_day(tag, day):
        """The batch's first due day from `day` on, or None."""
        return tag.cadence_group_id._get_next_due(tag.cadence_batch, day, tag.cadence_segment_id.company_id)

    @staticmethod
    def _sort_batches(tags, due_days):
        return tags.sorted(lambda tag: (due_days[tag] is None, due_days[tag], tag.id))

    def _find_touches(self, partners, now):
        """{partner: {rhythm: its latest touch}}"""
        touches = self.env['cadence.touch'].search([
            ('partner_id', 'in', partners.ids), ('date', '>=', (now - timedelta(days=LEDGER_DAYS)).date()),
            ('company_id', 'in', self._get_companies().ids)], order='date DESC, id DESC')
        latest = defaultdict(dict)
        # Its words are everybody's who may read the touch; the mailing behind them is not.
        for touch in touches.sudo():
            latest[touch.partner_id].setdefault(touch._get_rhythm(), touch)
        return latest

    def _find_runs(self, tags, now):
        days = {segment: segment._get_local_day(now) for segment in tags.cadence_segment_id}
        runs = self.env['cadence.run'].search([
            ('segment_id', 'in', tags.cadence_segment_id.ids), ('date', 'in', list(set(days.values())))])
        return {run._get_rhythm(): run for run in runs.sudo() if run.date == days[run.segment_id]}

    def _find_mailed(self, partners, runs, now):
        """{(company, address)} that have a place in the company's day, or the mail of another mailing."""
        emails = [email for email in partners.mapped('cadence_email') if email]
        days = {company: company._cadence_get_day(now) for company in self._get_companies()}
        touches = self.env['cadence.touch'].sudo().search([
            ('email', 'in', emails), ('state', '=', 'reserved'), ('day', 'in', list(set(days.values()))),
            ('company_id', 'in', self._get_companies().ids)])
        mailed = {(touch.company_id, touch.email) for touch in touches if touch.day == days[touch.company_id]}
        Audience = self.env['cadence.audience'].sudo()
        for company, run in {run.company_id: run for run in runs.values()}.items():
            mailed |= {(company, email) for email, in self.env.execute_query(SQL(
                "SELECT DISTINCT email FROM (%s) elsewhere WHERE email = ANY(%s)",
                Audience._query_mailed_elsewhere(*run._get_mail_day_bounds()), emails))}
        return mailed

    def _find_finished(self, batches):
        """Only where a segment stops after its last letter, and then by the runs' own rule: nothing comes after the last step."""
        rhythms = {tag._cadence_get_rhythm() for tags in batches.values() for tag in tags}
        stopping = {(segment, group) for segment, group in rhythms if group in segment.stop_group_ids}
        if not stopping:
            return set()
        segments = self.env['cadence.segment'].sudo().union(*(segment for segment, _group in stopping))
        last_steps = {}
        for letter in segments.letter_ids.filtered(lambda letter: not letter.problem):
            last_steps[letter._get_rhythm()] = max(last_steps.get(letter._get_rhythm(), 0), letter.step)
        partners = self.env['res.partner'].union(*batches)
        steps = self.env['cadence.touch'].sudo()._read_group([
            ('partner_id', 'in', partners.ids), ('segment_id', 'in', segments.ids),
            ('outcome', 'in', ('leaving', 'left', 'in_doubt')),
        ], ['partner_id', 'segment_id', 'tag_group_id', 'step'], ['date:max'], order='date:max')
        # In the order of the days: the last one stays.
        steps = {(partner, (segment, group)): step for partner, segment, group, step, _day in steps}
        return {key for key, step in steps.items() if key[1] in stopping and step >= last_steps.get(key[1], step + 1)}

    def _find_begun(self, partners):
        return {partner for partner, in self.env['cadence.touch'].sudo()._read_group([
            ('partner_id', 'in', partners.ids), ('outcome', 'in', ('leaving', 'left', 'in_doubt')),
            ('company_id', 'in', self._get_companies().ids)], ['partner_id'])}

    def _judge(self, batches, touches):
        members = defaultdict(set)
        for partner, tags in batches.items():
            for segment, group in {tag._cadence_get_rhythm() for tag in tags} | touches.get(partner, {}).keys():
                members[group, segment.company_id].add(partner.id)
        # The verdict reads opt-outs and views whoever asks; it is asked of contacts that the user may see.
        Verdict, Partner = self.env['cadence.verdict'].sudo(), self.env['res.partner']
        verdicts, faults = {}, {}
        for (group, company), ids in members.items():
            try:
                verdicts[group, company] = Verdict._judge(Partner.browse(ids), group, company)
            except (UserError, ValueError) as error:  # a view that cannot be asked: its runs are blocked
                faults[group, company] = str(error)
        return verdicts, faults
