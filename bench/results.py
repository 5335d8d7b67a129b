"""Measure the results in a database of a million traces and in one of ten million; fed to an Odoo shell: `make bench`.

The databases are those of the follow-up's bench. What a round writes is rolled back.
"""
import logging
from datetime import date
from pathlib import Path

from odoo import api
from odoo.addons.mass_mailing_cadence.bench import follow_up, generate
from odoo.addons.mass_mailing_cadence.bench.report import row, take_turns, write
from odoo.addons.mass_mailing_cadence.tools.mail import scanners
from odoo.modules.registry import Registry

FOLDER = Path(generate.__file__).parent
SINCE, UNTIL = date(2026, 9, 28), date(2026, 9, 30)  # the three days that are counted each quarter of an hour
PAGE = {'days': 30, 'date_to': '2026-09-30'}
FIGURES = ('tried', 'delivered', 'opened', 'clicked', 'replied')
QUERIES = 12


def main(env):
    logging.disable(logging.ERROR)
    small_env = api.Environment(Registry(f'{env.cr.dbname}_small').cursor(), api.SUPERUSER_ID, dict(env.context))
    for each in (small_env, env):
        count_all(each)
    rows = [*measure_page(env, small_env), *measure_count(env), *measure_open(env), *measure_stock(env)]
    write('results', rows, generate.describe(env))
    small_env.cr.close()


def count_all(env):
    """The history is counted once, as the crons of its days did."""
    if env['cadence.result.hour'].search_count([], limit=1):  # filled by the same count
        return
    print(f"Counting the history of {env.cr.dbname} (once) …", flush=True)
    runs = env['cadence.run'].search([])
    for start in range(0, len(runs), 200):
        env['cadence.result']._recount(runs[start:start + 200])
        env.cr.commit()
    generate.vacuum(env, ('cadence_result', 'link_tracker_click'))


def roll_back(env):
    env.cr.rollback()
    env.invalidate_all()


def measure_page(env, small_env):
    print("The results page …", flush=True)

    def ask(each):
        each.invalidate_all()
        return each['cadence.result'].get_page(PAGE)

    for each in (env, small_env):
        ask(each)
        ask(each)
    large, small = take_turns(*(
        (lambda each=each: each, ask, lambda each=each: roll_back(each)) for each in (env, small_env)))
    before = env.cr.sql_log_count
    page = ask(env)
    queries = env.cr.sql_log_count - before
    yield row(f"The whole page of 30 days ({page['funnel'][0]['count']:,} mails) among {follow_up.LARGE:,} traces / among {follow_up.SMALL:,}",
              f'{large * 1000:.0f}', f'{small * 1000:.0f}', 'ms', f'{large / small:.2f}', '≤ 300 ms, ≤ 1.2', large <= .3 and large / small <= 1.2)
    yield row("Queries of the page", queries, '', '', '', f'≤ {QUERIES}', queries <= QUERIES)


def measure_count(env):
    print("Counting three days …", flush=True)
    statement = (FOLDER / 'results.sql').read_text()
    company = env.company
    values = {'since': SINCE, 'until': UNTIL, 'agents': scanners.get_pattern(company.cadence_scanner_agents)}
    runs = env['cadence.run'].search([('date', '>=', SINCE), ('date', '<=', UNTIL)])

    def count(each):
        each.invalidate_all()
        each['cadence.result']._recount(runs)

    def count_by_hand(each):
        each.cr.execute("SET LOCAL jit = off")
        each.cr.execute(statement, values)
        return each.cr.fetchall()

    count(env)
    theirs = [sum(column) for column in zip(*(figures[-len(FIGURES):] for figures in count_by_hand(env)), strict=True)]
    ours = [sum(runs.result_ids.mapped(name)) for name in FIGURES]
    if ours != theirs:
        raise SystemExit(f"Not the same {FIGURES}: {ours}, by hand {theirs}")
    roll_back(env)
    ours, theirs = take_turns(*((lambda: env, work, lambda: roll_back(env)) for work in (count, count_by_hand)))
    mails = sum(runs.result_ids.mapped('tried'))
    yield row(f"Count three days ({mails:,} mails, {len(runs)} runs) / one statement by hand, the same figures", f'{ours:.2f}', f'{theirs:.2f}', 's',
              f'{ours / theirs:.2f}', '≤ 2 s, ≤ 1.3', ours <= 2 and ours / theirs <= 1.3)


def measure_open(env):
    """Queries of a tracking request's work, with the module's hooks and without."""
    counts = []
    for hooked in (True, False):
        traces = env['mailing.trace'].search([('trace_status', '=', 'sent'), ('cadence_touch_id', '!=', False)], limit=3, order='id')
        for trace in traces:
            env.flush_all()
            env.invalidate_all()
            before = env.cr.sql_log_count
            if hooked:
                trace.set_opened()
            else:
                with follow_up.without_hooks():
                    trace.set_opened()
            env.flush_all()
            count = env.cr.sql_log_count - before
        counts.append(count)
        roll_back(env)
    yield row("Queries of an open / without the module's hooks", *counts, '', f'+ {counts[0] - counts[1]}', '+ 0', counts[0] <= counts[1])


def measure_stock(env):
    print("Odoo's own report …", flush=True)

    def ask(each):
        each.invalidate_all()
        return each['mailing.trace.report']._read_group([], ['name'], ['sent:sum', 'opened:sum', 'replied:sum'])

    def explore(each):
        each.invalidate_all()
        return each['cadence.result']._read_group([], ['segment_id'], ['mailed:sum', 'opened:sum', 'replied:sum'])

    ours, theirs = take_turns(*((lambda: env, work, lambda: roll_back(env)) for work in (explore, ask)), rounds=3)
    yield row("All history by segment / Odoo's own report by mailing", f'{ours * 1000:.0f}', f'{theirs * 1000:.0f}', 'ms',
              f'{theirs / ours:.0f} ×', '≥ 20 ×', theirs / ours >= 20)


if 'env' in globals():  # an Odoo shell's
    main(env)  # noqa: F821
