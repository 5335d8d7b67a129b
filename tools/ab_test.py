"""Whether one letter is better than another: evidence that holds at every look, so that looking daily is no sin.

The e-value of two beta-binomial models, one of which has a rate for each variant and the other one for both. Under *no
difference* it exceeds 1/α with a probability of at most α, however often one looks (Ville's inequality); a test of one look,
asked daily, would name a false winner in a quarter of the cases.

A test with a planned number of units spends most of its α on one last look at that number, where the classic test is the
sharpest there is, and the rest on the daily ones: together they name a false winner in at most five of a hundred cases.
"""
from math import exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from . import rates

PRIOR = 10.0  # how much both models know beforehand: ten successes in all mails' proportion
DECIDED = 20.0  # evidence at which a winner is named: at most one in twenty is false
EARLY = 400.0  # … before the planned number is reached: one in 400
LAST_LOOK = 0.045  # at the planned number; what is left of the twentieth is for the daily ones and for the steps of whole numbers
PROMISING = 5.0
BROKEN = 0.001  # a split so uneven that chance would hardly make it
POWER = 0.8


class Arm(NamedTuple):
    """`successes` of `trials` units: companies, not contacts, for colleagues talk."""
    key: object
    successes: int
    trials: int


class Evidence(NamedTuple):
    """verdict: better, promising, same, unclear (the planned number did not show it), open, broken.

    `needed`: units an arm that are missing, None where it is decided.
    """
    verdict: str
    e_value: float
    best: object
    loser: object
    needed: int | None


def e_value(first: Arm, second: Arm) -> float:
    """Return the evidence for a difference; 1 is none, above :data:`DECIDED` is decided.

    >>> e_value(Arm('a', 0, 0), Arm('b', 0, 0)), e_value(Arm('a', 10, 1000), Arm('b', 40, 1000)) > DECIDED
    (1.0, True)
    """
    successes, failures = first.successes + second.successes, first.trials + second.trials
    failures -= successes
    if successes + failures == 0 or not first.trials or not second.trials:
        return 1.0
    # How a success (a failure) falls to the second arm if there is no difference: by the mails that it had.
    share = second.trials / (first.trials + second.trials)
    prior_second, prior_first = 2 * PRIOR * share, 2 * PRIOR * (1 - share)
    evidence = (
        _log_beta(prior_first + first.successes, prior_second + second.successes)
        - _log_beta(prior_first, prior_second)
        - first.successes * log(1 - share) - second.successes * log(share))
    return exp(min(evidence, 700.0))


def _log_beta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def is_split_broken(arms: list[Arm], weights: list[float] | None = None) -> bool:
    """Return whether the arms were dealt otherwise than meant: such a test says nothing (chi squared, one degree and more).

    >>> is_split_broken([Arm('a', 0, 5000), Arm('b', 0, 5050)]), is_split_broken([Arm('a', 0, 5000), Arm('b', 0, 6000)])
    (False, True)
    """
    total = sum(arm.trials for arm in arms)
    if total < 100:
        return False
    weights = weights or [1 / len(arms)] * len(arms)
    expected = [total * weight for weight in weights]
    square = sum((arm.trials - mean) ** 2 / mean for arm, mean in zip(arms, expected, strict=True))
    return square > _chi_square_bound(len(arms) - 1)


def _chi_square_bound(degrees):
    """Wilson and Hilferty's approximation, exact for one degree: there it is the square of a normal."""
    if degrees <= 1:
        return NormalDist().inv_cdf(1 - BROKEN / 2) ** 2
    z = NormalDist().inv_cdf(1 - BROKEN)
    return degrees * (1 - 2 / (9 * degrees) + z * sqrt(2 / (9 * degrees))) ** 3


def needed_trials(rate: float, difference: float) -> int:
    """Return how many units an arm needs to find a relative difference with that much power at one look at the end.

    >>> needed_trials(0.01, 0.5)
    7750
    """
    other = min(rate * (1 + difference), 0.999)
    z = NormalDist().inv_cdf(0.975) * sqrt(2 * (rate + other) / 2 * (1 - (rate + other) / 2))
    z += NormalDist().inv_cdf(POWER) * sqrt(rate * (1 - rate) + other * (1 - other))
    return int(z ** 2 / (other - rate) ** 2) + 1


def p_value(first: Arm, second: Arm) -> float:
    """Return that of the classic test of two proportions, two-sided: for one look only.

    >>> round(p_value(Arm('a', 80, 8000), Arm('b', 120, 8000)), 6)
    0.004423
    """
    trials = first.trials + second.trials
    rate = rates.divide(first.successes + second.successes, trials)
    if not rate or rate == 1 or not first.trials or not second.trials:
        return 1.0
    difference = first.successes / first.trials - second.successes / second.trials
    z = abs(difference) / sqrt(rate * (1 - rate) * (1 / first.trials + 1 / second.trials))
    return 2 * (1 - NormalDist().cdf(z))


def judge(arms: list[Arm], difference: float = 0.2, planned: int | None = None) -> Evidence:
    """Return what is known by now of two and more variants. The best is compared with each of the others.

    :param difference: the smallest relative difference that matters
    :param planned: units an arm at which the last look is taken; the caller keeps its verdict and looks no more.
        Without it every look is like the others, for ever.
    """
    best = max(arms, key=lambda arm: (rates.divide(arm.successes, arm.trials) or 0.0, -arms.index(arm)))
    others = [arm for arm in arms if arm is not best]
    # The weakest evidence decides: the winner must be better than every other one.
    value, nearest = min(((e_value(other, best), other) for other in others), key=lambda pair: pair[0])
    strongest, loser = max(((e_value(other, best), other) for other in others), key=lambda pair: pair[0])
    bound = (EARLY if planned else DECIDED) * len(others)
    if is_split_broken(arms):
        return Evidence('broken', value, None, None, None)
    if value >= bound:
        return Evidence('better', value, best.key, loser.key, None)
    if planned and min(arm.trials for arm in arms) >= planned:
        is_better = max(p_value(other, best) for other in others) <= LAST_LOOK / len(others)
        return Evidence('better' if is_better else 'unclear', value, best.key if is_better else None,
                        loser.key if is_better else None, None)
    needed = _get_missing(best, nearest, difference, planned)
    if value >= PROMISING:
        return Evidence('promising', value, best.key, None, needed)
    if all(_is_same(best, other, difference) for other in others):
        return Evidence('same', value, None, None, None)
    if strongest >= bound:  # one of several has lost, though there is no winner yet
        return Evidence('open', value, None, loser.key, needed)
    return Evidence('open', value, None, None, needed)


def find_harmful(arms: list[Arm], questions: int = 1) -> object | None:
    """Return the key of a variant that does more harm than the mildest one, None where that may be chance.

    :param arms: `successes` are opt-outs or bounces
    :param questions: how many harms are looked at side by side: the evidence must bear them all

    >>> find_harmful([Arm('a', 5, 1000), Arm('b', 60, 1000)]), find_harmful([Arm('a', 5, 1000), Arm('b', 9, 1000)])
    ('b', None)
    """
    arms = [arm for arm in arms if arm.trials]
    if len(arms) < 2 or is_split_broken(arms):
        return None
    mildest, *_others, worst = sorted(arms, key=lambda arm: (arm.successes / arm.trials, -arm.trials))
    return worst.key if e_value(mildest, worst) >= DECIDED * questions * (len(arms) - 1) else None


def _is_same(best, other, difference):
    """Whether even the ends of both intervals differ by less than what matters."""
    if not other.successes or not best.successes:
        return False
    high, low = rates.wilson(best.successes, best.trials).high, rates.wilson(other.successes, other.trials).low
    return high <= low * (1 + difference)


def _get_missing(best, other, difference, planned=None):
    rate = rates.divide(other.successes, other.trials) or 0.01
    return max(1, (planned or needed_trials(min(rate, 0.9), difference)) - min(best.trials, other.trials))
