from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time

from ..tools import calendar
from ..tools.address import address_text

MAX_ADDRESSES = 10_000
LEDGER_DAYS = 32  # longer than any rhythm, and a day for the time zones: how far back a deferred contact still waits
VERDICTS = {'reserved': 'mailed', 'deferred': 'deferred', 'excluded': 'excluded'}


class Facts(NamedTuple):
    """What the database says about all the contacts together; a rhythm is a (segment, tag group)."""

    now: datetime
    batches: dict  # {partner: its batch tags, the next due first}
    due_days: dict  # {batch tag: its next due day, or None}
    verdicts: dict  # {(tag group, company): {partner id: (reason, view id)}}, as the runs judge
    touches: dict  # {partner: {rhythm: its latest touch}}
    runs: dict  # {rhythm: its run of today}
    mailed: set  # {(company, address)} that have their mail of today


class CadenceWhy(models.TransientModel):
    """Why each of some pasted addresses is mailed today or not: what the contact form says, for many at once.

    read the addresses → look up contacts, batches, touches and runs, judge → a line an address and batch

    Each question is asked once for all addresses, the runs' verdict once a tag group and company: the number of queries does
    not grow with the list. Lookups are the user's own, so that what they may not see is answered like what is not there.
    """
    _name = 'cadence.why'
    _description = 'Why Not Mailed?'

    addresses = fields.Text(help="One or many, with or without names, separated by anything.")
    line_ids = fields.One2many('cadence.why.line', 'why_id', 'Answers', readonly=True)
    summary = fields.Char(readonly=True)

    def _compute_display_name(self):
        self.display_name = self.env._("Why Not Mailed?")

    def action_explain(self):
        """Answer for the addresses in the lines; the form stays where it is and shows them."""
        self.ensure_one()
        entries = self._read_addresses()
        lines = self._prepare_lines(entries, fields.Datetime.now())
        self.line_ids.unlink()
        self.env['cadence.why.line'].create(lines)
        self.summary = self._get_summary(len(entries), Counter(line['verdict'] for line in lines))
        return True

    def _read_addresses(self):
        """The entries of the pasted text, each address once.

        :raise UserError: when there is none, or more than one question should ask for
        """
        entries = {}
        for entry in address_text.parse(self.addresses):
            entries.setdefault(entry.email or entry.text, entry)
        if not entries:
            raise UserError(self.env._("Paste at least one address."))
        if len(entries) > MAX_ADDRESSES:
            raise UserError(self.env._(
                "These are %(count)s addresses: ask for at most %(limit)s at once.",
                count=f'{len(entries):,}', limit=f'{MAX_ADDRESSES:,}'))
        return list(entries.values())

    def _get_summary(self, count, verdicts):
        labels = self.env['cadence.why.line']._fields['verdict']._description_selection(self.env)
        answers = ', '.join(f'{label} {verdicts[verdict]:,}' for verdict, label in labels if verdicts[verdict])
        return self.env._("Addresses: %(count)s. Answers: %(answers)s.", count=f'{count:,}', answers=answers)

    # Facts

    def _find_contacts(self, emails):
        # Archived contacts as well: being archived is why they are not mailed.
        return self.env['res.partner'].with_context(active_test=False).search([('email_normalized', 'in', emails)], order='id')

    def _get_facts(self, partners, now):
        """The Facts of contacts that the user may see; `partners` are these contacts in sudo, for the words and the verdict."""
        tags = partners.category_id.filtered('cadence_batch')
        # A contact without company may be in the batches of a company that is none of the user's.
        segments = self._find_segments(tags)
        tags = tags.filtered(lambda tag: tag.cadence_segment_id in segments)
        due_days = {tag: self._get_due_day(tag, now) for tag in tags}
        batches = {partner: self._sort_batches(partner.category_id & tags, due_days) for partner in partners}
        touches = self._find_touches(partners, now)
        return Facts(
            now, batches, due_days, self._judge(batches), touches, self._find_runs(tags, now),
            {(touch.company_id, touch.email) for latest in touches.values() for touch in latest.values()
             if touch.state == 'reserved' and touch.date == touch.segment_id._get_local_day(now)})

    def _find_segments(self, tags):
        segments = self.env['cadence.segment'].with_context(active_test=False)
        return segments.search([('id', 'in', tags.cadence_segment_id.ids)])

    @staticmethod
    def _get_due_day(tag, now):
        segment, group = tag.cadence_segment_id, tag.cadence_group_id
        return calendar.next_due(
            tag.cadence_batch, segment._get_local_day(now), group.batch_count, group.cycle_days,
            segment.company_id.cadence_short_month)

    @staticmethod
    def _sort_batches(tags, due_days):
        return tags.sorted(lambda tag: (due_days[tag] is None, due_days[tag], tag.id))

    @staticmethod
    def _get_rhythm(record):
        """The rhythm of a batch tag, a touch or a run."""
        if record._name == 'res.partner.category':
            return record.cadence_segment_id, record.cadence_group_id
        return record.segment_id, record.tag_group_id

    def _find_touches(self, partners, now):
        """{partner: {rhythm: its latest touch}}"""
        touches = self.env['cadence.touch'].search([
            ('partner_id', 'in', partners.ids), ('date', '>=', (now - timedelta(days=LEDGER_DAYS)).date())],
            order='date DESC, id DESC')
        latest = defaultdict(dict)
        # Its words are everybody's who may read the touch, as on the contact form; the mailing behind them is not.
        for touch in touches.sudo():
            latest[touch.partner_id].setdefault(self._get_rhythm(touch), touch)
        return latest

    def _find_runs(self, tags, now):
        """{rhythm: its run of today}"""
        segments = tags.cadence_segment_id
        days = {segment: segment._get_local_day(now) for segment in segments}
        runs = self.env['cadence.run'].search([('segment_id', 'in', segments.ids), ('date', 'in', list(set(days.values())))])
        return {self._get_rhythm(run): run for run in runs.sudo() if run.date == days[run.segment_id]}

    def _judge(self, batches):
        members = defaultdict(list)
        for partner, tags in batches.items():
            for key in {(tag.cadence_group_id, tag.cadence_segment_id.company_id) for tag in tags}:
                members[key].append(partner.id)
        # The verdict reads opt-outs and views whoever asks; it is asked of contacts that the user may see.
        Audience, Partner = self.env['cadence.audience'].sudo(), self.env['res.partner']
        return {
            (group, company): Audience._judge(Partner.browse(ids), group, company)
            for (group, company), ids in members.items()}

    # Answers

    def _prepare_lines(self, entries, now):
        """The values of the lines, in the order of the addresses."""
        found = self._find_contacts([entry.email for entry in entries if entry.email])
        partners = found.sudo()
        facts = self._get_facts(partners, now)
        contacts = partners.grouped('email_normalized')
        return [
            {'why_id': self.id, 'address': entry.email or entry.text} | values
            for entry in entries
            for values in self._explain_entry(entry, contacts.get(entry.email), facts)
        ]

    def _explain_entry(self, entry, partners, facts):
        if not entry.email:
            return [self._prepare_answer('unknown', self.env._("Not an address."))]
        if not partners:
            return [self._prepare_answer('unknown', self.env._("Not a contact: save it into a batch."))]
        return [
            {'partner_id': partner.id} | values for partner in partners for values in self._explain_contact(partner, facts)]

    def _explain_contact(self, partner, facts):
        """An answer for each batch, and for a rhythm that mailed today although the contact is in none of its batches now."""
        touches = {
            rhythm: touch for rhythm, touch in facts.touches.get(partner, {}).items()
            if touch.date == touch.segment_id._get_local_day(facts.now)}
        answers = []
        for tag in facts.batches[partner]:
            segment, group = rhythm = self._get_rhythm(tag)
            # What happened today is the next due batch's: a contact may be in others of the same rhythm.
            if touch := touches.pop(rhythm, None):
                answer = self._explain_touch(touch)
            else:
                answer = self._explain_batch(partner, tag, facts)
            answers.append(answer | {'segment_id': segment.id, 'tag_group_id': group.id, 'tag_id': tag.id})
        answers += [
            self._explain_touch(touch) | {'segment_id': segment.id, 'tag_group_id': group.id}
            for (segment, group), touch in touches.items()]
        return answers or [self._prepare_answer('unknown', self.env._("In no batch: save the contact into one."))]

    def _prepare_answer(self, verdict, explanation, run=None):
        return {'verdict': verdict, 'explanation': explanation, 'run_id': run.id if run else False}

    def _explain_touch(self, touch):
        return self._prepare_answer(VERDICTS[touch.state], touch._get_note(), touch.run_id)

    def _explain_batch(self, partner, tag, facts):
        """The answer for a batch of which nothing is in today's ledger yet."""
        rhythm, due_day = self._get_rhythm(tag), facts.due_days[tag]
        if reason := self._get_block(partner, tag, facts):
            return self._prepare_answer('excluded', self.env._("Not mailed: %(reason)s.", reason=reason))
        waiting = self._get_waiting(partner, tag, facts)
        if due_day == rhythm[0]._get_local_day(facts.now) or waiting and rhythm in facts.runs:
            return self._explain_due(partner, tag, facts)
        if waiting:
            return self._explain_touch(waiting)
        if not due_day:
            return self._prepare_answer('not_due', self.env._(
                "Never due: %(group)s has no batch %(number)s.", group=rhythm[1].name, number=tag.cadence_batch))
        return self._prepare_answer('not_due', self.env._(
            "Next mail on %(day)s with %(batch)s.", day=format_date(self.env, due_day), batch=tag.name))

    def _get_block(self, partner, tag, facts):
        """Why no run of the rhythm would mail the contact, in the contact form's words, or None."""
        segment, group = self._get_rhythm(tag)
        verdict = facts.verdicts[group, segment.company_id].get(partner.id)
        if verdict:
            reason, view_id = verdict
            view = self.env['cadence.view'].sudo().browse(view_id)
            return self.env['cadence.touch']._get_reason_text(partner, reason, view)
        if archived := next((record for record in (segment, group) if not record.active), None):
            return self.env._("%(name)s is archived", name=archived.name)
        return None

    def _get_waiting(self, partner, tag, facts):
        """The touch of an earlier day that the next run of the rhythm takes up first, or None: the runs' own rule."""
        segment, group = rhythm = self._get_rhythm(tag)
        touches = facts.touches.get(partner, {})
        touch = touches.get(rhythm)
        if not touch or touch.state != 'deferred' or tag != self._get_first_batch(partner, rhythm, facts):
            return None
        later = any(
            other.date > touch.date for (_segment, other_group), other in touches.items() if other_group == group)
        first_day = segment._get_local_day(facts.now) - timedelta(days=group.cycle_days)
        return None if later or touch.date < first_day else touch

    def _get_first_batch(self, partner, rhythm, facts):
        return next(tag for tag in facts.batches[partner] if self._get_rhythm(tag) == rhythm)

    def _explain_due(self, partner, tag, facts):
        """The answer for a batch whose run of today has not decided about the contact yet."""
        segment, _group = rhythm = self._get_rhythm(tag)
        run = facts.runs.get(rhythm)
        if (segment.company_id, partner.email_normalized) in facts.mailed:
            reason = self.env['cadence.touch']._get_reason_text(partner, 'mailed_today', None)
            return self._prepare_answer('excluded', self.env._("Not mailed today: %(reason)s", reason=reason), run)
        if run and run.state == 'cancelled':
            return self._prepare_answer('due', self.env._(
                "Due today with %(batch)s, but the run was cancelled.", batch=tag.name), run)
        if run and run.blocked_reason:
            return self._prepare_answer('due', self.env._(
                "Due today, but the run is blocked: %(reason)s", reason=run.blocked_reason), run)
        moment = segment._get_send_moment(segment._get_local_day(facts.now))
        if moment <= facts.now:
            return self._prepare_answer('due', self.env._(
                "Goes out today with %(batch)s, as soon as the run has taken it up.", batch=tag.name), run)
        return self._prepare_answer('due', self.env._(
            "Goes out today at %(time)s with %(batch)s.", time=self._get_clock_time(moment, segment), batch=tag.name), run)

    def _get_clock_time(self, moment, segment):
        """The segment's own time of the day, with its time zone where the user's is another."""
        clock = format_time(self.env, moment, tz=segment.tz, time_format='HH:mm')
        return clock if segment.tz == (self.env.user.tz or 'UTC') else f'{clock} ({segment.tz})'
