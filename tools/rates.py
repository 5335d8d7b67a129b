"""What the figures of a cadence mean, and how sure one can be of them: the one place where a rate is defined.

Page, pivot, run, mail digest and tests divide what stands here, and show the definition as the figure's tooltip.
"""
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

SMALL = 30  # below so many in the denominator a rate is told as a fraction, without a colour


class Rate(NamedTuple):
    """`numerator` and `denominator` are columns of `cadence.result`: a rate of many rows is the ratio of their sums."""
    label: str
    numerator: str
    denominator: str
    definition: str


class Interval(NamedTuple):
    low: float
    high: float


RATES = {
    'delivery_rate': Rate(
        'Delivery Rate', 'delivered', 'tried',
        "Mails that did not come back, of all that were handed to the mail server, refused ones included."),
    'bounce_rate': Rate(
        'Bounce Rate', 'returned', 'tried', "Mails that were refused or came back, of all that the mail server was given."),
    'open_rate': Rate(
        'Open Rate', 'opened', 'delivered',
        "Mails that a person opened, of those delivered. Opens by machines and by privacy programs do not count."),
    'click_rate': Rate(
        'Click Rate (of openers)', 'clicked', 'opened',
        "Mails in which a person clicked a link, of those that a person opened. Five clicks in one mail are one."),
    'click_delivered_rate': Rate(
        'Click Rate (of delivered)', 'clicked', 'delivered',
        "Mails in which a person clicked a link, of those delivered: what most other programs call click rate."),
    'conversion_rate': Rate(
        'Conversion Rate', 'converted', 'clicked',
        "Mails with a click after which an opportunity was made, of those with a click. "
        "Opportunities from a reply without a click are not in it: see Opportunity Rate."),
    'opportunity_rate': Rate(
        'Opportunity Rate', 'opportunities', 'delivered', "Opportunities that the mails brought, by delivered mails."),
    'reply_rate': Rate(
        'Reply Rate', 'replied', 'delivered', "Mails that a person answered, of those delivered. Automatic answers are none."),
    'positive_rate': Rate(
        'Positive Reply Rate', 'positive', 'delivered',
        "Mails whose answer was sorted as inquiry, sample or deal, of those delivered."),
    'opt_out_rate': Rate(
        'Unsubscribe Rate', 'opted_out', 'delivered',
        "Mails after which the recipient unsubscribed, of those delivered. Complaints are counted separately."),
    'complaint_rate': Rate(
        'Complaint Rate', 'complained', 'watched',
        "Complaints about spam, of the mails delivered to providers that report them; Gmail never does."),
}


def divide(numerator: float, denominator: float) -> float | None:
    """Return the rate, None where there is nothing to divide by: no mail is not zero percent.

    >>> divide(3, 4), divide(0, 4), divide(0, 0)
    (0.75, 0.0, None)
    """
    return numerator / denominator if denominator else None


def is_small(denominator: float) -> bool:
    return denominator < SMALL


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Return between what the true rate lies with that confidence (Wilson 1927), which holds for few trials as well.

    >>> [round(bound, 4) for bound in wilson(0, 50)]
    [0.0, 0.0714]
    >>> wilson(0, 0)
    Interval(low=0.0, high=1.0)
    """
    if trials <= 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate = successes / trials
    scale = 1 + z * z / trials
    centre = (rate + z * z / (2 * trials)) / scale
    half = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials)) / scale
    # The exact bounds of the ends, which rounding misses by a hair.
    return Interval(0.0 if successes <= 0 else max(0.0, centre - half), 1.0 if successes >= trials else min(1.0, centre + half))


def stands_out(successes: int, trials: int, others: int, others_trials: int) -> str | None:
    """Return 'high' or 'low' where the interval lies wholly outside that of the rest, None where it may be chance.

    >>> stands_out(60, 100, 20, 100), stands_out(1, 4, 20, 100)
    ('high', None)
    """
    if is_small(trials) or is_small(others_trials):
        return None
    # Such as two opportunities of one mail.
    own, rest = wilson(min(successes, trials), trials), wilson(min(others, others_trials), others_trials)
    if own.low > rest.high:
        return 'high'
    return 'low' if own.high < rest.low else None


class Cell(NamedTuple):
    """A rate as it is shown: `text` is a fraction where there are too few mails for a percentage."""
    value: float | None
    text: str
    is_small: bool
    low: float
    high: float


def tell(numerator: int, denominator: int) -> Cell:
    """Return how a rate is shown, and between what it lies.

    >>> [tell(*numbers).text for numbers in ((3, 21), (30, 200), (1, 5000), (0, 0))]
    ['3 / 21', '15.0 %', '0.02 %', '–']
    """
    value = divide(numerator, denominator)
    # A rate may be above one where its parts are counted apart, such as two opportunities of one mail.
    interval = wilson(min(numerator, denominator), denominator)
    if value is None:
        text = '–'
    elif is_small(denominator):
        text = f'{numerator} / {denominator}'
    else:
        text = f'{100 * value:.{1 if value >= 0.01 or not value else 2}f} %'
    return Cell(value, text, is_small(denominator), *interval)
