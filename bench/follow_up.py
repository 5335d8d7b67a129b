"""Measure the follow-up in a database of a million traces and in one of ten million; fed to an Odoo shell: `make bench`.

Both databases are filled once. What a round writes is rolled back.
"""
import logging
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from statistics import median
from unittest.mock import patch

from odoo import api
from odoo.addons.mass_mailing_cadence.bench import generate
from odoo.addons.mass_mailing_cadence.bench.report import row, take_turns, write
from odoo.addons.mass_mailing_cadence.models.follow.mail_thread import MailThread
from odoo.addons.mass_mailing_cadence.models.follow.mailing_trace import MailingTrace
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor
from odoo.tools import SQL

FOLDER = Path(generate.__file__).parent
MESSAGES = FOLDER.parent / 'tests' / 'messages'
CONTACTS = int(os.environ.get('CONTACTS', 1_000_000))
SMALL, LARGE = CONTACTS, 10 * CONTACTS  # traces
OPENERS = CONTACTS // 25
ROUNDS = 3  # vacuuming ten million traces takes longer than what is measured
MESSAGE_ROUNDS = 41
FIRST_DAY, WEEK, NOW = date(2026, 9, 1), (date(2026, 9, 21), date(2026, 9, 27)), datetime(2026, 10, 1, 3)
MONTHS = 7  # of 30 days, before the one that starts on FIRST_DAY
AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36'
SEQUENTIAL = 'Seq Scan on mailing_trace'
OUTCOME = {
    'marks': """
        SELECT id, cadence_follow_up FROM mailing_trace WHERE sent_datetime >= %(first)s AND cadence_follow_up IS NOT NULL""",
    'tags': """
        SELECT rel.partner_id, rel.category_id
          FROM res_partner_res_partner_category_rel rel
          JOIN res_partner_category tag ON tag.id = rel.category_id
          JOIN cadence_tag_group tag_group ON tag_group.id = tag.cadence_group_id AND tag_group.code = 'reading'""",
    'journal': """
        SELECT partner_id, company_id, date, reason, detail, tag_id, mailing_id, trace_id, create_uid, write_uid, create_date, write_date
          FROM cadence_journal
         WHERE date >= %(now)s""",
    'cooled': "SELECT id, cadence_cooled_date FROM res_partner WHERE cadence_cooled_date IS NOT NULL",
}


def say(text):
    print(text, flush=True)


def main(env):
    logging.disable(logging.ERROR)
    small_env = api.Environment(Registry(f'{env.cr.dbname}_small').cursor(), api.SUPERUSER_ID, dict(env.context))
    for each, traces, months in ((small_env, SMALL, 0), (env, LARGE, MONTHS)):
        say(f"Filling {each.cr.dbname} with {traces:,} traces (once; ten million take some minutes) …")
        fill(each, traces, months)
        say(f"  {generate.describe(each)}")
    plans = []
    rows = [*measure_readers(env, small_env, plans), *measure_messages(env, plans)]
    write('follow_up', rows, generate.describe(env))
    small_env.cr.close()
    if methods := get_sequential(plans):
        raise SystemExit(f"All traces are read by {', '.join(methods)}.")


# Data

def fill(env, traces, months):
    """A month of touches with a week's opens to judge, `months` before it that were judged, and newsletters; all or nothing."""
    if env.ref('mass_mailing_cadence.tag_group_marketing').tag_ids:
        return
    env = env(context=dict(env.context, lang='en_US', tracking_disable=True, mail_notrack=True))
    segments = generate._create_segments(env)
    mailing = env['mailing.mailing'].create({
        'subject': 'A letter', 'mailing_model_id': env['ir.model']._get_id('res.partner'), 'body_html': '<p>News</p>', 'state': 'done'})
    env.flush_all()
    # One by one into a dozen indexes, these rows took five times as long.
    with without_indexes(env, ('res_partner', 'res_partner_res_partner_category_rel')):
        generate._create_contacts(env, segments, CONTACTS)
    create_runs(env, segments, mailing, months)
    with without_indexes(env, ('cadence_touch', 'mailing_trace', 'cadence_journal', 'link_tracker_click')):
        for month in range(months, -1, -1):
            say(f"  month {month} …")
            create_month(env, month)
        create_newsletters(env, mailing, traces)
    create_clicks(env)
    env.cr.execute(SQL("""
        UPDATE res_partner SET cadence_cooled_date = %s FROM bench_contact contact
         WHERE contact.id = res_partner.id AND contact.reading IS NOT NULL AND contact.n %% 23 = 0""", FIRST_DAY))
    for table in ('bench_contact', 'bench_touch', 'bench_run'):
        env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(table)))
    generate.vacuum(env, (
        'res_partner', 'res_partner_res_partner_category_rel', 'res_partner_category', 'cadence_run', 'cadence_touch', 'cadence_journal',
        'mailing_mailing', 'mailing_trace', 'link_tracker', 'link_tracker_click', 'mail_blacklist', 'mailing_contact',
        'mailing_subscription'))


@contextmanager
def without_indexes(env, tables):
    """Drop the tables' secondary indexes and foreign keys, and make them again as they were."""
    indexes = env.execute_query(SQL("""
        SELECT pg_index.indexrelid::regclass::text, pg_get_indexdef(pg_index.indexrelid)
          FROM pg_index
     LEFT JOIN pg_constraint ON pg_constraint.conindid = pg_index.indexrelid
         WHERE pg_index.indrelid = ANY(%s::regclass[]) AND pg_constraint.oid IS NULL
        """, list(tables)))
    keys = env.execute_query(SQL("""
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint
         WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
        """, list(tables)))
    for name, _definition in indexes:
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    for table, name, _definition in keys:
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))
    yield
    env.cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        env.cr.execute(SQL(definition.replace('%', '%%')))
    for table, name, definition in keys:
        env.cr.execute(SQL("ALTER TABLE %s ADD CONSTRAINT %s %s", SQL.identifier(table), SQL.identifier(name), SQL(definition)))


def create_runs(env, segments, mailing, months):
    """A run of the group Marketing for each segment and day, its mailing with three links, and who is mailed by it."""
    group = env.ref('mass_mailing_cadence.tag_group_marketing')
    env.cr.execute(SQL("""
        CREATE UNLOGGED TABLE bench_run AS
        WITH run AS (
            INSERT INTO cadence_run (segment_id, tag_group_id, company_id, date, state, create_date)
            SELECT segment, %(group_id)s, %(company_id)s, %(first)s + day - 1 - 30 * month, 'done', %(first)s
              FROM UNNEST(%(segments)s::int[]) segment, GENERATE_SERIES(1, 30) day, GENERATE_SERIES(0, %(months)s) month
         RETURNING id, segment_id, date)
        SELECT run.*, (%(first)s + 29 - date) / 30 AS month, 30 - (%(first)s + 29 - date) %% 30 AS day,
               NEXTVAL('mailing_mailing_id_seq') AS mailing_id
          FROM run
        """, group_id=group.id, company_id=env.company.id, first=FIRST_DAY, segments=segments.ids, months=months))
    env.cr.execute(SQL("""
        INSERT INTO mailing_mailing
        SELECT (JSONB_POPULATE_RECORD(mailing, JSONB_BUILD_OBJECT('id', bench_run.mailing_id, 'cadence_run_id', bench_run.id))).*
          FROM mailing_mailing mailing, bench_run
         WHERE mailing.id = %s
        """, mailing.id))
    env.cr.execute("""
        INSERT INTO link_tracker (url, mass_mailing_id)
        SELECT 'https://www.example.com/' || page, mailing_id FROM bench_run, GENERATE_SERIES(1, 3) page""")
    env.cr.execute(SQL("""
        INSERT INTO cadence_run_tag_rel (run_id, tag_id)
        SELECT bench_run.id, tag.id
          FROM bench_run
          JOIN res_partner_category tag
            ON tag.cadence_segment_id = bench_run.segment_id AND tag.cadence_group_id = %s AND tag.cadence_batch = bench_run.day
        """, group.id))
    # One in a hundred was deferred to the next day; an address is mailed once a day.
    env.cr.execute(SQL("""
        CREATE UNLOGGED TABLE bench_touch AS
        SELECT DISTINCT ON (email, day) *
          FROM (SELECT n, id AS partner_id, email, company_domain, (%s::int[])[1 + segment] AS segment_id,
                       LEAST(30, batch + (n %% 97 = 0)::int) AS day
                  FROM bench_contact) contact
      ORDER BY email, day, n
        """, segments.ids))
    env.cr.execute("ANALYZE bench_touch, bench_run")


def create_month(env, month):
    """The touches of a month and their traces: a hundredth bounced, a sixth opened; all opens from before `WEEK` were judged."""
    [(touch,)] = env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM cadence_touch"))
    env.cr.execute(SQL("""
        INSERT INTO cadence_touch (
               run_id, segment_id, tag_group_id, company_id, date, day, channel, partner_id, email, company_domain, state, outcome, step,
               mailing_id,
               create_date, write_date)
        SELECT run.id, run.segment_id, %(group_id)s, %(company_id)s, run.date, run.date, 'mail', contact.partner_id, contact.email,
               contact.company_domain, 'reserved', 'left', 1, run.mailing_id, run.date, run.date
          FROM bench_touch contact
          JOIN bench_run run ON run.segment_id = contact.segment_id AND run.day = contact.day AND run.month = %(month)s
      ORDER BY run.date, contact.n
        """, group_id=env.ref('mass_mailing_cadence.tag_group_marketing').id, company_id=env.company.id, month=month))
    env.cr.execute("ANALYZE cadence_touch")
    env.cr.execute(SQL("""
        WITH opened AS MATERIALIZED (
            (SELECT id, TRUE AS is_open FROM cadence_touch
              WHERE id > %(touch)s AND date BETWEEN %(week_start)s AND %(week_end)s ORDER BY %(opener)s LIMIT %(openers)s)
         UNION ALL
            SELECT id, TRUE FROM cadence_touch
             WHERE id > %(touch)s AND date NOT BETWEEN %(week_start)s AND %(week_end)s AND %(opener)s < .17
        ),
        sent AS (
            SELECT touch.*, opened.is_open, touch.date + TIME '09:00' + %(minute)s * INTERVAL '1 hour' AS moment, %(kind)s AS kind,
                   opened.is_open IS NULL AND %(bounce)s < .012 AS is_bounce, %(verdict)s AS verdict
              FROM cadence_touch touch
         LEFT JOIN opened ON opened.id = touch.id
             WHERE touch.id > %(touch)s
        ),
        seen AS (
            -- Some within seconds of the delivery, a third of these by a person as well, some hours later.
            SELECT sent.*, CASE WHEN is_open THEN moment + CASE WHEN kind < .03 THEN INTERVAL '4 seconds' ELSE INTERVAL '3 hours' END END AS open
              FROM sent
        )
        INSERT INTO mailing_trace (
               trace_type, model, res_id, email, message_id, mass_mailing_id, trace_status, failure_type, is_test_trace, sent_datetime,
               open_datetime, cadence_last_open, cadence_open_agent, cadence_follow_up, cadence_touch_id, create_date, write_date)
        SELECT 'mail', 'res.partner', partner_id, email,
               '<' || (893471023 + id::bigint * 7919) || '.1795400000.' || id || '-openerp-' || partner_id || '-res.partner@mail.me.example>',
               mailing_id, CASE WHEN is_open THEN 'open' WHEN is_bounce THEN 'bounce' ELSE 'sent' END,
               CASE WHEN is_bounce THEN 'mail_bounce' END, FALSE, moment,
               open, CASE WHEN kind < .01 THEN open + INTERVAL '5 hours' ELSE open END,
               CASE WHEN is_open THEN CASE WHEN kind BETWEEN .03 AND .05 THEN 'Mimecast/Scanner 2.1' ELSE %(agent)s END END,
               CASE WHEN is_open AND date < %(week_start)s
                    THEN CASE WHEN verdict < .6 THEN 'known' WHEN verdict < .8 THEN 'held' WHEN verdict < .87 THEN 'machine' ELSE 'reader' END
                END,
               id, moment, COALESCE(open, moment)
          FROM seen
        """, touch=touch, openers=OPENERS, agent=AGENT, week_start=WEEK[0], week_end=WEEK[1],
        opener=generate._draw(30, 'id'), minute=generate._draw(31, 'touch.id'), kind=generate._draw(32, 'touch.id'),
        bounce=generate._draw(33, 'touch.id'), verdict=generate._draw(34, 'touch.id')))
    env.cr.execute(SQL("""
        INSERT INTO cadence_journal (partner_id, company_id, date, reason, mailing_id, trace_id, create_date)
        SELECT res_id, %s, open_datetime, CASE cadence_follow_up WHEN 'reader' THEN 'opened' ELSE 'machine_fast' END, mass_mailing_id, id,
               open_datetime
          FROM mailing_trace
         WHERE cadence_touch_id > %s AND cadence_follow_up IN ('reader', 'machine')
        """, env.company.id, touch))


def create_newsletters(env, mailing, traces):
    """Other mailings to the same contacts, until there are so many traces."""
    [(have,)] = env.execute_query(SQL("SELECT COUNT(*) FROM mailing_trace"))
    env.cr.execute(SQL("""
        INSERT INTO mailing_trace (
               trace_type, model, res_id, email, message_id, mass_mailing_id, trace_status, is_test_trace, sent_datetime, open_datetime,
               create_date, write_date)
        SELECT 'mail', 'res.partner', id, email, '<' || issue || '.' || n || '-openerp-' || id || '-res.partner@mail.me.example>', %(mailing_id)s,
               CASE WHEN %(draw)s < .15 THEN 'open' ELSE 'sent' END, FALSE, moment, CASE WHEN %(draw)s < .15 THEN moment END, moment, moment
          FROM bench_contact, GENERATE_SERIES(1, 5) issue, LATERAL (SELECT %(first)s - issue * INTERVAL '30 days' AS moment) newsletter
         LIMIT %(missing)s
        """, mailing_id=mailing.id, draw=generate._draw(35, 'n'), first=FIRST_DAY, missing=traces - have))


def create_clicks(env):
    """A tenth of the openers clicked a link, 2 % all three of them one after the other, 1 % all three at once."""
    env.cr.execute(SQL("""
        INSERT INTO link_tracker_click (link_id, mass_mailing_id, mailing_trace_id, create_date)
        SELECT link.id, link.mass_mailing_id, trace.id,
               trace.open_datetime + CASE WHEN opened.draw < .11 THEN INTERVAL '0' ELSE (link.id %% 3) * INTERVAL '1 minute' END
          FROM mailing_trace trace
CROSS JOIN LATERAL (SELECT %(draw)s AS draw) opened
          JOIN link_tracker link ON link.mass_mailing_id = trace.mass_mailing_id AND (opened.draw >= .10 OR link.id %% 3 = 0)
         WHERE trace.open_datetime IS NOT NULL AND trace.cadence_touch_id IS NOT NULL AND opened.draw < .13
        """, draw=generate._draw(36, 'trace.id')))


# The reader step

def measure_readers(env, small_env, plans):
    say("Judging a week's opens …")
    by_hand = (FOLDER / 'follow_up.sql').read_text()
    works = [
        (lambda: small_env, follow, lambda: undo(small_env)),
        (lambda: small_env, lambda each: follow_by_hand(each, by_hand), lambda: undo(small_env)),
        (lambda: env, follow, lambda: undo(env)),
    ]
    outcomes = []
    for prepare, work, clean in works:  # warms up as well
        work(prepare())
        outcomes.append(get_outcome(prepare()))
        clean()
    for name, ours in outcomes[0].items():
        if ours != outcomes[1][name]:
            raise SystemExit(f"Not the same {name}: {list(ours ^ outcomes[1][name])[:4]}")
    ours, theirs, large = take_turns(*works, rounds=ROUNDS)
    for each in (small_env, env):
        with explained(plans):
            follow(each)
        undo(each)
    marks, large_marks = (Counter(dict(outcome['marks']).values()) for outcome in (outcomes[0], outcomes[2]))
    judged = ', '.join(f'{marks[name]:,} {name}' for name in ('reader', 'known', 'held', 'machine'))
    yield row(f"Judge {marks.total():,} opens among {SMALL:,} traces ({judged}) / one statement by hand, the same tags, marks and journal",
              f'{ours:.2f}', f'{theirs:.2f}', 's', f'{ours / theirs:.2f}', '≤ 2', ours / theirs <= 2)
    yield row(f"The same step among {LARGE:,} / among {SMALL:,} traces ({large_marks.total():,} opens)",
              f'{large:.2f}', f'{ours:.2f}', 's', f'{large / ours:.2f}', '≤ 1.3', large / ours <= 1.3)


def follow(env):
    env.invalidate_all()
    env['cadence.follow.up']._work_readers(NOW)


def follow_by_hand(env, statement):
    env.cr.execute("SET LOCAL jit = off")  # as the module does
    env.cr.execute(statement, {'now': NOW})


def get_outcome(env):
    return {name: set(env.execute_query(SQL(query, first=WEEK[0], now=NOW))) for name, query in OUTCOME.items()}


def undo(env):
    env.cr.rollback()
    env.invalidate_all()
    generate.vacuum(env, ('mailing_trace', 'res_partner_res_partner_category_rel', 'cadence_journal', 'res_partner'))


# Inbound mails

def measure_messages(env, plans):
    traces = get_answered(env)
    for get_message, what in ((get_reply, "A reply"), (get_bounce, "A hard bounce")):
        say(f"{what} …")
        ours, theirs = measure_message(env, [get_message(trace) for trace in traces], plans)
        yield row(f"{what} with {LARGE:,} traces (`message_process`) / without the module's hooks", f'{ours * 1000:.1f}', f'{theirs * 1000:.1f}',
                  'ms', f'+ {(ours - theirs) * 1000:.1f} ms', '≤ + 5 ms', ours - theirs <= .005)
    env.cr.rollback()
    yield from describe_plans(env, plans)


def get_answered(env):
    """Traces of contacts who have their marketing batch only; their mails are in the contacts' threads, so that Odoo itself finds them."""
    ids = [id_ for id_, in env.execute_query(SQL("""
        SELECT MAX(trace.id)
          FROM mailing_trace trace
          JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = trace.res_id
         WHERE trace.sent_datetime BETWEEN %s AND %s
           AND trace.cadence_touch_id IS NOT NULL AND trace.trace_status = 'sent'
      GROUP BY trace.res_id
        HAVING COUNT(*) = 1
      ORDER BY %s
         LIMIT %s
        """, WEEK[0], WEEK[1], generate._draw(40, 'trace.res_id'), MESSAGE_ROUNDS + 2))]
    traces = env['mailing.trace'].browse(ids)
    for trace in traces:
        env['res.partner'].browse(trace.res_id).message_post(body='A letter', message_type='email', message_id=trace.message_id)
    env.flush_all()
    return traces


def get_reply(trace):
    message = message_from_bytes((MESSAGES / 'gmail_person.eml').read_bytes(), policy=policy.SMTP)
    for name, value in (('From', trace.email), ('Message-ID', f'<reply.{trace.id}@mail.example>'), ('In-Reply-To', trace.message_id),
                        ('References', trace.message_id)):
        del message[name]
        message[name] = value
    return message.as_bytes()


def get_bounce(trace):
    raw = (MESSAGES / 'postfix_bounce.eml').read_bytes()
    for old, new in (('<1188.1795400000.1-openerp-7-mail@tea.example>', trace.message_id), ('bob@acme.example', trace.email),
                     ('<a1@acme.example>', f'<bounce.{trace.id}@acme.example>')):
        raw = raw.replace(old.encode(), new.encode())
    return raw


def measure_message(env, messages, plans):
    """Median seconds with and without the hooks, in turns, each message received by both and taken back."""
    times = {True: [], False: []}
    for number, raw in enumerate(messages):
        for hooked in (True, False):
            with ExitStack() as stack:
                if not hooked:
                    stack.enter_context(without_hooks())
                if number == 0:
                    stack.enter_context(explained(plans))
                env.cr.execute("SAVEPOINT inbound")
                start = time.perf_counter()
                env['mail.thread'].message_process(None, raw)
                env.flush_all()
                if number > 1:  # the first two warm up
                    times[hooked].append(time.perf_counter() - start)
                check_received(env, hooked)
                env.invalidate_all(flush=False)
                env.cr.execute("ROLLBACK TO SAVEPOINT inbound")
                for hooks in (env.cr.precommit, env.cr.postcommit):
                    hooks.clear()
    return median(times[True]), median(times[False])


def check_received(env, hooked):
    """The module took the message up, or was not there."""
    [(entries,)] = env.execute_query(SQL(
        "SELECT COUNT(*) FROM cadence_journal WHERE reason IN ('replied', 'hard_bounce') AND tag_id IS NOT NULL"))
    if entries != hooked:
        raise SystemExit(f"{entries} entries in the journal, hooks: {hooked}")


@contextmanager
def without_hooks():
    """As if the module did not look at inbound mails."""
    def call_super(owner, method):
        return patch.object(owner, method, lambda self, *args, **kwargs: getattr(super(owner, self), method)(*args, **kwargs))

    with (call_super(MailThread, 'message_route'), call_super(MailThread, '_message_route_process'),
          call_super(MailThread, '_routing_handle_bounce'), call_super(MailingTrace, 'set_opened'),
          call_super(MailingTrace, 'set_replied')):
        yield


# Plans

@contextmanager
def explained(plans):
    """Note the plan of each statement on mailing_trace: [(addon and method that asked, statement, nodes on the table)]."""
    execute = Cursor.execute

    def work(cr, query, params=None, *args, **kwargs):
        code, values = (query.code, query.params) if isinstance(query, SQL) else (query, params)
        if 'mailing_trace' in code and code.split()[0] in ('SELECT', 'WITH', 'UPDATE', 'DELETE', 'INSERT'):
            statement = cr.mogrify(code, values or None).decode()
            plans.append((get_asker(), statement, get_nodes(cr, execute, statement)))
        return execute(cr, query, params, *args, **kwargs)

    with patch.object(Cursor, 'execute', work):
        yield


def get_asker():
    """(addon, method) of the innermost frame that is an addon's."""
    for depth in count(2):
        frame = sys._getframe(depth)
        name = frame.f_globals.get('__name__', '')
        if name.startswith('odoo.addons.') and '.models.' in name:
            return name.split('.')[2], frame.f_code.co_name
        if frame.f_back is None:
            return 'base', 'flush'


def get_nodes(cr, execute, statement, options='FORMAT JSON'):
    """What the plan does with mailing_trace: Index Scan using …, Seq Scan on mailing_trace; the time at the end where it ran."""
    execute(cr, f'EXPLAIN ({options}) {statement}')
    [plan] = cr.fetchall()[0][0]
    nodes = []

    def walk(node):
        index = node.get('Index Name', '')
        if node['Node Type'] in ('Index Scan', 'Index Only Scan', 'Bitmap Index Scan') and index.startswith('mailing_trace'):
            nodes.append(f"{node['Node Type']} using {index}")
        elif node['Node Type'] == 'Seq Scan' and node['Relation Name'] == 'mailing_trace':
            nodes.append(SEQUENTIAL)
        for child in node.get('Plans', ()):
            walk(child)

    walk(plan['Plan'])
    return [*dict.fromkeys(nodes), *([f"{plan['Execution Time']:.1f} ms"] if 'Execution Time' in plan else [])]


def describe_plans(env, plans):
    ours = [plan for plan in plans if plan[0][0] == 'mass_mailing_cadence']
    theirs = [plan for plan in plans if plan[0][0] != 'mass_mailing_cadence' and plan[1].lstrip().startswith('SELECT')]
    read_all = get_sequential(plans)
    told = dict.fromkeys(f"`{method}`: {', '.join(map(shorten, nodes))}" for (_addon, method), _statement, nodes in ours if nodes)
    yield row(f"The module's {len(ours)} statements on mailing_trace that read it sequentially ({'; '.join(told)})",
              len(read_all), '', '', '', '= 0', not read_all)
    searches = {tuple(asker): statement for asker, statement, _nodes in theirs if is_search(statement)}
    for (addon, method), statement in searches.items():
        with_ours = get_nodes(env.cr, Cursor.execute, statement, 'ANALYZE, FORMAT JSON')
        env.cr.execute("SAVEPOINT plans")
        drop_our_indexes(env)
        for _again in range(2):  # the first time reads from the disk
            without = get_nodes(env.cr, Cursor.execute, statement, 'ANALYZE, FORMAT JSON')
        env.cr.execute("ROLLBACK TO SAVEPOINT plans")
        yield row(f"Odoo's own look-up in `{method}` ({addon}): {', '.join(map(shorten, with_ours[:-1]))} / without the module's indexes: "
                  f"{', '.join(map(shorten, without[:-1]))}", with_ours[-1].split()[0], without[-1].split()[0], 'ms', '', '', True)
    env.cr.rollback()


def get_sequential(plans):
    """The module's methods that read all traces."""
    return sorted({method for (addon, method), _statement, nodes in plans if addon == 'mass_mailing_cadence' and SEQUENTIAL in nodes})


def is_search(statement):
    """Not a read by id, which Odoo does after each search."""
    return '"id" IN' not in statement.partition('WHERE')[2]


def shorten(node):
    return node.replace('mailing_trace_cadence_', '').replace('mailing_trace__', '').replace(' using ', ' ').replace('Index Scan', 'index')


def drop_our_indexes(env):
    for name, in env.execute_query(SQL("""
            SELECT indexname FROM pg_indexes WHERE tablename = 'mailing_trace' AND indexname LIKE 'mailing\\_trace\\_%%cadence%%'""")):
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))


if 'env' in globals():  # an Odoo shell's
    main(env)  # noqa: F821
