"""What the arguments of the rules are drawn from, a function for each parameter name."""
from .world import COMPANIES

HOSTS = ('acme.example', 'bauer.example', 'müller-bau.example', 'xn--mller-bau-q9a.example', 'vip.acme.example')
NAMES = ('info', 'sales', 'kontakt', 'a.b', 'anna', 'hr')
SPELLINGS = {
    'upper': str.upper,
    'ascii': lambda email: _with_host(email, lambda host: host.encode('idna').decode()),
    'unicode': lambda email: _with_host(email, lambda host: host.encode().decode('idna')),
    'named': lambda email: f'"Wang, Li" <{email}>' if '<' not in email else email,
}


def _with_host(email, change):
    local, _at, host = email.partition('@')
    try:
        return f'{local}@{change(host)}'
    except UnicodeError:
        return email


def segment(world, random):
    return random.choice(world.segments)


def group(world, random):
    return random.choice(['marketing', 'marketing', 'reading', 'sprint', 'sprint'])


def batch(world, random):
    """Often one that is due today or soon."""
    return random.choice([min(world.now.day + random.randint(0, 2), 30), random.randint(1, 30)])


def address(world, random):
    if random.random() < 0.1:
        return f'{_new(world, random)}{random.choice([" ", "; ", "/", ", "])}{_new(world, random)}'
    if random.random() < 0.2 and world.contacts:
        return SPELLINGS[random.choice(sorted(SPELLINGS))](contact(world, random))
    return _new(world, random)


def _new(world, random):
    number = random.randint(1, 400)
    if random.random() < 0.5:
        return f'{random.choice(NAMES)}{number % 30}@{random.choice(HOSTS)}'
    return f'{random.choice(NAMES)}{number}@firm{number}.example'


def addresses(world, random):
    return [_new(world, random) for _number in range(random.randint(1, 8))]


def name(world, random):
    return random.choice(['Ann Lee', 'Bo Chen', 'Prince', 'Eva\nMaria Ruiz', 'Li Wei'])


def contact(world, random):
    return random.choice(sorted(world.contacts)) if world.contacts else None


other = contact


def spelling(world, random):
    return random.choice(sorted(SPELLINGS))


def mail(world, random):
    """How many mails back: mostly one of the last."""
    return min(int(random.expovariate(0.2)), len(world.left) - 1) if world.left else None


def nth(world, random):
    return random.randint(0, 3)


def mark(world, random):
    return random.choice(['competitor', 'other_risk', 'inquiry', 'deal'])


def step(world, random):
    return random.randint(1, 4)


def variant(world, random):
    return random.choice(['', 'b'])


def hour(world, random):
    return float(random.randint(1, 23))


def zone(world, random):
    return random.choice(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Pacific/Niue'])


def company(world, random):
    return random.choice(sorted(COMPANIES))


def cap(world, random):
    return random.choice([1, 2, 3, 5, 20])


def pace(world, random):
    """Mails an hour."""
    return random.choice([0, 1, 2, 6, 6, 20])


def share(world, random):
    """Percent of the day of a sender that begins with 200 mails."""
    return random.choice([0, 1, 1, 2, 40])


def view(world, random):
    return random.choice(['risk', 'intention', 'no_send', 'reading'])


def server(world, random):
    return random.choice(['default.sim', 'berlin.sim'])


def weather(world, random):
    return random.choice([
        'down', 'down', 'busy', 'grey', 'rejecting', 'full', 'dropping', 'taking', 'silent', 'deaf', 'slow'])


def statement(world, random):
    return int(random.expovariate(1 / 150)) + 1


def mails(world, random):
    return random.randint(1, 4)


def action(world, random):
    return random.choice(['blacklist', 'archive', 'delete', 'mark'])


def hours(world, random):
    return random.choice([3, 12, 30, 75])
