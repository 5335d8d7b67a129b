"""Contacts come, go and change: by hand, by intakes, by the merge wizard."""
from odoo import Command

from .. import picks
from .registry import get_contact, get_record, rule


@rule(8)
def save(world, segment, group, batch, addresses):
    """An intake of pasted addresses; `batch` is that of its first day."""
    def work(env):
        day = world.local_day(segment)
        intake = env['cadence.intake'].create({
            'segment_id': world.ids['segment'][segment], 'tag_group_id': world.ids['group'][group],
            'start_date': day.replace(day=batch) if batch <= 28 else day, 'cap': 0, 'on_existing': 'add', 'spread': 'single',
            'pasted_text': '\n'.join(addresses)})
        intake.action_preview()
        intake.action_save()
        return intake.id, {line.email: line.partner_id.id for line in intake.line_ids if line.partner_id}
    if done := world.ask(work, 'user'):
        intake_id, partners = done
        world.intakes.append(intake_id)
        world.contacts |= {address: id_ for address, id_ in partners.items() if id_ not in world.contacts.values()}


@rule(1)
def undo(world, nth):
    """The nth youngest intake is taken back."""
    if nth < len(world.intakes):
        world.ask(lambda env: env['cadence.intake'].browse(world.intakes[-1 - nth]).action_undo(), 'user')


@rule(4)
def write_in(world, segment, group, batch, address, name):
    """A contact made by hand in the Contacts app, its address as typed, tagged with a batch."""
    def work(env):
        tag = get_record(env, world, 'segment', segment)._get_batch_tags(get_record(env, world, 'group', group), [batch])
        return env['res.partner'].create({'name': name, 'email': address, 'category_id': [Command.set(tag.ids)]}).id
    if id_ := world.ask(work, 'user'):
        world.contacts.setdefault(address, id_)


@rule(4)
def tag(world, contact, segment, group, batch):
    def work(env):
        tags = get_record(env, world, 'segment', segment)._get_batch_tags(get_record(env, world, 'group', group), [batch])
        get_contact(env, world, contact).category_id += tags
    world.ask(work, 'user')


@rule(3)
def untag(world, contact, segment):
    def work(env):
        partner = get_contact(env, world, contact)
        partner.category_id -= partner.category_id.filtered(
            lambda tag: tag.cadence_batch and tag.cadence_segment_id.id == world.ids['segment'][segment])
    world.ask(work, 'user')


@rule(2)
def archive(world, contact):
    world.ask(lambda env: get_contact(env, world, contact).action_archive(), 'user')


@rule(2)
def unarchive(world, contact):
    world.ask(lambda env: get_contact(env, world, contact).action_unarchive(), 'user')


@rule(1)
def delete(world, contact):
    world.ask(lambda env: get_contact(env, world, contact).unlink(), 'user')


@rule(3)
def merge(world, contact, other):
    """Odoo's own wizard: `contact` is merged into `other`."""
    def work(env):
        source, target = get_contact(env, world, contact), get_contact(env, world, other)
        if source and target and source != target:
            env['base.partner.merge.automatic.wizard']._merge((source + target).ids, target)
            return source.id, target.id
        return None
    if merged := world.ask(work):
        world.contacts = {address: merged[1] if id_ == merged[0] else id_ for address, id_ in world.contacts.items()}
        if world.judge:
            world.judge.on_merge(*merged)


@rule(3)
def change_address(world, contact, address):
    world.ask(lambda env: get_contact(env, world, contact).write({'email': address}), 'user')


@rule(2)
def respell(world, contact, spelling):
    """The same address, written another way."""
    def work(env):
        partner = get_contact(env, world, contact)
        if partner.email:
            partner.email = picks.SPELLINGS[spelling](partner.email)
    world.ask(work, 'user')
