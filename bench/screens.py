"""Every screen of the menu as the web client asks for it, in milliseconds and queries on the server; fed to an Odoo shell.

The database is that of the follow-up's bench, with fifty segments, their batches, runs on each day of two months, replies and
intakes. Each screen is asked for four times by the same user in a transaction without anything cached of records, and the best of
the last three is told: the first one also fills the caches of a new process, and other work on the machine delays some. `LEDGER=12000000` adds touches of older months before.
"""
import os
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import chain
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from lxml import etree
from odoo.addons.mass_mailing_cadence.bench import follow_up, generate, results
from odoo.addons.mass_mailing_cadence.bench.report import get_cpu, row, write
from odoo.fields import Command, Domain
from odoo.tools import SQL, mute_logger
from odoo.tools.safe_eval import safe_eval

GOAL = 300  # ms
LEDGER = int(os.environ.get('LEDGER', 0))
SEGMENTS, REPLIES, WAITING, INTAKES = 50, 34_664, 5_000, 200
REMOVED = 300_000
DAY = date(2026, 10, 1)  # after the month that the follow-up's bench judges
DAYS = [DAY + timedelta(days=number) for number in range(-30, 31)]
FILLED = ('cadence_run', 'cadence_segment', 'cadence_touch', 'cadence_reply', 'cadence_intake', 'res_partner_category', 'cadence_run_tag_rel')


def fill(env):
    """Fill the database behind `env` once, and its ledger up to `LEDGER` touches."""
    env = env(context=dict(env.context, lang='en_US', tracking_disable=True, mail_notrack=True))
    follow_up.fill(env, follow_up.LARGE, follow_up.MONTHS)
    results.count_all(env)
    missing = SEGMENTS - env['cadence.segment'].search_count([])
    if missing > 0:
        create_segments(env, missing)
        create_replies(env)
        create_intakes(env)
        env.cr.commit()
        generate.vacuum(env, FILLED)
    [(touches,)] = env.execute_query(SQL("SELECT COUNT(*) FROM cadence_touch"))
    if touches < LEDGER:
        create_older_touches(env, LEDGER - touches)
        env.cr.commit()
        generate.vacuum(env, ('cadence_touch', 'cadence_run'))


def create_segments(env, missing):
    Segment = env['cadence.segment']
    used = Segment.search([]).lang_id
    langs = env['res.lang'].with_context(active_test=False).search([('id', 'not in', used.ids)], limit=missing)
    group = env['cadence.customer.group'].create({'name': 'Shipyards'})
    segments = Segment.create([{
        'lang_id': lang.id, 'customer_group_id': group.id, 'email_from': 'Wang Li <li@me.example>', 'tz': 'UTC'} for lang in langs])
    for segment in segments:
        for tag_group in env['cadence.tag.group']._get_mailed_groups():
            segment._get_batch_tags(tag_group, range(1, tag_group.batch_count + 1))
    env['cadence.run']._plan(dict.fromkeys(Segment.search([]), DAYS))
    env.flush_all()
    env.cr.execute("UPDATE cadence_run SET expected_count = 300 + id % 50 WHERE state = 'planned'")
    env.cr.execute(SQL("UPDATE cadence_run SET state = 'done', is_closed = TRUE WHERE date < %s", DAY))


def create_replies(env):
    env.cr.execute(SQL("""
        INSERT INTO cadence_reply (
               partner_id, company_id, segment_id, run_id, date, email, subject, text, kind, is_machine, state,
               create_uid, create_date, write_uid, write_date)
        SELECT partner_id, company_id, segment_id, run_id, date + TIME '10:00', email, 'Re: Our new loaders', 'Please send us your prices.',
               'person', FALSE, CASE WHEN ROW_NUMBER() OVER (ORDER BY id DESC) <= %s THEN 'waiting' ELSE 'sorted' END, 1, date, 1, date
          FROM (SELECT * FROM cadence_touch WHERE outcome = 'left' AND id %% 29 = 0 ORDER BY id DESC LIMIT %s) touch
        """, WAITING, REPLIES))


def create_intakes(env):
    group = env.ref('mass_mailing_cadence.tag_group_marketing')
    segments = env['cadence.segment'].search([])
    env['cadence.intake'].create([{
        'segment_id': segments[number % len(segments)].id, 'tag_group_id': group.id, 'pasted_text': f'buyer{number}@intake{number}.example',
    } for number in range(INTAKES)])


def create_older_touches(env, missing):
    """The month before the oldest one of the ledger, and so on."""
    with follow_up.without_indexes(env, ('cadence_touch',)):
        while missing > 0:
            [(oldest,)] = env.execute_query(SQL("SELECT MIN(date) FROM cadence_run WHERE state = 'done'"))
            first = oldest - timedelta(days=30)
            print(f"  the touches of {first} … {oldest}", flush=True)
            env.cr.execute(SQL("""
                WITH run AS (
                    INSERT INTO cadence_run (segment_id, tag_group_id, company_id, date, state, create_date)
                    SELECT segment_id, tag_group_id, company_id, date - 30, 'done', date - 30
                      FROM cadence_run
                     WHERE date BETWEEN %(oldest)s AND %(oldest)s + 29
                 RETURNING id, segment_id, tag_group_id, date
                )
                INSERT INTO cadence_touch (
                       run_id, segment_id, tag_group_id, company_id, date, day, channel, partner_id, email, company_domain, state, outcome,
                       step, mailing_id, create_date, write_date)
                SELECT run.id, run.segment_id, touch.tag_group_id, touch.company_id, run.date, run.date, 'mail', touch.partner_id,
                       touch.email, touch.company_domain, touch.state, touch.outcome, touch.step, touch.mailing_id, run.date, run.date
                  FROM cadence_touch touch
                  JOIN run ON run.segment_id = touch.segment_id AND run.tag_group_id = touch.tag_group_id AND run.date = touch.date - 30
                 WHERE touch.date BETWEEN %(oldest)s AND %(oldest)s + 29
              ORDER BY run.date
                """, oldest=oldest))
            missing -= env.cr.rowcount


def get_specification(Model, arch):
    """What the web client reads of a view's records."""
    names = {node.get('name') for node in arch.iter('field') if not any(
        parent.tag in ('list', 'kanban', 'form') and parent is not arch for parent in node.iterancestors())}
    return {
        name: {'fields': {'display_name': {}}} if Model._fields[name].relational else {}
        for name in names if name in Model._fields}


def get_search(env, action):
    """(domain, fields to group by) of an action with its default filters."""
    values = {'uid': env.uid, 'context_today': lambda: DAY}
    context, domain = (
        safe_eval(action[name] or empty, values) if isinstance(action[name], str) else action[name] or safe_eval(empty)
        for name, empty in (('context', '{}'), ('domain', '[]')))
    search_id = action['search_view_id'] and action['search_view_id'][0]
    search = etree.fromstring(env[action['res_model']].get_view(search_id, 'search')['arch'])
    domain, groups = Domain(domain), []
    for name in context:
        for node in search.xpath('//filter[@name=$name]', name=name.removeprefix('search_default_')):
            domain &= Domain(safe_eval(node.get('domain') or '[]', values))
            groups += filter(None, [safe_eval(node.get('context') or '{}').get('group_by')])
    return context, list(domain), groups


def ask(env, action, view_type, arch):
    """What the web client asks for when it opens a view of an action."""
    context, domain, groups = get_search(env, action)
    Model = env[action['res_model']].with_context(context)
    specification = get_specification(Model, arch)
    if view_type in ('list', 'kanban') and groups:
        return Model.web_read_group(domain, groups[:1], ['__count'], auto_unfold=True, unfold_read_specification=specification)
    if view_type in ('list', 'kanban'):
        limit = int(arch.get('limit') or (80 if view_type == 'list' else 40))
        return Model.web_search_read(domain, specification, limit=limit, count_limit=10_001)
    if view_type == 'calendar':
        month = [*domain, ('date', '>=', DAYS[20]), ('date', '<=', DAYS[60])]
        return Model.get_calendar_days(month) or Model.search_read(month, list(specification))
    if view_type == 'form':
        return Model.search(domain, limit=1).web_read(specification)
    stored = [node for node in arch.iter('field') if Model._fields[node.get('name')].store]
    measures = [f"{node.get('name')}:sum" for node in stored if node.get('type') == 'measure']
    rows = [f"{node.get('name')}:{node.get('interval') or 'month'}" if Model._fields[node.get('name')].type == 'date' else node.get('name')
            for node in stored if node.get('type') != 'measure']
    return Model.formatted_read_group(domain, rows[:2], ['__count', *measures])


def get_screens(env):
    """[(name, function of env)]"""
    menus = env['ir.ui.menu'].search([('id', 'child_of', env.ref('mass_mailing_cadence.cadence_menu').id), ('action', '!=', False)])
    for menu in menus:
        action = menu.action.run() if menu.action._name == 'ir.actions.server' else menu.action.read()[0]
        if not action.get('res_model'):
            continue
        for _id, view_type in action['views']:
            arch = etree.fromstring(env[action['res_model']].get_view(view_type=view_type)['arch'])
            yield f"{menu.complete_name.partition('/')[2]}, {view_type}", (
                lambda env, action=action, view_type=view_type, arch=arch: ask(env, action, view_type, arch))
    yield "Today, first steps", lambda env: env['cadence.checklist'].get_steps()
    yield "Replies", lambda env: env['cadence.reply'].get_triage_queue()
    yield "Results", lambda env: env['cadence.result'].get_page()
    partner = env['cadence.touch'].search([('state', '=', 'reserved')], limit=1).partner_id
    yield "Contact, timeline", lambda env: env['res.partner'].browse(partner.id).get_cadence_timeline()


def measure(env, screen):
    """(seconds, seconds of work, queries) of a screen in a fresh cache, the best of three tries after a first one."""
    return min([take_time(env, lambda: screen(env)) for _time in range(4)][1:])


# Acts

@contextmanager
def undone(env):
    """What happens within is rolled back, and nothing in it commits."""
    with patch.object(env.cr, 'commit'), patch.object(type(env['ir.cron']), '_commit_progress', lambda self, *args, **kwargs: 1_000):
        try:
            yield
        finally:
            env.cr.rollback()
            env.invalidate_all()


def take_time(env, work):
    """(seconds, seconds of work, queries) of some work, its writes included."""
    env.flush_all()
    env.invalidate_all()
    cpu, queries, start = get_cpu(env), env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    seconds, queries = time.perf_counter() - start, env.cr.sql_log_count - queries
    return seconds, get_cpu(env) - cpu, queries


def measure_acts(env):
    """Rows of what users and crons do."""
    Run, Touch = env['cadence.run'], env['cadence.touch']
    with undone(env), mute_logger('odoo.models.unlink'):
        partners = Touch.search([('state', '=', 'reserved'), ('date', '<', DAY)], order='id DESC', limit=100).partner_id
        partners = partners.browse(partners.ids)  # as the client asks for it, without what was read with the touches
        yield f"Delete {len(partners)} contacts", *take_time(env, partners.unlink), 0.3
    with undone(env):
        Run._cron_queue_today()
        yield "The queue's cron where nothing is to be done", *take_time(env, Run._cron_queue_today), 0.1
        runs = Run.search([('date', '=', DAY), ('state', '=', 'queued')], limit=10)
        count = sum(runs.mapped('waiting_count'))
        yield f"Cancel {len(runs)} runs ({count:,} mails wait)", *take_time(env, runs.action_cancel), 1
    with undone(env):
        env.cr.execute(SQL("""
            INSERT INTO cadence_touch (
                   run_id, segment_id, tag_group_id, company_id, date, day, channel, partner_id, email, company_domain, state, reason,
                   create_date, write_date)
            SELECT run.id, run.segment_id, run.tag_group_id, run.company_id, run.date, run.date, 'mail', partner.id, partner.cadence_email,
                   partner.cadence_company_domain, 'excluded', 'opt_out', run.date, run.date
              FROM (SELECT * FROM cadence_run WHERE date <= %s - 90 ORDER BY date, id LIMIT 30) run,
                   (SELECT * FROM res_partner WHERE cadence_email IS NOT NULL ORDER BY id DESC LIMIT %s) partner
                ON CONFLICT DO NOTHING
            """, DAY, REMOVED // 30))
        yield remove(env, DAY, "excluded")
    with undone(env):
        [(oldest,)] = env.execute_query(SQL("SELECT MIN(day) FROM cadence_touch"))
        yield remove(env, oldest + relativedelta(months=13, days=29), "mailed, each with its trace")


def remove(env, day, kind):
    """A row of how long the autovacuum of a day takes."""
    removed = []

    def work():
        # At once: the pieces are transactions, and within a single one each of them reads through what those before it removed.
        removed.append(env['cadence.touch']._gc_touches(REMOVED)[0])

    with freeze_time(datetime.combine(day, datetime.min.time()), tick=True):
        taken = take_time(env, work)
    return f"Autovacuum of {sum(removed):,} touches ({kind})", *taken, 3


def measure_behavior(env):
    """Rows of how long it takes to count a condition on what contacts did."""
    Condition = env['cadence.view.condition']
    for field in ('mailed', 'opened', 'clicked', 'replied'):
        for operator in ('within', 'ever', 'never'):
            with undone(env):
                view = env['cadence.view'].create({'name': 'Bench', 'condition_ids': [
                    Command.create({'field': field, 'operator': operator, 'days': 30})]})
                domain = view._get_domain()
                counts, taken = [], []
                for _time in range(3):
                    taken.append(take_time(env, lambda: counts.append(env['res.partner'].search_count(domain))))  # noqa: B023
                name = dict(Condition._fields['operator']._description_selection(env))[operator]
                yield f"Count who {field}, {name} ({counts[0]:,} contacts)", *min(taken), 1.5


def main(env):
    fill(env)
    if os.environ.get('FILL_ONLY'):
        return
    rows, user = [], env.ref('base.user_admin')
    wanted = os.environ.get('ONLY', '')
    with freeze_time(datetime.combine(DAY, datetime.min.time()), tick=True):
        env = env(user=user, context={'lang': 'en_US', 'tz': 'UTC', 'allowed_company_ids': user.company_ids.ids})
        for name, screen in get_screens(env):
            if wanted not in name:
                continue
            try:
                seconds, work, queries = measure(env, screen)
            finally:
                env.cr.rollback()
            print(f'{name}: {1_000 * seconds:.0f} ms, {1_000 * work:.0f} ms of work, {queries} queries', flush=True)
            rows.append(row(
                name, f'{1_000 * seconds:.0f}', queries, 'ms, queries', f'{1_000 * work:.0f} ms of work', f'≤ {GOAL} ms',
                1_000 * seconds <= GOAL))
        env = env(su=True)
        for name, seconds, work, queries, goal in chain(measure_behavior(env), measure_acts(env)) if wanted in 'acts' else ():
            print(f'{name}: {seconds:.2f} s, {work:.2f} s of work, {queries} queries', flush=True)
            rows.append(row(name, f'{seconds:.2f}', queries, 's, queries', f'{work:.2f} s of work', f'≤ {goal} s', seconds <= goal))
    [counts] = env.execute_query(SQL("""
        SELECT (SELECT COUNT(*) FROM res_partner), (SELECT COUNT(*) FROM cadence_touch), (SELECT COUNT(*) FROM mailing_trace),
               (SELECT COUNT(*) FROM cadence_segment), (SELECT COUNT(*) FROM res_partner_category), (SELECT COUNT(*) FROM cadence_run)"""))
    write(wanted or 'screens', rows, '{:,} contacts, {:,} touches, {:,} traces, {:,} segments, {:,} tags, {:,} runs'.format(*counts))


if 'env' in globals():  # an Odoo shell's
    main(env)  # noqa: F821
