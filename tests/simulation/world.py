"""The world of the simulation: two companies, five segments in five time zones, their letters, and the people in it.

Everything has a key, by which the rules and a printed sequence name it whatever its id: company `a`, segment `berlin`, group
`marketing`, user `manager`, server `default.sim`. A contact is named by the address with which it came into the world.
"""
import re
from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import new_test_user

from ..common import UNSUBSCRIBE
from . import calendar
from .process import Refusal

START = datetime(2026, 1, 1)
# key: (company, language, time zone, sending time)
SEGMENTS = {
    'berlin': ('a', 'base.lang_en', 'Europe/Berlin', 9.0),
    'shanghai': ('a', 'base.lang_zh_CN', 'Asia/Shanghai', 14.5),
    'angeles': ('a', 'base.lang_es', 'America/Los_Angeles', 8.0),
    'utc': ('a', 'base.lang_fr', 'UTC', 10.0),
    'auckland': ('b', 'base.lang_en', 'Pacific/Auckland', 9.0),
}
COMPANIES = {'a': 'Europe/Berlin', 'b': 'Pacific/Auckland'}
STEPS = {'marketing': 3, 'reading': 2, 'sprint': 3}
RHYTHMS = {'marketing': (30, 30), 'reading': (10, 10), 'sprint': (5, 5)}  # batches, days a cycle
# Says of a mail what it is, so that it can be judged without any table of ours: [berlin/marketing/2b], [newsletter/a/1]
SUBJECT = re.compile(r'\[(\w+)/(\w+)/(\d+)(\w*)\]')


def build(machine):
    """The world as every sequence finds it; kept, to be copied."""
    machine.set_time(START)
    machine.request(_build)
    machine.keep()


def _build(env):
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nosubscribe=True, mail_auto_subscribe_no_notify=True))
    Parameter = env['ir.config_parameter']
    Parameter.set_param('ir_attachment.location', 'db')
    Parameter.set_param('web.base.url', 'http://me.example')
    company_a = env.ref('base.main_company')
    companies = {'a': company_a, 'b': env['res.company'].create({'name': 'Company b', 'email': 'b@me.example'})}
    for key, company in companies.items():
        if 'cadence_tz' in company._fields:
            company.cadence_tz = COMPANIES[key]
        company.partner_id.tz = COMPANIES[key]
    for login, groups in {
            'manager': 'mass_mailing_cadence.group_manager,base.group_partner_manager',
            'user': 'mass_mailing_cadence.group_user,base.group_partner_manager',
            'marketer': 'mass_mailing.group_mass_mailing_user,base.group_partner_manager'}.items():
        new_test_user(env, login=login, groups=groups, email=f'{login}@me.example', tz='UTC', lang='en_US',
                      company_id=company_a.id, company_ids=[Command.set([company.id for company in companies.values()])])
    excluded = [env.ref(f'mass_mailing_cadence.view_{name}').id for name in ('intention', 'risk', 'no_send')]
    env['cadence.tag.group'].create({
        'name': 'Sprint', 'code': 'sprint', 'marker': 'Sprint', 'sequence': 15, 'batch_count': 5, 'cycle_days': 5,
        'exclude_view_ids': [Command.set(excluded)]})
    groups = {code: env['cadence.tag.group'].search([('code', '=', code)]) for code in STEPS}
    servers = env['ir.mail_server'].create([
        {'name': host, 'smtp_host': host, 'smtp_encryption': 'none', 'sequence': number}
        for number, host in enumerate(('default.sim', 'berlin.sim'), 1)])
    manager = env['res.users'].search([('login', '=', 'manager')])
    for key, (company, lang, tz, hour) in SEGMENTS.items():
        segment = env['cadence.segment'].create({
            'name': key,
            'lang_id': env.ref(lang).id,
            'customer_group_id': env['cadence.customer.group'].create({'name': key}).id,
            'company_id': companies[company].id,
            'user_id': manager.id,
            'email_from': f'Wang Li <{key}@me.example>',
            'mail_server_id': servers[1].id if key == 'berlin' else False,
            'tz': tz, 'send_time': hour,
        })
        for code, steps in STEPS.items():
            segment._get_batch_tags(groups[code], range(1, RHYTHMS[code][0] + 1))
            for step in range(1, steps + 1):
                create_letter(segment, groups[code], step)


def create_letter(segment, group, step, variant=''):
    letter = segment.env['cadence.letter'].create({
        'segment_id': segment.id, 'tag_group_id': group.id, 'step': step,
        'subject': f'[{segment.name}/{group.code}/{step}{variant}] new cranes'})
    letter.mailing_id.body_html = '<p>Dear <t t-out="object.name"/>, our cranes are new.</p>' \
        '<p><a href="https://cranes.example/all">Catalogue</a> <a href="https://cranes.example/all">Prices</a></p>' + UNSUBSCRIBE
    return letter


class World:
    """A machine with this world in it, and its history: who did what when, and what was found wrong."""

    def __init__(self, machine, start, segments=SEGMENTS, judge=None, sent_at_once=100, groups=tuple(RHYTHMS)):
        machine.reset()
        self.machine, self.office = machine, machine.office
        self.office.on_left = self._on_left
        self.judge = judge
        self.script = []        # [(moment, rule, arguments)]
        self.violations = []    # [(moment, kind, text)]
        self.contacts = {}      # address with which it came: id
        self.intakes = []       # ids
        self.restless = True    # something happened since the last beat, or is not finished
        self.every_hour = False
        self.off_until = self.lull_until = START  # no cron worker runs; somebody acted between two statements
        self.start = _to_datetime(start)
        machine.set_time(self.start)
        self.ask(lambda env: self._set_up(env, segments, groups, sent_at_once))
        self.ids = {model: {row['key']: row['id'] for row in machine.read(query)} for model, query in KEYS.items()}
        self.segments, self.groups = list(segments), list(groups)
        if judge:
            judge.begin(self)

    def _set_up(self, env, segments, groups, sent_at_once):
        self.machine.setup_jobs(env)
        self.machine.set_sent_at_once(sent_at_once)
        env['ir.config_parameter'].set_param('mail.mail.force.send.limit', str(sent_at_once))
        env['cadence.segment'].search([('name', 'not in', list(segments))]).active = False
        # As if the other rhythms had never been made: each is a run a day.
        env.cr.execute("UPDATE cadence_tag_group SET active = code = ANY(%s) WHERE batch_count > 0", [list(groups)])
        env.invalidate_all()

    # Look up

    @property
    def now(self):
        return self.machine.clock()

    @property
    def left(self):
        """What left to contacts: mails to the users are none of the cadence's business."""
        return [mail for mail in self.office.left if not is_ours(mail)]

    def local_day(self, segment, moment=None):
        return calendar.local_day(moment or self.now, self.get_zone(segment))

    def get_zone(self, segment):
        return self.machine.read("SELECT tz FROM cadence_segment WHERE id = %s", [self.ids['segment'][segment]])[0]['tz']

    # People

    def ask(self, work, login=None, **accident):
        """A request of a user, or of the system; None where Odoo refused it."""
        try:
            return self.machine.request(work, self._get_uid(login) if login else 1, **accident)
        except Refusal:
            return None
        except Exception as error:  # noqa: BLE001 what no user can understand is a finding
            self.violate('fault', f"a request of {login or 'the system'} raised {type(error).__name__}: {error}")
            return None

    def _get_uid(self, login):
        return self.machine.read("SELECT id FROM res_users WHERE login = %s", [login])[0]['id']

    def do(self, moment, rule, **arguments):
        """Go to a moment and let somebody do something."""
        from .rules import RULES
        self.go(moment)
        self.script.append((self.now, rule, arguments))
        self.restless = True
        RULES[rule].act(self, **arguments)
        # Idle workers wake up at once, busy ones at the hour: odd minutes are those of the idle ones.
        if self.now.minute % 2:
            self.beat()

    def violate(self, kind, text):
        self.violations.append((self.now, kind, text))

    def _on_left(self, mail):
        if self.judge:
            try:
                self.judge.on_left(mail)
            except Exception as error:  # noqa: BLE001 the mail server must not be seen to fail by the judge's fault
                self.violate('judge', repr(error))
        self.machine.on_mail()

    # Time

    def go(self, moment):
        """Let time pass: the crons work a minute after each full hour and sending time at which there may be something to do."""
        moment = _to_datetime(moment)
        while self.now < moment:
            before, after = self.now, min(self._get_next_beat(), moment)
            self.machine.set_time(max(before, after))
            if after < moment or self._is_beat(after):
                if self.restless or self.every_hour or self._is_interesting(before):
                    self.beat()
                if self.judge:
                    self.judge.on_hour(self)

    def _get_next_beat(self):
        hour = self.now.replace(minute=1, second=0, microsecond=0)
        while hour <= self.now:
            hour += timedelta(hours=1)
        return min([hour, *(moment for moment in (*self._get_sending_moments(), *self._get_turns()) if moment > self.now)])

    def _is_beat(self, moment):
        return moment.minute == 1 or moment in self._get_sending_moments() or moment in self._get_turns()

    def _get_turns(self):
        """When mails that wait for their sender's pace have their turn."""
        return [row['moment'] for row in self.machine.read(
            "SELECT DISTINCT pace_datetime AS moment FROM cadence_touch WHERE outcome = 'waiting' AND pace_datetime >= %s",
            [self.now])]

    def _get_sending_moments(self):
        rows = self.machine.read("SELECT tz, send_time FROM cadence_segment WHERE active")
        return [
            calendar.utc_moment(calendar.local_day(self.now, row['tz']), row['tz'], row['send_time']) + timedelta(minutes=1)
            for row in rows] + [row['send_datetime'] + timedelta(minutes=1) for row in self.machine.read(HOURS)]

    def _is_interesting(self, before):
        """Whether a local day began or a sending time passed since."""
        zones = {row['tz'] for row in self.machine.read("SELECT tz FROM cadence_segment WHERE active")} | set(COMPANIES.values())
        return any(calendar.local_day(before - timedelta(minutes=2), tz) != calendar.local_day(self.now, tz) for tz in zones) \
            or any(before < moment <= self.now for moment in self._get_sending_moments())

    def beat(self):
        if self.now < self.off_until:
            return
        self.machine.beat()
        for what, error in self.machine.faults:
            self.violate('fault', f"{what}: {type(error).__name__ if error else ''} {error or ''}")
        self.machine.faults.clear()
        self.restless = self.machine.read(UNFINISHED, {'now': self.now})[0]['unfinished']


KEYS = {
    'segment': "SELECT name->>'en_US' AS key, id FROM cadence_segment",
    'group': "SELECT code AS key, id FROM cadence_tag_group",
    'company': "SELECT CASE WHEN name = 'Company b' THEN 'b' ELSE 'a' END AS key, id FROM res_company",
    'server': "SELECT name AS key, id FROM ir_mail_server",
}
HOURS = "SELECT DISTINCT send_datetime FROM cadence_touch WHERE outcome = 'waiting' AND send_datetime IS NOT NULL"
UNFINISHED = """
    SELECT EXISTS (SELECT FROM mail_mail WHERE state = 'outgoing')
        OR EXISTS (SELECT FROM mailing_mailing WHERE state IN ('in_queue', 'sending')
                      AND (schedule_date IS NULL OR schedule_date < %(now)s))
        OR EXISTS (SELECT FROM ir_cron_trigger JOIN ir_cron ON ir_cron.id = cron_id WHERE active AND call_at <= %(now)s)
        OR EXISTS (SELECT FROM cadence_touch touch JOIN cadence_run run ON run.id = touch.run_id
                    WHERE touch.outcome IN ('waiting', 'leaving') AND run.send_datetime < %(now)s)
        AS unfinished
"""


def is_ours(mail):
    return all(address.endswith('@me.example') for address in mail.recipients)


def is_newsletter(mail):
    return mail.subject.startswith('[newsletter/')


def _to_datetime(moment):
    return moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
