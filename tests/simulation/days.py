"""The promises that are judged when a local day of a segment is over: nothing left out, nothing told wrong."""
from collections import defaultdict
from datetime import timedelta

from . import addresses, calendar
from .world import RHYTHMS, SEGMENTS

PEOPLE = """
    SELECT partner.id, partner.email, partner.active,
           COALESCE(JSONB_AGG(JSONB_BUILD_OBJECT('group', tag_group.code, 'segment', tag.cadence_segment_id,
                                                 'batch', tag.cadence_batch))
                    FILTER (WHERE tag_group.id IS NOT NULL), '[]') AS tags
      FROM res_partner partner
 LEFT JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = partner.id
 LEFT JOIN res_partner_category tag ON tag.id = rel.category_id
 LEFT JOIN cadence_tag_group tag_group ON tag_group.id = tag.cadence_group_id
     WHERE partner.email LIKE '%@%' AND partner.email NOT LIKE '%@me.example%'
  GROUP BY partner.id
"""
TOUCHES = """
    SELECT touch.id, touch.partner_id, touch.email, touch.state, touch.reason, touch.step,
           TO_JSONB(touch)->>'outcome' AS outcome
      FROM cadence_touch touch
     WHERE touch.segment_id = %s AND touch.tag_group_id = %s AND touch.date = %s
"""


class Days:
    """The half of the judge that looks at days; see checks.py for its state."""

    def on_odd_days(self, segment):
        """No worker for some days, or a day that is another one now."""
        for days in range(-1, 5):
            self.obstacles[segment, self.world.local_day(segment) + timedelta(days=days)] = True

    def on_hour(self, world):
        for segment in world.segments:
            for group in RHYTHMS:
                self.letters[segment, group] = self._get_steps(segment, group)
            self._note_obstacles(segment)
            day = world.local_day(segment)
            if day > self.days[segment] and world.now >= world.off_until:
                self._on_day(segment, self.days[segment])
                self.days[segment] = day

    def _note_obstacles(self, segment):
        """What may rightly keep a day from going its way, while it does."""
        state = self.world.machine.read("""
            SELECT active, auto_send FROM cadence_segment WHERE id = %s""", [self.world.ids['segment'][segment]])[0]
        if not state['active']:
            self.asleep.add((segment, self.world.local_day(segment)))
        bad_weather = any(weather != 'up' for weather in self.world.office.weather.values())
        stops = ('segment', segment) in self.stopped or any(
            kind == 'run' and key[0] == segment and key[2] == self.world.local_day(segment) for kind, key in self.stopped)
        if not state['active'] or not state['auto_send'] or bad_weather or stops or self.world.now < self.world.off_until:
            self.obstacles[segment, self.world.local_day(segment)] = True

    def _on_day(self, segment, day):
        """A local day of a segment is over, and the crons have closed it."""
        self._check_ledger(segment, day)
        self._check_due(segment, day)
        self._check_story(segment, day)
        self._check_results(segment)

    def _check_ledger(self, segment, day):
        """Touches that say left are the mails that left."""
        for group, group_id in self.world.ids['group'].items():
            if group not in self.world.groups:
                continue
            touches = self.world.machine.read(TOUCHES, [self.world.ids['segment'][segment], group_id, day])
            reserved = [touch for touch in touches if touch['state'] == 'reserved']
            said = sorted(addresses.canonical(touch['email']) for touch in reserved if touch['outcome'] in (None, 'left'))
            doubtful = {addresses.canonical(touch['email']) for touch in reserved if touch['outcome'] == 'in_doubt'}
            waiting = [touch['email'] for touch in reserved if touch['outcome'] in ('waiting', 'leaving')]
            left = sorted(
                addresses.canonical(address) for mail in self.world.left for address in mail.recipients
                if mail.subject.startswith(f'[{segment}/{group}/') and self.local_days[mail.message_id] == day)
            left = [address for address in left if address not in doubtful]
            if said != left:
                odd = set(said) ^ set(left)
                rows = [(touch['email'], touch['state'], touch['outcome'], touch['reason']) for touch in touches
                        if addresses.canonical(touch['email'] or '@') in odd]
                self._violate('ledger', f"{segment}/{group} {day}: the ledger says {said}, what left is {left}; {rows}")
            if waiting:
                self._violate('open', f"{segment}/{group} {day} is over and {waiting} still wait")

    def _check_due(self, segment, day):
        """Everybody due is done, or is next in line."""
        holders, before = self._get_holders(), self.holders[segment]
        self.holders[segment] = holders
        for group in self.world.groups:
            batches, cycle = RHYTHMS[group]
            due = self.due.setdefault((segment, group), {})
            numbers = calendar.due_batches(day, batches, cycle)
            for contact, held in holders.get((segment, group), {}).items():
                if (segment, day) not in self.asleep and held & before.get((segment, group), {}).get(contact, set()) & numbers:
                    due.setdefault(contact, day)
            for contact in set(due) - set(holders.get((segment, group), {})):
                del due[contact]  # in no batch any more
            touches = {touch['partner_id']: touch for touch in self.world.machine.read(
                TOUCHES, [self.world.ids['segment'][segment], self.world.ids['group'][group], day])}
            if numbers:
                self._settle(segment, group, day, due, touches)

    def _settle(self, segment, group, day, due, touches):
        run = self.world.machine.read(
            "SELECT state, blocked_reason FROM cadence_run WHERE segment_id = %s AND tag_group_id = %s AND date = %s",
            [self.world.ids['segment'][segment], self.world.ids['group'][group], day])
        blocked = not run or run[0]['state'] in ('blocked', 'missed', 'cancelled') or run[0]['blocked_reason']
        if blocked and not self.obstacles[segment, day] \
                and not (run and (run[0]['blocked_reason'] or run[0]['state'] == 'cancelled')):
            self._violate('passed in silence', f"{segment}/{group} {day}: the run is {run and run[0]['state']}")
        for contact, since in list(due.items()):
            touch = touches.get(contact)
            if touch and touch['state'] == 'excluded':
                self._check_kept_out(segment, group, day, touch)
            if touch and touch['state'] != 'deferred':
                del due[contact]
            elif touch is None and not blocked and not self.obstacles[segment, day]:
                self._violate('lost', f"{segment}/{group} {day}: contact {contact}, due since {since}, is in no row of the day")
                del due[contact]

    def _check_kept_out(self, segment, group, day, touch):
        """Who was excluded is so for a reason, when the day is over."""
        person = next((person for person in self.world.machine.read(PEOPLE) if person['id'] == touch['partner_id']), None)
        address = person and addresses.canonical(person['email'])
        if not person or touch['reason'] == 'letters_done' or self._get_reason(person, segment, group, address) \
                or address in self._get_blacklist() | self.opted_out or any(
                    (SEGMENTS[segment][0], day + timedelta(days=days), address) in self.mailed for days in (-1, 0, 1)):
            return
        if not self.world.machine.read(
                "SELECT state FROM cadence_touch WHERE email = %s AND date = %s AND state <> 'excluded'", [address, day]):
            self._violate('kept out', f"{segment}/{group} {day}: {address} was excluded, {touch['reason']}, and nothing holds")

    def _get_holders(self):
        """{(segment, group): {contact: batch numbers}}"""
        keys = {id_: key for key, id_ in self.world.ids['segment'].items()}
        holders = defaultdict(dict)
        for person in self.world.machine.read(PEOPLE):
            for tag in person['tags']:
                if tag['segment'] in keys and tag['batch']:
                    holders[keys[tag['segment']], tag['group']].setdefault(person['id'], set()).add(tag['batch'])
        return holders

    def _check_story(self, segment, day):
        """The run's counts and its story tell of what left."""
        def work(env):
            runs = env['cadence.run'].search([('segment_id', '=', self.world.ids['segment'][segment]), ('date', '=', day)])
            return [(run.tag_group_id.code, run.state, run.mailed_count, run.story,
                     [touch.outcome if 'outcome' in touch else touch.state for touch in run.touch_ids]) for run in runs]
        for group, state, mailed, story, outcomes in self.world.ask(work) or ():
            left = outcomes.count('left')
            if mailed != left:
                self._violate('story', f"{segment}/{group} {day} ({state}): {mailed} mailed, the ledger has {left}")
            if story[0]['count'] != sum(row['count'] for row in story[1:]):
                self._violate('story', f"{segment}/{group} {day}: the counts do not add up: {story}")
