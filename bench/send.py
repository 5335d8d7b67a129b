"""Compose and send a run's mails and a stock mailing's, in turns, to a mail server on loopback; fed to an Odoo shell: `make bench`.

A turn is some hundred mails of one and then of the other, with the same letter. What counts is the ratio. The stock mailing's
contacts are others, for who was mailed by it today would be left out of the run.
"""
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime
from datetime import time as daytime
from pathlib import Path
from statistics import median
from unittest.mock import patch

import odoo
from odoo import fields
from odoo.addons.mass_mailing_cadence.bench import generate
from odoo.addons.mass_mailing_cadence.bench.report import ROUNDS, row, write
from odoo.tools import SQL

FOLDER = Path(generate.__file__).parent
CONTACTS, MAILS = int(os.environ.get('CONTACTS', 100_000)), int(os.environ.get('MAILS', 250))  # mails of a turn
CONNECTIONS = 4  # of ours, where the server is busy with a mail; stock has one
DELAYS = (0, 10)  # milliseconds after which the server answers to a mail
NOON, START = datetime.combine(generate.DAY, daytime(12)), datetime.now()  # noqa: DTZ005 only the difference counts
# A process of its own: it says that it is there, waits for the file `go`, and sends what the other has not taken.
WORKER = """
import time
from pathlib import Path
from odoo.addons.mass_mailing_cadence.bench import report, send
folder = Path({folder!r})
ids = list(map(int, (folder / 'ids').read_text().split()))
(folder / 'ready.{number}').touch()
while not (folder / 'go').exists():
    time.sleep(.01)
with send.at_noon():
    send.send(env, ids)
(folder / 'peak.{number}').write_text(str(report.get_peak()))
"""


def say(text):
    print(text, flush=True)


def at_noon():
    """The clock stands at noon of the day when the bench begins, and goes on from there."""
    return patch.object(fields.Datetime, 'now', staticmethod(
        lambda: (NOON + (datetime.now() - START)).replace(microsecond=0)))  # noqa: DTZ005 only the difference counts


def main(env):
    say(f"Filling {env.cr.dbname} with {CONTACTS:,} contacts (once) …")
    generate.fill(env, CONTACTS)
    # What somebody changed a moment ago makes each mail be asked about alone.
    env.cr.execute(SQL("UPDATE cadence_view SET write_date = %s", generate.HISTORY[0]))
    cap, env.company.cadence_domain_daily_cap = env.company.cadence_domain_daily_cap, 10_000  # it counts the stock mails too
    env.cr.commit()
    with at_noon():
        rows = list(measure(env))
    generate.forget_day(env)
    env['mailing.mailing'].search([('subject', '=like', 'Stock %')]).unlink()
    env.company.cadence_domain_daily_cap = cap
    env.cr.commit()
    write('send', rows, generate.describe(env))


def measure(env):
    composing, mails = compose(env, (len(DELAYS) * ROUNDS + 8) * MAILS)
    yield compare("Compose", 1, composing, 3.5)
    for delay in DELAYS:
        with sink(env, delay) as stat:
            sending = send_in_turns(env, mails, stat)
            yield compare(f"Send to a server that answers {'at once' if not delay else f'after {delay} ms'}", MAILS, sending, 15 if delay else 10)
            if not delay:
                both = [[c + s / MAILS for s in part] for c, part in zip(map(median, composing), sending, strict=True)]
                yield compare("Composed and accepted", 1, both, 10)
            yield two_workers(env, mails, stat, median(sending[1]) / MAILS, delay)


def compare(what, count, seconds, goal):
    ours, theirs = map(median, seconds)
    return row(what, f'{count / ours:.0f}', f'{count / theirs:.0f}', 'mails/s', f'{theirs / ours:.1f} × faster', f'≥ {goal} ×',
               theirs / ours >= goal)


def compose(env, needed):
    """([[seconds a mail of ours], [of stock]], [[ids of our mails], [of stock's]])"""
    say(f"Composing {needed:,} mails of runs, and as many of stock mailings …")
    runs = generate.plan_day(env).filtered(lambda run: run.tag_group_id.code == 'marketing')
    runs.segment_id.letter_ids.mailing_id.body_html = generate.LETTER
    seconds, mails = ([], []), ([], [])
    tags = runs.tag_group_id.tag_ids.filtered(lambda tag: tag.cadence_batch in (15, 16, 17))
    others = env['res.partner'].search([('category_id', 'in', tags.ids), ('is_blacklisted', '=', False)]).ids
    for run in runs:
        run._claim()
        run._assign_due_tags()
        run._queue()
        for mailing in run.mailing_ids:
            recipients = mailing._get_remaining_recipients()
            stock = mailing.cadence_letter_id.mailing_id.copy({
                'subject': f'Stock {mailing.subject}', 'mailing_domain': repr([('id', 'in', others[:len(recipients)])]),
                'use_exclusion_list': True, 'cadence_ignore_day': True,
                'email_from': mailing.email_from, 'campaign_id': mailing.campaign_id.id, 'reply_to_mode': 'new',
                'reply_to': mailing.reply_to})
            env['ir.config_parameter'].set_param('mail.mail.force.send.limit', '0')
            for each, taken, ids in zip((mailing, stock), seconds, mails, strict=True):
                env.flush_all()
                env.cr.commit()
                env.invalidate_all()
                start = time.perf_counter()
                with patch.object(type(each), '_cadence_send_few', lambda _mailing: None), \
                        patch.object(odoo.modules.module, 'current_test', False):
                    each._action_send_mail()
                env.cr.commit()
                taken.append((time.perf_counter() - start) / len(recipients))
                ids.extend(env['mail.mail'].search([('mailing_id', '=', each.id)], order='id').ids)
            del others[:len(recipients)]
            if len(mails[0]) >= needed:
                return seconds, mails
    raise SystemExit(f"Only {len(mails[0])} mails on this day: take less of them.")


@contextmanager
def sink(env, delay):
    """The database's only mail server; yields a function that tells (mails, addresses) since it was last asked."""
    process = subprocess.Popen([sys.executable, FOLDER / 'sink.py', str(delay)], stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline())
    env['ir.mail_server'].search([]).active = False
    env['ir.mail_server'].create({'name': 'Sink', 'smtp_host': '127.0.0.1', 'smtp_port': port, 'smtp_encryption': 'none',
        'cadence_connections': CONNECTIONS})
    env.cr.commit()
    try:
        yield lambda: tuple(map(int, smtplib.SMTP('127.0.0.1', port).docmd('STAT')[1].split()))
    finally:
        process.terminate()
        process.wait()


def send(env, ids):
    """As Odoo's mail queue does it."""
    env.cr.commit()
    env.invalidate_all()
    with patch.object(odoo.modules.module, 'current_test', False):
        env['mail.mail'].browse(ids).send(auto_commit=True)
    env.cr.commit()


def send_in_turns(env, mails, stat):
    """[[seconds of our turns], [of stock's]]"""
    say("Sending in turns …")
    seconds = ([], [])
    for _round in range(ROUNDS + 1):
        for ids, taken in zip(mails, seconds, strict=True):
            turn, ids[:MAILS] = ids[:MAILS], []
            start = time.perf_counter()
            send(env, turn)
            taken.append(time.perf_counter() - start)
            if (count := stat()) != (MAILS, MAILS):
                raise SystemExit(f"Of {MAILS} mails {count[0]} arrived, at {count[1]} addresses.")
    return [taken[1:] for taken in seconds]  # the first turn warms up


def two_workers(env, mails, stat, stock, delay):
    """Two processes that share one queue of ours, against one of stock: its mails would leave twice."""
    say("Sending with two workers …")
    turn, mails[0][:3 * MAILS] = mails[0][:3 * MAILS], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'ids').write_text(' '.join(map(str, turn)))
        workers = []
        for number in range(2):
            worker = subprocess.Popen(sys.orig_argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
            worker.stdin.write(WORKER.format(folder=name, number=number))
            worker.stdin.close()
            workers.append(worker)
        while len(list(folder.glob('ready.*'))) < 2:
            time.sleep(.05)
        start = time.perf_counter()
        (folder / 'go').touch()
        for worker in workers:
            worker.wait()
        seconds = time.perf_counter() - start
        peak = max(int(path.read_text()) for path in folder.glob('peak.*'))
    count = stat()
    if count != (len(turn), len(turn)):
        raise SystemExit(f"{len(turn)} mails were to leave, {count[0]} arrived at {count[1]} addresses.")
    rate = len(turn) / seconds
    return row(f"The same with two workers (nobody twice; {peak} MB each), {delay} ms / stock with one", f'{rate:.0f}', f'{1 / stock:.0f}',
               'mails/s', f'{rate * stock:.1f} × faster', '≥ 20 ×', rate * stock >= 20)


if 'env' in globals():
    main(env)  # noqa: F821 the shell's
