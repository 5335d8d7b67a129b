"""Managers pause senders, let them go on, and set how much may leave of one on a day."""
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
