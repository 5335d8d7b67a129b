"""How the measurements are taken and written down."""
import os
import platform
import statistics
import time
from datetime import date
from pathlib import Path

from odoo.tools import SQL

README = Path(__file__).with_name('README.md')
ROUNDS = 5


def take_turns(*works, rounds=ROUNDS, clock=time.perf_counter):
    """[median seconds] of works (prepare, work, clean): in turns, so that the machine's other work meets all of them alike."""
    times = [[] for _work in works]
    for _round in range(rounds):
        for (prepare, work, clean), seconds in zip(works, times, strict=True):
            subject = prepare()
            start = clock()
            work(subject)
            seconds.append(clock() - start)
            clean()
    return [statistics.median(seconds) for seconds in times]


def get_cpu(env):
    """Seconds that this process and its database connection have worked: what other work on the machine takes is not in them."""
    [(pid,)] = env.execute_query(SQL("SELECT PG_BACKEND_PID()"))
    fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def row(what, ours, theirs, unit, ratio, goal, kept):
    return what, ours, theirs, unit, ratio, goal, '✓' if kept else '✗'


def get_peak():
    """The process's largest resident memory so far, in MB; getrusage would count its parent's as well."""
    line = next(line for line in Path('/proc/self/status').read_text().splitlines() if line.startswith('VmHWM'))
    return int(line.split()[1]) // 1024


def write(marker, rows, data):
    """Print the rows, and put them into the README between the comments with this marker."""
    header = ('What', 'Ours', 'Other', 'Unit', 'Ratio', 'Goal', '')
    lines = [f"| {' | '.join(map(str, line))} |" for line in (header, ('---',) * len(header), *rows)]
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3
    machine = f"{date.today():%Y-%m-%d} · {os.cpu_count()} cores, {memory:.0f} GB · Python {platform.python_version()} · {data}"
    table = '\n'.join([machine, '', *lines])
    print('\n' + table, flush=True)
    before, start, rest = README.read_text().partition(f'<!-- {marker} -->\n')
    _old, end, after = rest.partition(f'<!-- /{marker} -->')
    if start and end:
        README.write_text(f'{before}{start}{table}\n{end}{after}')
