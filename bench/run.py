"""Measure the module side by side with what one could have instead; fed to an Odoo shell: `make bench`.

Each pair runs five times, in turns, and the medians are compared: other work on the machine slows both down.
"""
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import odoo
from odoo import api, fields
from odoo.addons.mass_mailing_cadence.bench import generate
from odoo.addons.mass_mailing_cadence.bench.report import get_peak, row, take_turns, write
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import SQL
from odoo.tools.misc import exec_pg_environ, find_pg_tool

FOLDER = Path(generate.__file__).parent
LARGE, SMALL = int(os.environ.get('CONTACTS', 1_000_000)), 100_000
LEDGER = """
    SELECT run_id, partner_id, email, company_domain, state, reason, view_id, letter_id, step, deferred_since
      FROM cadence_touch
     WHERE date = %s"""

def say(text):
    print(text, flush=True)


def main(env):
    small_env = open_small(env)
    for each, contacts in ((small_env, SMALL), (env, LARGE)):
        say(f"Filling {each.cr.dbname} with {contacts:,} contacts (once; a million takes some minutes) …")
        generate.fill(each, contacts)
        say(f"  {generate.describe(each)}")
    rows = [*measure_day(env, small_env), measure_view(env), measure_composing(env), measure_memory(env)]
    write('table', rows, generate.describe(env))
    small_env.cr.close()


def open_small(env):
    """The second database: a copy of the first one from before it is filled."""
    name = f'{env.cr.dbname}_small'
    with db_connect('postgres').cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if not cr.fetchall():
            if env.ref('mass_mailing_cadence.tag_group_marketing').tag_ids:
                raise SystemExit(f"{name} is missing and {env.cr.dbname} is filled already: drop both and start again.")
            say(f"Copying {env.cr.dbname} to {name} …")
            cr.execute(SQL("CREATE DATABASE %s TEMPLATE template0", SQL.identifier(name)))
            dump = subprocess.Popen([find_pg_tool('pg_dump'), '-O', env.cr.dbname], env=exec_pg_environ(), stdout=subprocess.PIPE)
            subprocess.run(
                [find_pg_tool('psql'), '-q', '-v', 'ON_ERROR_STOP=1', name], env=exec_pg_environ(), stdin=dump.stdout,
                stdout=subprocess.DEVNULL, check=True)
    return api.Environment(Registry(name).cursor(), api.SUPERUSER_ID, dict(env.context))


# Selecting and reserving a day

def measure_day(env, small_env):
    say("Selecting and reserving a day of ten segments …")
    by_hand = (FOLDER / 'by_hand.sql').read_text()
    days = {each: generate.plan_day(each) for each in (env, small_env)}
    works = [
        (lambda: days[env], reserve, lambda: undo(env)),
        (lambda: None, lambda _nothing: reserve_by_hand(env, by_hand), lambda: undo(env)),
        (lambda: days[small_env], reserve, lambda: undo(small_env)),
    ]
    queries, ledgers = [], []
    for (prepare, work, clean), each in zip(works, (env, env, small_env), strict=True):  # warms up as well
        subject, count = prepare(), each.cr.sql_log_count
        work(subject)
        queries.append(each.cr.sql_log_count - count)
        ledgers.append(set(each.execute_query(SQL(LEDGER, generate.DAY))))
        clean()
    if ledgers[0] != ledgers[1]:
        raise SystemExit(f"Not the same ledger: {list(ledgers[0] ^ ledgers[1])[:3]}")
    ours, theirs, small = take_turns(*works)
    for each in days:
        generate.forget_day(each)
    candidates, mailed = len(ledgers[0]), sum(state == 'reserved' for *_ids, state, _reason, _view, _letter, _step, _since in ledgers[0])
    yield row(f"Select and reserve a day ({candidates:,} candidates, {mailed:,} mailed) / one statement by hand, the same ledger",
              f'{ours:.2f}', f'{theirs:.2f}', 's', f'{ours / theirs:.2f}', '≤ 1.5', ours / theirs <= 1.5)
    yield row(f"The same day in {LARGE:,} / in {SMALL:,} contacts ({len(ledgers[2]):,} candidates)",
              f'{ours:.2f}', f'{small:.2f}', 's', f'{ours / small:.2f}', '≤ 1.3', ours / small <= 1.3)
    yield row(f"Queries of that day in {LARGE:,} / in {SMALL:,} contacts",
              queries[0], queries[2], '', f'{queries[0] / queries[2]:.2f}', '= 1', queries[0] == queries[2])


def reserve(runs):
    runs.env.invalidate_all()
    for run in runs:
        runs.env['cadence.audience']._reserve(run, run._get_letters())


def reserve_by_hand(env, statement):
    env.cr.execute("SET LOCAL jit = off")  # as the module does
    env.cr.execute(statement, {'day': generate.DAY})


def undo(env):
    env.cr.rollback()
    env.invalidate_all()
    generate.vacuum(env, ['cadence_touch'])


# Counting a view

def measure_view(env):
    say("Counting the No-send view …")
    Partner = env['res.partner']
    view = env.ref('mass_mailing_cadence.view_no_send')
    ours, theirs = take_turns(
        (lambda: view._get_domain(), Partner.search_count, lambda: None),
        (lambda: get_stock_domain(view), Partner.search_count, lambda: None))
    count = Partner.search_count(view._get_domain())
    return row(f"Count the No-send view ({count:,} contacts) / stock `ilike` leaves", f'{ours:.2f}', f'{theirs:.2f}', 's',
               f'{theirs / ours:.1f} × faster', '≥ 8 ×', theirs / ours >= 8)


def get_stock_domain(view):
    """What a user would write for the view's conditions without us; it also takes a@myqq.com for qq.com."""
    leaves = {'starts': ('=ilike', '%s%%'), 'ends': ('=ilike', '%%%s'), 'contains': ('ilike', '%s')}
    return Domain.OR(
        Domain('email', leaves[condition.operator][0], leaves[condition.operator][1] % text)
        for condition in view.condition_ids for text in condition.value.split(';'))


# Composing

def measure_composing(env):
    say("Composing mailings …")
    run = generate.plan_day(env).filtered(lambda run: run.tag_group_id.code == 'marketing')[0]
    run._get_letters().mailing_id.body_html = generate.LETTER
    run._claim()
    run._assign_due_tags()
    run._queue()
    mailing = max(run.mailing_ids, key=lambda mailing: len(mailing._get_remaining_recipients()))
    recipients = mailing._get_remaining_recipients()
    stock = mailing.cadence_letter_id.mailing_id.copy({
        'mailing_domain': repr([('id', 'in', recipients)]), 'email_from': mailing.email_from, 'campaign_id': mailing.campaign_id.id,
        'use_exclusion_list': True, 'reply_to_mode': 'new', 'reply_to': mailing.reply_to,
    })
    env.flush_all()

    def prepare(subject):
        env.cr.execute("SAVEPOINT composing")
        env.invalidate_all()
        return subject

    def compose(subject):
        with patch.object(odoo.modules.module, 'current_test', True):  # it would commit
            subject._action_send_mail()
        env.flush_all()

    def clean():
        env.invalidate_all(flush=False)
        env.cr.execute("ROLLBACK TO SAVEPOINT composing")

    for subject in (mailing, stock):  # warm up, and see that both write all their mails
        compose(prepare(subject))
        assert env['mailing.trace'].search_count([('mass_mailing_id', '=', subject.id), ('trace_status', '=', 'outgoing')]) == len(recipients)
        assert env['mail.mail'].search_count([('mailing_id', '=', subject.id), ('state', '=', 'outgoing')]) == len(recipients)
        clean()
    ours, theirs = take_turns(
        (lambda: prepare(mailing), compose, clean), (lambda: prepare(stock), compose, clean))
    env.cr.rollback()
    generate.forget_day(env)
    return row(f"Compose a cadence mailing / a stock mailing to the same {len(recipients):,} contacts",
               f'{len(recipients) / ours:.0f}', f'{len(recipients) / theirs:.0f}', 'mails/s', f'{theirs / ours:.1f} × faster', '≥ 3.5 ×',
               theirs / ours >= 3.5)


# Memory

def run_cron(env):
    """Run the cron on `DAY` and print what it took; in a process of its own."""
    before, start = get_peak(), time.perf_counter()
    with patch.object(fields.Datetime, 'now', staticmethod(lambda: datetime.combine(generate.DAY, datetime.min.time()))):
        env['cadence.run']._cron_queue_today()
    print('peak', before, get_peak(), round(time.perf_counter() - start))


def measure_memory(env):
    say("Running the cron in a process of its own …")
    env.cr.rollback()
    output = subprocess.run(
        sys.orig_argv, input=(FOLDER / 'run.py').read_text(), env=os.environ | {'CADENCE_BENCH': 'cron'}, text=True,
        stdout=subprocess.PIPE, check=True).stdout
    _peak, before, after, seconds = next(line for line in output.splitlines() if line.startswith('peak ')).split()
    [(reserved, mailings)] = env.execute_query(SQL(
        "SELECT COUNT(*), COUNT(DISTINCT mailing_id) FROM cadence_touch WHERE date = %s AND state = 'reserved'", generate.DAY))
    generate.forget_day(env)
    return row(f"Peak memory of the whole cron ({reserved:,} reserved, {mailings} mailings queued, 30 days planned, {seconds} s) / "
               "of the process before it", after, before, 'MB', f'+ {int(after) - int(before)} MB', '< 400 MB', int(after) < 400)


if os.environ.get('CADENCE_BENCH') == 'cron':
    run_cron(env)  # noqa: F821 the shell's
else:
    main(env)  # noqa: F821
