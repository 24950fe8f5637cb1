"""Means, and what they foretell."""

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


def mean_interval(values):
    """(mean, low, high): the mean and its 95 % interval by Student's t (normal above 100 degrees of freedom).

    ``low`` and ``high`` are None for a single value, which says nothing about its own scatter; None for no values.
    """
    return mean_interval_of((value, 1) for value in values)


def mean_interval_of(pairs):
    """As `mean_interval`, of (value, how many)."""
    pairs = list(pairs)
    n = sum(many for _value, many in pairs)
    if n == 0:
        return None
    mean = fsum(value * many for value, many in pairs) / n
    if n == 1:
        return mean, None, None
    half = t_95(n - 1) * sqrt(fsum(many * (value - mean) ** 2 for value, many in pairs) / (n - 1) / n)
    return mean, mean - half, mean + half


def forecast_sum(values, more):
    """(sum, low, high): what ``more`` further values will sum to, if they fall as ``values`` did, with its 95 % interval.

    more·mean ± t·s·√(more + more²/n): Hahn & Meeker (1991), Statistical Intervals, 4.8, for the mean of ``more`` further
    ones, times ``more``. ``low`` and ``high`` are None for a single value; None for no values. What comes in waves
    longer than the values reach is not foretold.
    """
    values = list(values)
    n = len(values)
    if n == 0:
        return None
    mean = fsum(values) / n
    if n == 1:
        return mean * more, None, None
    scatter = fsum((value - mean) ** 2 for value in values) / (n - 1)
    half = t_95(n - 1) * sqrt(scatter * (more + more * more / n))
    return mean * more, mean * more - half, mean * more + half


def t_95(degrees):
    """The 97.5 % point of Student's t, from 1 degree of freedom on."""
    if degrees > 100:
        return Z_95
    return _T_95[max(known for known in _T_95 if known <= degrees)]
