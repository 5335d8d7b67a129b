"""Administrators change settings, and archive what others use."""
from .registry import get_record, rule


@rule(2)
def set_cap(world, company, cap):
    world.ask(lambda env: get_record(env, world, 'company', company).write({'cadence_domain_daily_cap': cap}))
    if world.judge:
        world.judge.on_cap(company, cap)


@rule(1)
def archive_view(world, view):
    world.ask(lambda env: env.ref(f'mass_mailing_cadence.view_{view}').action_archive(), 'manager')


@rule(1)
def archive_group(world, mark):
    world.ask(lambda env: env.ref(f'mass_mailing_cadence.tag_{mark}').cadence_group_id.action_archive(), 'manager')


@rule(1)
def archive_server(world, server):
    world.ask(lambda env: get_record(env, world, 'server', server).action_archive())


@rule(1)
def archive_user(world):
    """The responsible leaves."""
    world.ask(lambda env: env['res.users'].search([('login', '=', 'manager')]).action_archive())


@rule(1)
def unarchive_user(world):
    world.ask(lambda env: env['res.users'].with_context(active_test=False).search(
        [('login', '=', 'manager')]).action_unarchive())
