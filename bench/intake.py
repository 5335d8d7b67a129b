"""Measure the intake side by side with Odoo's own import and with COPY; fed to an Odoo shell: `make bench`.

`INTAKE` addresses are created in `INTAKE_ROUNDS` rounds, then a table of `INTAKE_LARGE` rows is read and saved once.
"""
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.addons.mass_mailing_cadence.bench import generate
from odoo.addons.mass_mailing_cadence.bench.report import row, write
from odoo.addons.mass_mailing_cadence.models.intake import cadence_intake_work
from odoo.tools import SQL

SIZE = int(os.environ.get('INTAKE', 100_000))
ROUNDS = int(os.environ.get('INTAKE_ROUNDS', 3))
LARGE = int(os.environ.get('INTAKE_LARGE', 1_000_000))
HEADERS = ('E-mail', 'Name', 'Company', 'Phone', 'Website', 'Country', 'Language')
FIELDS = ('email', 'name', 'company_name', 'phone', 'website', 'country_id', 'lang', 'category_id')
# A worker of its own: it says that it is there, waits for the file `go`, and works until nothing is left.
WORKER = """
import time
from pathlib import Path
from odoo.addons.mass_mailing_cadence.bench.report import get_peak
folder = Path('FOLDER')
(folder / 'ready.NUMBER').touch()
while not (folder / 'go').exists():
    time.sleep(.01)
env.cr.rollback()
env['cadence.intake']._cron_save()
env.cr.commit()
(folder / 'peak.NUMBER').write_text(str(get_peak()))
"""
READER = """
import time
from pathlib import Path
from odoo.addons.mass_mailing_cadence.bench.report import get_peak
start = time.perf_counter()
env['cadence.intake'].browse(ID)._read_on(lambda count: env.cr.commit() or True)
env.cr.commit()
Path('FOLDER/peak.reader').write_text(f'{time.perf_counter() - start} {get_peak()}')
"""


def say(text):
    print(text, flush=True)


def main(env):
    folder = Path('/tmp', f'cadence_bench_{os.getpid()}')
    folder.mkdir()
    try:
        env = env(context=dict(env.context, lang='en_US'))
        write('intake', [*measure_creating(env, folder), *measure_large(env, folder)], f"{SIZE:,} addresses, {ROUNDS} round(s)")
    finally:
        env.cr.rollback()
        clean(env)
        shutil.rmtree(folder)


# Data

def write_table(path, size, key):
    """A table of addresses over companies as `generate` has them: four fifths at companies, most of these with one or two."""
    chance = random.Random(key)
    hosts = [host for host, _share in generate.PROVIDERS]
    with path.open('w', newline='') as file:
        table = csv.writer(file)
        table.writerow(HEADERS)
        for number in range(size):
            company = int(size * .31 * chance.random() ** 1.3)
            word, trade = generate.WORDS[company % len(generate.WORDS)], generate.TRADES[company // 7 % len(generate.TRADES)]
            suffix = generate.SUFFIXES[company % 8][0]
            host = f'{word}-{trade}-{key}{company}.{suffix}' if chance.random() < .8 else chance.choice(hosts)
            first, last = chance.choice(generate.FIRST), chance.choice(generate.LAST)
            table.writerow([
                f'{first}.{last}{number}{key}@{host}', f'{first} {last}'.title(), f'{word} {trade} {company}'.title(),
                f'+49 151 {number:07}', f'www.{host}', 'Germany', 'en_US'])
    return path


def get_segment(env):
    customers = env['cadence.customer.group'].search([('name', '=', 'Bench')]) or env['cadence.customer.group'].create({'name': 'Bench'})
    return env['cadence.segment'].search([('customer_group_id', '=', customers.id)]) or env['cadence.segment'].create({
        'lang_id': env.ref('base.lang_en').id, 'customer_group_id': customers.id, 'email_from': 'bench@me.example', 'tz': 'UTC'})


def create_intake(env, path):
    """An intake with the file in the filestore, as an upload leaves it there."""
    intake = env['cadence.intake'].create({'segment_id': get_segment(env).id, 'start_date': '2026-07-05', 'file_name': path.name})
    attachment = env['ir.attachment'].create({
        'name': 'file', 'res_model': intake._name, 'res_field': 'file', 'res_id': intake.id, 'raw': b'to be replaced'})
    store = f'be/bench{intake.id}'
    target = Path(attachment._full_path(store))
    target.parent.mkdir(exist_ok=True)
    shutil.copy(path, target)
    attachment.flush_recordset()
    env.cr.execute("UPDATE ir_attachment SET store_fname = %s, file_size = %s WHERE id = %s",
                   [store, target.stat().st_size, attachment.id])
    env.invalidate_all()
    intake.source = 'file'
    env.add_to_compute(intake._fields['header_key'], intake)
    env.add_to_compute(intake._fields['column_ids'], intake)
    env.flush_all()
    return intake


def clean(env):
    """Remove what was saved, by SQL, as if it had never been there."""
    segments = get_segment(env)
    intakes = env['cadence.intake'].search([('segment_id', 'in', segments.ids)])
    env.cr.execute(SQL("""
        DELETE FROM res_partner
         WHERE id IN (SELECT partner_id FROM cadence_intake_line WHERE intake_id = ANY(%s) AND is_created)""", intakes.ids))
    intakes.unlink()
    env.cr.execute("DELETE FROM cadence_intake_claim")
    env.cr.commit()
    env.invalidate_all()
    generate.vacuum(env, ('res_partner', 'res_partner_res_partner_category_rel', 'cadence_intake_line', 'cadence_intake_claim'))


# Creating contacts

def measure_creating(env, folder):
    phases, times = defaultdict(list), defaultdict(list)
    for number in range(ROUNDS):
        path = write_table(folder / f'table{number}.csv', SIZE, f'r{number}')
        say(f"Round {number + 1} of {ROUNDS}: load() of {SIZE:,} rows …")
        times['load'].append(timed(load, env, path))
        undo(env)
        say("  one worker …")
        times['one'].append(timed(save_alone, env, path, phases))
        undo(env)
        say("  two workers …")
        times['two'].append(save_by_two(env, path))
        say("  all known …")
        times['known'].append(timed(save_alone, env, path, defaultdict(list)))
        undo(env)
        clean(env)
    load_time, one, two, known = (statistics.median(times[name]) for name in ('load', 'one', 'two', 'known'))
    shares = {name: statistics.median(seconds) / one for name, seconds in phases.items()}
    other = 1 - shares['creating']
    told = ', '.join(f'{name} {share:.0%}' for name, share in shares.items())
    yield row(f"{SIZE:,} new addresses with a batch tag, one worker / `load()`", f'{SIZE / one:,.0f}', f'{SIZE / load_time:,.0f}', 'rows/s',
              f'{load_time / one:.2f} × faster', '≥ 2 ×', load_time / one >= 2)
    yield row("The same, two workers that share the chunks", f'{SIZE / two:,.0f}', f'{SIZE / load_time:,.0f}', 'rows/s',
              f'{load_time / two:.2f} × faster', '≥ 3.5 ×', load_time / two >= 3.5)
    yield row(f"Of one worker's time: {told}; all but creating", f'{other:.0%}', '', '', '', '≤ 20 %', other <= .2)
    yield row(f"{SIZE:,} addresses that are all known / `load()`", f'{SIZE / known:,.0f}', f'{SIZE / load_time:,.0f}', 'rows/s',
              f'{load_time / known:.1f} × faster', '≥ 20 ×', load_time / known >= 20)


def timed(work, *args):
    start = time.perf_counter()
    work(*args)
    return time.perf_counter() - start


def undo(env):
    env.cr.rollback()
    env.invalidate_all()
    generate.vacuum(env, ('res_partner', 'cadence_intake_line'))


def load(env, path):
    """What Odoo's import does with the file: its own context, and 2,000 rows at a time, the default of its screen."""
    tag = get_segment(env)._get_batch_tags(env.ref('mass_mailing_cadence.tag_group_marketing'), [5]).display_name
    Partner = env['res.partner'].with_context(import_file=True, tracking_disable=True)
    with path.open(newline='') as file:
        rows = [[*cells, tag] for cells in list(csv.reader(file))[1:]]
    for start in range(0, len(rows), 2_000):
        result = Partner.load(list(FIELDS), rows[start:start + 2_000])
        if not result['ids']:
            raise SystemExit(f"load() failed: {result['messages'][:2]}")
        env.flush_all()
        env.invalidate_all()


def save_alone(env, path, phases):
    """Read, preview and save in this process, every chunk as if it were committed."""
    with measured(env, phases):
        intake = create_intake(env, path)
        intake._move_on('reading')
        intake._read_on(lambda _count: env.flush_all() or True)
        if intake.state != 'preview':
            raise SystemExit(f"The preview failed: {intake.problem}")
        start_saving(env, intake)
        while chunk := intake._claim_chunk():
            chunk._work()
            env.flush_all()
            env.invalidate_all()
        intake._finish_work()


def start_saving(env, intake):
    """Everything before the chunks of contacts: workers who come earlier would find nothing to share, and go again."""
    with patch.object(cadence_intake_work, 'SAVE_AT_ONCE', -1):
        intake.action_save()
    intake._claim_chunk()._work()
    env.flush_all()
    env.invalidate_all()


@contextmanager
def measured(env, phases):
    """Add up the seconds of each phase; what is in none of the others is “tagging and the rest”."""
    seconds = defaultdict(float)
    Intake, Partner, Claim = (type(env[model]) for model in ('cadence.intake', 'res.partner', 'cadence.intake.claim'))

    def timer(owner, method, phase):
        original = getattr(owner, method)

        def work(*args, **kwargs):
            start = time.perf_counter()
            try:
                result = original(*args, **kwargs)
                if phase == 'creating':
                    env.flush_all()
                return result
            finally:
                seconds[phase] += time.perf_counter() - start
        return patch.object(owner, method, work)

    start = time.perf_counter()
    with (timer(Intake, '_read_blocks', 'parsing'), timer(Intake, '_match', 'matching'), timer(Intake, '_place', 'ranking'),
          timer(Claim, '_claim', 'matching'), timer(Partner, 'create', 'creating')):
        yield
    whole = time.perf_counter() - start
    for phase in ('parsing', 'ranking', 'matching', 'creating'):
        phases[phase].append(seconds[phase])
    phases['tagging and the rest'].append(whole - sum(seconds.values()))


def save_by_two(env, path):
    """Seconds from the file to the last contact with two processes; their own start is not counted."""
    with workers(path.parent) as go:
        start = time.perf_counter()
        intake = create_intake(env, path)
        intake._move_on('reading')
        intake._read_on(lambda _count: env.cr.commit() or True)
        start_saving(env, intake)
        env.cr.commit()
        go()
    check_done(env, intake)
    return time.perf_counter() - start


@contextmanager
def workers(folder):
    """Two processes that wait for the function that is yielded, and are waited for at the end."""
    for path in (*folder.glob('ready.*'), *folder.glob('go')):
        path.unlink()
    processes = [run_script(WORKER.replace('FOLDER', str(folder)).replace('NUMBER', str(number))) for number in range(2)]
    while len(list(folder.glob('ready.*'))) < len(processes):
        time.sleep(.1)
    yield (folder / 'go').touch
    for process in processes:
        process.wait()


def run_script(script):
    process = subprocess.Popen(sys.orig_argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    process.stdin.write(script)
    process.stdin.close()
    return process


def check_done(env, intake):
    env.cr.commit()
    env.invalidate_all()
    if intake.state != 'done':
        raise SystemExit(f"The intake is not done but {intake.state}.")


# A million rows

def measure_large(env, folder):
    path = write_table(folder / 'large.csv', LARGE, 'l')
    say(f"COPY of {LARGE:,} rows and one window query …")
    by_hand = statistics.median(timed(rank_by_hand, env, path) for _round in range(3))
    say("Reading, matching and placing them …")
    intake = create_intake(env, path)
    intake._move_on('reading')
    env.cr.commit()
    if run_script(READER.replace('FOLDER', str(folder)).replace('ID', str(intake.id))).wait():
        raise SystemExit("The reader failed.")
    env.cr.commit()
    env.invalidate_all()
    if intake.state != 'preview':
        raise SystemExit(f"The preview failed: {intake.problem}")
    preview = float((folder / 'peak.reader').read_text().split()[0])
    yield row(f"Preview of {LARGE:,} rows / COPY and one window query whose result is kept", f'{preview:.1f}', f'{by_hand:.1f}', 's',
              f'{preview / by_hand:.1f} × the time', '≤ 3 ×', preview / by_hand <= 3)
    say("Saving them by two workers …")
    with workers(folder) as go:
        start_saving(env, intake)
        env.cr.commit()
        go()
    check_done(env, intake)
    first, last = get_first_and_last_rates(intake)
    peaks = [int(folder.joinpath(name).read_text().split()[-1]) for name in ('peak.reader', 'peak.0', 'peak.1')]
    yield row(f"Peak memory of the worker that read {LARGE:,} rows, and of those that saved them", ' / '.join(map(str, peaks)), '', 'MB', '',
              '< 600 MB', max(peaks) < 600)
    yield row(f"Saving {intake.saved_count:,} of them: the last tenth / the first tenth", f'{last:,.0f}', f'{first:,.0f}', 'rows/s',
              f'{first / last:.2f} × the time per row', '≤ 1.3 ×', first / last <= 1.3)


def rank_by_hand(env, path):
    """What a database alone would do with the file: take it in, and rank each row within its domain."""
    env.cr.execute(SQL("SET LOCAL work_mem = '256MB'"))
    columns = ', '.join(f'"{name}"' for name in HEADERS)
    env.cr.execute(f"CREATE TABLE bench_table (id serial, {columns.replace(',', ' text,')} text)")
    with path.open() as file:
        env.cr.copy_expert(f'COPY bench_table ({columns}) FROM STDIN (FORMAT csv, HEADER)', file)
    env.cr.execute("""
        CREATE TABLE bench_ranked AS
        SELECT *, ROW_NUMBER() OVER (PARTITION BY SPLIT_PART("E-mail", '@', 2) ORDER BY id) AS rank FROM bench_table""")
    env.cr.rollback()


def get_first_and_last_rates(intake):
    """Rows a second of the first and of the last tenth of the chunks, by the moments at which they were finished."""
    chunks = intake.chunk_ids.filtered(lambda chunk: chunk.kind == 'save').sorted('finished')
    tenth = len(chunks) // 10
    rates = []
    for part in (chunks[:tenth], chunks[-tenth - 1:-1]):
        seconds = (part[-1].finished - part[0].started).total_seconds()
        rates.append(sum(part.mapped('line_count')) / max(seconds, 1))
    return rates


main(env)  # noqa: F821 the shell's
