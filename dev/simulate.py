"""Many seeds of tests/simulation; see dev/simulate.sh."""
import os
import sys
from argparse import ArgumentParser

from odoo.modules.module import initialize_sys_path
from odoo.tools import config

config.parse_config(['-c', os.environ['CADENCE_ODOO_CONF'], '--log-level=critical'])
initialize_sys_path()

from odoo.addons.mass_mailing_cadence.tests.simulation import driver, world  # noqa: E402
from odoo.addons.mass_mailing_cadence.tests.simulation.machine import Machine  # noqa: E402


def say(text):
    print(text, flush=True)


def tell(seed, lived, story, machine, shorten):
    moment, kind, text = lived.violations[0]
    say(f"\n✗ seed {seed}: {kind} at {moment:%Y-%m-%d %H:%M}: {text}")
    if shorten:
        story = driver.shrink(machine, story._replace(days=(moment - lived.start).days + 2), kind, say)
        lived = driver.replay(machine, story)
        say(f"# {lived.violations and lived.violations[0]}")
    say(str(story))


def live(machine, arguments):
    days = months = left = bad = 0
    for seed in range(arguments.first, arguments.first + arguments.seeds, arguments.step):
        start = machine.real_time()
        lived, story = driver.run(machine, seed, arguments.days, arguments.without.split(','), arguments.people)
        lived_days = (lived.now - lived.start).days
        days, months, left = days + lived_days, months + lived_days * len(lived.contacts) / 30, left + len(lived.left)
        say(f"seed {seed}: {lived_days} days, {len(lived.contacts)} contacts, {len(lived.script)} acts, {len(lived.left)} left, "
            f"{machine.real_time() - start:.0f} s")
        if lived.violations:
            bad += 1
            tell(seed, lived, story, machine, arguments.shrink)
    say(f"= {days} days, {months:.0f} contact-months, {left} mails left, {bad} seeds with a violation")
    return bad


def main():
    parser = ArgumentParser()
    parser.add_argument('--first', type=int, default=1)
    parser.add_argument('--seeds', type=int, default=10)
    parser.add_argument('--step', type=int, default=1)
    parser.add_argument('--days', type=int, default=20)
    parser.add_argument('--people', type=int, default=120)
    parser.add_argument('--without', default='')
    parser.add_argument('--shrink', action='store_true')
    arguments = parser.parse_args()
    with Machine(os.environ['CADENCE_TEMPLATE_DB']) as machine:
        world.build(machine)
        sys.exit(bool(live(machine, arguments)))


main()
