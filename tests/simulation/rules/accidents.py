"""Mail servers, workers and clocks."""
from datetime import timedelta

from .registry import RULES, rule


@rule(4)
def weather(world, server, weather):
    world.office.set_weather(server, weather)


@rule(6)
def clear_weather(world):
    for server in list(world.office.weather):
        world.office.set_weather(server, 'up')


@rule(2)
def die(world, contact):
    """The mailbox is closed: 550 5.1.1 from now on."""
    world.office.dead.add(contact.lower())


@rule(4)
def kill(world, statement):
    """The next cron job is killed before its nth statement."""
    world.machine.accidents.append({'kill_at': statement})


@rule(3)
def kill_at_mail(world, mails):
    """A worker is killed between the mail server's 250 for the nth mail from now and whatever it would have done then."""
    world.machine.mails_to_kill = mails


@rule(3)
def interrupt(world, statement, contact, action):
    """Between two statements of the next cron job, somebody else acts: the opt-out of one second."""
    def act():
        world.lull_until = world.now + timedelta(seconds=10)
        world.machine.nested = True
        try:
            RULES[action].act(world, **RULES_OF_CONTACT[action](contact))
        finally:
            world.machine.nested = False
    world.machine.accidents.append({'interrupt_at': statement, 'interrupt': act})


RULES_OF_CONTACT = {
    'blacklist': lambda contact: {'contact': contact},
    'archive': lambda contact: {'contact': contact},
    'delete': lambda contact: {'contact': contact},
    'mark': lambda contact: {'contact': contact, 'mark': 'competitor'},
}


@rule(1)
def power_cut(world, hours):
    """No cron worker runs for some hours."""
    world.off_until = world.now + timedelta(hours=hours)
    if world.judge:
        for segment in world.segments:
            world.judge.on_odd_days(segment)
