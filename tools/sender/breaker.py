"""When a sender must pause: what comes back of its last mails, and who complained.

The window is long and the count is absolute, for the question is asked again at each bounce: with 5 % of the last 200 mails
63 of 100 senders whose true rate is 2 % would be paused within a month; with 10 of the last 500 it is not even two, and a
sender at 10 % is still caught within 200 mails. Sources of the rates: Amazon SES (review at 5 %, pause at 10 %; complaints 0.1
and 0.5 %), Gmail (complaints never 0.3 %), Woodpecker and Instantly (2 %).
"""

from typing import NamedTuple

MAILS = 500  # the last ones, of which is counted what came back
COMPLAINT_MAILS = 1_000
IN_A_ROW = 10  # mails that were refused for what we are: 421 4.7.x, 550 5.7.x
IN_A_ROW_TRIED = 3  # of a tenth
PAUSE_HOURS = 24  # before a tenth is tried again


class Limit(NamedTuple):
    """Reached where both are: so many mails, and so large a part of the window."""

    count: int
    part: float


PAUSED_BY = {  # what is counted: where it pauses the sender
    'hard': Limit(10, 0.05),
    'bounced': Limit(20, 0.10),
    'complaints': Limit(3, 0.003),
    'policy': Limit(10, 0.10),
}
HELD_BY = {  # where no day is larger than the last one
    'hard': Limit(5, 0.02),
    'bounced': Limit(10, 0.04),
    'complaints': Limit(1, 0.001),
    'policy': Limit(5, 0.04),
}
TRIAL_PAUSED_BY = {  # a tenth of a day is few mails: there a few are enough
    'hard': Limit(3, 0.05),
    'bounced': Limit(5, 0.10),
    'complaints': Limit(1, 0.0),
    'policy': Limit(3, 0.10),
}


class Window(NamedTuple):
    """What became of the last mails of a sender, or of those to one mailbox provider.

    ``mails`` of at most 500, of which ``hard`` went to addresses that do not exist and ``bounced`` came back for whatever reason;
    ``complaints`` of at most 1,000 ``complaint_mails``. ``policy`` were refused for what we are, block lists and the like,
    ``in_a_row`` of them without one that was taken in between: old mails that came through say nothing of a new block.
    """

    mails: int = 0
    hard: int = 0
    bounced: int = 0
    complaint_mails: int = 0
    complaints: int = 0
    policy: int = 0
    in_a_row: int = 0

    def get_part(self, name: str) -> float:
        return getattr(self, name) / max(self.get_whole(name), 1)

    def get_whole(self, name: str) -> int:
        return self.complaint_mails if name == 'complaints' else self.mails

    def has_reached(self, limits: dict[str, Limit]) -> str | None:
        """Return the first name of the limits that is reached, or None."""
        return next((
            name for name, limit in limits.items()
            if getattr(self, name) >= limit.count and self.get_part(name) >= limit.part), None)


class Verdict(NamedTuple):
    """``light`` is green, amber or red; ``cause`` is hard, bounced, complaints or policy, None where it is green."""

    light: str
    cause: str | None = None


def judge(window: Window, is_trial: bool = False) -> Verdict:
    """Return how a sender is doing.

    >>> judge(Window(mails=97, hard=10, bounced=10))
    Verdict(light='red', cause='hard')
    >>> judge(Window(mails=500, hard=9, bounced=9))
    Verdict(light='green', cause=None)
    """
    if window.in_a_row >= (IN_A_ROW_TRIED if is_trial else IN_A_ROW):
        return Verdict('red', 'policy')
    if cause := window.has_reached(TRIAL_PAUSED_BY if is_trial else PAUSED_BY):
        return Verdict('red', cause)
    if cause := window.has_reached(HELD_BY):
        return Verdict('amber', cause)
    return Verdict('green')


def may_try_by_itself(cause: str | None) -> bool:
    """Return whether a day's pause is enough; who was complained about needs a person."""
    return cause != 'complaints'
