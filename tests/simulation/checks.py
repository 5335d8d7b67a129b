"""The promises, judged from what left.

What is true of a contact is read from Odoo's own tables (contacts, tags, blacklist) as they are committed at the moment in which
a mail leaves, and understood here a second time; what the ledger says is only ever compared with it.
"""
from collections import defaultdict
from datetime import timedelta

from . import addresses, calendar
from .days import PEOPLE, Days
from .results import Results
from .world import COMPANIES, SEGMENTS, SUBJECT, is_newsletter, is_ours

EXCLUDING = {  # group: the tag groups whose tags exclude from it
    'marketing': {'intention', 'risk', 'reading'},
    'reading': {'intention', 'risk'},
    'sprint': {'intention', 'risk'},
}


class Judge(Days, Results):
    """Watches a world: `world.violations` are its findings."""

    def begin(self, world):
        self.world = world
        self.paused = set()      # senders
        self.sender_caps = defaultdict(list)  # sender: [(moment, mails a day)]
        self.per_sender = defaultdict(int)    # (sender, company day): mails
        self.paces = defaultdict(list)        # sender: [(moment, mails an hour)]
        self.departures = defaultdict(list)   # sender: moments
        self.at_provider = defaultdict(int)   # (sender, company day, provider): mails
        self.changed_shares = world.now       # since when limits of senders and providers are what they are
        self.without_share = set()            # (sender, company day) that had none for a while
        self.held = set()        # intakes
        self.samples = {}        # company: [(moment, mails of a new load that go first)]
        self.first_mails = defaultdict(list)  # intake: moments of the first mails to its contacts
        self.stopped = set()     # ('segment', key), ('run', (segment, group, day))
        self.released = set()    # (segment, day) whose drafts somebody sent
        self.mailed = {}         # (company, day, address): mail
        self.local_days = {}     # message id: its segment's day as it left, whatever the zone is later
        self.per_domain = defaultdict(int)  # (company, day, domain): mails
        self.cadence_domains = set()  # those of them that a run has mailed
        self.caps = {company: [(world.now, 20)] for company in COMPANIES}
        self.steps = {}          # (segment, group, contact): step of the last mail that left
        self.letters = {}        # (segment, group): the usable steps at the last two hours
        self.days = {segment: world.local_day(segment) for segment in world.segments}
        self.due = {}            # (segment, group): {contact: since}, who was due and is not done
        self.holders = dict.fromkeys(world.segments, self._get_holders())  # segment: as its day began
        self.said_no = {}        # contact: how it said that it wants no more mails
        self.opted_out = set()   # addresses whose link was used
        self.asleep = set()      # (segment, day): archived, its contacts are left in peace
        self.obstacles = defaultdict(bool)  # (segment, day): something kept the day from going its way
        self.reactions = defaultdict(list)  # message id: [(moment, what somebody did with the mail)]
        self.deals = {}          # opportunity: what it brought, won

    # A mail leaves

    def on_left(self, mail):
        match = SUBJECT.search(mail.subject)
        if is_ours(mail):
            return
        if not match:
            self._violate('unknown mail', f"{mail.recipients} got “{mail.subject}”")
            return
        segment, group, step, _variant = match.groups()
        if segment != 'newsletter':
            self.local_days[mail.message_id] = self.world.local_day(segment, mail.moment)
        company = group if segment == 'newsletter' else SEGMENTS[segment][0]
        for address in mail.recipients:
            self._check_once(company, addresses.canonical(address), mail)
            self._check_cap(company, address, mail)
            holders = self._check_exclusion(segment, group, address)
            if segment != 'newsletter':
                self._check_step(segment, group, int(step), holders)
        if segment != 'newsletter':
            self._check_stop(segment, group, mail)
            self._check_sender(segment, company, mail)
            self._check_intakes(company, mail)

    def _check_once(self, company, address, mail):
        key = company, calendar.local_day(mail.moment, self._get_company_zone(company)), address
        before = self.mailed.get(key)
        if before and is_newsletter(before) and is_newsletter(mail):
            return  # two mailings by hand are their sender's own business
        # Odoo's own sending of a newsletter sends a mail again whose worker dies before it has written that it left.
        if before and not (is_newsletter(mail) and before.subject == mail.subject
                           and any(death >= before.moment for death in self.world.machine.deaths)):
            self._violate('twice', f"{address} got “{before.subject}” at {before.moment} and “{mail.subject}”, on {key[1]}")
        self.mailed[key] = mail

    def _check_cap(self, company, address, mail):
        """No mail of the cadence is one too many for a company, and no other where the cadence has mailed it before."""
        zone = self._get_company_zone(company)
        day, domain = calendar.local_day(self.world.now, zone), addresses.company_domain(address)
        if domain:
            self.per_domain[company, day, domain] += 1
            self.cadence_domains.update({(company, day, domain)} if not is_newsletter(mail) else ())
            start = calendar.utc_moment(day, zone, 0)
            caps = [cap for moment, cap in self.caps[company] if moment >= start] + [
                [cap for moment, cap in self.caps[company] if moment < start or moment == self.caps[company][0][0]][-1]]
            count = self.per_domain[company, day, domain]
            if count > max(caps) and (company, day, domain) in self.cadence_domains:
                self._violate('cap', f"{domain} got {count} mails on {day}, the cap is {max(caps)}")

    def _check_exclusion(self, segment, group, address):
        """The ids of the contacts who may get it."""
        canonical = addresses.canonical(address)
        people = [person for person in self.world.machine.read(PEOPLE) if canonical in addresses.addresses_in(person['email'])]
        reasons = {person['id']: self._get_reason(person, segment, group, canonical) for person in people}
        if canonical in self._get_blacklist() | self.opted_out:
            reasons = dict.fromkeys(reasons or [0], 'opted out')
        if self.world.now > self.world.lull_until and (not reasons or all(reasons.values())):
            self._violate('excluded', f"{address} was mailed by {segment}/{group}: {reasons or 'no contact has the address'}")
        return [id_ for id_, reason in reasons.items() if not reason]

    def _get_reason(self, person, segment, group, address):
        if not person['active']:
            return 'archived'
        if len(addresses.addresses_in(person['email'])) > 1:
            return 'several addresses'
        if segment == 'newsletter':
            return None
        if person['id'] in self.said_no:
            return self.said_no[person['id']]
        if marks := {tag['group'] for tag in person['tags']} & EXCLUDING[group]:
            return f'is in {", ".join(sorted(marks))}'
        if addresses.is_no_send(address):
            return 'no-send'
        if not any(tag['group'] == group and tag['segment'] == self.world.ids['segment'][segment] for tag in person['tags']):
            return 'in no batch'
        return None

    def _get_blacklist(self):
        return {addresses.canonical(row['email']) for row in self.world.machine.read(
            "SELECT email FROM mail_blacklist WHERE active")}

    def _check_stop(self, segment, group, mail):
        if self.world.now <= self.world.lull_until:
            return
        day = self.world.local_day(segment)
        state = self.world.machine.read("""
            SELECT segment.active, segment.auto_send, run.state,
                   EXISTS (SELECT FROM cadence_letter letter JOIN mailing_mailing mailing ON mailing.id = letter.mailing_id
                            WHERE letter.active AND letter.segment_id = segment.id AND mailing.subject = %s) AS letter
              FROM cadence_segment segment
         LEFT JOIN cadence_run run ON run.segment_id = segment.id AND run.date = %s AND run.tag_group_id = %s
             WHERE segment.id = %s
            """, [mail.subject, day, self.world.ids['group'][group], self.world.ids['segment'][segment]])[0]
        stops = [
            why for why, holds in {
                'the segment is archived': not state['active'],
                'the letter is archived or gone': not state['letter'],
                'nobody sent the drafts': not state['auto_send'] and (segment, day) not in self.released,
                'the run is cancelled': state['state'] in ('cancelled', 'missed', None),
                'the segment is stopped': ('segment', segment) in self.stopped,
                'the run is stopped': ('run', (segment, group, day)) in self.stopped,
            }.items() if holds]
        if stops:
            self._violate('stopped', f"{mail.recipients} got “{mail.subject}”, but {', '.join(stops)}")

    def _check_sender(self, segment, company, mail):
        """Nothing leaves of a sender that is paused, nor more than its cap on a day, nor than its pace in an hour."""
        sender = self.world.machine.read(
            "SELECT sender_id FROM cadence_segment WHERE id = %s", [self.world.ids['segment'][segment]])[0]['sender_id']
        self._check_pace(sender, mail)
        self._check_share(sender, company, mail)
        if self.world.now <= self.world.lull_until:
            return
        zone = self._get_company_zone(company)
        if sender in self.paused:
            self._violate('paused', f"{mail.recipients} got “{mail.subject}”, but the sender is paused")
        hosts = [address.rpartition('@')[2] for address in mail.recipients]
        if self.world.machine.read("""
                SELECT 1 FROM cadence_sender_provider part JOIN cadence_mail_host host ON host.provider_id = part.provider_id
                 WHERE part.sender_id = %s AND part.state = 'paused' AND host.name = ANY(%s)
                """, [sender, hosts]):
            self._violate('paused', f"{mail.recipients} got “{mail.subject}”, but the sender is paused at the provider")
        day = calendar.local_day(self.world.now, zone)
        if day != self.world.local_day(segment):
            return  # a mail that was late changes its day and not its place
        self.per_sender[sender, day] += 1
        start = calendar.utc_moment(day, zone, 0)
        before = [cap for moment, cap in self.sender_caps[sender] if moment < start]
        caps = [cap for moment, cap in self.sender_caps[sender] if moment >= start]
        # What left before the first limit of the day did not know of it.
        count = self.per_sender[sender, day]
        if before and count > max([before[-1], *caps]):
            self._violate('sender cap', f"{count} mails left on {day}, the cap is {max([before[-1], *caps])}")

    def _check_pace(self, sender, mail):
        """Of the paces that held in the last hour the largest one counts; what left before the first one did not know of it."""
        self.departures[sender].append(self.world.now)
        start = self.world.now - timedelta(hours=1)
        before = [pace for moment, pace in self.paces[sender] if moment <= start]
        paces = before[-1:] + [pace for moment, pace in self.paces[sender] if moment > start]
        count = sum(moment > start for moment in self.departures[sender])
        if before and all(paces) and count > max(paces):
            self._violate('pace', f"{mail.recipients} got “{mail.subject}”, the {count}th of an hour, the pace is {max(paces)}")

    def _check_share(self, sender, company, mail):
        """No mailbox provider gets more than its share of a day of a sender that is warmed up; days of changes aside."""
        zone = self._get_company_zone(company)
        day = calendar.local_day(self.world.now, zone)
        [row] = self.world.machine.read("""
            SELECT sender.state, sender.provider_share AS share, day.cap,
                   (SELECT id FROM cadence_mail_provider
                     WHERE '; ' || hosts || ';' LIKE '%%; ' || %s || ';%%' LIMIT 1) AS provider
              FROM cadence_sender sender
         LEFT JOIN cadence_sender_day day ON day.sender_id = sender.id AND day.date = %s
             WHERE sender.id = %s
            """, [addresses.canonical(mail.recipients[0]).rpartition('@')[2], day, sender])
        if row['state'] not in ('new', 'warming', 'resting') or not row['share'] or not row['cap']:
            self.without_share.add((sender, day))
        if not row['provider']:
            return
        self.at_provider[sender, day, row['provider']] += 1
        count, share = self.at_provider[sender, day, row['provider']], max((row['cap'] or 0) * row['share'] // 100, 1)
        is_steady = max(self.changed_shares, self.world.lull_until) < calendar.utc_moment(day, zone, 0)
        if is_steady and (sender, day) not in self.without_share and count > share:
            self._violate('share', f"{mail.recipients} got “{mail.subject}”, the {count}th of {day} at its provider of {share}")

    def _check_intakes(self, company, mail):
        """Nothing leaves to a load that is held; of one that was never mailed few do before one knows how they fare."""
        if self.world.now <= self.world.lull_until:
            return
        for row in self.world.machine.read("""
                SELECT DISTINCT line.intake_id, intake.is_proven
                  FROM cadence_intake_line line
                  JOIN cadence_intake intake ON intake.id = line.intake_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.state = 'saved' AND partner.cadence_email = ANY(%s)
                   AND intake.company_id = %s  -- what a company holds is not another one's to wait for
                   AND NOT EXISTS (SELECT FROM cadence_intake_line other
                                    WHERE other.partner_id = line.partner_id AND other.intake_id <> line.intake_id)
                """, [[addresses.canonical(address) for address in mail.recipients], self.world.ids['company'][company]]):
            intake = row['intake_id']
            if intake in self.held:
                self._violate('held', f"{mail.recipients} got “{mail.subject}”, but intake {intake} is held")
            zone = self._get_company_zone(company)
            start = calendar.utc_moment(calendar.local_day(self.world.now, zone), zone, 0)
            first, counts = self.first_mails[intake], self.samples.get(company, [])
            known = [count for moment, count in counts if moment < start]
            today = [moment for moment in first if moment >= start]
            if known and not row['is_proven'] and len(today) >= max([known[-1], *(n for moment, n in counts if moment >= start)]):
                self._violate('canary', f"{mail.recipients} got “{mail.subject}”: {len(today)} of intake {intake} went first")
            first.append(self.world.now)

    def on_canary(self, company, count):
        self.samples.setdefault(company, []).append((self.world.now, count))

    def on_pause(self, sender):
        self.paused.add(sender)

    def on_pace(self, sender, pace):
        self.paces[sender].append((self.world.now, pace))

    def on_provider(self):
        self.changed_shares = self.world.now

    def on_sender_cap(self, sender, cap):
        self.changed_shares = self.world.now
        self.sender_caps[sender].append((self.world.now, cap))

    def _check_step(self, segment, group, step, holders):
        """The step after the last one that left, of the letters that there are."""
        current, before = self._get_steps(segment, group), self.letters.get((segment, group))
        expected = {
            next((other for other in steps if last and other > last), steps[0])
            for steps in {current, before or current} if steps
            for holder in holders
            for last in {self.steps.get((segment, group, holder)), *self._get_doubtful_steps(segment, group, holder)}}
        if expected and step not in expected:
            last = {holder: self.steps.get((segment, group, holder)) for holder in holders}
            self._violate('step', f"{segment}/{group}: step {step} left, the last ones were {last}, there are {current}")
        for holder in holders:
            self.steps[segment, group, holder] = step

    def _get_doubtful_steps(self, segment, group, contact):
        """Steps that may have left, nobody knows."""
        return {row['step'] for row in self.world.machine.read("""
            SELECT step FROM cadence_touch touch
             WHERE segment_id = %s AND tag_group_id = %s AND partner_id = %s AND TO_JSONB(touch)->>'outcome' = 'in_doubt'
            """, [self.world.ids['segment'][segment], self.world.ids['group'][group], contact])}

    def _get_steps(self, segment, group):
        return tuple(row['step'] for row in self.world.machine.read("""
            SELECT DISTINCT step FROM cadence_letter WHERE active AND segment_id = %s AND tag_group_id = %s ORDER BY step
            """, [self.world.ids['segment'][segment], self.world.ids['group'][group]]))

    def on_answer(self, mail, how):
        """A customer answered a mail of the cadence, or their server said that there is nobody."""
        if not is_newsletter(mail):
            address = addresses.canonical(mail.recipients[0])
            for person in self.world.machine.read(PEOPLE):
                if addresses.addresses_in(person['email']) == [address]:
                    self.said_no[person['id']] = how

    def on_merge(self, source, target):
        if source in self.said_no:
            self.said_no.setdefault(target, self.said_no[source])
        for (segment, group, contact), step in list(self.steps.items()):
            if contact == source:
                self.steps.setdefault((segment, group, target), step)

    def on_cap(self, company, cap):
        self.caps[company].append((self.world.now, cap))

    def _get_company_zone(self, company):
        rows = self.world.machine.read("""
            SELECT COALESCE(TO_JSONB(company)->>'cadence_tz', partner.tz) AS tz
              FROM res_company company JOIN res_partner partner ON partner.id = company.partner_id WHERE company.id = %s
            """, [self.world.ids['company'][company]])
        return rows[0]['tz'] or 'UTC'

    def _violate(self, kind, text):
        self.world.violate(kind, text)
