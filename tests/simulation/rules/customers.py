"""What customers do with what they got, and what is noted of them."""
from .. import mails
from ..addresses import canonical
from ..world import is_newsletter
from .registry import get_contact, rule


@rule(3)
def blacklist(world, contact):
    """An opt-out that a user notes, in the spelling of the contact."""
    world.ask(lambda env: env['mail.blacklist']._add(get_contact(env, world, contact).email or contact), 'marketer')


@rule(1)
def unblacklist(world, contact):
    def work(env):
        email = get_contact(env, world, contact).email or contact
        env['mail.blacklist']._remove(email)
        return email
    if (email := world.ask(work, 'marketer')) and world.judge:
        world.judge.opted_out.discard(canonical(email))


@rule(3)
def one_click(world, mail):
    """The mail program's unsubscribe button."""
    if mail < len(world.left):
        mail = world.left[-1 - mail]
        if (status := world.machine.post(mails.get_unsubscribe_path(mail))) != 200:
            world.violate('one-click', f"{mail.recipients} wanted no more mails and got the answer {status}")
        if world.judge:
            world.judge.opted_out.add(canonical(mail.recipients[0]))


@rule(4)
def reply(world, mail, subject=True):
    if mail < len(world.left) and not is_newsletter(world.left[-1 - mail]):  # Odoo itself has no route for those
        raw = mails.make_reply(world.left[-1 - mail], world.now, subject=subject)
        world.ask(lambda env: env['mail.thread'].message_process(None, raw) and None)
        if world.judge:
            world.judge.on_answer(world.left[-1 - mail], 'replied')
            world.judge.on_reaction(world.left[-1 - mail], 'reply')


@rule(2)
def absence(world, mail):
    """An out-of-office answer, which is no reply."""
    if mail < len(world.left) and not is_newsletter(world.left[-1 - mail]):  # Odoo itself has no route for those
        raw = mails.make_reply(world.left[-1 - mail], world.now, automatic=True)
        world.ask(lambda env: env['mail.thread'].message_process(None, raw) and None)


@rule(2)
def bounce(world, mail):
    """A delivery report that the address does not exist."""
    if mail < len(world.left):
        raw = mails.make_bounce(world.left[-1 - mail], world.now)
        world.ask(lambda env: env['mail.thread'].message_process(None, raw) and None)
        if world.judge:
            world.judge.on_answer(world.left[-1 - mail], 'bounced')
            world.judge.on_reaction(world.left[-1 - mail], 'bounce')


@rule(2)
def mark(world, contact, mark):
    """A tag of Risk or Intention by hand."""
    def work(env):
        get_contact(env, world, contact).category_id += env.ref(f'mass_mailing_cadence.tag_{mark}')
    world.ask(work, 'user')


@rule(1)
def unmark(world, contact, mark):
    def work(env):
        get_contact(env, world, contact).category_id -= env.ref(f'mass_mailing_cadence.tag_{mark}')
    world.ask(work, 'user')
