"""What the caps of senders cost a day, and what a letter's check takes; fed to an Odoo shell on a database of its own."""
import os
import time
from datetime import timedelta

from odoo import fields
from odoo.addons.mass_mailing_cadence.bench import generate
from odoo.addons.mass_mailing_cadence.bench.report import row, take_turns, write
from odoo.addons.mass_mailing_cadence.tools.sender import letter_checks

CONTACTS = int(os.environ.get('CONTACTS', 100_000))


def main(env):
    generate.fill(env, CONTACTS)
    rows = [measure_caps(env), measure_letter(env)]
    write('senders', rows, generate.describe(env))


def measure_caps(env):
    """The same day with senders without a limit, and with senders that are warmed up and have room for all of it."""
    generate.forget_day(env)
    Run = env['cadence.run'].with_context(tracking_disable=True)
    Run._plan(dict.fromkeys(env['cadence.segment'].search([]), [generate.DAY]))
    env.flush_all()
    env.cr.commit()
    runs = Run.search([('date', '=', generate.DAY)]).sorted(Run._get_warmth)
    senders = runs.segment_id.sender_id

    def prepare(profile):
        senders.write({'profile': profile, 'target': 100_000 if profile != 'steady' else 0})
        for sender in senders if profile != 'steady' else ():
            env['cadence.sender.day']._note(sender, fields.Date.to_date(generate.DAY) - timedelta(days=10), cap=90_000, left_count=90_000)
            env['cadence.sender.day']._note(sender, fields.Date.to_date(generate.DAY), cap=90_000, is_proven=True)
        env.flush_all()
        return runs

    def clean():
        env.cr.rollback()
        env.invalidate_all()
        generate.vacuum(env, ['cadence_touch'])

    counts = []
    for profile in ('steady', 'fast'):
        reserve(prepare(profile))
        counts.append(env['cadence.touch'].search_count([('date', '=', generate.DAY), ('state', '=', 'reserved')]))
        clean()
    if counts[0] != counts[1]:
        raise SystemExit(f"Not as many are mailed: {counts}")
    with_caps, without = take_turns(
        (lambda: prepare('fast'), reserve, clean), (lambda: prepare('steady'), reserve, clean))
    generate.forget_day(env)
    return row(f"Select and reserve a day ({counts[0]:,} mailed) whose senders are warmed up / without a limit",
               f'{with_caps:.2f}', f'{without:.2f}', 's', f'{with_caps / without:.2f}', '≤ 1.1', with_caps / without <= 1.1)


def reserve(runs):
    runs.env.invalidate_all()
    for run in runs:
        runs.env['cadence.audience']._reserve(run, run._get_letters())


def measure_letter(env):
    letter = env['cadence.letter'].search([], limit=1)
    body = str(letter.mailing_id.body_html) + '<p>' + 'Would you like to see our list of cranes? ' * 2_000 + '</p>'
    checked = letter_checks.Letter(html=body, subject='Cranes', street='Hafenstrasse 12', zip='20457')
    start = time.perf_counter()
    letter_checks.check(checked)
    pure = 1000 * (time.perf_counter() - start)
    start = time.perf_counter()
    letter._compute_check_result()
    whole = 1000 * (time.perf_counter() - start)
    return row(f"Check a letter of {len(body) // 1024} KB / fill one in for a contact and check it",
               f'{pure:.1f}', f'{whole:.1f}', 'ms', '', '≤ 100, ≤ 500', pure <= 100 and whole <= 500)


main(env)  # noqa: F821 the shell's
