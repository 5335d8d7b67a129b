from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sender import pace


class CadenceSender(models.Model):
    """How many mails of a sender leave in an hour, over all its segments, and when there is room for one more."""
    _inherit = 'cadence.sender'

    hourly_pace = fields.Integer(
        'Mails an Hour', compute='_compute_hourly_pace', store=True, readonly=False, precompute=True, tracking=True,
        help="Its mails leave in small groups over the day, never more of them in an hour; the others wait for their turn. "
             "0: no limit. Mails of Email Marketing that no run sends do not wait and are not counted.")

    _hourly_pace_not_negative = models.Constraint('CHECK (hourly_pace >= 0)', "A number of mails an hour is not negative.")

    @api.depends('kind')
    def _compute_hourly_pace(self):
        for sender in self:
            # Of who is warm an upgrade slows nothing down.
            sender.hourly_pace = 0 if sender.state == 'warm' else sender._get_usual_pace()

    def _get_usual_pace(self):
        return 0 if self.profile == 'steady' else pace.PACES[self.kind or 'bulk']

    def write(self, vals):
        """Another warm-up has another usual pace; one that somebody chose stays."""
        usual = self.browse()
        if 'profile' in vals and 'hourly_pace' not in vals:
            usual = self.filtered(lambda sender: sender.hourly_pace == sender._get_usual_pace())
        result = super().write(vals)
        if 'hourly_pace' in vals:
            self._plan_anew()
        for sender in usual.filtered(lambda sender: sender.hourly_pace != sender._get_usual_pace()):
            sender.hourly_pace = sender._get_usual_pace()
        return result

    def _plan_anew(self):
        """Another pace: what waits for its turn asks again."""
        waiting = self.env['cadence.touch'].sudo().search(
            [('sender_id', 'in', self.ids), ('outcome', '=', 'waiting'), ('reason', '=', 'pace')])
        if waiting:
            waiting.pace_datetime = False
            waiting._release_mails()

    def _give_turns(self, touches, now):
        """{UTC moment: touches} of those of the sender's waiting touches that may not leave now.

        Whose turn has come goes before those who ask for the first time; these queue up behind all who have a turn. Writes the
        day, so that of two workers who ask at once the second one asks again.
        """
        self.ensure_one()
        if not self.hourly_pace or not touches:
            return {}
        self.env['cadence.sender.day']._claim(self, self._get_today(now))
        left, promised = self._get_departures(touches, now)
        due = touches.filtered(lambda touch: touch.pace_datetime and touch.pace_datetime <= now).sorted('pace_datetime, id')
        fixed = touches.filtered(lambda touch: touch.pace_datetime and touch.pace_datetime > now)
        fresh = (touches - due - fixed).sorted('id')
        turns = dict(zip(due, pace.spread(self.hourly_pace, left, len(due), now), strict=True))
        log = sorted([*left, *promised, *turns.values(), *fixed.mapped('pace_datetime')])
        turns |= dict(zip(fresh, pace.spread(self.hourly_pace, log, len(fresh), now), strict=True))
        turns |= {touch: touch.pace_datetime for touch in fixed}
        later = {}
        for touch, moment in turns.items():
            if moment > now:
                later[moment] = later.get(moment, touches.browse()) + touch
        return later

    def _get_departures(self, touches, now):
        """([moments], [moments]): when the mails of the last hour left, and when others than the touches have their turn.

        A turn that nobody took for a while lapses: its mail is held, or has fallen out.
        """
        since, lapsed = now - pace.HOUR, now - pace.get_groups(self.hourly_pace).distance
        self.env['cadence.touch'].flush_model()
        rows = self.env.execute_query(SQL("""
            SELECT outcome = 'waiting' AS is_promised,
                   CASE WHEN outcome = 'waiting' THEN pace_datetime ELSE outcome_date END AS moment,
                   COUNT(*)
              FROM cadence_touch
             WHERE sender_id = %(sender_id)s
               AND day >= %(first_day)s
               AND state = 'reserved'
               AND (outcome <> 'waiting' AND outcome_date > %(since)s
                    OR outcome = 'waiting' AND pace_datetime > %(lapsed)s AND NOT id = ANY(%(ids)s))
          GROUP BY 1, 2
          ORDER BY 2
            """, sender_id=self.id, since=since, lapsed=lapsed, ids=touches.ids,
            first_day=self._get_today(since) - timedelta(days=1)))
        left, promised = [], []
        for is_promised, moment, count in rows:
            (promised if is_promised else left).extend([moment] * count)
        return left, promised
