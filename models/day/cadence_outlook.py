from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_date

from .cadence_touch import DEFERRAL_DAYS

# Of a contact's answers the contact form shows the first of these: what happens today counts more than what comes.
TODAY = ('leaving', 'mailed', 'in_doubt', 'queued', 'due')


class Answer(NamedTuple):
    """When the next mail of a rhythm is, or why there is none."""

    code: str  # mailed, leaving, queued, in_doubt, deferred, excluded, due (today) or not_due
    text: str
    day: date | None  # of the next mail; None: nothing is planned as things are
    segment: models.BaseModel
    group: models.BaseModel
    tag: models.BaseModel  # the batch; empty where the contact was mailed today and has left it since
    run: models.BaseModel
    farewell: str = ''  # what comes after a mail of today that was the last one


class CadenceOutlook(models.AbstractModel):
    """When contacts get their next mail, and why not: the one answer behind the contact form and *Why Not Mailed?*

    look up batches, touches and runs, judge → an answer a contact and batch

    Each question is asked once for all contacts, the runs' verdict once a tag group and company: the number of queries does not
    grow with the contacts. Batches, touches and runs are those of the companies that the user is in, also where a computed
    field asks without rules: nobody learns another company's reasons.
    """
    _name = 'cadence.outlook'
    _description = 'Outlook'

    @api.model
    def _foresee(self, partners, now=None):
        """{partner: [Answer]} of contacts that the user may see; none where the contact is in no batch that the user may see."""
        partners = partners.sudo()
        facts = self._get_facts(partners, now or fields.Datetime.now())
        return {partner: self._answer_contact(partner, facts) for partner in partners}

    @api.model
    def _sum_up(self, answers):
        """(day of the next mail or False, what the contact form says) of a contact's answers."""
        if not answers:
            return False, self.env._("In no batch: save the contact into one.")
        first = min(answers, key=self._get_weight)
        if first.day:
            return min(answer.day for answer in answers if answer.day), first.text
        return False, ' '.join(dict.fromkeys(
            answer.farewell or answer.text for answer in answers if self._get_weight(answer) == self._get_weight(first)))

    @staticmethod
    def _get_weight(answer):
        if answer.code in TODAY and not answer.farewell:
            return 0, date.min
        if answer.day:
            return (2 if answer.code == 'excluded' else 1), answer.day
        return 3, date.min

    # Answers

    def _answer_contact(self, partner, facts):
        """An answer for each batch, and for a rhythm that mailed today although the contact is in none of its batches now."""
        touches = {
            rhythm: touch for rhythm, touch in facts.touches.get(partner, {}).items()
            if touch.date == touch.segment_id._get_local_day(facts.now)}
        answers = []
        for tag in facts.batches[partner]:
            # What happened today is the next due batch's: a contact may be in others of the same rhythm.
            touch = touches.pop(tag._cadence_get_rhythm(), None)
            answers.append(self._answer_touch(partner, tag, touch, facts) if touch else self._answer_batch(partner, tag, facts))
        no_tag = self.env['res.partner.category']
        return answers + [self._answer_touch(partner, no_tag, touch, facts) for touch in touches.values()]

    def _answer_touch(self, partner, tag, touch, facts):
        """The answer where today's ledger knows the contact; what was decided since counts for whatever has not left."""
        rhythm = touch._get_rhythm()
        code, note = touch._get_code(), touch._get_note(facts.now)
        verdict, reason = self._get_hindrance(partner, rhythm, facts)
        if not verdict:
            return self._prepare_answer(code, note, rhythm, tag, touch.run_id, self._get_day_after(code, rhythm, tag, touch))
        if code in ('mailed', 'leaving', 'in_doubt'):
            farewell = self.env._("Never again: %(reason)s.", reason=reason)
            text = self.env._("%(note)s. %(farewell)s", note=note, farewell=farewell)
            return self._prepare_answer(code, text, rhythm, tag, touch.run_id)._replace(farewell=farewell)
        if verdict != (touch.reason, touch.view_id.id) or self._is_farewell(partner, verdict, facts):
            note = self._get_hindrance_note(partner, verdict, reason, facts)
        return self._prepare_answer('excluded', note, rhythm, tag, touch.run_id)

    def _get_day_after(self, code, rhythm, tag, touch):
        """The day of the next mail of a contact whom today's ledger knows and nothing holds back."""
        if code in ('queued', 'leaving'):
            return touch.date
        tomorrow = touch.date + timedelta(days=1)
        if code == 'deferred':
            return self._get_run_day(rhythm, tomorrow)
        return self._get_due_day(tag, tomorrow) if tag else None

    @staticmethod
    def _get_run_day(rhythm, day):
        segment, group = rhythm
        return group._get_next_run(day, segment.company_id)

    def _answer_batch(self, partner, tag, facts):
        """The answer for a batch of which nothing is in today's ledger yet."""
        rhythm, due_day = tag._cadence_get_rhythm(), facts.due_days[tag]
        today = rhythm[0]._get_local_day(facts.now)
        verdict, reason = self._get_hindrance(partner, rhythm, facts)
        if verdict:
            return self._prepare_answer('excluded', self._get_hindrance_note(partner, verdict, reason, facts), rhythm, tag)
        waiting = self._get_waiting(partner, tag, facts)
        if due_day == today or waiting and rhythm in facts.runs:
            return self._answer_due(partner, tag, today, facts)
        if waiting:
            return self._prepare_answer(
                'deferred', waiting._get_note(facts.now), rhythm, tag, waiting.run_id, self._get_run_day(rhythm, today))
        if not due_day:
            return self._prepare_answer('not_due', self.env._(
                "Never due: %(group)s has no batch %(number)s.", group=rhythm[1].name, number=tag.cadence_batch), rhythm, tag)
        text = self.env._("Next mail on %(day)s with %(batch)s.", day=format_date(self.env, due_day), batch=tag.name)
        return self._prepare_answer('not_due', text, rhythm, tag, day=due_day)

    def _answer_due(self, partner, tag, today, facts):
        """The answer for a batch whose run of today has not decided about the contact yet."""
        segment, _group = rhythm = tag._cadence_get_rhythm()
        run = facts.runs.get(rhythm, self.env['cadence.run'])
        next_day = self._get_due_day(tag, today + timedelta(days=1))
        if (segment.company_id, partner.cadence_email) in facts.mailed:
            reason = self.env['cadence.touch']._get_reason_text(partner, 'mailed_today', None)
            return self._prepare_answer(
                'excluded', self.env._("Not mailed today: %(reason)s", reason=reason), rhythm, tag, run, next_day)
        day = today
        if run.state == 'cancelled':
            catches_up = segment.company_id.cadence_catch_up
            day = self._get_run_day(rhythm, today + timedelta(days=1)) if catches_up else next_day
        return self._prepare_answer('due', self._get_due_text(tag, run, today, facts.now), rhythm, tag, run, day)

    def _get_due_text(self, tag, run, today, now):
        segment = tag.cadence_segment_id
        if run.state == 'cancelled':
            if segment.company_id.cadence_catch_up:
                return self.env._(
                    "Due today with %(batch)s, but the run was cancelled: in the line of the next one.", batch=tag.name)
            return self.env._("Due today with %(batch)s, but the run was cancelled.", batch=tag.name)
        if run.is_held or segment.is_stopped:
            return self.env._("Due today with %(batch)s, but stopped until somebody resumes it.", batch=tag.name)
        if run.blocked_reason:
            return self.env._("Due today, but the run is blocked: %(reason)s", reason=run.blocked_reason)
        if not segment.auto_send:
            return self.env._("Due today with %(batch)s, once somebody has reviewed the drafts and sends them.", batch=tag.name)
        return self._get_leaving_text(tag, run, run.send_datetime or segment._get_send_moment(today), now)

    def _get_leaving_text(self, tag, _run, moment, now):
        """When somebody's mail of today leaves, whom the run has not taken up yet."""
        segment = tag.cadence_segment_id
        if moment <= now:
            return self.env._("Goes out today with %(batch)s, as soon as the run has taken it up.", batch=tag.name)
        return self.env._(
            "Goes out today at %(time)s with %(batch)s.", time=segment._get_clock_time(moment), batch=tag.name)

    def _prepare_answer(self, code, text, rhythm, tag, run=None, day=None):
        segment, group = rhythm
        return Answer(code, text, day, segment, group, tag, run or self.env['cadence.run'])

    # Their parts

    def _get_hindrance(self, partner, rhythm, facts):
        """((reason, view id), the reason in words) why no run of the rhythm would mail the contact, or (None, None)."""
        segment, group = rhythm
        Touch = self.env['cadence.touch']
        if fault := facts.faults.get((group, segment.company_id)):
            return ('fault', False), fault.rstrip('.')
        if verdict := facts.verdicts.get((group, segment.company_id), {}).get(partner.id):
            reason, view_id = verdict
            text = Touch._get_reason_text(partner, reason, self.env['cadence.view'].sudo().browse(view_id))
            return (reason, view_id or False), text
        if (partner, rhythm) in facts.finished:
            return ('letters_done', False), Touch._get_reason_text(partner, 'letters_done', None)
        if archived := next((record for record in rhythm if not record.active), None):
            return ('archived', False), self.env._("%(name)s is archived", name=archived.name)
        return None, None

    def _get_hindrance_note(self, partner, verdict, reason, facts):
        if self._is_farewell(partner, verdict, facts):
            return self.env._("Never again: %(reason)s.", reason=reason)
        return self.env._("Not mailed: %(reason)s.", reason=reason)

    @staticmethod
    def _is_farewell(partner, verdict, facts):
        """Whether what somebody decided about a contact ends mails that had begun."""
        return verdict[0] in ('view', 'opt_out') and partner in facts.begun

    def _get_waiting(self, partner, tag, facts):
        """The touch of an earlier day that the next run of the rhythm takes up first, or None: the runs' own rule."""
        segment, _group = rhythm = tag._cadence_get_rhythm()
        touch = facts.touches.get(partner, {}).get(rhythm)
        if not touch or touch.state != 'deferred' or tag != self._get_first_batch(partner, rhythm, facts):
            return None
        return None if touch.date < segment._get_local_day(facts.now) - timedelta(days=DEFERRAL_DAYS) else touch

    def _get_first_batch(self, partner, rhythm, facts):
        return next(tag for tag in facts.batches[partner] if tag._cadence_get_rhythm() == rhythm)
