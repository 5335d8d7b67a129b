"""Find the slip of a finger in the domain of an address: a top-level domain that does not exist, a provider's name all but right.

A guess is for a person to confirm. What may be somebody's own domain is never taken for a slip: a name must be long, or differ
by what hands and eyes do (a key beside the right one, letters swapped or doubled, 0 for o).
"""

import re
from functools import cache, lru_cache

import idna
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from .company_domain import PUBLIC_PROVIDERS, is_suffix, is_top_level

# Long enough that one slip hardly makes another company's name: "live" and "love", "aol" and "sol" are too near.
_LONG_NAME_WORDS = """
    aliyun bellsouth bigpond blueyonder btinternet centurylink comcast earthlink fastmail foxmail gmail googlemail hanmail hotmail
    icloud laposte mindspring ntlworld optonline optusnet outlook protonmail rediffmail rocketmail sbcglobal sympatico
    t-online tutanota
    verizon virginmedia wanadoo windstream yahoo yandex
"""
# Short ones at .com whose .co, .cm, .om and .cam has no mailboxes, as that of the long ones.
_SHORT_NAME_WORDS = '126 163 aol live msn qq sohu ymail'
_ONLY_COM = frozenset(('gmail', 'icloud'))  # and no .net or .org
# Words, names and companies that are one slip away: gail is a given name and India's gas company, yhoo.it Yahoo's own.
_NOT_SLIP_WORDS = """
    gail.com gmailer.com gmaily.com gmile.com gmale.com gotmail.com hotmill.com lotmail.com notmail.com rotmail.com
    totmail.com outlooks.com photonmail.com simpatico.ca yahoos.com yhoo.it
"""
_COMMON_TOP_LEVELS = ('com', 'net', 'org', 'info', 'biz', 'edu', 'gov')
_NEAR_COM = frozenset(('co', 'cm', 'om', 'cam'))  # Colombia, Cameroon, Oman; all of them exist
_LONG, _VERY_LONG = 7, 8  # letters from which on the first one may be missing, and any one may be another

_FARTHEST = 3  # slips: beyond, no letters that look alike make one name of another
_KEYBOARD = ('qwertyuiop', 'asdfghjkl', 'zxcvbnm')
_VOWELS = frozenset('aeiouy')
_FIRST_KEYS = ('yahoo', 'outlook', 'hotmail')  # of which the first key may be missed: tahoo.com, putlook.com
_LOOK_ALIKES = str.maketrans('013457', 'oleast')
_OTHER_SCRIPTS = str.maketrans('авеикмонрстухіјѕԁɡοατιρνεκı', 'abeukmohpctyxijsdgoatipvekі'.replace('і', 'i'))
_LETTERS_LIKE = (('rn', 'm'), ('vv', 'w'), ('cl', 'd'), ('1', 'i'))
_REPEATED = re.compile(r'(.)\1+')
_GLUE = re.compile('[-._,;]')
_COMMA = re.compile('[,;]')
_DOTTED = re.compile(r'[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?){1,5}')
_TWICE_COM = frozenset(('co.com', 'com.com', 'net.com', 'con.com', 'cm.com'))

_LONG_NAMES = tuple(_LONG_NAME_WORDS.split())
_COM_NAMES = frozenset(_SHORT_NAME_WORDS.split()) | {name for name in _LONG_NAMES if f'{name}.com' in PUBLIC_PROVIDERS}
_NOT_SLIPS = frozenset(_NOT_SLIP_WORDS.split())


def suggest(address: str) -> str | None:
    """Return the address that was probably meant (``a@gmial.com``: ``a@gmail.com``), None where nothing is wrong with it."""
    local, at, domain = address.strip().rpartition('@')
    meant = suggest_domain(domain.lower()) if local and at else None
    return meant and f'{local}@{meant}'


def suggest_domain(domain: str) -> str | None:
    """Return the domain in lower case that was probably meant by another one; a provider's is never a slip."""
    if len(domain) > 253:
        return None
    if domain.startswith('www.') and domain[4:] in PUBLIC_PROVIDERS:
        return domain[4:]
    if _is_provider(domain) or domain in _NOT_SLIPS or not domain.strip('.'):
        return None
    meant = _meant(domain)
    return meant if meant != domain else None


def _meant(domain: str) -> str | None:
    if glued := _unglued().get(_GLUE.sub('', domain)):  # gmailcom, gmailc.om, gmail-com, gmail,com
        return glued
    name, _dot, suffix = domain.partition('.')
    if name in _ONLY_COM and suffix in ('', 'c'):
        return f'{name}.com'
    if ',' in domain or ';' in domain:
        dotted = _COMMA.sub('.', domain)
        return (_meant(dotted) or dotted) if _DOTTED.fullmatch(dotted) and is_top_level(dotted.rpartition('.')[2]) else None
    if '.' not in domain.strip('.'):
        return None
    if '..' in domain:
        single = re.sub(r'\.{2,}', '.', domain)
        return _meant(single) or single
    if ('xn--' in domain or not domain.isascii()) and (latin := _in_latin(domain)) in PUBLIC_PROVIDERS:
        return latin
    if meant := _meant_at_com(domain) or _meant_provider(domain):
        return meant
    suffix = _meant_suffix(domain)
    if not suffix or suffix in PUBLIC_PROVIDERS or suffix in _NOT_SLIPS:
        return suffix
    return _meant_provider(suffix) or suffix


def _is_provider(domain: str) -> bool:
    return domain in PUBLIC_PROVIDERS or domain.partition('.')[2] in PUBLIC_PROVIDERS


@cache
def _unglued() -> dict[str, str]:
    return {_GLUE.sub('', domain): domain for domain in PUBLIC_PROVIDERS if domain.partition('.')[0] in _LONG_NAMES}


def _in_latin(domain: str) -> str:
    """Return a domain with the letters of other scripts that look like Latin ones as these."""
    try:
        letters = idna.decode(domain) if 'xn--' in domain else domain
    except UnicodeError:  # IDNAError is one
        letters = domain
    return letters.translate(_OTHER_SCRIPTS)


def _meant_at_com(domain: str) -> str | None:
    """Return the provider at .com that is meant by a name at .co, .cm, .om or .cam: gmail.co, hotmal.co, gmail.org."""
    name, _dot, suffix = domain.partition('.')
    if name in _ONLY_COM and suffix in ('net', 'org') or name in _LONG_NAMES and suffix in _TWICE_COM:
        return f'{name}.com'
    if suffix not in _NEAR_COM:
        return None
    return f'{name}.com' if name in _COM_NAMES else _meant_provider(f'{name}.com')


def _meant_suffix(domain: str) -> str | None:
    """Return the domain with what is meant by the end of it, where that does not exist."""
    name, _dot, suffix = domain.partition('.')
    last = suffix.rpartition('.')[2]
    if name in _LONG_NAMES or name in _COM_NAMES:
        near = [(OSA.distance(suffix, other), other != 'com', other) for other in _suffixes_of(name)]
        near.sort()
        is_sure = near and (len(near) == 1 or (near[0][0] == 1 and (near[1][0] > 1 or near[0][2] == 'com')))
        if is_sure and not is_suffix(suffix):
            return f'{name}.{near[0][2]}'
    if is_top_level(last):
        return None
    near = [other for other in _providers_named(name) if OSA.distance(suffix, other) == 1]  # gmx.ed, mail.ruu
    near = [other for other in near if sorted(other) == sorted(suffix)] or near
    if near:
        return f'{name}.{near[0]}' if len(near) == 1 else f'{name}.com' if 'com' in near else None
    if len(last) == 2 and is_top_level(last[::-1]):
        return None  # .ed may be .de or .edu
    front = domain.rpartition('.')[0]
    return next((f'{front}.{common}' for common in _COMMON_TOP_LEVELS if _is_near_top_level(last, common)), None)


@cache
def _all_names() -> dict[str, list[str]]:
    names = {}
    for domain in sorted(PUBLIC_PROVIDERS):
        name, _dot, suffix = domain.partition('.')
        names.setdefault(name, []).append(suffix)
    return names


def _providers_named(name: str) -> list[str]:
    """Return what comes after the name in the domains of providers, however short it is: gmx is at .de, .net and .at."""
    return _all_names().get(name, [])


def _is_near_top_level(typed: str, meant: str) -> bool:
    single = _REPEATED.sub(r'\1', typed)
    is_slip = min(OSA.distance(typed, meant), OSA.distance(single, meant)) <= 1
    return is_slip or typed.translate(_LOOK_ALIKES) == meant or typed == f'{meant}{meant}'


@cache
def _suffixes_of(name: str) -> tuple[str, ...]:
    return tuple(domain[len(name) + 1:] for domain in PUBLIC_PROVIDERS if domain.startswith(f'{name}.'))


def _meant_provider(domain: str) -> str | None:
    name, _dot, suffix = domain.partition('.')
    names = _names_at(suffix)
    if not names or not process.extractOne(name, names, scorer=OSA.distance, score_cutoff=_FARTHEST):
        return None  # nearly all of a table's domains
    like = _shapes(name)
    if found := next((other for other in names if other != name and not like.isdisjoint(_shapes(other))), None):
        return f'{found}.{suffix}'
    near = process.extractOne(name, names, scorer=OSA.distance, score_cutoff=1)
    return f'{near[0]}.{suffix}' if near and near[0] != name and _is_slip(name, near[0]) else None


@lru_cache(maxsize=1 << 12)
def _names_at(suffix: str) -> tuple[str, ...]:
    return tuple(name for name in _LONG_NAMES if f'{name}.{suffix}' in PUBLIC_PROVIDERS)


@lru_cache(maxsize=1 << 10)
def _shapes(name: str) -> frozenset[str]:
    """Return what a name looks like to a hasty eye, letters that are doubled or left single being the same."""
    shapes = {name, name.translate(_LOOK_ALIKES)}
    for typed, meant in _LETTERS_LIKE:
        shapes |= {shape.replace(typed, meant) for shape in (name, *shapes)}
    return frozenset(_REPEATED.sub(r'\1', shape) for shape in shapes)


def _is_slip(name: str, meant: str) -> bool:
    """Return whether one slip made a name of the one meant: letters swapped, left out, doubled, or hit beside the key."""
    if sorted(name) == sorted(meant):
        return True
    slip = Levenshtein.editops(name, meant)[0]
    typed = name[slip.src_pos] if slip.src_pos < len(name) else ''
    wanted = meant[slip.dest_pos] if slip.dest_pos < len(meant) else ''
    if name[0] != meant[0]:  # cloud, mail, email: first letters are the ones that people get right
        if slip.tag == 'insert':
            return len(meant) >= _LONG
        is_near = name[0] in _neighbours().get(meant[0], ())
        return is_near and (meant in _FIRST_KEYS if slip.tag == 'replace' else len(meant) >= _LONG)
    if slip.tag == 'insert':
        return True
    if slip.tag == 'replace':
        return len(meant) >= _VERY_LONG or typed in _neighbours().get(wanted, ()) or {typed, wanted} <= _VOWELS or (
            {typed, wanted} == {'i', 'l'})
    at = slip.src_pos
    before, after = name[at - 1], name[at + 1: at + 2]
    if any(typed == letter or typed in _neighbours().get(letter, ()) for letter in before + after):
        return True
    # At the end it makes another name: foxmaily, hotmails
    is_echo = typed in name[max(0, at - 3): at] + name[at + 1: at + 3]
    is_between_vowels = {typed, before, after} <= _VOWELS
    return bool(after) and (typed.isdigit() or is_echo or is_between_vowels or len(meant) >= _VERY_LONG)


@cache
def _neighbours() -> dict[str, set[str]]:
    """Return letter -> letters of the keys beside, above and below it."""
    # A row stands about half a key to the right of the one above: "g" is below "t" and "y".
    at = {letter: (2 * column + row, row) for row, letters in enumerate(_KEYBOARD) for column, letter in enumerate(letters)}
    return {
        one: {two for two, (x2, y2) in at.items() if one != two and abs(y1 - y2) <= 1 and abs(x1 - x2) <= 2 - abs(y1 - y2)}
        for one, (x1, y1) in at.items()
    }
