"""Managers pause senders, let them go on, and limit them; loads of addresses are held and tried out."""
from .registry import get_record, rule


def _decide(world, segment, work):
    """Let a manager do something with the segment's sender; its id, None where it was refused."""
    def ask(env):
        sender = get_record(env, world, 'segment', segment).sender_id
        work(sender)
        return sender.id
    return world.ask(ask, 'manager')


@rule(1)
def pause_sender(world, segment):
    if (sender := _decide(world, segment, lambda sender: sender.action_pause())) and world.judge:
        world.judge.on_pause(sender)


@rule(3)
def resume_sender(world, segment):
    if (sender := _decide(world, segment, lambda sender: sender.action_try_again())) and world.judge:
        world.judge.paused.discard(sender)


@rule(1)
def limit_sender(world, segment, cap):
    target = max(cap, 1)
    if (sender := _decide(world, segment, lambda sender: sender.write({'profile': 'normal', 'target': target}))) and world.judge:
        world.judge.on_sender_cap(sender, target)


@rule(2)
def set_pace(world, segment, pace):
    """The sender's mails leave spread, at most so many an hour."""
    if (sender := _decide(world, segment, lambda sender: sender.write({'hourly_pace': pace}))) and world.judge:
        world.judge.on_pace(sender, pace)


@rule(2)
def share_sender(world, segment, share):
    """The sender is warmed up, with so much of its day for a mailbox provider."""
    world.ask(_know_provider)
    values = {'profile': 'normal', 'target': 5_000, 'provider_share': share}
    if (sender := _decide(world, segment, lambda sender: sender.write(values))) and world.judge:
        world.judge.on_sender_cap(sender, values['target'])
        world.judge.on_provider()


# A mailbox provider that has more of the customers than any other.
PROVIDER_HOSTS = ('acme.example', 'vip.acme.example', 'bauer.example')


def _know_provider(env):
    if not env['cadence.mail.provider'].search_count([('name', '=', 'Acme')]):
        env['cadence.mail.provider'].create({'name': 'Acme', 'sequence': 1, 'hosts': '; '.join(PROVIDER_HOSTS)})


@rule(2)
def block_provider(world):
    """A mailbox provider refuses whatever comes from us."""
    world.ask(_know_provider)
    world.office.blocking = set(PROVIDER_HOSTS)
    if world.judge:
        world.judge.on_provider()


@rule(4)
def unblock_provider(world):
    world.office.blocking = set()


@rule(2)
def hold_intake(world, nth):
    """Somebody holds the contacts of the nth youngest intake."""
    if nth < len(world.intakes):
        intake = world.intakes[-1 - nth]
        if world.ask(lambda env: env['cadence.intake'].browse(intake).action_hold(), 'user') and world.judge:
            world.judge.held.add(intake)


@rule(3)
def release_intakes(world):
    def release(env):
        return env['cadence.intake'].search([('is_held', '=', True)]).action_release()
    if world.ask(release, 'user') and world.judge:
        world.judge.held.clear()


@rule(2)
def try_out(world, company, cap):
    """Of each load of addresses that was never mailed so many go first."""
    count = max(cap, 1)
    def ask(env):
        get_record(env, world, 'company', company).cadence_canary_count = count
        return True
    if world.ask(ask) and world.judge:
        world.judge.on_canary(company, count)
