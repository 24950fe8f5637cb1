"""Quantiles."""

from math import ceil, exp, floor, lgamma, log, sqrt

from .means import Z_95

# Above so many values the ranks are found by the normal approximation: they differ by one at most.
_COUNTED_OUT = 2_000


def quantile7(sorted_values, p):
    """The ``p`` quantile (0 to 1), type 7 of Hyndman & Fan (1996), as R, NumPy and spreadsheets do; None for no values.

    ``sorted_values`` is in ascending order: the caller sorts, in the database if it can.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is from 0 to 1, not {p}.")
    if not sorted_values:
        return None
    place = (len(sorted_values) - 1) * p
    below = int(place)
    low = sorted_values[below]
    high = sorted_values[min(below + 1, len(sorted_values) - 1)]
    return low + (high - low) * (place - below)


def quantile_interval(sorted_values, p):
    """(low, high): a 95 % interval of the ``p`` quantile by the ranks of its neighbours; None where there are too few.

    The two values are the r-th and s-th, r the last with P(B < r) <= 2.5 % and s the first with P(B >= s) <= 2.5 %, B
    binomial (n, p): Conover (1999), Practical Nonparametric Statistics, 3.2. Free of any law of the values.
    """
    if not 0 < p < 1:
        raise ValueError(f"p is between 0 and 1, not {p}.")
    n = len(sorted_values)
    if n > _COUNTED_OUT:
        reach = Z_95 * sqrt(n * p * (1 - p))
        low, high = floor(n * p - reach), ceil(n * p + reach) + 1
        return sorted_values[low - 1], sorted_values[high - 1]
    low, high, below = 0, None, 0.0
    for number in range(n + 1):
        # ``below`` is P(B < number).
        if number and below <= 0.025:
            low = number
        if high is None and 1 - below <= 0.025:
            high = number
        below += binomial(number, n, p)
    if not low or not high:
        return None
    return sorted_values[low - 1], sorted_values[high - 1]


def binomial(number, n, p):
    """P(B = number), B binomial (n, p), p between 0 and 1."""
    ways = lgamma(n + 1) - lgamma(number + 1) - lgamma(n - number + 1)
    return exp(ways + number * log(p) + (n - number) * log(1 - p))
