"""What people and machines do with the mails that they got: opens, clicks, deals, through Odoo's own web application."""
from datetime import timedelta

from .. import mails
from ..world import is_newsletter
from .registry import get_contact, rule

BROWSER = 'Mozilla/5.0 (Windows NT 10.0) Firefox/140'
READER = 'Mozilla/5.0 (Windows NT 10.0) Thunderbird/140'
APPLE = 'Mozilla/5.0'
SCANNER = 'BarracudaCentral'
EARLIEST = timedelta(minutes=2)  # sooner after delivery even a person looks like a machine


def get_read(world, mail):
    """The mail, where it is one of a run and was delivered some minutes ago."""
    if mail < len(world.left) and not is_newsletter(world.left[-1 - mail]):
        mail = world.left[-1 - mail]
        if world.now - mail.moment >= EARLIEST and mails.get_pixel_path(mail):
            return mail
    return None


def note(world, mail, what):
    if world.judge:
        world.judge.on_reaction(mail, what)


@rule(4)
def open_mail(world, mail):
    """A person looks at the mail."""
    if mail := get_read(world, mail):
        world.machine.get(mails.get_pixel_path(mail), READER)
        note(world, mail, 'open')


@rule(2)
def prefetch(world, mail):
    """Apple's proxy opens it by itself."""
    if mail := get_read(world, mail):
        world.machine.get(mails.get_pixel_path(mail), APPLE)
        note(world, mail, 'prefetch')


@rule(2)
def scan(world, mail):
    """A gateway of known name asks for everything, and before that for the heads."""
    if mail := get_read(world, mail):
        for method in ('HEAD', 'GET'):
            for path in [mails.get_pixel_path(mail), *mails.get_link_paths(mail)]:
                world.machine.get(path, SCANNER, method)
        note(world, mail, 'scan')


@rule(2)
def burst(world, mail):
    """A gateway that calls itself a browser follows all links at once; not twice, or it would look like a person."""
    mail = get_read(world, mail)
    if mail and not (world.judge and 'burst' in [what for _moment, what in world.judge.reactions[mail.message_id]]):
        for path in mails.get_link_paths(mail):
            world.machine.get(path, BROWSER)
        note(world, mail, 'burst')


@rule(3)
def click(world, mail):
    """A person follows the first link."""
    if mail := get_read(world, mail):
        world.machine.get(mails.get_link_paths(mail)[0], BROWSER)
        note(world, mail, 'click')


@rule(2)
def deal(world, contact, step):
    """A salesperson makes an opportunity, and wins two of four."""
    revenue = 33.34 * step

    def work(env):
        partner = get_contact(env, world, contact)
        lead = env['crm.lead'].create({
            'name': contact, 'type': 'opportunity', 'partner_id': partner.id, 'expected_revenue': revenue})
        if step % 2:
            lead.action_set_won()
        return lead.id
    if (lead := world.ask(work)) and world.judge:
        world.judge.deals[lead] = round(revenue, 2) if step % 2 else 0.0
