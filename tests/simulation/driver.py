"""Seeds into worlds, and the shortest sequence of those that end badly."""
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from . import picks
from .checks import Judge
from .rules import RULES
from .world import RHYTHMS, SEGMENTS, World

STARTS = ('2026-01-20', '2026-02-20', '2026-03-20', '2026-04-18', '2026-08-24', '2026-10-18', '2027-12-18', '2028-02-12')

GROUPS = tuple(RHYTHMS)


class Story(NamedTuple):
    """A world's beginning and what was done in it; `steps` are (moment, rule, arguments)."""
    start: str
    segments: tuple
    sent_at_once: int
    every_hour: bool
    days: int
    steps: tuple = ()

    def __str__(self):
        lines = [f"world = self.world({self.start!r}, segments={self.segments!r}, "
                 f"sent_at_once={self.sent_at_once}, groups={GROUPS!r})"]
        lines += [f"world.do('{moment:%Y-%m-%d %H:%M}', {rule!r}, {', '.join(f'{k}={v!r}' for k, v in arguments.items())})"
                  for moment, rule, arguments in self.steps]
        return '\n'.join([*lines, f"world.go('{datetime.fromisoformat(self.start) + timedelta(days=self.days):%Y-%m-%d %H:%M}')"])


def begin(seed, days):
    """(the beginning of the seed's story, its source of chance)"""
    random = Random(seed)
    segments = tuple(sorted(random.sample(sorted(SEGMENTS), random.choice([1, 2, 2, 3]))))
    return Story(random.choice(STARTS), segments, random.choice([0, 3, 100]), random.random() < 0.1, days), random


def _make(machine, story):
    world = World(machine, story.start, story.segments, Judge(), story.sent_at_once)
    world.every_hour = story.every_hour
    return world


def run(machine, seed, days, without=(), people=60):
    """Live through a seed; returns the world, which has stopped at its first violation."""
    story, random = begin(seed, days)
    world = _make(machine, story)
    rules = [rule for name, rule in RULES.items() if name not in without]
    end = world.now + timedelta(days=days)
    _settle_in(world, random, people)
    while world.now < end and not world.violations:
        world.go(min(world.now + timedelta(minutes=int(random.expovariate(1 / 300)) + 1), end))
        if world.now < end and not world.violations:
            rule = random.choices(rules, [rule.weight for rule in rules])[0]
            if arguments := rule.pick(world, random):
                world.do(world.now, rule.name, **arguments)
    return world, story._replace(steps=tuple(world.script))


def _settle_in(world, random, people):
    """Whom the world begins with: few large intakes, for it is not their saving that is looked at."""
    for _number in range(people // 15):
        arguments = RULES['save'].pick(world, random)
        arguments['addresses'] += picks.addresses(world, random) + picks.addresses(world, random)
        world.do(world.now, 'save', **arguments)


def replay(machine, story):
    """Live through a story; returns the world, which has stopped at its first violation."""
    world = _make(machine, story)
    for moment, rule, arguments in story.steps:
        world.go(moment)
        if world.violations:
            return world
        world.do(max(moment, world.now), rule, **arguments)
    if not world.violations:
        end = datetime.fromisoformat(story.start) + timedelta(days=story.days)
        while world.now < end and not world.violations:
            world.go(min(world.now + timedelta(hours=6), end))
    return world


def shrink(machine, story, kind, say=lambda text: None, patience=150):
    """The shortest story found by leaving steps out that still ends in a violation of the kind."""
    def fails(steps):
        nonlocal patience
        patience -= 1
        world = replay(machine, story._replace(steps=tuple(steps)))
        return bool(world.violations) and world.violations[0][1] == kind
    steps, size = list(story.steps), max(len(story.steps) // 2, 1)
    while size and patience > 0:
        position = 0
        while position < len(steps) and patience > 0:
            rest = steps[:position] + steps[position + size:]
            if fails(rest):
                steps = rest
            else:
                position += size
        say(f"{len(steps)} steps left")
        size //= 2
    return story._replace(steps=tuple(steps))
