"""How sure we are of a figure: intervals and quantiles, each with the source of its formula. No rounding here.

Floats are at home here and nowhere else: these are estimates, not money.
"""

from math import fsum, sqrt

#: The 97.5 % point of the normal distribution: 95 % intervals.
Z_95 = 1.959964

# The 97.5 % points of Student's t, by degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2). Between two rows the
# one with fewer degrees is taken: the interval comes out a hair too wide, never too narrow.
_T_95 = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
    11: 2.201, 12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110, 18: 2.101, 19: 2.093, 20: 2.086,
    21: 2.080, 22: 2.074, 23: 2.069, 24: 2.064, 25: 2.060, 26: 2.056, 27: 2.052, 28: 2.048, 29: 2.045, 30: 2.042,
    40: 2.021, 50: 2.009, 60: 2.000, 70: 1.994, 80: 1.990, 90: 1.987, 100: 1.984,
}  # fmt: skip


def wilson(successes, n, z=Z_95):
    """The Wilson score interval of a share (Wilson 1927, without continuity correction), (low, high); None for n = 0.

    Fair where the usual one fails: few cases, and shares near 0 or 1 (Brown, Cai & DasGupta 2001).
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share.")
    if n == 0:
        return None
    share, weight = successes / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    # At the ends the formula gives 0 and 1 exactly; floats miss them by the last bit.
    return (0.0 if successes == 0 else middle - half), (1.0 if successes == n else middle + half)


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


def mean_interval(values):
    """(mean, low, high): the mean and its 95 % interval by Student's t (normal above 100 degrees of freedom).

    ``low`` and ``high`` are None for a single value, which says nothing about its own scatter; None for no values.
    """
    values = list(values)
    n = len(values)
    if n == 0:
        return None
    mean = fsum(values) / n
    if n == 1:
        return mean, None, None
    half = _t_95(n - 1) * sqrt(fsum((value - mean) ** 2 for value in values) / (n - 1) / n)
    return mean, mean - half, mean + half


def _t_95(degrees):
    if degrees > 100:
        return Z_95
    return _T_95[max(known for known in _T_95 if known <= degrees)]
