from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ...tools.sender import breaker, warmup

SHOWN_DAYS = 30  # of the past in the picture
FORESEEN_DAYS = 7


class CadenceSender(models.Model):
    """How a sender stands, in a sentence; its ramp as a picture, and its health as dials."""
    _inherit = 'cadence.sender'

    cap = fields.Integer('Today', compute='_compute_today', help="How many mails may leave today; 0: no limit.")
    taken = fields.Integer('Used Today', compute='_compute_today', help="Mails that have left today, or have a place.")
    status = fields.Char('In Words', compute='_compute_status')
    ramp = fields.Json(compute='_compute_ramp')
    dials = fields.Json(compute='_compute_dials')

    @api.depends('state', 'profile', 'target', 'light', 'day_ids.cap', 'day_ids.left_count')
    def _compute_today(self):
        self._flush_counted()
        for sender in self:
            today = sender._get_today()
            sender.cap = 0 if sender.state == 'paused' else sender._get_limit(today) or 0
            sender.taken = sender._get_taken(today) if sender.id else 0

    @api.depends('state', 'cause', 'paused_datetime', 'profile', 'target', 'light', 'day_ids.cap', 'day_ids.left_count')
    @api.depends_context('lang', 'tz')
    def _compute_status(self):
        for sender in self:
            sender.status = sender._get_status()

    def _get_status(self):
        """What may leave today and why, and what to do where it is not all."""
        if self.state == 'paused':
            return self._get_pause_text()
        if self.state == 'trial':
            return self.env._(
                "Trying again with %(cap)s mails today, a tenth of what is usual. If they come through, it goes on tomorrow.",
                cap=f'{self.cap:,}')
        if not self._get_profile():
            if self.target:
                return self.env._("Warm: at most %(cap)s mails a day.", cap=f'{self.target:,}')
            return self.env._("Warm: it has been mailing, so nothing limits its mails a day.")
        cap = self._get_cap()
        reason = self._get_reasons()[cap.reason]
        if cap.state == 'warm':
            return reason
        return self.env._("%(cap)s mails may leave today. %(reason)s", cap=f'{self.cap or cap.value:,}', reason=reason)

    def _get_reasons(self):
        goal = f'{self.target or self._get_profile().target:,}'
        return {
            'first': self.env._("Mailbox providers do not know this sender yet: it begins small."),
            'next': self.env._("One step more than on the last day, whose mails came through."),
            'unused': self.env._("As many as on the last day, of which less than four fifths were used."),
            'held': self.env._("As many as on the last day, because too much of it came back."),
            'halved': self.env._("Half of the last day, on which it had to be paused."),
            'doubled': self.env._("At most twice what left on the last day."),
            'rested': self.env._("It was silent for more than two weeks: half of what was usual."),
            'anew': self.env._("It was silent for more than a month: it starts again."),
            'target': self.env._("Warm: at most %(goal)s mails a day.", goal=goal),
        }

    def _get_pause_text(self):
        since = format_datetime(self.env, self.paused_datetime, dt_format='short')
        if self.cause == 'hand':
            return self.env._("Paused by hand since %(since)s: its contacts are next in line until somebody lets it go on.",
                              since=since)
        window = breaker.Window(*((self.evidence or {}).get(name, 0) for name in breaker.Window._fields))
        count, whole = getattr(window, self.cause), window.get_whole(self.cause)
        if self.cause == 'policy':
            return self.env._(
                "Paused since %(since)s: %(count)s mails were refused for what we are, by several providers: look at the "
                "sender's DNS and at block lists. What has not left is next in line; a tenth is tried on %(next)s.",
                since=since, count=max(window.in_a_row, window.policy), next=self._get_next_try())
        if self.cause == 'complaints':
            return self.env._(
                "Paused since %(since)s: %(count)s of the last %(whole)s mails were reported as spam. "
                "Find out whose addresses these were, then try again.", since=since, count=count, whole=f'{whole:,}')
        values = {'since': since, 'count': count, 'whole': whole, 'next': self._get_next_try()}
        return ' '.join(filter(None, (self._get_returned_text(values), self._get_culprit_text(self.evidence))))

    def _get_next_try(self):
        return format_datetime(self.env, self.paused_datetime + timedelta(hours=breaker.PAUSE_HOURS), dt_format='short')

    def _get_culprit_text(self, evidence):
        """Where most of the addresses came from."""
        evidence = evidence or {}
        intake = self.env['cadence.intake'].sudo().browse(evidence.get('intake')).exists()
        return intake and self.env._(
            "%(percent)s %% of them are from the intake “%(intake)s”: hold it, and look at its other addresses before you go on.",
            percent=round(100 * evidence['part']), intake=intake.display_name)

    def _get_returned_text(self, values):
        if self.cause == 'hard':
            return self.env._(
                "Paused since %(since)s: %(count)s of the last %(whole)s mails went to addresses that do not exist. "
                "What has not left is next in line; a tenth is tried on %(next)s.", **values)
        return self.env._(
            "Paused since %(since)s: %(count)s of the last %(whole)s mails came back. "
            "What has not left is next in line; a tenth is tried on %(next)s.", **values)

    # Pictures

    @api.depends('day_ids.cap', 'day_ids.left_count', 'state', 'profile', 'target')
    @api.depends_context('lang')
    def _compute_ramp(self):
        """[{date, label, cap, left, kind: past, today or ahead, light}]: the staircase, with what really left in it."""
        for sender in self:
            sender.ramp = sender._get_ramp() if sender.id else []

    def _get_ramp(self):
        today = self._get_today()
        days = self.env['cadence.sender.day'].sudo().search(
            [('sender_id', '=', self.id), ('date', '>', today - timedelta(days=SHOWN_DAYS)), ('date', '<', today)], order='date')
        steps = [self._prepare_step(day.date, day.cap, day.left_count, 'past', day.light) for day in days]
        steps.append(self._prepare_step(today, self.cap, self.taken, 'today', self.light))
        profile = self._get_profile()
        if profile and self.state not in ('paused', 'trial'):
            # As if today and each day from now on were used and came through.
            past = [day for day in self._get_days() if day.date < today]
            ahead = warmup.foresee(profile, self.target, [*past, warmup.Day(today, self.cap, self.cap)],
                                   today + timedelta(days=1), FORESEEN_DAYS)
            steps += [self._prepare_step(today + timedelta(days=number), cap, 0, 'ahead', 'green')
                      for number, cap in enumerate(ahead, start=1)]
        return steps

    def _prepare_step(self, date, cap, left, kind, light):
        return {'date': fields.Date.to_string(date), 'label': format_date(self.env, date, date_format='d MMM'),
                'cap': cap, 'left': left, 'kind': kind, 'light': light}

    @api.depends('day_ids.left_count', 'state', 'light')
    @api.depends_context('lang')
    def _compute_dials(self):
        """[{name, label, count, whole, part, amber, red}]: how near the health is to where it holds and pauses the sender."""
        labels = self._get_dial_labels()
        for sender in self:
            window = sender._get_window() if sender.id else breaker.Window()
            sender.dials = [{
                'name': name, 'label': labels[name], 'count': getattr(window, name), 'whole': window.get_whole(name),
                'part': window.get_part(name), 'amber': breaker.HELD_BY[name].part, 'red': limit.part,
            } for name, limit in breaker.PAUSED_BY.items()]

    def _get_dial_labels(self):
        return {
            'hard': self.env._("Addresses that do not exist"),
            'bounced': self.env._("Mails that came back"),
            'complaints': self.env._("Complaints about spam"),
            'policy': self.env._("Mails refused for what we are"),
        }
