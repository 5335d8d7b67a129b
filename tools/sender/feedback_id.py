"""Gmail's Feedback-ID (support.google.com/mail/answer/6254652): its Postmaster Tools tell complaints by each of its parts."""

import re
from hashlib import sha256

SENDER_LENGTH = 12  # of 5 to 15 letters, the same for all mails of a sender


def write(letter: int | None, segment: int, group: str | None, domain: str) -> str:
    """Return the header: letter, segment and tag group, and whose mail it is. Nothing in it is about the reader.

    >>> write(12, 3, 'marketing', 'acme.example')
    'letter12:segment3:marketing:54667cc7be62'
    """
    sender = sha256(domain.lower().encode()).hexdigest()[:SENDER_LENGTH]
    group = re.sub(r'[^a-z0-9-]', '', (group or '').lower()) or 'group'
    return ':'.join((f'letter{letter or 0}', f'segment{segment}', group, sender))
