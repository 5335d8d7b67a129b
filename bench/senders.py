"""What the caps of senders cost a day, and what their checks take; fed to an Odoo shell on a database of its own."""
import os
import socket
import time
from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

import dns.resolver
from odoo import fields
from odoo.addons.mass_mailing_cadence.bench import generate
from odoo.addons.mass_mailing_cadence.bench.report import ROUNDS, get_cpu, row, take_turns, write
from odoo.addons.mass_mailing_cadence.tools.sender import dns_checks, letter_checks

CONTACTS = int(os.environ.get('CONTACTS', 100_000))
SMALL_CAP = 200  # mails a day: most contacts have to wait


def main(env):
    generate.fill(env, CONTACTS)
    rows = [*measure_caps(env), *measure_letter(env), *measure_dns(env)]
    write('senders', rows, generate.describe(env))


def measure_caps(env):
    """The same day with senders without a limit, and with senders that are warmed up and have room for all of it.

    Their providers' shares have room as well, and are looked at for each contact.
    """
    generate.forget_day(env)
    Run = env['cadence.run'].with_context(tracking_disable=True)
    Run._plan(dict.fromkeys(env['cadence.segment'].search([]), [generate.DAY]))
    env.flush_all()
    env.cr.commit()
    runs = Run.search([('date', '=', generate.DAY)]).sorted(Run._get_warmth)
    senders = runs.segment_id.sender_id

    def prepare(profile, cap=90_000):
        senders.write({'profile': profile, 'target': 100_000 if profile != 'steady' else 0})
        for sender in senders if profile != 'steady' else ():
            env['cadence.sender.day']._note(sender, fields.Date.to_date(generate.DAY) - timedelta(days=10), cap=90_000, left_count=90_000)
            env['cadence.sender.day']._note(sender, fields.Date.to_date(generate.DAY), cap=cap, is_proven=True)
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
    with_caps, without, tight = take_turns(
        (lambda: prepare('fast'), reserve, clean), (lambda: prepare('steady'), reserve, clean),
        (lambda: prepare('fast', cap=SMALL_CAP), reserve, clean), clock=lambda: get_cpu(env))
    generate.forget_day(env)
    return [
        row(f"Select and reserve a day ({what}) whose senders are warmed up / without a limit, of work", f'{ours:.2f}', f'{without:.2f}',
            's', f'{ours / without:.2f}', '≤ 1.1', ours / without <= 1.1)
        for what, ours in ((f'{counts[0]:,} mailed', with_caps), (f'{SMALL_CAP:,} a sender, who reads first', tight))]


def reserve(runs):
    runs.env.invalidate_all()
    for run in runs:
        runs.env['cadence.audience']._reserve(run, run._get_letters())


def measure_letter(env):
    letter = env['cadence.letter'].search([], limit=1)
    body = str(letter.mailing_id.body_html) + '<p>' + 'Would you like to see our list of cranes? ' * 2_000 + '</p>'
    checked = letter_checks.Letter(html=body, subject='Cranes', street='Hafenstrasse 12', zip='20457')

    def look():
        """What somebody waits for who opens a letter that nobody has looked at: checks, the contacts' fields, faults in place."""
        env.invalidate_all()
        letter._compute_check_result()
        return letter.findings, letter.light, letter.check_page, letter.segment_id.light

    (pure, work), (whole, whole_work) = (get_best(env, check) for check in (lambda: letter_checks.check(checked), look))
    env.cr.rollback()
    return [
        row(f"Check a letter of {len(body) // 1024} KB", f'{pure:.0f}', '', 'ms', f'{work:.0f} ms of work', '≤ 100', pure <= 100),
        row("The whole preflight of a letter in a fresh cache, without network", f'{whole:.0f}', '', 'ms',
            f'{whole_work:.0f} ms of work', '≤ 500', whole <= 500)]


def get_best(env, work):
    """(milliseconds, of which this process and its database connection worked) of the best of some tries."""
    tries = []
    for _round in range(ROUNDS):
        start, cpu = time.perf_counter(), get_cpu(env)
        work()
        tries.append((1000 * (time.perf_counter() - start), 1000 * (get_cpu(env) - cpu)))
    return min(tries)


def measure_dns(env):
    """A resolver that takes each question and never answers; and whether anything that a user does asks one."""
    senders = env['cadence.sender'].search([])
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(('127.0.0.1', 0))
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ['127.0.0.1'], silent.getsockname()[1]
        start = time.perf_counter()
        senders[0]._ask(*senders[0]._prepare_question(), dns_checks.Lookup(resolver.resolve))
        one = time.perf_counter() - start
        start = time.perf_counter()
        senders[:10]._look_up(fields.Datetime.now(), resolver.resolve)
        ten = time.perf_counter() - start
    env.cr.rollback()
    with patch('dns.resolver.resolve') as asked, patch('dns.resolver.Resolver.resolve', asked):
        env.invalidate_all()
        senders[0].web_read({name: {} for name in senders._fields if name not in ('website_message_ids',)})
        senders[0].action_check_dns()
        group = env['cadence.customer.group'].create({'name': 'A new one'})
        made = senders[0].segment_ids[:1].copy({'customer_group_id': group.id, 'email_from': 'li@new.example'})
        made.web_read({'light': {}, 'light_note': {}})
    env.cr.rollback()
    count = asked.call_count
    return [
        row(f"Look up the DNS of a sender / of {len(senders[:10])} senders at once, where the resolver is dead",
            f'{one:.2f}', f'{ten:.2f}', 's', '', '≤ 3', max(one, ten) <= 3),
        row("Questions to a resolver as a user opens a sender, presses its button, and makes a segment with a new one", count, '', '',
            '', '= 0', not count)]


main(env)  # noqa: F821 the shell's
