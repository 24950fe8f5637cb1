"""How exactly a quantile is known: exact for up to a thousand values, within one per cent above that.

Ten million waits can't be sorted while somebody looks at a page. From a thousand values on each is read up to the next
mark of a scale of 1-2-5 steps (1 up to 200, 2 up to 500, 5 up to 1,000, 10 up to 2,000 ...), and the quantile is that of the
marks: never below the exact one, and at most 1 per cent above. How many were at most 5 minutes stays exact, as 300 is a
mark. Shares of a limit are read down to the thousandth, which keeps each twentieth and the 95 % exact.
"""

from bisect import bisect_left
from math import ceil, floor, sqrt

from django.db.models import BigIntegerField, Case, F, When

from empower.money import LARGEST
from empower.statistics import Z_95

#: Up to so many values a quantile is exact.
EXACT = 1000

#: (up to, step): each step is at most a hundredth of what it is used for.
STEPS = [
    (upto * 10**power, step * 10**power)
    for power in range(17)
    for upto, step in ((200, 1), (500, 2), (1000, 5))
    if upto * 10**power > 200 or power == 0
]

_UP_TO = [upto for upto, _step in STEPS]
_OF_AMOUNTS = [(upto, step) for upto, step in STEPS if upto <= LARGEST]


def mark(value):
    """The mark of a whole number that is not negative: itself, or up to 1 per cent more."""
    place = bisect_left(_UP_TO, value)
    if place == len(STEPS):
        raise ValueError(f"{value} is more than anything is counted to.")
    step = STEPS[place][1]
    return -(-value // step) * step


def marked(column):
    """An expression: the mark of a column of whole numbers, as `mark`, up to the largest amount there can be."""
    steps = [When(**{f"{column}__lte": upto}, then=(F(column) + step - 1) / step * step) for upto, step in _OF_AMOUNTS]
    return Case(*steps, default=F(column), output_field=BigIntegerField())


def gathered(pairs, of=lambda value: value):
    """(value, how many) in ascending order, each value once; ``of`` says what stands for a value."""
    found = {}
    for value, many in pairs:
        found[of(value)] = found.get(of(value), 0) + many
    return tuple(sorted(found.items()))


def by_marks(pairs):
    """The same by their marks."""
    return gathered(pairs, mark)


def exact_or_marked(pairs):
    """Each value for itself up to a thousand of them, above that by their marks."""
    pairs = list(pairs)
    return gathered(pairs) if sum(many for _value, many in pairs) <= EXACT else by_marks(pairs)


def quantile(pairs, p):
    """The ``p`` quantile, type 7 of Hyndman & Fan (1996), of (value, how many) in ascending order; None for none."""
    n = sum(many for _value, many in pairs)
    if not n:
        return None
    place = (n - 1) * p
    below = int(place)
    low, high = at_rank(pairs, below), at_rank(pairs, min(below + 1, n - 1))
    return low + (high - low) * (place - below)


def at_rank(pairs, rank):
    """The value at this rank, from 0, of (value, how many) in ascending order. IndexError where there is none."""
    for value, many in pairs:
        if rank < many:
            return value
        rank -= many
    raise IndexError


def interval_by_ranks(pairs, p):
    """The 95 % interval of the ``p`` quantile by the ranks of its neighbours (binomial, normal approximation), or None.

    Only where there are enough for both ranks to exist.
    """
    n = sum(many for _value, many in pairs)
    if not n:
        return None
    reach = Z_95 * sqrt(n * p * (1 - p))
    low, high = floor(n * p - reach), ceil(n * p + reach) + 1
    return (at_rank(pairs, low - 1), at_rank(pairs, high - 1)) if low >= 1 and high <= n else None
