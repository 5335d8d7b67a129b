"""What people and accidents do, each rule a function of the world; `pick` draws its arguments, by the names of its parameters.

A rule whose contact, run or mailing is not there does nothing: so a sequence of which parts were taken away still runs.
"""
import inspect
from typing import NamedTuple

from .. import picks

RULES = {}


class Rule(NamedTuple):
    name: str
    weight: int
    act: object

    def pick(self, world, random):
        """Arguments for the rule, or None where there is nothing to do it with."""
        names = [name for name, parameter in inspect.signature(self.act).parameters.items()
                 if name != 'world' and parameter.default is parameter.empty]
        arguments = {name: getattr(picks, name)(world, random) for name in names}
        return None if None in arguments.values() else arguments


def rule(weight):
    def register(act):
        RULES[act.__name__] = Rule(act.__name__, weight, act)
        return act
    return register


def get_contact(env, world, address):
    return env['res.partner'].browse(world.contacts.get(address, 0)).exists()


def get_record(env, world, model, key):
    return env[{'segment': 'cadence.segment', 'group': 'cadence.tag.group', 'company': 'res.company',
                'server': 'ir.mail_server'}[model]].browse(world.ids[model][key])


def get_runs(env, world, segment, group=None):
    """The segment's runs of today, as a user finds them."""
    domain = [('segment_id', '=', world.ids['segment'][segment]), ('date', '=', world.local_day(segment))]
    if group:
        domain += [('tag_group_id', '=', world.ids['group'][group])]
    return env['cadence.run'].search(domain)


def get_mailing(env, world, segment, nth):
    """The nth youngest mailing of the segment's runs."""
    return env['mailing.mailing'].search(
        [('cadence_run_id.segment_id', '=', world.ids['segment'][segment])], order='id DESC', offset=nth, limit=1)


