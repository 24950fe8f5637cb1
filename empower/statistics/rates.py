"""Shares and rates."""

from math import sqrt

from .means import Z_95


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


def rate_interval(events, exposure, z=Z_95):
    """The interval of a rate, ``events`` / ``exposure``, of events that fall by chance (Poisson); None without exposure.

    Byar's approximation (Breslow & Day 1987, Statistical Methods in Cancer Research II, 2.13): its ends are off from the
    exact ones by less than 0.03 of an event.
    """
    if events < 0 or exposure < 0:
        raise ValueError(f"{events} in {exposure} is no rate.")
    if exposure == 0:
        return None
    low = events and events * max(0.0, 1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3
    above = events + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3
    return low / exposure, high / exposure
